// How a row lies on the disk: sealed under a key of its own, so that it is gone for good once that is forgotten.
// The table and the key are the associated data, so that no sealed value can be moved to another place.

import { open, seal, StoreError, utf8ToBytes } from '@kith/protocol'
import type { KeyNumber } from './key-tree.ts'

/** Each key seals one value and no other, so nothing else has to be different from one to the next. */
const NONCE = new Uint8Array(12)

/** What IndexedDB keeps as a row's value. */
export type StoredRow = { readonly under: KeyNumber; readonly sealed: Uint8Array }
export type RowPlace = { readonly table: string; readonly key: string }

export type RowKey = { readonly number: KeyNumber; readonly key: Uint8Array }

export const sealRow = (place: RowPlace, value: Uint8Array, { number, key }: RowKey): StoredRow => ({
  under: number,
  sealed: seal(key, NONCE, value, associated(place)),
})

/** Throws {@link StoreError} `corrupt`. */
export function openRow(place: RowPlace, { sealed }: StoredRow, key: Uint8Array): Uint8Array {
  const value = open(key, NONCE, sealed, associated(place))
  if (value === undefined) throw corrupt(place)
  return value
}

/** Undefined for a row that an older version wrote, and of any other form. */
export function storedRowOf(stored: unknown): StoredRow | undefined {
  if (typeof stored !== 'object' || stored === null || stored instanceof Uint8Array) return undefined
  const { under, sealed } = stored as Record<keyof StoredRow, unknown>
  return Number.isSafeInteger(under) && sealed instanceof Uint8Array ? { under: under as number, sealed } : undefined
}

// Table names hold no zero byte, so the pair has one reading.
export const associated = ({ table, key }: RowPlace): Uint8Array => utf8ToBytes(`${table}\0${key}`)
export const corrupt = ({ table }: RowPlace) => new StoreError('corrupt', `a row of ${table} is not as it was sealed`)
