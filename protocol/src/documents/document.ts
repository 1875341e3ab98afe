// The living Yjs documents. This file makes them, fills them from stored or admitted updates, and turns a change into one update.

import * as Y from 'yjs'
import { DOCUMENT_KINDS } from './kinds.ts'
import { nextClock } from './state.ts'
import type { DocumentKind } from './kinds.ts'
import type { DocumentState } from './state.ts'
import type { ValueType } from './update.ts'

/** A document in memory. What is in it changes only through this folder. `client`: under which this device changes it. */
export type Document = { readonly kind: DocumentKind; readonly client: number; readonly doc: Y.Doc }

/** A document as its stored updates leave it, in whatever order they come. `client`: `clientOf` this device. */
export function openDocument(kind: DocumentKind, opened: { readonly client: number; readonly updates: readonly Uint8Array[] }): Document {
  // What an author of `meta` deletes stays in the document, so that no update of his ever holds a collected struct.
  // Nobody asks for its guid, and to make one up Yjs draws 36 random numbers.
  const doc = new Y.Doc({ guid: kind, gc: !isShared(kind) })
  for (const root of DOCUMENT_KINDS[kind].roots.keys()) doc.getMap(root)
  doc.transact(() => {
    for (const update of opened.updates) Y.applyUpdate(doc, update)
  })
  return { kind, client: opened.client, doc }
}

/** Applies an update that `admitUpdate` has admitted. One that is applied again changes nothing. */
export const applyAdmitted = (document: Document, update: Uint8Array): void => Y.applyUpdate(document.doc, update)

/** True when everything that admission let in is there; what was deleted does not show. */
export function hasAll({ doc }: Document, admitted: DocumentState): boolean {
  const clocks = Y.decodeStateVector(Y.encodeStateVector(doc))
  return [...admitted.spans.keys()].every((client) => (clocks.get(client) ?? 0) >= nextClock(admitted.spans, client))
}

/** False while something in the document rests on what is not there. */
export const isComplete = ({ doc }: Document): boolean => doc.store.pendingStructs === null && doc.store.pendingDs === null

/** Another document with the same content, to be changed in its place. */
export const copyOf = (document: Document): Document =>
  openDocument(document.kind, { client: document.client, updates: [snapshotOf(document)] })

/** Everything in the document as one update. */
export const snapshotOf = (document: Document): Uint8Array => Y.encodeStateAsUpdate(document.doc)

/**
 * The values of a document without the way that led to them, as one update of this device; undefined when there are none. What no reader
 * expects stays behind: Yjs throws at some of it, and this is how a device starts whose document broke.
 */
export function valuesAsUpdate(document: Document): Uint8Array | undefined {
  const fresh = openDocument(document.kind, { client: document.client, updates: [] })
  return changeDocument(fresh, () => {
    for (const [root, expected] of DOCUMENT_KINDS[document.kind].roots)
      for (const [key, value] of document.doc.getMap(root))
        if (expected.some((type) => type === typeOf(value))) fresh.doc.getMap(root).set(key, value)
  })
}

// Lists, bytes and shared types are none of these: no root expects them.
function typeOf(value: unknown): ValueType | undefined {
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  // By its constructor, as Yjs tells them apart.
  return typeof value === 'object' && value !== null && value.constructor === Object ? 'object' : undefined
}

/** Changes a document and gives the update that does the same elsewhere; undefined when nothing changed. */
export function changeDocument(document: Document, change: () => void): Uint8Array | undefined {
  const updates: Uint8Array[] = []
  const listen = (update: Uint8Array): void => void updates.push(update)
  document.doc.on('update', listen)
  // Right before the change: Yjs takes another client for itself whenever structs of its own come from outside.
  document.doc.clientID = document.client
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
  if (isSame(before, at.value)) return undefined
  return changeDocument(document, () => {
    if (at.value === undefined) map.delete(at.key)
    else map.set(at.key, at.value)
  })
}

function isSame(before: unknown, value: PlainValue | undefined): boolean {
  if (typeof value !== 'object') return before === value
  const parts = Object.entries(value)
  if (typeof before !== 'object' || before === null || Object.keys(before).length !== parts.length) return false
  return parts.every(([name, part]) => Reflect.get(before, name) === part)
}

/** The value of a key of a root map, of whatever type its last author gave it. */
export const valueOf = (document: Document, root: string, key: string): unknown => document.doc.getMap(root).get(key)

/** The keys of a root map that have a value. */
export const keysOf = (document: Document, root: string): readonly string[] => [...document.doc.getMap(root).keys()]

export type PlainValue = string | number | boolean | { readonly [key: string]: string | number | boolean }

const isShared = (kind: DocumentKind): boolean => kind === 'meta'
