// What became of what this device left in mailboxes of others: deposits and questions. Only what the relay has signed for moves a tick
// (docs/protocol.md §8.2).

import { toHex } from '../../bytes/bytes.ts'
import { joinClaims } from '../../conversation/claim.ts'
import { REFUSED_RETRY_MS_MIN, RETRY_ASKED_MS_MAX } from '../../limits.ts'
import { noteAsked } from './asking.ts'
import { withConversation, withItem, withNet, withoutItem, withPeer } from '../change.ts'
import { refuse } from '../draft.ts'
import { laterPart } from '../part.ts'
import { outboxFor } from '../mailboxes/inboxes.ts'
import { refusedBy, unbind } from '../mailboxes/mailboxes.ts'
import { deliveryTo, setApart, withDelivery } from './reach.ts'
import { joinOthers } from './join.ts'
import { ticksTold } from './own-said.ts'
import { servedBy } from './serve.ts'
import { leaveUpTo } from './unsent.ts'
import { noteWaiting } from './waiting.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { MailboxGrant } from '../../wire/capability.ts'
import { isForAll } from '../../mailbox/deposit-answer.ts'
import type { DepositAnswer } from '../../mailbox/deposit-answer.ts'
import type { Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { Wait } from '../moment.ts'

/** A relay is asked again this long after it refused for want of room, ms. */
const FULL_RETRY_MS = 180_000

/** What came of a deposit. One that was under way when they moved to another mailbox is none there: it lies where they may not look any more. */
export function deposited(
  draft: Draft,
  { device, conversation: id, upTo, envelopes, served, receipt, ticks, grant, answer, left }: InputOf<'deposited'>,
): void {
  const conversation = draft.state.conversations.get(id)
  const peer = draft.state.peers.get(device)
  if (conversation === undefined || peer === undefined || outboxFor(conversation, peer)?.mailbox !== grant.mailbox) return
  if (answer.kind !== 'stored') {
    if (!isForAll(answer)) setApart(draft, id, device)
    return postpone(draft, { device, grant }, answer)
  }
  const { invitation, phase } = conversation
  if (phase === 'joining' && invitation !== undefined)
    draft.state = withConversation(draft.state, { ...conversation, invitation: { ...invitation, hasAnswered: true } })
  const { atRelay: before, told } = deliveryTo(conversation, device)
  withDelivery(draft, id, device, {
    atRelay: Math.max(before, upTo),
    ...(receipt === undefined ? {} : { told: joinClaims(told, receipt), toldAt: draft.env.now }),
  })
  if (left !== undefined) noteWaiting(draft, { id, device }, left)
  if (ticks !== undefined) ticksTold(draft, id, device, ticks)
  servedBy(draft, device, { id, ranges: served })
  const went = new Set(envelopes.map((pending) => pending.envelope))
  draft.state = withPeer(draft.state, {
    ...peer,
    envelopes: peer.envelopes.map((pending) => (went.has(pending.envelope) ? { ...pending, deposited: true } : pending)),
  })
  joinOthers(draft, { id, device, relay: toHex(grant.relay.key) })
  leaveUpTo(draft, id, upTo)
  hasRoom(draft, device)
}

/**
 * The question lies in their mailbox. It is repeated while the answer does not come, less and less often, and not for ever; to however many it
 * goes, it is one.
 */
export function asked(draft: Draft, { device, conversation: id, since, grant, answer }: InputOf<'asked'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.missing === undefined) return
  if (answer.kind !== 'stored') return postpone(draft, { device, grant }, answer)
  if (conversation.missing.since !== since) return
  noteAsked(draft, id)
  laterPart().appealWhenAsked(draft, id)
}

type FailedDeposit = Exclude<DepositAnswer, { kind: 'stored' }>

export function postpone(
  draft: Draft,
  { device, grant }: { readonly device: DeviceId; readonly grant: MailboxGrant },
  answer: FailedDeposit,
): void {
  if (answer.kind === 'unproven') return refuse(draft, 'deposit', 'signature')
  refusedBy(draft, 'deposit', answer)
  if (answer.reason === 'unknown' || answer.reason === 'denied') return unbind(draft, toHex(grant.relay.key), grant.mailbox)
  const ms = answer.reason === 'full' ? FULL_RETRY_MS : Math.min(RETRY_ASKED_MS_MAX, Math.max(REFUSED_RETRY_MS_MIN, answer.retryMs))
  waitFor(draft, device, { since: draft.env.now, ms, isFull: answer.reason === 'full' || answer.reason === 'disk' })
}

/** There is room in their mailbox, or may be: nothing waits for that any more. */
export function hasRoom(draft: Draft, device: DeviceId): void {
  const { full } = draft.state.net
  if (full.has(device)) draft.state = withNet(draft.state, { full: withoutItem(full, device) })
}

function waitFor(draft: Draft, device: DeviceId, wait: Wait & { readonly isFull: boolean }): void {
  draft.state = withNet(draft.state, { full: withItem(draft.state.net.full, device, wait) })
}
