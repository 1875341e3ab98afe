// What y-indexeddb is given to keep: a Yjs document that carries sealed bytes in one list, and knows nothing of what they mean
// (docs/protocol.md §10).

import * as Y from 'yjs'

export type Carrier = {
  readonly doc: Y.Doc
  sealed(): readonly unknown[]
  append(sealed: Uint8Array): void
  /** In one step: the first `count` become `snapshot`. */
  replaceFirst(count: number, snapshot: Uint8Array): void
}

export function createCarrier(): Carrier {
  const doc = new Y.Doc()
  const list = doc.getArray<unknown>('sealed')
  return {
    doc,
    sealed: () => list.toArray(),
    append: (sealed) => list.push([sealed]),
    replaceFirst(count, snapshot) {
      doc.transact(() => {
        list.delete(0, count)
        list.insert(0, [snapshot])
      })
    },
  }
}
