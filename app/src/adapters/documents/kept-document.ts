// One carrier and its y-indexeddb database. y-indexeddb neither tells when an update is stored nor whether it was, so every change is
// followed by a strict transaction of ours: it is ordered behind the update's, flushes it, and looks whether it is there.

import { StoreError } from '@kith/protocol'
import { IndexeddbPersistence, storeState } from 'y-indexeddb'
import { requestDone, toStoreError, transactionDone } from '../indexeddb/requests.ts'
import { createCarrier, isCarrier } from './carrier.ts'
import { DOCUMENT_OPEN_MS_MAX } from './limits.ts'
import type { Carrier } from './carrier.ts'

export type KeptDocument = {
  readonly carrier: Carrier
  /** Makes `change` durable, or rejects with StoreError. */
  keep(change: (carrier: Carrier) => void): Promise<void>
  /** Like {@link keep}; afterwards the disk holds the carrier's present state and none of its past. */
  keepCompacted(change: (carrier: Carrier) => void): Promise<void>
  close(): Promise<void>
}

export async function openKeptDocument(databaseName: string): Promise<KeptDocument> {
  const carrier = createCarrier()
  const persistence = new IndexeddbPersistence(databaseName, carrier.doc)
  const database = await opened(persistence)
  let newest = await flush(database)
  let reason: unknown
  // Aborted transactions tell their database, and with it us, why.
  database.addEventListener('abort', ({ target }) => {
    reason = (target as IDBTransaction).error
  })

  async function landed(): Promise<void> {
    const before = newest
    newest = await flush(database)
    if (newest > before) return
    throw reason === undefined ? new StoreError('failed', 'the browser did not store an update of a document') : toStoreError(reason)
  }

  return {
    carrier,
    async keep(change) {
      change(carrier)
      await landed()
    },
    async keepCompacted(change) {
      change(carrier)
      await storeState(persistence, true)
      await landed()
    },
    async close() {
      await persistence.destroy()
      carrier.doc.destroy()
    },
  }
}

/** Resolves when the database is gone, or rejects with StoreError. One that is still closing is waited for. */
export async function eraseKeptDocument(databaseName: string): Promise<void> {
  try {
    if ((await inTime(requestDone(indexedDB.deleteDatabase(databaseName)))) === LATE)
      throw new StoreError('failed', 'the database of a document does not let go')
  } catch (cause) {
    throw toStoreError(cause)
  }
}

/** The database, once what it held is in the carrier. */
async function opened(persistence: IndexeddbPersistence): Promise<IDBDatabase> {
  // Only a failure of `_db` is of interest here; success is told by `whenSynced`.
  const failed = persistence._db.then(() => persistence.whenSynced)
  try {
    if ((await inTime(Promise.race([persistence.whenSynced, failed]))) === LATE) throw await lateError(persistence)
  } catch (cause) {
    void persistence.destroy().catch(() => undefined) // It never opened; the reason is already on its way.
    throw toStoreError(cause)
  }
  if (persistence.db === null) throw new StoreError('closed', 'a document was closed while it opened')
  return persistence.db
}

// y-indexeddb keeps the reason to itself. A slow disk must not pass for a broken document, which would be set aside: only a look at the
// rows tells.
async function lateError({ db }: IndexeddbPersistence): Promise<StoreError> {
  if (db === null) return new StoreError('failed', 'the database of a document does not open')
  const rows = await inTime(requestDone(db.transaction('updates').objectStore('updates').getAll()))
  return rows === LATE || isCarrier(rows)
    ? new StoreError('failed', 'a document did not come in')
    : new StoreError('corrupt', 'a document could not be read')
}

const LATE = Symbol('late')

async function inTime<T>(answer: Promise<T>): Promise<T | typeof LATE> {
  let patience: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<typeof LATE>((resolve) => {
    patience = setTimeout(() => resolve(LATE), DOCUMENT_OPEN_MS_MAX)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(patience)
  }
}

/** Waits until everything written so far is on the disk; answers the newest row's number, 0 when there is none. */
async function flush(database: IDBDatabase): Promise<number> {
  const transaction = database.transaction(['updates', 'custom'], 'readwrite', { durability: 'strict' })
  const done = transactionDone(transaction)
  const cursor = await requestDone(transaction.objectStore('updates').openKeyCursor(null, 'prev'))
  const newest = cursor === null ? 0 : Number(cursor.primaryKey)
  // A transaction that writes nothing would not reach the disk.
  transaction.objectStore('custom').put(newest, 'settled')
  await done
  return newest
}
