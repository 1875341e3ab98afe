// Files in use, a few at a time: sealed chunks in their places and, behind the last of them, the leaves of their tree, from which what proves a chunk to
// somebody else is made.

import { chunkBytesOf, chunksOf, SEALED_CHUNK_BYTES } from '../../attachments/chunk.ts'
import { HASH_BYTES, treeOf } from '../../attachments/tree.ts'
import { TAG_BYTES } from '../../crypto/aead.ts'
import { OPEN_FILES_MAX } from '../../attachments/limits.ts'
import { createSequences } from '../sequences.ts'
import type { Tree } from '../../attachments/tree.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { FileStore, KeptFile } from '../../ports.ts'

export type FileRef = { readonly conversation: ConversationId; readonly file: string; readonly size: number }

/** Good only for as long as whoever opened it uses it. */
export type OpenFile = {
  readonly read: (index: number) => Uint8Array
  readonly write: (index: number, chunk: { readonly sealed: Uint8Array; readonly leaf: Uint8Array }) => void
  /** Of a file all of whose chunks are here. */
  readonly tree: () => Tree
  readonly flush: () => void
}

export type OpenFiles = {
  /** What `use` answers, of a file that stays open as long as that runs. `write`: it is made where there is none. */
  readonly open: <T>(ref: FileRef, how: 'read' | 'write', use: (file: OpenFile) => T) => Promise<T>
  readonly remove: (ref: Pick<FileRef, 'conversation' | 'file'>) => Promise<void>
  /** All files of a conversation, and where they lay. */
  readonly removeAll: (conversation: ConversationId) => Promise<void>
  /** Lets go of all files of a conversation, or of all. */
  readonly close: (conversation?: ConversationId) => Promise<void>
}

type OpenedFile = { readonly kept: KeptFile; readonly file: OpenFile }

export function createOpenFiles(store: FileStore): OpenFiles {
  /** The one used last comes last. */
  const opened = new Map<string, Promise<OpenedFile>>()
  /** Not to be used any more, and open still. */
  const leaving = new Set<string>()
  const inTurn = createSequences<string>()
  const keyOf = ({ conversation, file }: Pick<FileRef, 'conversation' | 'file'>): string => `${conversation}/${file}`

  // All who asked for it before have used it by the time it is closed: their uses were put on the same promise earlier.
  function letGo(key: string, then: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const one = opened.get(key)
    opened.delete(key)
    leaving.add(key)
    return inTurn(key, async () => {
      const open = await one?.catch(() => undefined)
      leaving.delete(key)
      open?.kept.close()
      await then()
    })
  }

  async function makeRoom(): Promise<void> {
    const tooMany = [...opened.keys()].slice(0, Math.max(0, opened.size - OPEN_FILES_MAX))
    await Promise.all(tooMany.map((key) => letGo(key)))
  }

  function opening(ref: FileRef, how: 'read' | 'write'): Promise<OpenedFile> {
    const key = keyOf(ref)
    // One that is being let go of is opened again only then.
    const one =
      opened.get(key) ??
      inTurn(key, () => store.open(ref.conversation, ref.file, how)).then((kept) => ({ kept, file: onFile(kept, ref.size) }))
    opened.delete(key)
    opened.set(key, one)
    one.catch(() => {
      if (opened.get(key) === one) opened.delete(key)
    })
    return one
  }

  async function close(conversation?: ConversationId): Promise<void> {
    for (const key of new Set([...opened.keys(), ...leaving]))
      if (conversation === undefined || key.startsWith(conversation)) await letGo(key)
  }

  return {
    async open(ref, how, use) {
      const used = opening(ref, how).then(({ file }) => use(file))
      const [answer] = await Promise.all([used, makeRoom()])
      return answer
    },
    remove: (ref) => letGo(keyOf(ref), () => store.remove(ref.conversation, ref.file)),
    async removeAll(conversation) {
      await close(conversation)
      await store.removeAll(conversation)
    },
    close,
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
