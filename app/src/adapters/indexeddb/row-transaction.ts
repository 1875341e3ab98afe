// One transaction of writes: each row goes down under a new key, and the keys of what was there before are gathered. Requests are answered in the
// order in which they are made, so what a write replaces is read just before it, without waiting; most rows are new, so it is only read where adding fails.

import { ROWS_AT_ONCE, STRETCH_ROWS_MIN } from './limits.ts'
import { isEmpty, rangeBehind, readRecords } from './records.ts'
import { isAdded, requestDone } from './requests.ts'
import { sealRow, storedRowOf } from './row-seal.ts'
import type { StoreWrite } from '@kith/protocol'
import type { EraseKeys } from './erase-keys.ts'
import type { KeyNumber } from './key-tree.ts'
import type { RowKeys } from './row-keys.ts'
import type { RowPlace, StoredRow } from './row-seal.ts'

export type RowTransactionParts = { readonly keys: EraseKeys; readonly rowKeys: RowKeys }

/** The stores of keys. */
export const KEY_STORES = ['keys', 'tree', 'unneeded'] as const

/** What a transaction of these writes covers. Readers look for keys, so those are left to them where none has to be added. */
export function storesFor(keys: EraseKeys, writes: readonly StoreWrite[]): readonly string[] {
  const tables = writes.flatMap((write) => ('table' in write ? [write.table] : []))
  const puts = writes.flatMap((write) => (write.kind === 'put' ? [ownerOf(write.table, write.shred)] : []))
  const wanted = new Map(
    Array.from(
      Map.groupBy(puts, (owner) => owner),
      ([owner, all]) => [owner, all.length] as const,
    ),
  )
  const isEnough = keys.suffice(wanted) && !writes.some(({ kind }) => kind === 'shred' || kind === 'shred-range')
  return [...new Set([...tables, ...(isEnough ? ['unneeded'] : KEY_STORES)])]
}

/** The owner of the keys of rows that name none. It sorts behind all names of shred keys. */
export const ownerOf = (table: string, shred: string | undefined): string => shred ?? `~${table}`

/** Takes all writes in, in order, at most one for each place. Rejects when one cannot be written. */
export async function applyAll(
  { keys, rowKeys }: RowTransactionParts,
  transaction: IDBTransaction,
  writes: readonly StoreWrite[],
): Promise<void> {
  const unneeded: KeyNumber[] = []
  const groups: number[] = []
  const asked: Promise<unknown>[] = []
  // A range that is deleted takes along what was put before it, so everything has to be done in its turn.
  const isInTurn = writes.some(({ kind }) => kind === 'delete-range')
  const isNew = isInTurn ? () => false : await freeStretches(transaction, unknownPlaces(rowKeys, writes))

  function replace(place: RowPlace): void {
    const known = rowKeys.of(place)
    if (known === undefined) return
    if (known === 'unknown') ask(read(place))
    else unneeded.push(known)
  }

  function ask(answer: Promise<void>): void {
    asked.push(answer)
    answer.catch(() => undefined) // Told by all of them together.
  }

  async function read({ table, key }: RowPlace): Promise<void> {
    unneeded.push(...underIn([await requestDone<unknown>(transaction.objectStore(table).get(key))]))
  }

  function put({ table, key, value, shred }: Extract<StoreWrite, { kind: 'put' }>): void {
    const under = keys.take(transaction, ownerOf(table, shred))
    const row = sealRow({ table, key }, value, under)
    if (isNew({ table, key })) transaction.objectStore(table).put(row, key)
    else if (rowKeys.of({ table, key }) === 'unknown' && !isInTurn) ask(add({ table, key }, row))
    else {
      replace({ table, key })
      transaction.objectStore(table).put(row, key)
    }
    rowKeys.set({ table, key }, under.number)
  }

  async function add(place: RowPlace, row: StoredRow): Promise<void> {
    const store = transaction.objectStore(place.table)
    if (await isAdded(store.add(row, place.key))) return
    const before = read(place)
    store.put(row, place.key)
    await before
  }

  async function deleteRange({ table, from, to }: Extract<StoreWrite, { kind: 'delete-range' }>): Promise<void> {
    const store = transaction.objectStore(table)
    const all = IDBKeyRange.bound(from, to, false, true)
    for (let range: IDBKeyRange | undefined = all; range !== undefined;) {
      const records = await readRecords(store, { range, order: 'ascending', count: ROWS_AT_ONCE })
      unneeded.push(...underIn(records.map(({ value }) => value)))
      const last = records.length < ROWS_AT_ONCE ? undefined : records.at(-1)
      range = last && rangeBehind(range, last.key, 'ascending')
    }
    store.delete(all)
    rowKeys.forget({ table, from, to })
  }

  for (const write of writes) {
    if (write.kind === 'put') put(write)
    else if (write.kind === 'delete') {
      replace(write)
      transaction.objectStore(write.table).delete(write.key)
      rowKeys.set(write, undefined)
    } else if (write.kind === 'shred') groups.push(...(await keys.groupsOf(transaction, { from: write.shred, to: `${write.shred}\0` })))
    else if (!isEmpty(write)) {
      if (write.kind === 'shred-range') groups.push(...(await keys.groupsOf(transaction, write)))
      else await deleteRange(write)
    }
  }
  await Promise.all(asked)
  keys.finish(transaction, { keys: unneeded, groups })
}

const unknownPlaces = (rowKeys: RowKeys, writes: readonly StoreWrite[]): readonly RowPlace[] =>
  writes.flatMap((write) => (write.kind === 'put' && rowKeys.of(write) === 'unknown' ? [write] : []))

/**
 * Says of which of `places` nothing lies between them and their neighbours: where many rows whose keys begin alike are put at once, as when a device
 * catches up, that is one question for all of them.
 */
async function freeStretches(transaction: IDBTransaction, places: readonly RowPlace[]): Promise<(place: RowPlace) => boolean> {
  const stretches = Map.groupBy(places, stretchOf)
  const free = new Set<string>()
  await Promise.all(
    Array.from(stretches, async ([name, [first, ...others]]) => {
      if (first === undefined || others.length + 1 < STRETCH_ROWS_MIN) return
      const ends = others.reduce(({ from, to }, { key }) => ({ from: key < from ? key : from, to: key > to ? key : to }), {
        from: first.key,
        to: first.key,
      })
      const range = IDBKeyRange.bound(ends.from, ends.to)
      if ((await requestDone(transaction.objectStore(first.table).getKey(range))) === undefined) free.add(name)
    }),
  )
  return free.size === 0 ? () => false : (place) => free.has(stretchOf(place))
}

const stretchOf = ({ table, key }: RowPlace): string => `${table} ${key.length} ${key.slice(0, key.length / 2)}`

const underIn = (values: readonly unknown[]): readonly KeyNumber[] => values.flatMap((value) => storedRowOf(value)?.under ?? [])
