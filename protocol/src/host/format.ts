// The format of the rows, told by a number in the store, so that a later version can turn old rows into its own, and an older one stops
// before it reads what it does not understand. Rows of host/rows.ts say nothing of it themselves.

import { StoreError } from '../ports.ts'
import { indexLines } from './index-lines.ts'
import { partBodies } from './part-bodies.ts'
import { decodeRow, encodeRow } from './rows.ts'
import type { Store, StoreWrite } from '../ports.ts'

/** What turns the rows of one format into those of the next: read from the store, written with the new number in one commit. */
export type Migration = (store: Store) => Promise<readonly StoreWrite[]>

/** Append only: migration n turns format n into n + 1, so a new store has as many as there are. */
export const MIGRATIONS: readonly Migration[] = [partBodies, indexLines]

const FORMAT = 'format'

export const formatRow = (format: number): StoreWrite => ({ kind: 'put', table: 'state', key: FORMAT, value: encodeRow(format) })

/** Brings a store to the newest format; one without anything in it is told as `empty`. Rejects with {@link StoreError} `outdated` or `corrupt`. */
export async function migrate(store: Store, migrations = MIGRATIONS): Promise<'ready' | 'empty'> {
  const row = await store.get('state', FORMAT)
  if (row === undefined) {
    if ((await store.read({ table: 'state', limit: 1 })).length === 0) return 'empty'
    throw new StoreError('corrupt', 'the store does not say in which format it is')
  }
  const format = decodeRow<unknown>(row)
  if (typeof format !== 'number' || !Number.isSafeInteger(format) || format < 0)
    throw new StoreError('corrupt', 'the format of the store is no number')
  if (format > migrations.length) throw new StoreError('outdated', `format ${format} of the store is newer than ${migrations.length}`)
  for (const [at, migration] of migrations.slice(format).entries())
    await store.commit([...(await migration(store)), formatRow(format + at + 1)])
  return 'ready'
}
