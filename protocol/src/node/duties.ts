// What ought to be happening now, given the state: requests to relays, deposits, frames for links. Level-triggered: the host starts
// whatever is due and not under way, and every outcome comes back as an input. So a crash, a lost answer or a reconnect needs no case
// of its own: the duty is simply still there.

import { toHex } from '../bytes/bytes.ts'
import { RECEIPTS_PER_FRAME_MAX } from '../limits.ts'
import { isAskDue, isAsked } from './delivery/asking.ts'
import { outboxFor } from './mailboxes/inboxes.ts'
import { isTooLate } from './invites/invitee.ts'
import { inviteDuties } from './invites/invites.ts'
import { conversationsWith, isHeldBack, isOwnOther, isPartner } from './members.ts'
import { isTrusted } from './delivery/link.ts'
import { deliveryTo, leftFor, lengthFor, sentOn } from './delivery/reach.ts'
import { isNewestDue } from './delivery/newest.ts'
import { isBusy } from './delivery/serve.ts'
import { accountDue } from './devices/account.ts'
import { ticksDue } from './delivery/own-ticks.ts'
import { receiptDue, toldOn, toldTo } from './delivery/receipts.ts'
import { gatherable } from './delivery/waiting.ts'
import { hasPassed } from './moment.ts'
import { laterPart } from './part.ts'
import { isSpoken } from './state.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { FeedRange } from '../log/lookups.ts'
import type { MailboxGrant } from '../wire/capability.ts'
import type { Duty } from './duty.ts'
import type { DirectLink } from './net.ts'
import type { Conversation, DueReceipt, NodeState, Peer, PendingEnvelope } from './state.ts'
import type { Moment } from './moment.ts'

/** What the invite of one conversation asks for. */
export function inviteDutiesIn(state: NodeState, id: ConversationId, at: Moment): readonly Duty[] {
  const conversation = state.conversations.awake.get(id)
  if (conversation?.group?.asked !== undefined) return laterPart().askingDuties(state, conversation, at)
  return conversation === undefined ? [] : inviteDuties(state, conversation, at)
}

/** What one device is to be given of one conversation by way of a relay. */
export function deliveryDuties(state: NodeState, { id, device }: Delivered, at: Moment): readonly Duty[] {
  const conversation = state.conversations.awake.get(id)
  if (conversation === undefined || !isServed(state, conversation, device)) return []
  if (!isSpoken(conversation) || isTooLate(conversation, at)) return []
  const peer = state.peers.get(device)
  const grant = peer && outboxFor(conversation, peer)
  const relay = grant && boundRelay(state, grant)
  const wait = state.net.full.get(device)
  if (peer === undefined || relay === undefined || !mayAnswer(state, conversation, relay) || (wait !== undefined && !hasPassed(wait, at)))
    return []
  const route = { state, conversation, peer, relay, at }
  return [...newestDuties(route), ...depositDuties(route), ...askDuties(route), ...gatherDuties(route), ...accountDuties(route)]
}

/** Partners, and whoever is told of having been removed, which takes the entries up to there. */
const isServed = (state: NodeState, conversation: Conversation, device: DeviceId): boolean =>
  isPartner(state, conversation, device) || conversation.group?.farewells.has(device) === true

type Delivered = { readonly id: ConversationId; readonly device: DeviceId }

/** An answer to a link leaves once the relay was asked, on this connection, whether the invite stands: so late guests hear it at once. */
const mayAnswer = (state: NodeState, { id, phase }: Conversation, relay: string): boolean =>
  phase !== 'joining' || state.net.relays.get(relay)?.checks.has(id) === true

type Route = {
  readonly state: NodeState
  readonly conversation: Conversation
  readonly peer: Peer
  readonly relay: string
  readonly at: Moment
}

function depositDuties({ state, conversation, peer, relay, at }: Route): readonly Duty[] {
  const { id } = conversation
  const device = peer.device.id
  if (isPartner(state, conversation, device) && isTrusted(state.net.links.get(device), id, at)) return []
  const envelopes = peer.envelopes.filter((pending) => !pending.deposited && pending.conversation === id)
  const { joint, owed } = deliveryTo(conversation, device)
  // What goes to many goes apart from this.
  const sent = joint === undefined ? leftFor(conversation, state.self.device.id, device) : Infinity
  const due = rangesOf(state, conversation, { device, own: { sent, envelopes }, owed, isHeld: isHeldBack(state, peer, at) })
  // Whoever is not known there yet is by its envelopes, which go with its own entries: what others wrote would be taken from nobody before.
  const isUnknown = envelopes.length > 0 && peer.pairing?.sessions.some(({ initial }) => initial !== undefined) === true
  const first = isUnknown ? due.filter((range) => range.device === state.self.device.id) : []
  const ranges = first.length > 0 ? first : due
  const receipt = receiptDue(state, conversation, { device, told: toldTo(conversation, device), at })
  const ticks = ticksDue(state, conversation, { device, sent: undefined, at })
  if (ranges.length === 0 && receipt === undefined && ticks === undefined) return []
  const aim = JSON.stringify([ranges, receipt, envelopes.length, ticks])
  return [{ kind: 'deposit', key: `deposit/${device}/${id}`, aim, relay, device, conversation: id, ranges, receipt, ticks }]
}

function newestDuties({ state, conversation, peer, relay, at }: Route): readonly Duty[] {
  const { id } = conversation
  const device = peer.device.id
  if (!isNewestDue(state, conversation, device) || isTrusted(state.net.links.get(device), id, at)) return []
  return [{ kind: 'newest', key: `newest/${device}/${id}`, device, conversation: id, by: { relay } }]
}

type Due = {
  readonly device: DeviceId
  readonly own: { readonly sent: number; readonly envelopes: readonly PendingEnvelope[] }
  readonly owed: readonly FeedRange[]
  /** Nothing new of this device goes there. */
  readonly isHeld: boolean
}

// Own entries beyond the cursor, or from where an envelope has to go before them; and what is owed of feeds, one range of each at a time.
function rangesOf(state: NodeState, conversation: Conversation, { device: to, own, owed, isHeld }: Due): readonly FeedRange[] {
  const self = state.self.device.id
  const riding = own.envelopes.filter((pending) => pending.conversation === conversation.id).map((pending) => pending.from)
  const branches = owed.find(({ device }) => device === self)
  const from = Math.min(own.sent, branches?.from ?? Infinity, ...riding)
  const length = lengthFor(state, conversation, to)
  const last = (isHeld ? Math.min(length, leftFor(conversation, self, to)) : length) - 1
  const others = owed.filter(({ device }, at) => device !== self && owed.findIndex((range) => range.device === device) === at)
  return from <= last ? [{ device: self, from: Math.max(0, from), to: last }, ...others] : others
}

function askDuties({ state, conversation, peer, relay, at }: Route): readonly Duty[] {
  const { missing, id } = conversation
  const device = peer.device.id
  if (missing === undefined || state.net.links.has(device)) return []
  if (!isAskDue(missing, at) || !isAsked(conversation, missing, { device, at })) return []
  const { asks, since } = missing
  return [{ kind: 'ask', key: `ask/${id}/${device}`, aim: `${asks} ${since}`, relay, device, conversation: id, since }]
}

// Whoever is connected fetches what waits.
function gatherDuties({ state, conversation, peer, relay }: Route): readonly Duty[] {
  const { id } = conversation
  const device = peer.device.id
  const { waiting } = deliveryTo(conversation, device)
  if (state.net.links.has(device)) return []
  const blobs = gatherable(conversation, waiting)
  const last = blobs.at(-1)
  return last === undefined
    ? []
    : [{ kind: 'gather', key: `gather/${device}/${id}`, aim: `${blobs[0]?.from} ${last.to}`, relay, device, conversation: id, blobs }]
}

function accountDuties({ state, conversation, peer, relay }: Route): readonly Duty[] {
  const device = peer.device.id
  if (conversation.id !== state.circle?.conversation || state.net.links.has(device)) return []
  return accountDuty(state, device, { relay, conversation: conversation.id })
}

type AccountDuty = Extract<Duty, { kind: 'account' }>

function accountDuty(state: NodeState, device: DeviceId, by: AccountDuty['by']): readonly Duty[] {
  const due = accountDue(state.circle, device)
  return due === undefined ? [] : [{ kind: 'account', key: `account/${device}`, aim: due.mark, device, by, ...due }]
}

/** What is to be sent on the direct link to one device. */
export function linkDuties(state: NodeState, device: DeviceId, at: Moment): readonly Duty[] {
  const link = state.net.links.get(device)
  if (link === undefined) return []
  return [...talkDuties(state, link, device, at), ...(isOwnOther(state, device) ? accountDuty(state, device, 'link') : [])]
}

function talkDuties(state: NodeState, link: DirectLink, device: DeviceId, at: Moment): readonly Duty[] {
  const there = { key: `link/${device}`, device, link: link.serial }
  const spoken = conversationsWith(state, device).filter(isSpoken)
  const receipts = spoken.flatMap((conversation): readonly DueReceipt[] => {
    const claim = receiptDue(state, conversation, { device, told: toldOn(link, conversation, device), at })
    const ticks = ticksDue(state, conversation, { device, sent: link.ticks?.get(conversation.id), at })
    const due = claim === undefined ? [] : [{ conversation: conversation.id, claim }]
    return ticks === undefined ? due : [...due, { conversation: conversation.id, claim: ticks, isOwn: true }]
  })
  const isDue = ({ missing }: Conversation): boolean => missing !== undefined && isAskDue(missing, at)
  const tell = (conversations: readonly ConversationId[]): readonly Duty[] => [
    { kind: 'tell', ...there, conversations, receipts: receipts.slice(0, RECEIPTS_PER_FRAME_MAX) },
  ]
  if (link.haveDue.size > 0 || receipts.length > 0) return tell([...link.haveDue])
  const isOwn = isOwnOther(state, device)
  const isHeldUp = isOwn && isBusy(link, at)
  const [newest] = isOwn ? [...(link.newest ?? [])].filter(([, state]) => state === 'due') : []
  if (newest !== undefined) return [{ kind: 'newest', ...there, conversation: newest[0], by: { link: link.serial } }]
  // What begins a chat says who is shown in it: an own device gets that of each before all the rest of one.
  const isBegun = ({ id }: Conversation): boolean => (link.served.get(id)?.ranges.length ?? 0) > 0
  for (const conversation of isOwn ? spoken.toSorted((a, b) => Number(isBegun(a)) - Number(isBegun(b))) : spoken) {
    const { id } = conversation
    if (isOwn && (isHeldUp || !link.owed.has(id))) {
      if (isDue(conversation)) return tell([id])
      continue
    }
    const peer = state.peers.get(device)
    const envelopes = (peer?.envelopes ?? []).filter((pending) => !link.envelopes.has(pending.envelope))
    const own = { sent: sentOn(link, conversation, { self: state.self.device.id, device }), envelopes }
    const isHeld = peer !== undefined && isHeldBack(state, peer, at)
    const ranges = rangesOf(state, conversation, { device, own, owed: link.owed.get(id) ?? [], isHeld })
    if (ranges.length > 0) return [{ kind: 'stream', ...there, conversation: id, ranges, isBegun: !isOwn || isBegun(conversation) }]
    if (isDue(conversation)) return tell([id])
  }
  return []
}

function boundRelay(state: NodeState, grant: MailboxGrant): string | undefined {
  const relay = toHex(grant.relay.key)
  return state.net.relays.get(relay)?.bound.has(grant.mailbox) === true ? relay : undefined
}
