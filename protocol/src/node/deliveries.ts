// What became of what this device gave to relays: deposits, questions, the invite packet. Only the relay's signature under a deposit
// proves a tick (docs/protocol.md §8.2).

import { toHex } from '../bytes/bytes.ts'
import { verify } from '../crypto/sign.ts'
import { blobIdOfSealed } from '../mailbox/blob.ts'
import { depositedStatement } from '../wire/relay-proof.ts'
import { noteAsked } from './asking.ts'
import { refuse } from './draft.ts'
import { refusedBy, unbind } from './mailboxes.ts'
import { deliveryTo, withDelivery } from './reach.ts'
import { servedBy } from './serve.ts'
import { withConversation, withItem, withPeer } from './state.ts'
import { leaveUpTo } from './unsent.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { MailboxGrant } from '../wire/capability.ts'
import type { RelayAnswer } from '../wire/relay.ts'
import type { Draft } from './draft.ts'
import type { InputOf } from './input.ts'

/** A relay is asked again this long after it refused for want of room, ms. */
const FULL_RETRY_MS = 180_000
const REFUSED_RETRY_MS_MIN = 1_000

export function packetPut(draft: Draft, { conversation: id, asked: last, to, serial, answer }: InputOf<'packet-put'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.invite === undefined) return
  const { invite } = conversation
  if (answer.kind === 'done') {
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
  if (conversation?.invite !== undefined && isOver(answer, 'unknown'))
    draft.state = withConversation(draft.state, { ...conversation, invite: { ...conversation.invite, ended: true } })
}

/** Somebody who has answered a link learns whether its invite still stands. */
export function inviteChecked(draft: Draft, { conversation: id, answer }: InputOf<'invite-checked'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.invitation === undefined) return
  const { invitation } = conversation
  const { now } = draft.env
  const hasEnded = isOver(answer, now >= invitation.expires ? 'unknown' : undefined)
  const endedSince = hasEnded ? (invitation.endedSince ?? now) : undefined
  draft.state = withConversation(draft.state, { ...conversation, invitation: { ...invitation, checked: now, endedSince } })
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
  withDelivery(draft, id, device, { deposited: Math.max(deliveryTo(conversation, device).deposited, to) })
  servedBy(draft, device, { id, ranges: served })
  const went = new Set(envelopes.map((pending) => pending.envelope))
  draft.state = withPeer(draft.state, {
    ...peer,
    envelopes: peer.envelopes.map((pending) => (went.has(pending.envelope) ? { ...pending, deposited: true } : pending)),
  })
  leaveUpTo(draft, id, to)
}

/** The question lies in their mailbox. It is repeated while the answer does not come, less and less often. */
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
  waitFor(draft, device, answer.reason === 'full' ? FULL_RETRY_MS : Math.max(REFUSED_RETRY_MS_MIN, answer.retryMs))
}

function waitFor(draft: Draft, device: DeviceId, ms: number): void {
  const full = withItem(draft.state.net.full, device, { since: draft.env.now, ms })
  draft.state = { ...draft.state, net: { ...draft.state.net, full } }
}

const isOver = (answer: RelayAnswer, also: 'unknown' | undefined): boolean =>
  answer.kind === 'done' || (answer.kind === 'refused' && (answer.reason === 'ended' || answer.reason === also))
