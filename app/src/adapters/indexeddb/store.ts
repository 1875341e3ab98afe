// The Store port on IndexedDB: each row sealed under a key that can be forgotten, strict transactions, and for a burst of commits one flush of
// the disk.

import { ENDLESS_ROOM } from '../room/room.ts'
import { createCommitQueue } from './commit-queue.ts'
import { isEmpty, rangeBehind, readRecords } from './records.ts'
import { requestDone, toStoreError, transactionDone } from './requests.ts'
import { RESEALED } from './names.ts'
import { corrupt, openRow, storedRowOf } from './row-seal.ts'
import { createRowWriter } from './row-writer.ts'
import { openEraseKeys } from './erase-keys.ts'
import type { Random, Store, StoreRange, StoreRow, Table, Timer } from '@kith/protocol'
import type { Room } from '../room/room.ts'
import type { EpochFile } from '../vault/epoch-file.ts'
import type { CommitQueue } from './commit-queue.ts'
import type { EraseKeys } from './erase-keys.ts'
import type { StoredRecord } from './records.ts'

export type IndexedDbStoreParts = {
  /** Opened by openDatabase; this store is its only writer. */
  readonly database: IDBDatabase
  readonly vaultKey: Uint8Array
  /** Undefined where the browser has no such file: then what was erased can be found by whoever knows the database's own traces. */
  readonly file: EpochFile | undefined
  readonly random: Random
  readonly timer: Timer
  readonly room?: Room
}

/** Rejects with {@link StoreError}. Rows of older versions are in the present form when it resolves. */
export async function openIndexedDbStore({
  database,
  vaultKey,
  file,
  random,
  timer,
  room = ENDLESS_ROOM,
}: IndexedDbStoreParts): Promise<Store> {
  return named(async () => {
    const keys = await openEraseKeys({ database, file, sealing: { vaultKey, random } })
    if (await mayHaveOldRows(database)) await (await import('./reseal.ts')).resealRows({ database, keys, vaultKey })
    const wake = (): void => void queue.commit([]).catch(() => undefined) // Whoever commits next is told.
    const queue = createCommitQueue(createRowWriter({ database, keys, room, timer, wake }))
    return createStore({ database, keys, queue })
  })
}

/** Whether version 0.1 may have written here: of a store without anything in it that is noted at once. */
async function mayHaveOldRows(database: IDBDatabase): Promise<boolean> {
  const transaction = database.transaction(['tree', 'state'], 'readwrite')
  const done = transactionDone(transaction)
  const marks = transaction.objectStore('tree')
  const isNoted = (await requestDone<unknown>(marks.get(RESEALED))) !== undefined
  const isNew = !isNoted && (await requestDone(transaction.objectStore('state').getKey(IDBKeyRange.lowerBound('')))) === undefined
  if (isNew) marks.put(true, RESEALED)
  await done
  return !isNoted && !isNew
}

type StoreParts = { readonly database: IDBDatabase; readonly keys: EraseKeys; readonly queue: CommitQueue }

function createStore({ database, keys, queue: { commit, settled } }: StoreParts): Store {
  // A read sees every commit that was called before it.
  async function startReading(table: Table): Promise<IDBTransaction> {
    await settled()
    return database.transaction([table, 'keys'], 'readonly')
  }

  async function get(table: Table, key: string): Promise<Uint8Array | undefined> {
    const transaction = await startReading(table)
    const value: unknown = await requestDone(transaction.objectStore(table).get(key))
    const [row] = value === undefined ? [] : await openRows(transaction, table, [{ key, value }])
    return row?.value
  }

  async function read({ table, from, to, limit = Infinity, order = 'ascending' }: StoreRange): Promise<readonly StoreRow[]> {
    if (from !== undefined && to !== undefined && isEmpty({ from, to })) return []
    const transaction = await startReading(table)
    const rows: StoreRow[] = []
    // Rows whose keys are forgotten do not count, so a limit may need another stretch.
    for (let stretch = { range: rangeOf(from, to) }; ;) {
      const count = limit - rows.length
      const records = await readRecords(transaction.objectStore(table), { range: stretch.range, order, count })
      rows.push(...(await openRows(transaction, table, records)))
      const last = records.at(-1)
      const next = last === undefined || records.length < count ? undefined : rangeBehind(stretch.range, last.key, order)
      if (next === undefined || rows.length >= limit) return rows
      stretch = { range: next }
    }
  }

  /** Those of `records` whose keys are not forgotten. */
  async function openRows(transaction: IDBTransaction, table: Table, records: readonly StoredRecord[]): Promise<readonly StoreRow[]> {
    const stored = records.map(({ key, value }) => ({ key, row: storedRowOf(value) }))
    const known = await keys.load(
      transaction,
      stored.flatMap(({ row }) => row?.under ?? []),
    )
    return stored.flatMap(({ key, row }) => {
      if (row === undefined) throw corrupt({ table, key })
      const under = known.get(row.under)
      return under === undefined ? [] : [{ key, value: openRow({ table, key }, row, under) }]
    })
  }

  return { commit, get: (table, key) => named(() => get(table, key)), read: (range) => named(() => read(range)) }
}

function rangeOf(from: string | undefined, to: string | undefined): IDBKeyRange | undefined {
  if (from !== undefined && to !== undefined) return IDBKeyRange.bound(from, to, false, true)
  if (from !== undefined) return IDBKeyRange.lowerBound(from)
  return to === undefined ? undefined : IDBKeyRange.upperBound(to, true)
}

/** Whatever IndexedDB throws leaves as a StoreError. */
async function named<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    throw toStoreError(cause)
  }
}
