// When each contact was here last, as far as they let it be seen: a row each, read when their chat is looked at.

import { decode, encode, u48 } from '../../bytes/codec.ts'
import { row } from '../records/row.ts'
import type { AccountId } from '../../bytes/ids.ts'
import type { Store } from '../../ports.ts'

const seenRow = row(1, u48)
/** In the table `state`. */
export const seenKeyOf = (account: AccountId): string => `seen ${account}`
const placeOf = (account: AccountId) => ({ table: 'state', key: seenKeyOf(account) }) as const

/** By this device's clock, ms. */
export async function readSeen(store: Pick<Store, 'get'>, account: AccountId): Promise<number | undefined> {
  const { table, key } = placeOf(account)
  const value = await store.get(table, key)
  return value && decode(seenRow, value)
}

/** `at`: undefined for somebody who does not let it be seen any more. */
export const writeSeen = (store: Pick<Store, 'commit'>, account: AccountId, at: number | undefined): Promise<void> =>
  store.commit([
    at === undefined ? { kind: 'delete', ...placeOf(account) } : { kind: 'put', ...placeOf(account), value: encode(seenRow, at) },
  ])
