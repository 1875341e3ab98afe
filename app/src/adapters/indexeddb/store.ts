// The Store port on IndexedDB. Commits wait in a queue; all that wait are sealed first (a transaction would end at a foreign await) and
// then written in one strict transaction, so a burst costs one flush of the disk and still takes effect in call order, each whole or not.

import { StoreError } from '@kith/protocol'
import { createRowSeal, shredOf } from './row-seal.ts'
import { createShredKeys } from './shred-keys.ts'
import { GROUPED_WRITES_MAX } from './limits.ts'
import { isEmpty, rangeBehind, readRecords } from './records.ts'
import { requestDone, toStoreError, transactionDone } from './requests.ts'
import type { Random, Store, StoreRange, StoreRow, StoreWrite, Table } from '@kith/protocol'
import type { StoredRow, StoredShredKey } from './row-seal.ts'

export type IndexedDbStoreParts = {
  /** Opened by openDatabase; this store is its only writer. */
  readonly database: IDBDatabase
  readonly vaultKey: Uint8Array
  readonly random: Random
}

type Commit = { readonly writes: readonly StoreWrite[]; readonly resolve: () => void; readonly reject: (error: StoreError) => void }
type SealedWrite =
  | { readonly kind: 'put'; readonly store: string; readonly key: string; readonly value: StoredRow | StoredShredKey }
  | { readonly kind: 'delete'; readonly store: string; readonly key: string }

export function createIndexedDbStore({ database, vaultKey, random }: IndexedDbStoreParts): Store {
  const seal = createRowSeal({ vaultKey, random })
  const shredKeys = createShredKeys(seal)
  const queue: Commit[] = []
  let pumping = false
  let refused = false
  /** Settles with the commit that was called last, whatever became of it. */
  let settled: Promise<unknown> = Promise.resolve()

  function commit(writes: readonly StoreWrite[]): Promise<void> {
    if (refused) return Promise.reject(closedError())
    const done = new Promise<void>((resolve, reject) => queue.push({ writes: writes.map(copyWrite), resolve, reject }))
    settled = done.catch(() => undefined)
    if (!pumping) void pump() // Its failures reject the commits.
    return done
  }

  async function pump(): Promise<void> {
    pumping = true
    // Commits of the same turn travel together.
    await Promise.resolve()
    while (queue.length > 0) {
      const group = takeGroup(queue)
      try {
        await write(group)
        for (const { resolve } of group) resolve()
      } catch (cause) {
        // After a hole in the order nothing may follow, or a later commit could lack what it builds on.
        refused = true
        const error = toStoreError(cause)
        for (const { reject } of group) reject(error)
        for (const { reject } of queue.splice(0)) reject(closedError())
      }
      shredKeys.trim()
    }
    pumping = false
  }

  async function write(group: readonly Commit[]): Promise<void> {
    const writes = group.flatMap((one) => one.writes)
    if (writes.length === 0) return
    const unknown = shredsIn(writes).filter((shred) => !shredKeys.isKnown(shred))
    if (unknown.length > 0) await shredKeys.load(database.transaction('shreds', 'readonly'), unknown)
    const sealed = writes.flatMap(sealWrite)
    const stores = [...new Set(sealed.map(({ store }) => store))]
    const transaction = database.transaction(stores, 'readwrite', { durability: 'strict' })
    const done = transactionDone(transaction)
    try {
      for (const one of sealed) putSealed(transaction, one)
    } catch (cause) {
      transaction.abort()
      await done.catch(() => undefined) // The cause says more than "aborted".
      throw cause
    }
    await done
  }

  function sealWrite(one: StoreWrite): readonly SealedWrite[] {
    switch (one.kind) {
      case 'put': {
        const { table, key, value, shred } = one
        if (shred === undefined) return [{ kind: 'put', store: table, key, value: seal.seal({ table, key }, value) }]
        const under = shredKeys.getOrCreate(shred)
        const row: SealedWrite = { kind: 'put', store: table, key, value: seal.sealShredded({ table, key }, value, { shred, key: under.key }) }
        return under.stored === undefined ? [row] : [{ kind: 'put', store: 'shreds', key: shred, value: under.stored }, row]
      }
      case 'delete':
        return [{ kind: 'delete', store: one.table, key: one.key }]
      case 'shred': {
        shredKeys.destroy(one.shred)
        return [{ kind: 'delete', store: 'shreds', key: one.shred }]
      }
    }
  }

  // A read sees every commit that was called before it.
  async function startReading(table: Table): Promise<IDBTransaction> {
    await settled
    return database.transaction([table, 'shreds'], 'readonly')
  }

  async function get(table: Table, key: string): Promise<Uint8Array | undefined> {
    const transaction = await startReading(table)
    const stored: unknown = await requestDone(transaction.objectStore(table).get(key))
    if (stored === undefined) return undefined
    await shredKeys.load(transaction, shredsOf([stored]))
    return seal.open({ table, key }, stored, shredKeys.get)
  }

  async function read({ table, from, to, limit, order = 'ascending' }: StoreRange): Promise<readonly StoreRow[]> {
    if (from !== undefined && to !== undefined && isEmpty({ from, to })) return []
    const transaction = await startReading(table)
    const store = transaction.objectStore(table)
    const rows: StoreRow[] = []
    let range = rangeOf(from, to)
    for (;;) {
      const count = limit === undefined ? undefined : limit - rows.length
      const records = await readRecords(store, { range, order, count })
      await shredKeys.load(transaction, shredsOf(records.map(({ value }) => value)))
      for (const record of records) {
        const value = seal.open({ table, key: record.key }, record.value, shredKeys.get)
        if (value !== undefined) rows.push({ key: record.key, value })
      }
      // Rows without their shred key do not count, so a limit may need another stretch.
      const last = records.at(-1)
      if (last === undefined || limit === undefined || rows.length >= limit || records.length < (count ?? 0)) return rows
      range = rangeBehind(range, last.key, order)
      if (range === undefined) return rows
    }
  }

  return { commit, get: (table, key) => named(get(table, key)), read: (range) => named(read(range)) }
}

function takeGroup(queue: Commit[]): readonly Commit[] {
  let writes = 0
  const beyond = queue.findIndex((one, i) => (writes += one.writes.length) > GROUPED_WRITES_MAX && i > 0)
  return queue.splice(0, beyond === -1 ? queue.length : beyond)
}

function putSealed(transaction: IDBTransaction, write: SealedWrite): void {
  const store = transaction.objectStore(write.store)
  if (write.kind === 'put') store.put(write.value, write.key)
  else store.delete(write.key)
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

const shredsIn = (writes: readonly StoreWrite[]): readonly string[] =>
  writes.flatMap((write) => (write.kind === 'delete' || write.shred === undefined ? [] : [write.shred]))
const shredsOf = (stored: readonly unknown[]): readonly string[] => stored.flatMap((row) => shredOf(row) ?? [])
const copyWrite = (write: StoreWrite): StoreWrite => (write.kind === 'put' ? { ...write, value: write.value.slice() } : write)
const closedError = () => new StoreError('closed', 'the store refused an earlier commit')
