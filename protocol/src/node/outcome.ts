// Outcomes of duties, and what the network says about its connections. Answers of a relay are trusted for nothing but progress;
// only its signature under a deposit proves a tick.

import { toHex } from '../bytes/bytes.ts'
import { verify } from '../crypto/sign.ts'
import { blobIdOfSealed } from '../mailbox/blob.ts'
import { depositedStatement } from '../wire/relay-proof.ts'
import { refuse } from './draft.ts'
import { FULL_RETRY_MS, ownTop } from './duties.ts'
import { NO_DELIVERY, withConversation, withItem, withLink, withoutItem, withPeer } from './state.ts'
import type { ConversationId, DeviceId, MailboxId } from '../bytes/ids.ts'
import type { RelayAnswer } from '../wire/relay.ts'
import type { Draft } from './draft.ts'
import type { NodeInput } from './input.ts'
import type { Inbox, Net, PendingEnvelope, RelaySession } from './state.ts'

type Of<Kind extends NodeInput['kind']> = Extract<NodeInput, { kind: Kind }>

/** A message that leaves within this time has not waited, ms. */
const NOTICEABLE_MS = 5_000

const NEW_SESSION: RelaySession = { challenge: undefined, opened: new Set(), bound: new Set(), refused: new Set() }

export function visit(draft: Draft, { relay }: Of<'visit'>): void {
  withNet(draft, { visited: withItem(draft.state.net.visited, toHex(relay.key), relay) })
}

export function relayUp(draft: Draft, { relay }: Of<'relay-up'>): void {
  withNet(draft, { relays: withItem(draft.state.net.relays, relay, NEW_SESSION) })
}

export function relayDown(draft: Draft, { relay }: Of<'relay-down'>): void {
  withNet(draft, { relays: withoutItem(draft.state.net.relays, relay) })
}

export function welcomed(draft: Draft, { relay, answer }: Of<'welcomed'>): void {
  if (answer.kind === 'welcome') withSession(draft, relay, (session) => ({ ...session, challenge: answer.challenge }))
}

export function mailboxCreated(draft: Draft, { mailbox, answer }: Of<'mailbox-created'>): void {
  if (answer.kind === 'done') withInbox(draft, mailbox, (inbox) => ({ ...inbox, registered: true }))
  else refusedBy(draft, 'mailbox', answer)
}

export function mailboxesOpened(draft: Draft, { relay, answer }: Of<'mailboxes-opened'>): void {
  if (answer.kind !== 'mailboxes') return refusedBy(draft, 'opening', answer)
  withSession(draft, relay, (session) => ({ ...session, opened: new Set([...session.opened, ...answer.accepted]) }))
  // The relay does not know it any more: it lost its disk, or expired it. It is made again.
  for (const mailbox of answer.refused) withInbox(draft, mailbox, (inbox) => ({ ...inbox, registered: false }))
}

export function mailboxesBound(draft: Draft, { relay, answer }: Of<'mailboxes-bound'>): void {
  if (answer.kind !== 'mailboxes') return refusedBy(draft, 'binding', answer)
  withSession(draft, relay, (session) => ({
    ...session,
    bound: new Set([...session.bound, ...answer.accepted]),
    refused: new Set([...session.refused, ...answer.refused]),
  }))
}

export function packetPut(draft: Draft, { conversation: id, asked: last, to, serial, answer }: Of<'packet-put'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.invite === undefined) return
  const { invite } = conversation
  if (answer.kind === 'done') {
    const stored = { ...invite, serial, through: Math.max(invite.through, to), isFull: to < last }
    draft.state = withConversation(draft.state, { ...conversation, invite: stored })
    leave(draft, id, to)
  }
  // An answer was lost and the relay has this serial already: the next one is free.
  else if (answer.kind === 'refused' && answer.reason === 'stale') draft.state = withConversation(draft.state, { ...conversation, invite: { ...invite, serial } })
  else refusedBy(draft, 'packet', answer)
}

export function packetEnded(draft: Draft, { conversation: id, answer }: Of<'packet-ended'>): void {
  const conversation = draft.state.conversations.get(id)
  const isGone = answer.kind === 'done' || (answer.kind === 'refused' && (answer.reason === 'unknown' || answer.reason === 'ended'))
  if (conversation?.invite !== undefined && isGone) draft.state = withConversation(draft.state, { ...conversation, invite: { ...conversation.invite, ended: true } })
}

export function deposited(draft: Draft, { device, conversation: id, to, envelopes, blob, answer }: Of<'deposited'>): void {
  const conversation = draft.state.conversations.get(id)
  const peer = draft.state.peers.get(device)
  if (conversation === undefined || peer?.outbox === undefined) return
  if (answer.kind !== 'deposited') return postpone(draft, device, answer)
  const { mailbox, relay } = peer.outbox
  if (!verify(relay.key, depositedStatement(mailbox, blobIdOfSealed(blob), answer.time), answer.signature)) return refuse(draft, 'deposit', 'signature')
  const before = conversation.delivery.get(device) ?? NO_DELIVERY
  const delivery = withItem(conversation.delivery, device, { ...before, deposited: Math.max(before.deposited, to) })
  draft.state = withConversation(draft.state, { ...conversation, delivery })
  draft.state = withPeer(draft.state, { ...peer, envelopes: peer.envelopes.map((pending) => (includes(envelopes, pending) ? { ...pending, deposited: true } : pending)) })
  leave(draft, id, to)
}

export function asked(draft: Draft, { conversation: id }: Of<'asked'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.missingSince !== undefined) draft.state = withConversation(draft.state, { ...conversation, missingSince: draft.env.now })
}

export function peerUp(draft: Draft, { device }: Of<'peer-up'>): void {
  const link = draft.state.net.links.get(device)
  // The far end may have been sure of the link first, and have spoken.
  if (link?.isAnnounced === false) draft.state = withLink(draft.state, device, { ...link, isAnnounced: true })
  else openLink(draft, device, 'announced')
}

/** The state of a fresh link to a contact. */
export function openLink(draft: Draft, device: DeviceId, how: 'announced' | 'heard'): void {
  const peer = draft.state.peers.get(device)
  if (peer === undefined) return
  const link = { isAnnounced: how === 'announced', greeted: false, sent: new Map(), haveDue: new Set<never>(), envelopes: new Set<never>(), unconfirmedSince: undefined }
  draft.state = withPeer(withLink(draft.state, device, link), { ...peer, lastHeard: draft.env.now })
}

export function peerDown(draft: Draft, { device }: Of<'peer-down'>): void {
  draft.state = withLink(draft.state, device, undefined)
}

export function greeted(draft: Draft, { device }: Of<'greeted'>): void {
  const link = draft.state.net.links.get(device)
  if (link !== undefined) draft.state = withLink(draft.state, device, { ...link, greeted: true, haveDue: new Set() })
}

export function told(draft: Draft, { device, conversations }: Of<'told'>): void {
  const link = draft.state.net.links.get(device)
  if (link === undefined) return
  draft.state = withLink(draft.state, device, { ...link, haveDue: new Set([...link.haveDue].filter((id) => !conversations.includes(id))) })
}

export function streamed(draft: Draft, { device, conversation, to, envelopes }: Of<'streamed'>): void {
  const link = draft.state.net.links.get(device)
  if (link === undefined) return
  draft.state = withLink(draft.state, device, {
    ...link,
    sent: withItem(link.sent, conversation, Math.max(link.sent.get(conversation) ?? -1, to)),
    envelopes: new Set([...link.envelopes, ...envelopes.map((pending) => pending.envelope)]),
    unconfirmedSince: link.unconfirmedSince ?? draft.env.now,
  })
  leave(draft, conversation, to)
}

// Texts that waited long enough for somebody to wonder are counted when they have left.
function leave(draft: Draft, id: ConversationId, to: number): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.unsent === undefined || to < ownTop(draft.state, conversation)) return
  const { texts, since } = conversation.unsent
  if (draft.env.now - since >= NOTICEABLE_MS) draft.effects.push({ kind: 'went-out', messages: texts })
  draft.state = withConversation(draft.state, { ...conversation, unsent: undefined })
}

function withNet(draft: Draft, net: Partial<Net>): void {
  draft.state = { ...draft.state, net: { ...draft.state.net, ...net } }
}

function withSession(draft: Draft, relay: string, change: (session: RelaySession) => RelaySession): void {
  const session = draft.state.net.relays.get(relay)
  if (session !== undefined) withNet(draft, { relays: withItem(draft.state.net.relays, relay, change(session)) })
}

function withInbox(draft: Draft, mailbox: MailboxId, change: (inbox: Inbox) => Inbox): void {
  for (const peer of draft.state.peers.values()) {
    if (peer.inbox?.keys.mailbox === mailbox) draft.state = withPeer(draft.state, { ...peer, inbox: change(peer.inbox) })
  }
  for (const conversation of draft.state.conversations.values()) {
    const { invite } = conversation
    if (invite?.inbox.keys.mailbox !== mailbox) continue
    draft.state = withConversation(draft.state, { ...conversation, invite: { ...invite, inbox: change(invite.inbox) } })
  }
}

function postpone(draft: Draft, device: DeviceId, answer: RelayAnswer): void {
  refusedBy(draft, 'deposit', answer)
  if (answer.kind !== 'refused') return
  const wait = answer.reason === 'full' ? FULL_RETRY_MS : Math.max(1_000, answer.retryMs)
  withNet(draft, { full: withItem(draft.state.net.full, device, draft.env.now + wait) })
}

function refusedBy(draft: Draft, what: string, answer: RelayAnswer): void {
  refuse(draft, what, answer.kind === 'refused' ? answer.reason : `unexpected ${answer.kind}`)
}

const includes = (envelopes: readonly PendingEnvelope[], pending: PendingEnvelope): boolean =>
  envelopes.some((other) => toHex(other.envelope) === toHex(pending.envelope))

