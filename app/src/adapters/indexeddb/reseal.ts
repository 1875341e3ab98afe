// Rows that versions up to 0.1 wrote lie under a key of their table, or of a day, that never changed. They are sealed anew, a stretch at a time, before
// anybody reads: what is read afterwards has one form. A crash leaves some of both, and the next start goes on.

import { derive, openNamed, TABLES } from '@kith/protocol'
import { KEY_BYTES } from './leaf-keys.ts'
import { ROWS_AT_ONCE } from './limits.ts'
import { RESEALED } from './names.ts'
import { rangeBehind, readRecords } from './records.ts'
import { abort, requestDone, transactionDone } from './requests.ts'
import { KEY_STORES, ownerOf } from './row-transaction.ts'
import { associated, sealRow, storedRowOf } from './row-seal.ts'
import type { EraseKeys } from './erase-keys.ts'
import type { StoredRecord } from './records.ts'
import type { RowPlace } from './row-seal.ts'

export type ResealParts = {
  readonly database: IDBDatabase
  readonly keys: EraseKeys
  readonly vaultKey: Uint8Array
}

/** Rejects with {@link StoreError}. */
export async function resealRows(parts: ResealParts): Promise<void> {
  const { database } = parts
  for (const table of TABLES) await resealTable(parts, table)
  const transaction = database.transaction(['tree', 'shreds'], 'readwrite', { durability: 'strict' })
  const done = transactionDone(transaction)
  transaction.objectStore('shreds').clear()
  transaction.objectStore('tree').put(true, RESEALED)
  await done
}

async function resealTable(parts: ResealParts, table: string): Promise<void> {
  for (let range: IDBKeyRange | undefined = IDBKeyRange.lowerBound(''); range !== undefined;) {
    const transaction = parts.database.transaction([table, 'shreds', ...KEY_STORES], 'readwrite', { durability: 'strict' })
    const done = transactionDone(transaction)
    const records: readonly StoredRecord[] = await resealStretch(parts, transaction, { table, range }).catch(async (cause: unknown) => {
      abort(transaction)
      await done.catch(() => undefined) // The cause says more than "aborted".
      throw cause
    })
    await done
    const last: StoredRecord | undefined = records.length < ROWS_AT_ONCE ? undefined : records.at(-1)
    range = last && rangeBehind(range, last.key, 'ascending')
  }
}

const NOTHING = { keys: [], groups: [] } as const

async function resealStretch(
  parts: ResealParts,
  transaction: IDBTransaction,
  { table, range }: { readonly table: string; readonly range: IDBKeyRange },
): Promise<readonly StoredRecord[]> {
  const records = await readRecords(transaction.objectStore(table), { range, order: 'ascending', count: ROWS_AT_ONCE })
  for (const record of records) if (storedRowOf(record.value) === undefined) await resealRow(parts, transaction, { table, record })
  parts.keys.finish(transaction, NOTHING)
  return records
}

type OldRecord = { readonly table: string; readonly record: StoredRecord }

async function resealRow({ keys, vaultKey }: ResealParts, transaction: IDBTransaction, { table, record }: OldRecord): Promise<void> {
  const place = { table, key: record.key }
  const old = await openOld(transaction, vaultKey, { place, stored: record.value })
  const store = transaction.objectStore(table)
  if (old === 'gone') return void store.delete(record.key)
  // Told when it is read.
  if (old === 'corrupt') return
  const under = keys.take(transaction, ownerOf(table, old.shred))
  store.put(sealRow(place, old.value, under), record.key)
}

type OldRow = { readonly place: RowPlace; readonly stored: unknown }
type OpenedRow = { readonly value: Uint8Array; readonly shred: string | undefined }

/** `gone`: the key of its day was destroyed. */
async function openOld(
  transaction: IDBTransaction,
  vaultKey: Uint8Array,
  { place, stored }: OldRow,
): Promise<OpenedRow | 'gone' | 'corrupt'> {
  if (stored instanceof Uint8Array) return toOpened(openUnder(tableKey(vaultKey, place.table), place, stored), undefined)
  const { shred, generation, sealed } = fieldsOf(stored)
  if (typeof shred !== 'string') return 'corrupt'
  const kept = fieldsOf(await requestDone<unknown>(transaction.objectStore('shreds').get(shred)))
  if (kept['generation'] !== generation) return 'gone'
  const key = openUnder(tableKey(vaultKey, 'shreds'), { table: 'shreds', key: shred }, kept['sealed'])
  return toOpened(key && openUnder(key, place, sealed), shred)
}

const toOpened = (value: Uint8Array | undefined, shred: string | undefined): OpenedRow | 'corrupt' =>
  value === undefined ? 'corrupt' : { value, shred }

const openUnder = (key: Uint8Array, place: RowPlace, sealed: unknown): Uint8Array | undefined =>
  sealed instanceof Uint8Array ? openNamed(key, sealed, associated(place)) : undefined

const fieldsOf = (stored: unknown): Readonly<Record<string, unknown>> =>
  typeof stored === 'object' && stored !== null ? (stored as Readonly<Record<string, unknown>>) : {}

const tableKey = (vaultKey: Uint8Array, table: string): Uint8Array => derive(vaultKey, new Uint8Array(0), `kith store ${table}`, KEY_BYTES)
