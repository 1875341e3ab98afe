// What became of what this device gave to relays: deposits, questions, the invite packet. Only the relay's signature under a deposit
// proves a tick (docs/protocol.md §8.2).

import { toHex } from '../bytes/bytes.ts'
import { verify } from '../crypto/sign.ts'
import { openInviteEnd } from '../invite/end.ts'
import { REFUSED_RETRY_MS_MIN, RETRY_ASKED_MS_MAX } from '../limits.ts'
import { blobIdOfSealed } from '../mailbox/blob.ts'
import { depositedStatement, recordedStatement } from '../wire/relay-proof.ts'
import { noteAsked } from './asking.ts'
import { refuse } from './draft.ts'
import { depositAgain, refusedBy, unbind, withSession } from './mailboxes.ts'
import { deliveryTo, withDelivery } from './reach.ts'
import { servedBy } from './serve.ts'
import { withConversation, withItem, withoutItem, withPeer } from './state.ts'
import { leaveUpTo } from './unsent.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { LateReason } from '../engine.ts'
import type { MailboxGrant } from '../wire/capability.ts'
import type { RelayAnswer } from '../wire/relay.ts'
import type { Draft } from './draft.ts'
import type { InputOf } from './input.ts'
import type { Invitation } from './state.ts'

/** A relay is asked again this long after it refused for want of room, ms. */
const FULL_RETRY_MS = 180_000
/** Who has answered an invite asks after it this long after the first time, then after twice as long, up to the other, ms. */
const CHECK_MS_FIRST = 10_000
const CHECK_MS_LAST = 120_000
/** The founder's word gets this long to be read before an answer counts as too late, ms. */
export const LATE_MS = 15_000

export function packetPut(draft: Draft, { conversation: id, asked: last, to, put, answer }: InputOf<'packet-put'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.invite === undefined) return
  const { invite } = conversation
  const { serial } = put
  if (answer.kind === 'recorded') {
    if (!verify(invite.relay.key, recordedStatement(put, answer.time), answer.signature)) return refuse(draft, 'packet', 'signature')
    const stored = { ...invite, serial, through: Math.max(invite.through, to), isFull: to < last }
    draft.state = withConversation(draft.state, { ...conversation, invite: stored })
    leaveUpTo(draft, id, to)
  }
  // An answer was lost and the relay has this serial already: the next one is free.
  else if (answer.kind === 'refused' && answer.reason === 'stale')
    draft.state = withConversation(draft.state, { ...conversation, invite: { ...invite, serial } })
  else refusedBy(draft, 'packet', answer)
}

export function packetEnded(draft: Draft, { conversation: id, answer }: InputOf<'packet-ended'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.invite !== undefined && (answer.kind === 'done' || (answer.kind === 'refused' && answer.reason === 'unknown')))
    draft.state = withConversation(draft.state, { ...conversation, invite: { ...conversation.invite, ended: true } })
}

/** Somebody who has answered a link learns whether its invite still stands. */
export function inviteChecked(draft: Draft, { relay, session, conversation: id, answer }: InputOf<'invite-checked'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.invitation === undefined) return
  const since = draft.env.now
  withSession(draft, { relay, session }, (current) => {
    const ms = Math.min(CHECK_MS_LAST, 2 * (current.checks.get(id)?.ms ?? CHECK_MS_FIRST / 2))
    return { ...current, checks: withItem(current.checks, id, { since, ms }) }
  })
  const { invitation } = conversation
  const reason = endOf(invitation, answer, since)
  if (answer.kind === 'ended' && reason === undefined) return refuse(draft, 'invite', 'not-authentic')
  // Who was let in finds the founder's word in its mailbox before the relay says that the invite is used, so it needs only to be read.
  const late = reason && { reason, since, ms: invitation.hasAnswered && reason !== 'revoked' ? LATE_MS : 0 }
  const serial = serialIn(answer) ?? invitation.serial
  draft.state = withConversation(draft.state, { ...conversation, invitation: { ...invitation, serial, late } })
  // The relay does not have what it had, or the packet was put there anew: the answer may be lost as well, and leaving it twice does no harm.
  if (invitation.hasAnswered && serial !== invitation.serial) depositAgain(draft, invitation.grant.mailbox)
}

function serialIn(answer: RelayAnswer): number | undefined {
  if (answer.kind === 'record') return answer.serial
  return answer.kind === 'refused' && answer.reason === 'unknown' ? -1 : undefined
}

function endOf(invitation: Invitation, answer: RelayAnswer, now: number): LateReason | undefined {
  if (answer.kind === 'ended') return openInviteEnd(invitation, answer.word)
  return answer.kind === 'refused' && answer.reason === 'unknown' && now >= invitation.expires ? 'expired' : undefined
}

export function deposited(
  draft: Draft,
  { device, conversation: id, to, envelopes, served, grant, blob, answer }: InputOf<'deposited'>,
): void {
  const conversation = draft.state.conversations.get(id)
  const peer = draft.state.peers.get(device)
  if (conversation === undefined || peer === undefined) return
  if (answer.kind !== 'deposited') return postpone(draft, { device, grant }, answer)
  if (!verify(grant.relay.key, depositedStatement(grant.mailbox, blobIdOfSealed(blob), answer.time), answer.signature))
    return refuse(draft, 'deposit', 'signature')
  const { invitation, phase } = conversation
  if (phase === 'joining' && invitation !== undefined)
    draft.state = withConversation(draft.state, { ...conversation, invitation: { ...invitation, hasAnswered: true } })
  withDelivery(draft, id, device, { deposited: Math.max(deliveryTo(conversation, device).deposited, to) })
  servedBy(draft, device, { id, ranges: served })
  const went = new Set(envelopes.map((pending) => pending.envelope))
  draft.state = withPeer(draft.state, {
    ...peer,
    envelopes: peer.envelopes.map((pending) => (went.has(pending.envelope) ? { ...pending, deposited: true } : pending)),
  })
  leaveUpTo(draft, id, to)
  hasRoom(draft, device)
}

/** The question lies in their mailbox. It is repeated while the answer does not come, less and less often, and not for ever. */
export function asked(draft: Draft, { device, conversation: id, grant, answer }: InputOf<'asked'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.missing === undefined) return
  if (answer.kind !== 'deposited') return postpone(draft, { device, grant }, answer)
  noteAsked(draft, id)
}

function postpone(draft: Draft, { device, grant }: { readonly device: DeviceId; readonly grant: MailboxGrant }, answer: RelayAnswer): void {
  refusedBy(draft, 'deposit', answer)
  if (answer.kind !== 'refused') return
  if (answer.reason === 'unknown' || answer.reason === 'denied') return unbind(draft, toHex(grant.relay.key), grant.mailbox)
  waitFor(
    draft,
    device,
    answer.reason === 'full' ? FULL_RETRY_MS : Math.min(RETRY_ASKED_MS_MAX, Math.max(REFUSED_RETRY_MS_MIN, answer.retryMs)),
  )
}

/** There is room in their mailbox, or may be: nothing waits for that any more. */
export function hasRoom(draft: Draft, device: DeviceId): void {
  const { net } = draft.state
  if (net.full.has(device)) draft.state = { ...draft.state, net: { ...net, full: withoutItem(net.full, device) } }
}

function waitFor(draft: Draft, device: DeviceId, ms: number): void {
  const full = withItem(draft.state.net.full, device, { since: draft.env.now, ms })
  draft.state = { ...draft.state, net: { ...draft.state.net, full } }
}
