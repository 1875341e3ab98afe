// The handle that this device has claimed. It belongs to this device: another one of the account takes it over by claiming it too.

import { decode, encode, fixed, flag, list, struct, text, u48 } from '../../bytes/codec.ts'
import { inbox } from '../records/people.ts'
import { row } from '../records/row.ts'
import { DESK_SEEDS_MAX, HANDLE_LENGTH_MAX } from '../../handle/limits.ts'
import type { Store } from '../../ports.ts'

const PLACE = { table: 'state', key: 'handle' } as const
const fields = struct({
  handle: text(HANDLE_LENGTH_MAX),
  isListed: flag,
  inbox,
  seeds: list(fixed(32), DESK_SEEDS_MAX),
  issued: u48,
})
const handleRow = row(1, fields)

/** `seeds`: newest first. `issued`: of the claim that the relay has, by its clock, ms. */
export type OwnHandle = ReturnType<typeof fields.read>

export async function readHandleRow(store: Pick<Store, 'get'>): Promise<OwnHandle | undefined> {
  const value = await store.get(PLACE.table, PLACE.key)
  return value && decode(handleRow, value)
}

export const writeHandleRow = (store: Pick<Store, 'commit'>, own: OwnHandle | undefined): Promise<void> =>
  store.commit([own ? { kind: 'put', ...PLACE, value: encode(handleRow, own) } : { kind: 'delete', ...PLACE }])
