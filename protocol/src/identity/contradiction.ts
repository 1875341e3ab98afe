// Two device lists of one account that contradict each other: whoever has both can prove to anybody that the account's key signed both
// (docs/protocol.md §2.3). Lists of which one says all that the other says contradict nobody: one of their devices had not heard of the other.

import { acceptDeviceList, parseDeviceList, saysAllOf } from './device-list.ts'
import type { AccountId } from '../bytes/ids.ts'
import type { PinnedDeviceList } from './device-list.ts'

/** The account, where both lists are genuine, have one number, and each says what the other does not. */
export function contradictedBy(one: Uint8Array, other: Uint8Array): AccountId | undefined {
  const [a, b] = [parseDeviceList(one), parseDeviceList(other)]
  if (a === undefined || b === undefined || a.serial !== b.serial || saysAllOf(a, b) || saysAllOf(b, a)) return undefined
  const first = acceptDeviceList(undefined, one)
  if (first.kind !== 'accepted') return undefined
  return acceptDeviceList(undefined, other, first.pinned.account).kind === 'accepted' ? first.pinned.account : undefined
}

/** True where a list says all that both of these say, so that nothing is contradicted any more. */
export function settles(list: PinnedDeviceList, lists: readonly Uint8Array[]): boolean {
  const said = parseDeviceList(list.signed)
  return lists.every((signed) => {
    const other = parseDeviceList(signed)
    return said !== undefined && other !== undefined && saysAllOf(said, other)
  })
}
