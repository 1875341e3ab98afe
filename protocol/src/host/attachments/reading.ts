// Bytes of files that are here, opened for a screen, a part at a time. A photo is given whole, and only where it is a picture of the size that its
// message says, and the beginning of what is played only where it is sound or film: nothing else gets to what unpacks it.

import { chunksOf, openChunk } from '../../attachments/chunk.ts'
import { isPictureOf } from '../../attachments/picture.ts'
import { recordingIn } from '../../attachments/recording.ts'
import { concatBytes } from '../../bytes/bytes.ts'
import { CHUNKS_READ_MAX } from '../../attachments/limits.ts'
import { isPlayed } from '../../wire/attachment.ts'
import { saidOf } from './lines.ts'
import { filedKey, readFiled } from './rows.ts'
import type { CommandInput, ReadOutcome } from '../../engine.ts'
import type { FetchingParts } from './fetching.ts'
import type { OpenFile } from './open-files.ts'

type ReadParts = Pick<FetchingParts, 'store' | 'files' | 'state'>

export async function readFile({ store, files, state }: ReadParts, asked: CommandInput<'readFile'>): Promise<ReadOutcome> {
  const said = await saidOf(store, state, asked)
  if (said === undefined) return refused('unknown')
  const { size, key, photo } = said.attachment
  const row = await store.get('state', filedKey(asked))
  if (row === undefined) return refused('not-here')
  const from = photo === undefined ? asked.from : 0
  const to = Math.min(chunksOf(size), photo === undefined ? from + Math.min(asked.count, CHUNKS_READ_MAX) : Infinity)
  const ref = { conversation: asked.conversation, file: readFiled(row), size }
  const parts = await files.open(ref, 'read', (file) => openedChunks(file, { key, from, to }))
  if (parts === undefined) return refused('broken')
  const bytes = concatBytes(...parts)
  const isAsSaid =
    photo === undefined ? from > 0 || !isPlayed(said.attachment) || recordingIn(bytes) !== undefined : isPictureOf(photo, bytes)
  return isAsSaid ? { kind: 'bytes', bytes } : refused('broken')
}

type ChunkRun = { readonly key: Uint8Array; readonly from: number; readonly to: number }

/** Undefined where one of them is broken. */
function openedChunks(file: OpenFile, { key, from, to }: ChunkRun): readonly Uint8Array[] | undefined {
  const parts: Uint8Array[] = []
  for (let index = from; index < to; index += 1) {
    const opened = openChunk(key, index, file.read(index))
    if (opened === undefined) return undefined
    parts.push(opened)
  }
  return parts
}

const refused = (reason: Extract<ReadOutcome, { kind: 'refused' }>['reason']): ReadOutcome => ({ kind: 'refused', reason })
