// Contacts: those with whom there is an open pair. Only they are added to groups by this account, and only by them it is.

import { otherOf } from '../../conversation/state.ts'
import { isResting } from '../rest-looks.ts'
import type { AccountId } from '../../bytes/ids.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { NodeState, Peer } from '../state.ts'

/** The device list by which a contact is known; undefined for anybody else. */
export function contactList(state: NodeState, account: AccountId): PinnedDeviceList | undefined {
  for (const look of state.peers.looks()) {
    if (look.account !== account) continue
    const peer = state.peers.get(look.device.id)
    if (peer !== undefined && isContact(state, peer)) return peer.list
  }
  return undefined
}

/** True for somebody with whom there is a pair, and who is not blocked. */
export function isContact({ conversations, directory, self, terms }: NodeState, { device, account }: Peer): boolean {
  if (terms.blocked.has(account)) return false
  return (directory.shared.get(device.id) ?? []).some((id) => {
    const chat = conversations.look(id)
    if (chat === undefined) return false
    return isResting(chat)
      ? chat.other === account
      : chat.group === undefined && chat.phase === 'open' && (otherOf(chat.view) === account || account === self.account)
  })
}
