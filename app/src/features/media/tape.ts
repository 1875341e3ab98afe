// What is recorded of one voice message, and how it is kept in the engine's store as it grows.

import { shallowRef } from 'vue'
import type { ConversationId, VoiceAct } from '@kith/protocol'
import { VOICE_MS_MAX, VOICE_PART_SIZE } from './limits.ts'
import { putBackIn } from './put-back.ts'
import { waveformOf } from './waveform.ts'
import { HEAD_BYTES, isWebm, withoutWriter } from './without-writer.ts'
import type { Loudness } from './waveform.ts'

/** What is said of one, as far as it has come. */
export type Said = { readonly ref: string; readonly duration: number; readonly waveform: Uint8Array; readonly blob: Blob }
export type Draft = Omit<Said, 'blob'>

export const createTape = () => {
  const duration = shallowRef(0)
  const level = shallowRef(0)
  const loudness: Loudness[] = []
  let ref: string = crypto.randomUUID()
  let waveform: Uint8Array | undefined
  let parts: Blob[] = []
  return {
    duration,
    level,
    said: (): Said => ({
      ref,
      duration: Math.max(1, Math.min(VOICE_MS_MAX, Math.round(duration.value))),
      waveform: waveform ?? waveformOf(loudness, duration.value),
      blob: new Blob(parts),
    }),
    /** Its place among the others. */
    add: (part: Blob): number => parts.push(part) - 1,
    hear(ms: number, loud: number): void {
      loudness.push({ at: duration.value, level: loud })
      level.value = loud
      duration.value += ms
    },
    restore(draft: Draft, blob: Blob): void {
      ref = draft.ref
      waveform = draft.waveform
      duration.value = draft.duration
      parts = [blob]
    },
  }
}

/** `tell`: says it to the engine, and is answered when it is stored. */
export const createKeeping = (conversation: ConversationId, tell: (act: VoiceAct) => Promise<unknown>) => {
  let keeping: Promise<unknown> = Promise.resolve()
  const keep = (part: number, blob: Blob, { ref, duration, waveform }: Draft): void => {
    keeping = keeping.then(async () => {
      const bytes = new Uint8Array(await blob.arrayBuffer())
      return tell({ kind: 'keep', ref, part, bytes, voice: { duration, waveform } })
    })
  }
  return {
    keep,
    /** What it says by now is stored. */
    settled: () => keeping,
    drop: (ref: string) => tell({ kind: 'drop', ref }),
    /** It was thrown away, and is wanted back. */
    async putBack(gone: Said): Promise<void> {
      for (let from = 0; from < gone.blob.size; from += VOICE_PART_SIZE)
        keep(from / VOICE_PART_SIZE, gone.blob.slice(from, from + VOICE_PART_SIZE), gone)
      await keeping
      putBackIn.get(conversation)?.()
    },
  }
}

/** The recording as it is sent. */
export async function toSent(blob: Blob): Promise<Blob> {
  const head = new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer())
  return isWebm(head) ? new Blob([Uint8Array.from(withoutWriter(head)), blob.slice(HEAD_BYTES)]) : blob
}
