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

type Asked = { readonly device: DeviceId; readonly sent: Claim | undefined }

/** What an own device is to be told now that people have said of this one's feed; undefined when that is nothing new, or not yet. */
export function ticksDue(
  state: NodeState,
  conversation: Conversation,
  { at, ...asked }: Asked & { readonly at: Moment },
): Claim | undefined {
  if (accountOf(state, asked.device) !== state.self.account) return undefined
  const { at: since } = othersOf(conversation, asked.device)
  const isInTime = conversation.log.feeds.size <= RECEIPTS_AT_ONCE_DEVICES_MAX || hasPassed({ since, ms: RECEIPTS_MS }, at)
  return isInTime ? ticksUntold(state, conversation, asked) : undefined
}

/** The same whenever it is told. `sent`: on a link. */
export function ticksUntold(state: NodeState, conversation: Conversation, { device, sent = NO_CLAIM }: Asked): Claim | undefined {
  if (accountOf(state, device) !== state.self.account) return undefined
  const said = saidByPeople(state, conversation)
  const known = joinClaims(othersOf(conversation, device).told, sent)
  return addsNothing(known, joinClaims(known, said)) ? undefined : said
}

// The best of their devices', entry by entry.
function saidByPeople(state: NodeState, conversation: Conversation): Claim {
  let all = NO_CLAIM
  for (const [device, { claim }] of conversation.delivery) if (accountOf(state, device) !== state.self.account) all = joinClaims(all, claim)
  const unreadable = all.unreadable.filter((seq) => tickOf(state, conversation, seq) === 'unreadable')
  return { ...all, unreadable: unreadable.slice(0, RECEIPT_UNREADABLE_MAX), recovered: [] }
}
