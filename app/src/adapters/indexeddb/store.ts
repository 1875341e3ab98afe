// The Store port on IndexedDB: sealed rows, strict transactions, and for a burst of commits one flush of the disk.

import { ENDLESS_ROOM } from '../room/room.ts'
import { createCommitQueue } from './commit-queue.ts'
import { isEmpty, rangeBehind, readRecords } from './records.ts'
import { requestDone, toStoreError } from './requests.ts'
import { createRowSeal, shredOf } from './row-seal.ts'
import { createRowWriter } from './row-writer.ts'
import { createShredKeys } from './shred-keys.ts'
import type { Random, Store, StoreRange, StoreRow, Table } from '@kith/protocol'
import type { Room } from '../room/room.ts'
import type { StoredRecord } from './records.ts'

export type IndexedDbStoreParts = {
  /** Opened by openDatabase; this store is its only writer. */
  readonly database: IDBDatabase
  readonly vaultKey: Uint8Array
  readonly random: Random
  readonly room?: Room
}

export function createIndexedDbStore({ database, vaultKey, random, room = ENDLESS_ROOM }: IndexedDbStoreParts): Store {
  const seal = createRowSeal({ vaultKey, random })
  const shredKeys = createShredKeys(seal)
  const { commit, settled } = createCommitQueue(createRowWriter({ database, seal, shredKeys, room }))

  // A read sees every commit that was called before it.
  async function startReading(table: Table): Promise<IDBTransaction> {
    await settled()
    return database.transaction([table, 'shreds'], 'readonly')
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
    // Rows without their shred key do not count, so a limit may need another stretch.
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

  /** The readable ones of `records`. */
  async function openRows(transaction: IDBTransaction, table: Table, records: readonly StoredRecord[]): Promise<readonly StoreRow[]> {
    const keys = await shredKeys.load(
      transaction,
      records.flatMap(({ value }) => shredOf(value) ?? []),
    )
    return records.flatMap(({ key, value }) => {
      const opened = seal.open({ table, key }, value, (shred) => keys.get(shred))
      return opened === undefined ? [] : [{ key, value: opened }]
    })
  }

  return { commit, get: (table, key) => named(get(table, key)), read: (range) => named(read(range)) }
}

function rangeOf(from: string | undefined, to: string | undefined): IDBKeyRange | undefined {
  if (from !== undefined && to !== undefined) return IDBKeyRange.bound(from, to, false, true)
  if (from !== undefined) return IDBKeyRange.lowerBound(from)
  return to === undefined ? undefined : IDBKeyRange.upperBound(to, true)
}

/** Whatever IndexedDB throws leaves as a StoreError. */
async function named<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    throw toStoreError(cause)
  }
}
