// What another own device has of the account document comes in one update, whoever wrote each part of it: so it is not held to what one author may write
// (./admission.ts), and nothing reaches Yjs unexamined all the same.

import * as Y from 'yjs'
import { hash } from '../crypto/hash.ts'
import { ACCOUNT_PART_BYTES_MAX, ACCOUNT_PARTS_MAX } from '../limits.ts'
import { changeDocument, copyOf, isComplete, snapshotOf } from './document.ts'
import { DOCUMENT_KINDS } from './kinds.ts'
import { readUpdate } from './update.ts'
import type { Document } from './document.ts'
import type { Struct } from './update.ts'

/** Which structs are there, as Yjs counts them. */
export const vectorOf = (document: Document): Uint8Array => Y.encodeStateVector(document.doc)

/** The account mark: SHA-256 of which structs are there and which of them are deleted: the same for the same content. */
export const markOf = (document: Document): Uint8Array => hash(Y.encodeSnapshot(Y.snapshot(document.doc)))

/** What somebody with this vector lacks, and all deletions. One that is none counts as that of an empty document. */
export function updateSince(document: Document, vector: Uint8Array): Uint8Array {
  try {
    return Y.encodeStateAsUpdate(document.doc, vector)
  } catch {
    return snapshotOf(document)
  }
}

/**
 * Takes in an update that was examined, and gives what of it was new; undefined when nothing was. `touched` is told the keys of a root that
 * have another value.
 */
export function mergeInto(
  document: Document,
  update: Uint8Array,
  watched?: { readonly root: string; readonly touched: (keys: ReadonlySet<string>) => void },
): Uint8Array | undefined {
  const map = document.doc.getMap(watched?.root)
  const listen = ({ keysChanged }: Y.YMapEvent<unknown>): void => watched?.touched(keysChanged)
  if (watched !== undefined) map.observe(listen)
  try {
    return changeDocument(document, () => Y.applyUpdate(document.doc, update))
  } finally {
    if (watched !== undefined) map.unobserve(listen)
  }
}

/** `gap`: it rests on what is not here. */
export type WholeRefusal = 'malformed' | 'content' | 'gap'

/** Undefined where a document can take it in. Nothing of the document changes. */
export function refusalOfWhole(document: Document, bytes: Uint8Array): WholeRefusal | undefined {
  const update = readUpdate(bytes, ACCOUNT_PART_BYTES_MAX * ACCOUNT_PARTS_MAX)
  if (update === undefined) return 'malformed'
  if (update.structs.some(({ structs }) => !structs.every(isExpected))) return 'content'
  try {
    const copy = copyOf(document)
    mergeInto(copy, bytes)
    return isComplete(copy) ? undefined : 'gap'
  } catch {
    return 'malformed'
  }
}

const { roots, contents } = DOCUMENT_KINDS.account
const VALUES = new Set([...roots.values()].flat())

// A value that follows another one names that, and not its place: it is of one of the kinds that some place expects, and whoever reads it looks again.
function isExpected({ content, length, parent, key, values }: Struct): boolean {
  if (content === 'gc') return true
  if (!contents.some((known) => known === content) || (content === 'any' && length !== 1)) return false
  const isPlaced = parent === undefined || (parent.kind === 'root' && key !== undefined && roots.has(parent.name))
  const expected = parent?.kind === 'root' ? new Set(roots.get(parent.name)) : VALUES
  return isPlaced && values.every(({ type }) => expected.has(type))
}
