// Where this device is woken, as long as the person wants that. It belongs to this browser, and to no other of the account's devices.

import { decode, encode } from '../../bytes/codec.ts'
import { pushSubscription } from '../../wire/push.ts'
import { row } from '../records/row.ts'
import type { Store } from '../../ports.ts'
import type { PushSubscription } from '../../wire/push.ts'

const PLACE = { table: 'state', key: 'push' } as const
const pushRow = row(1, pushSubscription)

export async function readPushRow(store: Pick<Store, 'get'>): Promise<PushSubscription | undefined> {
  const value = await store.get(PLACE.table, PLACE.key)
  return value && decode(pushRow, value)
}

export const writePushRow = (store: Pick<Store, 'commit'>, subscription: PushSubscription | undefined): Promise<void> =>
  store.commit([subscription ? { kind: 'put', ...PLACE, value: encode(pushRow, subscription) } : { kind: 'delete', ...PLACE }])
