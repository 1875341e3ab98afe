// How a row lies on the disk: sealed under its table's key, or under a shred key whose destruction makes it unreadable.
// The table and the key are the associated data, so that no sealed value can be moved to another place.

import { concatBytes, derive, openNamed, sealNamed, StoreError, utf8ToBytes } from '@kith/protocol'
import type { Random } from '@kith/protocol'

const KEY_BYTES = 32
const NONCE_BYTES = 24
const GENERATION_BYTES = 8

/** One life of a shred key. A key made anew under an old name has another generation, so its predecessor's rows stay gone. */
export type ShredKey = { readonly generation: string; readonly key: Uint8Array }

/** What IndexedDB keeps as a row's value. */
export type StoredRow = Uint8Array | { readonly shred: string; readonly generation: string; readonly sealed: Uint8Array }
export type StoredShredKey = { readonly generation: string; readonly sealed: Uint8Array }

export type RowPlace = { readonly table: string; readonly key: string }

export type RowSeal = {
  seal(place: RowPlace, value: Uint8Array): Uint8Array
  sealShredded(place: RowPlace, value: Uint8Array, under: { readonly shred: string; readonly key: ShredKey }): StoredRow
  /** The value; undefined when the row's shred key is gone. Throws {@link StoreError} `corrupt`. */
  open(place: RowPlace, stored: unknown, shredKeyOf: (shred: string) => ShredKey | undefined): Uint8Array | undefined
  createShredKey(shred: string): { readonly key: ShredKey; readonly stored: StoredShredKey }
  openShredKey(shred: string, stored: unknown): ShredKey
}

/** `vaultKey`: 32 bytes, from which each table's key is derived. */
export function createRowSeal({ vaultKey, random }: { readonly vaultKey: Uint8Array; readonly random: Random }): RowSeal {
  const keys = new Map<string, Uint8Array>()

  function keyOf(table: string): Uint8Array {
    const key = keys.get(table) ?? derive(vaultKey, new Uint8Array(0), `kith store ${table}`, KEY_BYTES)
    keys.set(table, key)
    return key
  }

  const sealUnder = (key: Uint8Array, place: RowPlace, value: Uint8Array) => sealNamed(key, random(NONCE_BYTES), value, associated(place))
  const shredPlace = (shred: string): RowPlace => ({ table: 'shreds', key: shred })

  return {
    seal: (place, value) => sealUnder(keyOf(place.table), place, value),
    sealShredded: (place, value, { shred, key }) => ({ shred, generation: key.generation, sealed: sealUnder(key.key, place, value) }),
    open(place, stored, shredKeyOf) {
      if (stored instanceof Uint8Array) return whole(openNamed(keyOf(place.table), stored, associated(place)), place)
      const row = parseShreddedRow(stored, place)
      const key = shredKeyOf(row.shred)
      if (key === undefined || key.generation !== row.generation) return undefined
      return whole(openNamed(key.key, row.sealed, associated(place)), place)
    },
    createShredKey(shred) {
      const generation = Array.from(random(GENERATION_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('')
      const key = random(KEY_BYTES)
      const place = shredPlace(shred)
      return { key: { generation, key }, stored: { generation, sealed: sealUnder(keyOf(place.table), place, key) } }
    },
    openShredKey(shred, stored) {
      const place = shredPlace(shred)
      const { generation, sealed } = parseShredKey(stored, place)
      return { generation, key: whole(openNamed(keyOf(place.table), sealed, associated(place)), place) }
    },
  }
}

/** The shred key that a stored row needs, if any. */
export function shredOf(stored: unknown): string | undefined {
  return isRecord(stored) && !(stored instanceof Uint8Array) && typeof stored['shred'] === 'string' ? stored['shred'] : undefined
}

function parseShreddedRow(stored: unknown, place: RowPlace): Exclude<StoredRow, Uint8Array> {
  if (!isRecord(stored)) throw corrupt(place)
  const { shred, generation, sealed } = stored
  if (typeof shred !== 'string' || typeof generation !== 'string' || !(sealed instanceof Uint8Array)) throw corrupt(place)
  return { shred, generation, sealed }
}

function parseShredKey(stored: unknown, place: RowPlace): StoredShredKey {
  if (!isRecord(stored)) throw corrupt(place)
  const { generation, sealed } = stored
  if (typeof generation !== 'string' || !(sealed instanceof Uint8Array)) throw corrupt(place)
  return { generation, sealed }
}

function whole(value: Uint8Array | undefined, place: RowPlace): Uint8Array {
  if (value === undefined) throw corrupt(place)
  return value
}

// Table names hold no zero byte, so the pair has one reading.
const associated = ({ table, key }: RowPlace): Uint8Array => concatBytes(utf8ToBytes(table), Uint8Array.of(0), utf8ToBytes(key))
const corrupt = ({ table }: RowPlace) => new StoreError('corrupt', `a row of ${table} is not as it was sealed`)
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
