// How far own messages of a group have come with its members: a member has what one of its devices has.

import { bestTick, claimWithin, tickIn } from '../../conversation/claim.ts'
import { undisputed } from '../delivery/reach.ts'
import type { AccountId } from '../../bytes/ids.ts'
import type { Tick } from '../../conversation/claim.ts'
import type { Claim } from '../../wire/receipt.ts'
import type { Reach } from '../part.ts'
import type { Conversation, NodeState } from '../state.ts'

/** For all entries at once, since each member’s devices are looked at one time for them. */
export function reachIn(state: NodeState, conversation: Conversation): Reach {
  const { group } = conversation
  if (group === undefined) throw new RangeError('a pair is no group')
  const self = state.self.device.id
  const claims = new Map<AccountId, Claim[]>()
  for (const account of group.membership.members.keys()) if (account !== state.self.account) claims.set(account, [])
  for (const [device, { claim }] of conversation.delivery) {
    const account = group.authors.get(device)
    if (account !== undefined) claims.get(account)?.push(claimWithin(claim, undisputed(conversation, self, device)))
  }
  const members = [...claims.values()]
  return (seq) => {
    const ticks = members.map((devices) => devices.reduce<Tick | undefined>((best, claim) => bestTick(best, tickIn(claim, seq)), undefined))
    const read = state.self.readReceipts ? ticks.filter((tick) => tick === 'read').length : 0
    return { delivered: ticks.filter((tick) => tick === 'read' || tick === 'delivered').length, read, of: ticks.length }
  }
}
