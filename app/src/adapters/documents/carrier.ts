// What y-indexeddb is given to keep: a Yjs document that carries sealed bytes in one list, and knows nothing of what they mean
// (docs/protocol.md §10).

import * as Y from 'yjs'

export type Carrier = {
  readonly doc: Y.Doc
  sealed(): readonly unknown[]
  append(sealed: Uint8Array): void
  /** In one step. */
  replaceAll(sealed: readonly Uint8Array[]): void
}

/** One update that says what these say together, without what was deleted. Undefined where they are no updates. */
export function mergedUpdates(updates: readonly Uint8Array[]): Uint8Array | undefined {
  const doc = new Y.Doc()
  try {
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update)
    })
    return Y.encodeStateAsUpdate(doc)
  } catch {
    return undefined
  }
}

/** Whether rows of a database are parts of a carrier at all. */
export function isCarrier(rows: readonly unknown[]): boolean {
  const doc = new Y.Doc()
  try {
    for (const row of rows) Y.applyUpdate(doc, row as Uint8Array)
    return true
  } catch {
    return false
  }
}

export function createCarrier(): Carrier {
  const doc = new Y.Doc()
  const list = doc.getArray<unknown>('sealed')
  return {
    doc,
    sealed: () => list.toArray(),
    append: (sealed) => list.push([sealed]),
    replaceAll(sealed) {
      doc.transact(() => {
        list.delete(0, list.length)
        list.insert(0, [...sealed])
      })
    },
  }
}
