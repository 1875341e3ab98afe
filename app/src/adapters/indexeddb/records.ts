// Reads a stretch of one object store in either direction, in as few requests as the browser allows.

import { requestDone } from './requests.ts'

export type StoredRecord = { readonly key: string; readonly value: unknown }

export type Stretch = {
  readonly range: IDBKeyRange | undefined
  readonly order: 'ascending' | 'descending'
  /** At most this many; Infinity: all. */
  readonly count: number
}

type BulkRecord = { readonly primaryKey: IDBValidKey; readonly value: unknown }
type BulkQuery = { readonly query: IDBKeyRange | null; readonly direction: IDBCursorDirection; readonly count?: number }
/** Newer browsers only. */
type BulkStore = IDBObjectStore & { getAllRecords(query: BulkQuery): IDBRequest<readonly BulkRecord[]> }

export async function readRecords(store: IDBObjectStore, stretch: Stretch): Promise<readonly StoredRecord[]> {
  if (stretch.count === 0) return []
  if (isBulkStore(store)) return readInBulk(store, stretch)
  return stretch.order === 'ascending' ? readForward(store, stretch) : readByCursor(store, stretch)
}

/** The part of `range` that lies behind `key`, seen in the direction of reading. */
export function rangeBehind(range: IDBKeyRange | undefined, key: string, order: Stretch['order']): IDBKeyRange | undefined {
  if (order === 'ascending') {
    if (range?.upper === undefined) return IDBKeyRange.lowerBound(key, true)
    return isEmpty({ from: key, to: range.upper as string }) ? undefined : IDBKeyRange.bound(key, range.upper, true, range.upperOpen)
  }
  if (range?.lower === undefined) return IDBKeyRange.upperBound(key, true)
  return isEmpty({ from: range.lower as string, to: key }) ? undefined : IDBKeyRange.bound(range.lower, key, range.lowerOpen, true)
}

/** IndexedDB throws on ranges that can hold nothing. `to` is exclusive. */
export const isEmpty = ({ from, to }: { readonly from: string; readonly to: string }): boolean => from >= to

async function readInBulk(store: BulkStore, { range, order, count }: Stretch): Promise<readonly StoredRecord[]> {
  const direction = order === 'ascending' ? 'next' : 'prev'
  const records = await requestDone(store.getAllRecords({ query: range ?? null, direction, ...(count === Infinity ? {} : { count }) }))
  return records.map(({ primaryKey, value }) => ({ key: textKey(primaryKey), value }))
}

async function readForward(store: IDBObjectStore, { range, count }: Stretch): Promise<readonly StoredRecord[]> {
  const most = count === Infinity ? undefined : count
  const [keys, values] = await Promise.all([requestDone(store.getAllKeys(range, most)), requestDone(store.getAll(range, most))])
  return keys.map((key, i) => ({ key: textKey(key), value: values[i] as unknown }))
}

async function readByCursor(store: IDBObjectStore, { range, count }: Stretch): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = []
  const request = store.openCursor(range, 'prev')
  for (let cursor = await requestDone(request); cursor !== null && records.length < count; cursor = await requestDone(request)) {
    records.push({ key: textKey(cursor.primaryKey), value: cursor.value as unknown })
    if (records.length === count) break
    cursor.continue()
  }
  return records
}

// Every key that this app puts is a text.
const textKey = (key: IDBValidKey): string => key as string
const isBulkStore = (store: IDBObjectStore): store is BulkStore => 'getAllRecords' in store
