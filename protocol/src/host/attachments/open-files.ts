// Files in use, a few at a time: sealed chunks in their places and, behind the last of them, the leaves of their tree, from which what proves a chunk to
// somebody else is made.

import { chunkBytesOf, chunksOf, SEALED_CHUNK_BYTES } from '../../attachments/chunk.ts'
import { HASH_BYTES, treeOf } from '../../attachments/tree.ts'
import { TAG_BYTES } from '../../crypto/aead.ts'
import { OPEN_FILES_MAX } from '../../limits.ts'
import type { Tree } from '../../attachments/tree.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { FileStore, KeptFile } from '../../ports.ts'

export type FileRef = { readonly conversation: ConversationId; readonly file: string; readonly size: number }

/** Good until something else is waited for. */
export type OpenFile = {
  readonly read: (index: number) => Uint8Array
  readonly write: (index: number, chunk: { readonly sealed: Uint8Array; readonly leaf: Uint8Array }) => void
  /** Of a file all of whose chunks are here. */
  readonly tree: () => Tree
  readonly flush: () => void
}

export type OpenFiles = {
  /** `write`: it is made where there is none. */
  readonly open: (ref: FileRef, how?: 'read' | 'write') => Promise<OpenFile>
  readonly remove: (ref: Pick<FileRef, 'conversation' | 'file'>) => Promise<void>
  /** Lets go of all files of a conversation, or of all. */
  readonly close: (conversation?: ConversationId) => Promise<void>
}

type OpenedFile = { readonly kept: KeptFile; readonly file: OpenFile }

export function createOpenFiles(store: FileStore): OpenFiles {
  /** The one used last comes last. */
  const opened = new Map<string, Promise<OpenedFile>>()
  const keyOf = ({ conversation, file }: Pick<FileRef, 'conversation' | 'file'>): string => `${conversation}/${file}`

  async function letGo(key: string): Promise<void> {
    const one = opened.get(key)
    opened.delete(key)
    await one?.then(
      ({ kept }) => kept.close(),
      () => undefined,
    )
  }

  async function makeRoom(): Promise<void> {
    const [oldest] = opened.keys()
    if (opened.size > OPEN_FILES_MAX && oldest !== undefined) await letGo(oldest)
  }

  return {
    async open(ref, how = 'read') {
      const key = keyOf(ref)
      const one = opened.get(key) ?? store.open(ref.conversation, ref.file, how).then((kept) => ({ kept, file: onFile(kept, ref.size) }))
      opened.delete(key)
      opened.set(key, one)
      one.catch(() => opened.delete(key))
      await makeRoom()
      return (await one).file
    },
    async remove(ref) {
      await letGo(keyOf(ref))
      await store.remove(ref.conversation, ref.file)
    },
    async close(conversation) {
      for (const key of [...opened.keys()]) if (conversation === undefined || key.startsWith(conversation)) await letGo(key)
    },
  }
}

function onFile(kept: KeptFile, size: number): OpenFile {
  const count = chunksOf(size)
  const leavesAt = count * SEALED_CHUNK_BYTES
  let tree: Tree | undefined
  return {
    read: (index) => kept.read(index * SEALED_CHUNK_BYTES, chunkBytesOf(size, index) + TAG_BYTES),
    write(index, { sealed, leaf }) {
      tree = undefined
      kept.write(index * SEALED_CHUNK_BYTES, sealed)
      kept.write(leavesAt + index * HASH_BYTES, leaf)
    },
    tree: () => {
      if (tree !== undefined) return tree
      const leaves = kept.read(leavesAt, count * HASH_BYTES)
      tree = treeOf(Array.from({ length: count }, (_, at) => leaves.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES)))
      return tree
    },
    flush: kept.flush,
  }
}
