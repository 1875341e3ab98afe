// What ought to be happening now, given the state: requests to relays, deposits, frames for links. Level-triggered: the host starts
// whatever is due and not under way, and every outcome comes back as an input. So a crash, a lost answer or a reconnect needs no case
// of its own: the duty is simply still there.

import { fromHex, toHex } from '../bytes/bytes.ts'
import { agreesOn, isSpoken, sentOn } from './reach.ts'
import { sign, signingKeyOf } from '../crypto/sign.ts'
import { inviteSecretsOf, packetRecordId } from '../invite/secrets.ts'
import { mainTipOf } from '../log/log.ts'
import { mailboxReadStatement, mailboxSendStatement, recordEndStatement } from '../wire/relay-proof.ts'
import { partnersOf } from './draft.ts'
import { NO_DELIVERY } from './state.ts'
import type { ConversationId, DeviceId, MailboxId } from '../bytes/ids.ts'
import type { RelayAnswer, RelayRequest } from '../wire/relay.ts'
import type { NodeInput } from './input.ts'
import type { Conversation, Inbox, NodeState, Peer, PendingEnvelope, RelaySession } from './state.ts'

/** A relay is asked again this long after it refused for want of room, ms. */
export const FULL_RETRY_MS = 180_000
/** A direct link gets this long to confirm an entry before the relay gets it too, ms. */
export const UNCONFIRMED_MS_MAX = 3_000
/** Missing entries are asked for through the mailbox after this long, and again after as long, ms. */
export const MISSING_MS_MAX = 10_000

export type Duty = { readonly key: string } & (
  | { readonly kind: 'request'; readonly relay: string; readonly request: RelayRequest; readonly settle: (answer: RelayAnswer) => NodeInput }
  /** Entries `from`…`to` of the own feed, and the envelopes they need, into the peer's mailbox. */
  | { readonly kind: 'deposit'; readonly relay: string; readonly device: DeviceId; readonly conversation: ConversationId; readonly from: number; readonly to: number }
  /** Heads of a conversation with something missing, into the peer's mailbox. */
  | { readonly kind: 'ask'; readonly relay: string; readonly device: DeviceId; readonly conversation: ConversationId }
  /** The invite packet, with own entries 0…`to`. */
  | { readonly kind: 'packet'; readonly relay: string; readonly conversation: ConversationId; readonly to: number }
  /** The first `have` on a link, or later ones for single conversations. */
  | { readonly kind: 'greet'; readonly device: DeviceId }
  | { readonly kind: 'have'; readonly device: DeviceId; readonly conversations: readonly ConversationId[] }
  | { readonly kind: 'stream'; readonly device: DeviceId; readonly conversation: ConversationId; readonly from: number; readonly to: number }
)

export function dutiesOf(state: NodeState, now: number): readonly Duty[] {
  return [
    ...[...state.net.relays].flatMap(([relay, session]) => relayDuties(state, relay, session)),
    ...[...state.conversations.values()].flatMap((conversation) => [...packetDuties(state, conversation, now), ...deliveryDuties(state, conversation, now)]),
    ...[...state.net.links.keys()].flatMap((device) => linkDuties(state, device)),
  ]
}

/** Highest own seq in a conversation, −1 for none. */
export function ownTop(state: NodeState, conversation: Conversation): number {
  const feed = conversation.log.feeds.get(state.self.device.id)
  return (feed && mainTipOf(feed)?.seq) ?? -1
}

/** Envelopes of a peer that must come with or before the entries up to `to` of a conversation. */
export const envelopesFor = (peer: Peer, conversation: ConversationId, to: number): readonly PendingEnvelope[] =>
  peer.envelopes.filter((pending) => pending.conversation === conversation && pending.from <= to)

/** All mailboxes of this device. */
export const inboxesOf = (state: NodeState): readonly Inbox[] => {
  const peers = [...state.peers.values()].flatMap((peer) => (peer.inbox === undefined ? [] : [peer.inbox]))
  const known = new Set(peers.map((inbox) => inbox.keys.mailbox))
  const invites = [...state.conversations.values()].flatMap((conversation) => (conversation.invite === undefined ? [] : [conversation.invite.inbox]))
  return [...peers, ...invites.filter((inbox) => !known.has(inbox.keys.mailbox))]
}

function relayDuties(state: NodeState, relay: string, session: RelaySession): readonly Duty[] {
  if (session.challenge === undefined) {
    return [{ kind: 'request', key: `${relay}/hello`, relay, request: { kind: 'hello', version: 1 }, settle: (answer) => ({ kind: 'welcomed', relay, answer }) }]
  }
  const own = inboxesOf(state).filter((inbox) => toHex(inbox.keys.relay.key) === relay)
  const { challenge } = session
  const creations = own.filter((inbox) => !inbox.registered).map((inbox) => creation(relay, inbox))
  const unopened = own.filter((inbox) => inbox.registered && !session.opened.has(inbox.keys.mailbox))
  return [...creations, ...unopened.map((inbox) => opening({ relay, inbox, challenge })), ...bindings(state, relay, session, challenge)]
}

function creation(relay: string, { keys }: Inbox): Duty {
  const request = { kind: 'create-mailbox', mailbox: keys.mailbox, readKey: signingKeyOf(keys.readSeed), sendKey: signingKeyOf(keys.sendSeed) } as const
  return { kind: 'request', key: `${relay}/create/${keys.mailbox}`, relay, request, settle: (answer) => ({ kind: 'mailbox-created', mailbox: keys.mailbox, answer }) }
}

function opening({ relay, inbox, challenge }: { readonly relay: string; readonly inbox: Inbox; readonly challenge: Uint8Array }): Duty {
  const { mailbox, readSeed } = inbox.keys
  const proofs = [{ mailbox, signature: sign(readSeed, mailboxReadStatement(fromHex(relay), challenge, mailbox)) }]
  return { kind: 'request', key: `${relay}/open/${mailbox}`, relay, request: { kind: 'open-mailboxes', proofs }, settle: (answer) => ({ kind: 'mailboxes-opened', relay, answer }) }
}

function bindings(state: NodeState, relay: string, session: RelaySession, challenge: Uint8Array): readonly Duty[] {
  const due = [...state.peers.values()].flatMap(({ outbox }) => {
    const isDue = outbox !== undefined && toHex(outbox.relay.key) === relay && !session.bound.has(outbox.mailbox) && !session.refused.has(outbox.mailbox)
    return isDue ? [outbox] : []
  })
  return due.map(({ mailbox, sendSeed }) => {
    const proofs = [{ mailbox, signature: sign(sendSeed, mailboxSendStatement(fromHex(relay), challenge, mailbox)) }]
    return { kind: 'request', key: `${relay}/bind/${mailbox}`, relay, request: { kind: 'bind-mailboxes', proofs }, settle: (answer) => ({ kind: 'mailboxes-bound', relay, answer }) }
  })
}

function packetDuties(state: NodeState, conversation: Conversation, now: number): readonly Duty[] {
  const { id, invite } = conversation
  if (invite === undefined) return []
  const relay = toHex(invite.relay.key)
  if (state.net.relays.get(relay)?.challenge === undefined) return []
  if (invite.status === 'open') {
    const to = ownTop(state, conversation)
    return invite.inbox.registered && !invite.isFull && to > invite.through && now < invite.expires ? [{ kind: 'packet', key: `packet/${id}`, relay, conversation: id, to }] : []
  }
  if (invite.ended || invite.serial === 0) return []
  const { token, ownerSeed } = inviteSecretsOf(invite.secret)
  const record = packetRecordId(token)
  const request = { kind: 'end-record', record, signature: sign(ownerSeed, recordEndStatement(record)) } as const
  return [{ kind: 'request', key: `end/${id}`, relay, request, settle: (answer) => ({ kind: 'packet-ended', conversation: id, answer }) }]
}

function deliveryDuties(state: NodeState, conversation: Conversation, now: number): readonly Duty[] {
  if (conversation.phase === 'inviting' || conversation.phase === 'invited') return []
  return partnersOf(state, conversation.id).flatMap((device) => {
    const peer = state.peers.get(device)
    const relay = peer?.outbox && boundRelay(state, peer.outbox.mailbox, toHex(peer.outbox.relay.key))
    if (peer === undefined || relay === undefined) return []
    return [...depositDuties({ state, conversation, peer, relay, now }), ...askDuties({ state, conversation, peer, relay, now })]
  })
}

type Route = { readonly state: NodeState; readonly conversation: Conversation; readonly peer: Peer; readonly relay: string; readonly now: number }

function depositDuties({ state, conversation, peer, relay, now }: Route): readonly Duty[] {
  const { id } = conversation
  const device = peer.device.id
  const link = state.net.links.get(device)
  const isLinkTrusted = link !== undefined && (link.unconfirmedSince === undefined || now - link.unconfirmedSince < UNCONFIRMED_MS_MAX)
  if (isLinkTrusted || now < (state.net.full.get(device) ?? 0)) return []
  const delivery = conversation.delivery.get(device) ?? NO_DELIVERY
  const from = 1 + Math.max(delivery.deposited, agreesOn(conversation, state.self.device.id, device))
  const to = ownTop(state, conversation)
  return from <= to ? [{ kind: 'deposit', key: `deposit/${device}`, relay, device, conversation: id, from, to }] : []
}

function askDuties({ state, conversation, peer, relay, now }: Route): readonly Duty[] {
  const { missingSince, id } = conversation
  const device = peer.device.id
  if (missingSince === undefined || now - missingSince < MISSING_MS_MAX || state.net.links.has(device)) return []
  return [{ kind: 'ask', key: `ask/${id}/${device}`, relay, device, conversation: id }]
}

function linkDuties(state: NodeState, device: DeviceId): readonly Duty[] {
  const link = state.net.links.get(device)
  if (link === undefined) return []
  if (!link.greeted) return [{ kind: 'greet', key: `link/${device}`, device }]
  if (link.haveDue.size > 0) return [{ kind: 'have', key: `link/${device}`, device, conversations: [...link.haveDue] }]
  for (const conversation of state.conversations.values()) {
    if (!isSpoken(conversation) || !partnersOf(state, conversation.id).includes(device)) continue
    const from = 1 + sentOn(link, conversation, { self: state.self.device.id, device })
    const to = ownTop(state, conversation)
    if (from <= to) return [{ kind: 'stream', key: `link/${device}`, device, conversation: conversation.id, from, to }]
  }
  return []
}

function boundRelay(state: NodeState, mailbox: MailboxId, relay: string): string | undefined {
  return state.net.relays.get(relay)?.bound.has(mailbox) === true ? relay : undefined
}
