// A voice message from the first press to the last: recorded, kept part by part in the engine's store as it grows, listened to, sent or thrown away.
// Whoever leaves in the middle finds what was said until then.

import { onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import type { ConversationId } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { mediaWords } from '../media-words.ts'
import { useDesk } from '../message/index.ts'
import { useNotices } from '../notices/index.ts'
import { voiceWords } from '../voice-words.ts'
import { VOICE_MS_MAX } from './limits.ts'
import { startRecorder } from './recorder.ts'
import { createKeeping, createTape, toSent } from './tape.ts'
import type { Recorder, RecorderFault } from './recorder.ts'
import type { Draft, Said } from './tape.ts'

export type Phase = 'asking' | 'recording' | 'paused' | 'sending' | RecorderFault

/** Sends what was recorded, as an answer where one is being written. Answers why it did not go. */
const useGiving = (conversation: ConversationId) => {
  const engine = useEngine()
  const notices = useNotices()
  const { answering } = useDesk()
  return async ({ ref, blob, duration, waveform }: Said): Promise<{ readonly isSent: boolean; readonly why?: string | undefined }> => {
    const answers = answering.value?.id
    const files = [{ source: await toSent(blob), name: '', photo: undefined, voice: { duration, waveform } }]
    const outcome = await notices.attempt(engine.sendFiles({ conversation, files, text: '', ref, answers }))
    // It went before a reload that came too early for it to be dropped here.
    const isSent = outcome?.kind === 'saved' || (outcome?.kind === 'refused' && outcome.reason === 'ref-used')
    if (!isSent) return { isSent, why: outcome && mediaWords.refused[outcome.reason] }
    if (answering.value?.id === answers) answering.value = undefined
    return { isSent }
  }
}

export const useRecording = (conversation: ConversationId, over: () => void) => {
  const engine = useEngine()
  const notices = useNotices()
  const give = useGiving(conversation)
  const { duration, level, said, add, hear, restore } = createTape()
  const { keep, settled, drop, putBack } = createKeeping(conversation, (act) => notices.attempt(engine.voiceDraft({ conversation, act })))
  const phase = shallowRef<Phase>('asking')
  const note = shallowRef<string>()
  const canGoOn = shallowRef(false)
  /** What can be listened to, once it is paused. */
  const heard = shallowRef<Said>()
  let recorder: Recorder | undefined
  let isOver = false

  const show = (): void => {
    if (isOver) return
    phase.value = 'paused'
    heard.value = said()
  }
  /** The microphone is let go: what is here is all of it. */
  const end = async (why?: string): Promise<void> => {
    note.value = why
    const ended = recorder
    recorder = undefined
    canGoOn.value = false
    await ended?.stop()
    show()
  }
  const start = async (): Promise<void> => {
    phase.value = 'asking'
    const started = await startRecorder({
      onPart: (part) => keep(add(part), part, said()),
      onHeard(ms, loud) {
        hear(ms, loud)
        if (duration.value >= VOICE_MS_MAX) void end(voiceWords.longest)
      },
      onEnd: () => void end(voiceWords.ended),
    })
    if (typeof started === 'string') return void (phase.value = started)
    // Somebody went away while the browser asked.
    if (isOver) return void started.stop()
    recorder = started
    canGoOn.value = true
    phase.value = 'recording'
  }
  const discard = async (): Promise<void> => {
    await end()
    const gone = said()
    await settled()
    await drop(gone.ref)
    over()
    if (gone.blob.size > 0) notices.show(voiceWords.discarded, { label: voiceWords.undo, isBrief: true, act: () => void putBack(gone) })
  }
  const send = async (): Promise<void> => {
    await end()
    const all = said()
    if (all.blob.size === 0) return
    phase.value = 'sending'
    await settled()
    const { isSent, why } = await give(all)
    if (isSent) return drop(all.ref).then(over)
    show()
    note.value = why
  }
  onScopeDispose(() => {
    isOver = true
    void recorder?.stop()
  })
  return {
    phase: shallowReadonly(phase),
    duration: shallowReadonly(duration),
    level: shallowReadonly(level),
    note: shallowReadonly(note),
    canGoOn: shallowReadonly(canGoOn),
    heard: shallowReadonly(heard),
    start,
    pause: async (): Promise<void> => {
      await recorder?.pause()
      show()
    },
    goOn: (): void => {
      heard.value = undefined
      recorder?.resume()
      phase.value = 'recording'
    },
    /** From the engine's store. */
    restore: (draft: Draft, blob: Blob): void => {
      restore(draft, blob)
      show()
    },
    discard,
    send,
  }
}
