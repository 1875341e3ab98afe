// The living Yjs documents. This file makes them, fills them from stored or admitted updates, and turns a change into one update.

import * as Y from 'yjs'
import { DOCUMENT_KINDS } from './kinds.ts'
import type { DocumentKind } from './kinds.ts'

/** A document in memory. What is in it changes only through this folder. */
export type Document = { readonly kind: DocumentKind; readonly doc: Y.Doc }

/** A document as its stored updates leave it. `client`: `clientOf` this device; only then may it be changed. */
export function openDocument(kind: DocumentKind, opened: { readonly client: number; readonly updates: readonly Uint8Array[] }): Document {
  // What an author of `meta` deletes stays in the document, so that no update of his ever holds a collected struct.
  const doc = new Y.Doc({ gc: !isShared(kind) })
  for (const root of DOCUMENT_KINDS[kind].roots) doc.getMap(root)
  doc.transact(() => {
    for (const update of opened.updates) Y.applyUpdate(doc, update)
  })
  doc.clientID = opened.client
  return { kind, doc }
}

/** Applies an update that `admitUpdate` has admitted. Throws when something is left pending: then admission has a hole. */
export function applyAdmitted({ doc }: Document, update: Uint8Array): void {
  const { clientID } = doc
  // Yjs leaves its client when somebody else seems to write under it, and this may be an own update from before a crash. Nobody writes as 0.
  doc.clientID = 0
  Y.applyUpdate(doc, update)
  doc.clientID = clientID
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) throw new Error('an admitted update is incomplete')
}

/** Everything in the document as one update. */
export const snapshotOf = (document: Document): Uint8Array => Y.encodeStateAsUpdate(document.doc)

/** Changes a document and gives the update that does the same elsewhere; undefined when nothing changed. */
export function changeDocument(document: Document, change: () => void): Uint8Array | undefined {
  const updates: Uint8Array[] = []
  const listen = (update: Uint8Array): void => void updates.push(update)
  document.doc.on('update', listen)
  try {
    document.doc.transact(change)
  } finally {
    document.doc.off('update', listen)
  }
  return updates[0]
}

/** Sets a value of a root map, or deletes it where the value is undefined; an equal value changes nothing. */
export function setValue(
  document: Document,
  at: { readonly root: string; readonly key: string; readonly value: PlainValue | undefined },
): Uint8Array | undefined {
  const map = document.doc.getMap(at.root)
  const before = map.get(at.key)
  if (JSON.stringify(before) === JSON.stringify(at.value)) return undefined
  return changeDocument(document, () => {
    if (at.value === undefined) map.delete(at.key)
    else map.set(at.key, at.value)
  })
}

/** The value of a key of a root map, of whatever type its last author gave it. */
export const valueOf = (document: Document, root: string, key: string): unknown => document.doc.getMap(root).get(key)

/** All keys and values of a root map. */
export const valuesOf = (document: Document, root: string): readonly (readonly [string, unknown])[] => [
  ...document.doc.getMap(root).entries(),
]

export type PlainValue = string | number | boolean | { readonly [key: string]: string | number | boolean }

const isShared = (kind: DocumentKind): boolean => kind === 'meta'
