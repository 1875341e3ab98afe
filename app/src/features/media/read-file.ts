// The bytes of a file, a part at a time, into what the browser keeps outside of the page's memory.

import type { AttachmentView, FileRef, ReadOutcome } from '@kith/protocol'
import type { EngineClient } from '../engine/index.ts'
import { CHUNKS_AT_ONCE } from './limits.ts'

export type Refusal = Extract<ReadOutcome, { kind: 'refused' }>['reason']
type Reading = { readonly engine: Pick<EngineClient, 'readFile'>; readonly of: FileRef; readonly told?: (bytes: number) => void }

/** A Blob of this type, or why there is none. Only the engine knows whether a photo is one; of everything else the type says nothing. */
export async function readBlob({ size, photo }: AttachmentView, { engine, of, told }: Reading): Promise<Blob | Refusal> {
  const parts: Blob[] = []
  let type = 'application/octet-stream'
  for (let from = 0, done = 0; from === 0 || done < size; from += CHUNKS_AT_ONCE) {
    const outcome = await engine.readFile({ ...of, from, count: CHUNKS_AT_ONCE })
    if (outcome.kind === 'refused') return outcome.reason
    const bytes = Uint8Array.from(outcome.bytes)
    if (photo !== undefined && from === 0) type = pictureType(bytes)
    parts.push(new Blob([bytes]))
    done += bytes.length
    told?.(done)
    if (bytes.length === 0) break
  }
  return new Blob(parts, { type })
}

const pictureType = ([first]: Uint8Array): string => (first === 0xff ? 'image/jpeg' : first === 0x89 ? 'image/png' : 'image/webp')
