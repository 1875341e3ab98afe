// The format of the rows, told by a number in the store, so that a later version can turn old rows into its own, and an older one stops
// before it reads what it does not understand.

import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { StoreError } from '../../ports.ts'
import type { Store, StoreWrite } from '../../ports.ts'

/** What turns the rows of one format into those of the next: read from the store, written with the new number in one commit. */
export type Migration = (store: Store) => Promise<readonly StoreWrite[]>

/** The format that this version writes: as many migrations lead to it. */
export const FORMAT = 5

const KEY = 'format'

export const formatRow = (format = FORMAT): StoreWrite => ({
  kind: 'put',
  table: 'state',
  key: KEY,
  value: encoding.encode((encoder) => encoding.writeAny(encoder, format)),
})

/**
 * Brings a store to the newest format; one without anything in it is told as `empty`. `migrations`: asked for only where there is an older
 * format; migration n turns format n into n + 1. Rejects with {@link StoreError} `outdated` or `corrupt`.
 */
export async function migrate(store: Store, migrations: () => Promise<readonly Migration[]>, newest = FORMAT): Promise<'ready' | 'empty'> {
  const row = await store.get('state', KEY)
  if (row === undefined) {
    if ((await store.read({ table: 'state', limit: 1 })).length === 0) return 'empty'
    throw new StoreError('corrupt', 'the store does not say in which format it is')
  }
  const format: unknown = decoding.readAny(decoding.createDecoder(row))
  if (typeof format !== 'number' || !Number.isSafeInteger(format) || format < 0)
    throw new StoreError('corrupt', 'the format of the store is no number')
  if (format > newest) throw new StoreError('outdated', `format ${format} of the store is newer than ${newest}`)
  if (format < newest)
    for (const [at, migration] of (await migrations()).slice(format).entries())
      await store.commit([...(await migration(store)), formatRow(format + at + 1)])
  return 'ready'
}
