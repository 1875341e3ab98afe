// Documents at rest (docs/protocol.md §10.4): the browser keeps a carrier, which is a Yjs document that holds sealed updates of
// another one, so that y-indexeddb persists it and never sees a word. Sealing is the adapter's; this is the pure part.

import * as Y from 'yjs'
import { SEALED_UPDATES_MAX } from './limits.ts'

/** The document that y-indexeddb is attached to. */
export type Carrier = Y.Doc

export const createCarrier = (): Carrier => new Y.Doc()

/** Adds one sealed update. */
export const appendSealed = (carrier: Carrier, sealed: Uint8Array): void => sealedIn(carrier).push([sealed])

/** The sealed updates, oldest first. Anything else in the carrier is left out. */
export const readSealed = (carrier: Carrier): readonly Uint8Array[] =>
  sealedIn(carrier)
    .toArray()
    .filter((item) => item instanceof Uint8Array)

/** True when the carrier has grown so long that it should be compacted. */
export const isCompactionDue = (carrier: Carrier): boolean => sealedIn(carrier).length >= SEALED_UPDATES_MAX

/** Replaces all sealed updates with one sealed snapshot, in one transaction. */
export function compact(carrier: Carrier, sealedSnapshot: Uint8Array): void {
  const sealed = sealedIn(carrier)
  carrier.transact(() => {
    sealed.delete(0, sealed.length)
    sealed.push([sealedSnapshot])
  })
}

const sealedIn = (carrier: Carrier): Y.Array<Uint8Array> => carrier.getArray<Uint8Array>('sealed')
