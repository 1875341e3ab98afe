// A voice message from the first press to the last: recorded, kept part by part in the engine's store as it grows, listened to, sent or thrown away.
// Whoever leaves in the middle finds what was said until then.

import { onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import type { ConversationId } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { mediaWords } from '../media-words.ts'
import { useDesk } from '../message/index.ts'
import { useNotices } from '../notices/index.ts'
import { voiceWords } from '../voice-words.ts'
import { VOICE_MS_MAX, VOICE_PART_SIZE } from './limits.ts'
import { putBackIn } from './put-back.ts'
import { startRecorder } from './recorder.ts'
import { waveformOf } from './waveform.ts'
import { HEAD_BYTES, isWebm, withoutWriter } from './without-writer.ts'
import type { Recorder, RecorderFault } from './recorder.ts'
import type { Loudness } from './waveform.ts'

export type Phase = 'asking' | 'recording' | 'paused' | 'sending' | RecorderFault

/** What is said of one, as far as it has come. */
type Said = { readonly ref: string; duration: number; waveform: Uint8Array; blob: Blob }

export const useRecording = (conversation: ConversationId, over: () => void) => {
  const engine = useEngine()
  const notices = useNotices()
  const { answering } = useDesk()
  const phase = shallowRef<Phase>('asking')
  const duration = shallowRef(0)
  const level = shallowRef(0)
  const note = shallowRef<string>()
  const canGoOn = shallowRef(false)
  /** What can be listened to, once it is paused. */
  const heard = shallowRef<Said>()
  let ref = crypto.randomUUID() as string
  let loudness: Loudness[] = []
  let waveform: Uint8Array | undefined
  let parts: Blob[] = []
  let recorder: Recorder | undefined
  let isOver = false
  let keeping: Promise<unknown> = Promise.resolve()

  const said = (): Said => ({
    ref,
    duration: Math.max(1, Math.min(VOICE_MS_MAX, Math.round(duration.value))),
    waveform: waveform ?? waveformOf(loudness, duration.value),
    blob: new Blob(parts),
  })
  const keep = (part: number, bytes: Blob, { ref: of, duration: ms, waveform: wave }: Omit<Said, 'blob'>): void => {
    keeping = keeping.then(async () =>
      notices.attempt(
        engine.voiceDraft({
          conversation,
          act: {
            kind: 'keep',
            ref: of,
            part,
            bytes: new Uint8Array(await bytes.arrayBuffer()),
            voice: { duration: ms, waveform: wave },
          },
        }),
      ),
    )
  }
  const onPart = (part: Blob): void => {
    parts.push(part)
    keep(parts.length - 1, part, said())
  }
  const fileOf = async (blob: Blob): Promise<Blob> => {
    const head = new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer())
    return isWebm(head) ? new Blob([Uint8Array.from(withoutWriter(head)), blob.slice(HEAD_BYTES)]) : blob
  }
  const onHeard = (ms: number, loud: number): void => {
    loudness.push({ at: duration.value, level: loud })
    level.value = loud
    duration.value += ms
    if (duration.value < VOICE_MS_MAX) return
    note.value = voiceWords.longest
    void end()
  }
  const show = (): void => {
    if (isOver) return
    phase.value = 'paused'
    heard.value = said()
  }
  /** The microphone is let go: what is here is all of it. */
  const end = async (): Promise<void> => {
    const ended = recorder
    recorder = undefined
    canGoOn.value = false
    await ended?.stop()
    show()
  }

  const start = async (): Promise<void> => {
    phase.value = 'asking'
    note.value = undefined
    const onEnd = (): void => {
      note.value = voiceWords.ended
      void end()
    }
    const started = await startRecorder({ onPart, onHeard, onEnd })
    if (typeof started === 'string') return void (phase.value = started)
    // Somebody went away while the browser asked.
    if (isOver) return void started.stop()
    recorder = started
    canGoOn.value = true
    phase.value = 'recording'
  }
  const pause = async (): Promise<void> => {
    await recorder?.pause()
    show()
  }
  const goOn = (): void => {
    heard.value = undefined
    note.value = undefined
    recorder?.resume()
    phase.value = 'recording'
  }
  /** From the engine's store, or back from where it was thrown away. */
  const restore = (draft: Omit<Said, 'blob'>, blob: Blob): void => {
    ;({ ref, waveform } = { ref: draft.ref, waveform: draft.waveform })
    duration.value = draft.duration
    parts = [blob]
    show()
  }
  const drop = (of: string) => notices.attempt(engine.voiceDraft({ conversation, act: { kind: 'drop', ref: of } }))

  const discard = async (): Promise<void> => {
    await end()
    const gone = said()
    await keeping
    await drop(ref)
    over()
    if (gone.blob.size === 0) return
    notices.show(voiceWords.discarded, { label: voiceWords.undo, isBrief: true, act: () => void putBack(gone) })
  }
  const putBack = async (gone: Said): Promise<void> => {
    for (let from = 0; from < gone.blob.size; from += VOICE_PART_SIZE)
      keep(from / VOICE_PART_SIZE, gone.blob.slice(from, from + VOICE_PART_SIZE), gone)
    await keeping
    putBackIn.get(conversation)?.()
  }
  const send = async (): Promise<void> => {
    if (phase.value === 'sending') return
    await end()
    const { blob, duration: ms, waveform: wave } = said()
    if (blob.size === 0) return
    phase.value = 'sending'
    await keeping
    const answers = answering.value?.id
    const files = [{ source: await fileOf(blob), name: '', photo: undefined, voice: { duration: ms, waveform: wave } }]
    const outcome = await notices.attempt(engine.sendFiles({ conversation, files, text: '', ref, answers }))
    const isSent = outcome?.kind === 'saved' || (outcome?.kind === 'refused' && outcome.reason === 'ref-used')
    if (!isSent) {
      show()
      note.value = outcome && mediaWords.refused[outcome.reason]
      return
    }
    if (answering.value?.id === answers) answering.value = undefined
    await drop(ref)
    over()
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
    pause,
    goOn,
    restore,
    discard,
    send,
  }
}
