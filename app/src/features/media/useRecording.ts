// A voice message from the first press to the last: recorded, kept part by part in the engine's store as it grows, listened to, sent or thrown away.
// Whoever leaves in the middle finds what was said until then.

import { computed, onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import type { ConversationId } from '@kith/protocol'
import type { CaptureFault } from '../camera/index.ts'
import { useEngine } from '../engine/index.ts'
import { mediaWords } from '../media-words.ts'
import { useDesk } from '../message/index.ts'
import { useNotices } from '../notices/index.ts'
import { voiceWords } from '../voice-words.ts'
import { VOICE_MS_MAX } from './limits.ts'
import { startRecorder } from './recorder.ts'
import { createKeeping, createTape, toSent } from './tape.ts'
import type { Recorder } from './recorder.ts'
import type { Draft, Said } from './tape.ts'

export type Phase = 'asking' | 'recording' | 'paused' | 'sending' | CaptureFault

/** Sends a recording, as an answer where one is being written, or throws it away with a way back. */
const useEnding = (conversation: ConversationId) => {
  const engine = useEngine()
  const notices = useNotices()
  const { answering } = useDesk()
  const { keep, settled, drop, putBack } = createKeeping(conversation, (act) => notices.attempt(engine.voiceDraft({ conversation, act })))

  /** Why it did not go. */
  const give = async ({
    ref,
    blob,
    duration,
    waveform,
  }: Said): Promise<{ readonly isSent: boolean; readonly why?: string | undefined }> => {
    await settled()
    const answers = answering.value?.id
    const files = [{ source: await toSent(blob), name: '', photo: undefined, voice: { duration, waveform } }]
    const outcome = await notices.attempt(engine.sendFiles({ conversation, files, text: '', ref, answers }))
    // It went before a reload that came too early for it to be dropped here.
    const isSent = outcome?.kind === 'saved' || (outcome?.kind === 'refused' && outcome.reason === 'ref-used')
    if (!isSent) return { isSent, why: outcome && mediaWords.refused[outcome.reason] }
    if (answering.value?.id === answers) answering.value = undefined
    await drop(ref)
    return { isSent }
  }
  const throwAway = async (gone: Said): Promise<void> => {
    await settled()
    await drop(gone.ref)
    if (gone.blob.size === 0) return
    notices.show(voiceWords.discarded, { label: voiceWords.undo, isBrief: true, act: () => void putBack(gone) })
  }
  return { keep, give, throwAway }
}

export const useRecording = (conversation: ConversationId, over: () => void) => {
  const { keep, give, throwAway } = useEnding(conversation)
  const { duration, level, said, add, hear, restore } = createTape()
  const phase = shallowRef<Phase>('asking')
  const note = shallowRef<string>()
  /** What can be listened to, once it is paused. */
  const heard = shallowRef<Said>()
  const recorder = shallowRef<Recorder>()
  let isOver = false

  const show = (): void => {
    if (isOver) return
    phase.value = 'paused'
    heard.value = said()
  }
  /** The microphone is let go: what is here is all of it. */
  const end = async (why?: string): Promise<void> => {
    note.value = why
    const ended = recorder.value
    recorder.value = undefined
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
    recorder.value = started
    phase.value = 'recording'
  }
  const send = async (): Promise<void> => {
    await end()
    const all = said()
    if (all.blob.size === 0) return
    phase.value = 'sending'
    const { isSent, why } = await give(all)
    if (isSent) return over()
    show()
    note.value = why
  }
  onScopeDispose(() => {
    isOver = true
    void recorder.value?.stop()
  })
  return {
    phase: shallowReadonly(phase),
    duration: shallowReadonly(duration),
    level: shallowReadonly(level),
    note: shallowReadonly(note),
    canGoOn: computed(() => recorder.value !== undefined),
    heard: shallowReadonly(heard),
    start,
    pause: (): Promise<void> | undefined => recorder.value?.pause().then(show),
    goOn: (): void => {
      heard.value = undefined
      recorder.value?.resume()
      phase.value = 'recording'
    },
    /** From the engine's store. */
    restore: (draft: Draft, blob: Blob): void => {
      restore(draft, blob)
      show()
    },
    discard: (): Promise<void> => end().then(() => throwAway(said()).then(over)),
    send,
  }
}
