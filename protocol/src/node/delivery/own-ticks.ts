// Ticks of what other own devices have written: each tells the others what people have said of its feed (docs/protocol.md §13.6).

import { addsNothing, joinClaims } from '../../conversation/claim.ts'
import { RECEIPTS_AT_ONCE_DEVICES_MAX, RECEIPT_UNREADABLE_MAX, RECEIPTS_MS } from '../../limits.ts'
import { NO_CLAIM } from '../../wire/receipt.ts'
import { accountOf } from '../members.ts'
import { hasPassed } from '../moment.ts'
import { othersOf } from './own-said.ts'
import { tickOf } from './receipts.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { Claim } from '../../wire/receipt.ts'
import type { Moment } from '../moment.ts'
import type { Conversation, NodeState } from '../state.ts'

type Asked = { readonly device: DeviceId; readonly sent: Claim | undefined; readonly at: Moment }

/** What an own device is to be told that people have said of this one's feed; undefined when that is nothing new, or not yet. `sent`: on a link. */
export function ticksDue(state: NodeState, conversation: Conversation, { device, sent = NO_CLAIM, at }: Asked): Claim | undefined {
  if (accountOf(state, device) !== state.self.account) return undefined
  const { told, at: since } = othersOf(conversation, device)
  const said = saidByPeople(state, conversation)
  const known = joinClaims(told, sent)
  if (addsNothing(known, joinClaims(known, said))) return undefined
  return conversation.log.feeds.size <= RECEIPTS_AT_ONCE_DEVICES_MAX || hasPassed({ since, ms: RECEIPTS_MS }, at) ? said : undefined
}

// The best of their devices', entry by entry.
function saidByPeople(state: NodeState, conversation: Conversation): Claim {
  let all = NO_CLAIM
  for (const [device, { claim }] of conversation.delivery) if (accountOf(state, device) !== state.self.account) all = joinClaims(all, claim)
  const unreadable = all.unreadable.filter((seq) => tickOf(state, conversation, seq) === 'unreadable')
  return { ...all, unreadable: unreadable.slice(0, RECEIPT_UNREADABLE_MAX), recovered: [] }
}
