// The bytes of a file, a part at a time, into what the browser keeps outside of the page's memory.

import type { AttachmentView, FileRef, ReadOutcome } from '@kith/protocol'
import type { EngineClient } from '../engine/index.ts'
import { CHUNKS_AT_ONCE } from './limits.ts'

export type Refusal = Extract<ReadOutcome, { kind: 'refused' }>['reason']
type Reading = { readonly engine: Pick<EngineClient, 'readFile'>; readonly of: FileRef; readonly told?: (bytes: number) => void }

/** A Blob of this type, or why there is none. Only the engine knows whether a photo or a recording is one; of everything else the type says nothing. */
export async function readBlob(file: AttachmentView, { engine, of, told }: Reading): Promise<Blob | Refusal> {
  const { size } = file
  const parts: Blob[] = []
  let type = 'application/octet-stream'
  for (let from = 0, done = 0; from === 0 || done < size; from += CHUNKS_AT_ONCE) {
    const outcome = await engine.readFile({ ...of, from, count: CHUNKS_AT_ONCE })
    if (outcome.kind === 'refused') return outcome.reason
    const bytes = Uint8Array.from(outcome.bytes)
    if (from === 0) type = typeOf(file, bytes) ?? type
    parts.push(new Blob([bytes]))
    done += bytes.length
    told?.(done)
    if (bytes.length === 0) break
  }
  return new Blob(parts, { type })
}

function typeOf({ photo, voice, video }: AttachmentView, [first]: Uint8Array): string | undefined {
  if (photo !== undefined) return first === 0xff ? 'image/jpeg' : first === 0x89 ? 'image/png' : 'image/webp'
  if (voice === undefined && video === undefined) return undefined
  return `${voice === undefined ? 'video' : 'audio'}/${first === 0x1a ? 'webm' : first === 0x4f ? 'ogg' : 'mp4'}`
}
