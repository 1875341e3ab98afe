// What the codecs of rows have in common. Rows lie sealed on this device's disk, and are read no less strictly than what comes from outside.

import { bytes, DecodeError, list, mapped, struct, u8 } from '../../bytes/codec.ts'
import type { Codec } from '../../bytes/codec.ts'

/** A byte that names the version of the row, then the fields of that version. */
export const row = <T>(version: number, fields: Codec<T>): Codec<T> =>
  mapped(
    struct({ version: u8, fields }),
    (value) => {
      if (value.version !== version) throw new DecodeError(`a row of version ${value.version} where ${version} belongs`)
      return value.fields
    },
    (value) => ({ version, fields: value }),
  )

/** More of anything than a row ever holds. */
export const MANY = 0xffff

/** A key, a seed, or a short proof. */
export const secret = bytes(64)

/** A count or nothing: 0 for nothing, else one more than the count. */
export const orNone = (number: Codec<number>): Codec<number | undefined> =>
  mapped(
    number,
    (value) => (value === 0 ? undefined : value - 1),
    (value) => (value === undefined ? 0 : value + 1),
  )

export const mapOf = <K, V>(key: Codec<K>, value: Codec<V>, max = MANY): Codec<ReadonlyMap<K, V>> =>
  mapped(
    list(struct({ key, value }), max),
    (items): ReadonlyMap<K, V> => new Map(items.map((item) => [item.key, item.value])),
    (map) => [...map].map(([itemKey, itemValue]) => ({ key: itemKey, value: itemValue })),
  )

/** Fields, and behind them a part that is left out where there is none, as in all rows of before. */
export const withTail = <T extends object, K extends string, V>(
  fields: Codec<T>,
  name: K,
  tail: Codec<V>,
): Codec<T & { readonly [key in K]?: V }> => ({
  write: (writer, value) => {
    fields.write(writer, value)
    if (value[name] !== undefined) tail.write(writer, value[name])
  },
  read: (reader) => {
    const value = fields.read(reader)
    return reader.at === reader.bytes.length ? value : { ...value, [name]: tail.read(reader) }
  },
})
