// A file from outside is sealed chunk by chunk into a file of ours, and what a message has to say of it comes out. Never whole in memory.

import { chunksOf, sealChunk } from '../../attachments/chunk.ts'
import { leafOf, rootOf } from '../../attachments/tree.ts'
import { CHUNKS_READ_MAX } from '../../attachments/limits.ts'
import { CHUNK_BYTES } from '../../limits.ts'
import type { NewFile } from '../../engine.ts'
import type { Random } from '../../ports.ts'
import type { Attachment } from '../../wire/attachment.ts'
import type { FileRef, OpenFiles } from './open-files.ts'

type Sealing = {
  readonly files: Pick<OpenFiles, 'open'>
  readonly random: Random
  /** Where to; its size is that of the source. */
  readonly to: FileRef
  readonly told: (bytes: number) => void
}

const PIECE_BYTES = CHUNKS_READ_MAX * CHUNK_BYTES

/** Rejects with whatever reading the source rejects with, and with StoreError where there is no room. Durable when it resolves. */
export async function sealFile({ source, ...said }: NewFile, { files, random, to, told }: Sealing): Promise<Attachment> {
  const key = random(32)
  const count = chunksOf(to.size)
  for (let first = 0; first < count; first += CHUNKS_READ_MAX) {
    const from = first * CHUNK_BYTES
    const piece = new Uint8Array(await source.slice(from, Math.min(to.size, from + PIECE_BYTES)).arrayBuffer())
    await files.open(to, 'write', (file) => {
      for (let index = first; index < Math.min(count, first + CHUNKS_READ_MAX); index += 1) {
        const at = (index - first) * CHUNK_BYTES
        const sealed = sealChunk(key, index, piece.subarray(at, at + CHUNK_BYTES))
        file.write(index, { sealed, leaf: leafOf(index, sealed) })
      }
    })
    told(Math.min(to.size, from + piece.length))
  }
  const root = await files.open(to, 'read', (file) => {
    file.flush()
    return rootOf(to.size, file.tree())
  })
  return { size: to.size, root, key, ...said }
}
