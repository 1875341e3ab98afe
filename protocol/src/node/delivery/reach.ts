// What is known of how far each device of theirs has this device's feed, from signed receipts and from unsigned `have` frames.

import { forgetBefore } from '../../group/sender-chain.ts'
import { withConversation, withLink, withoutItem, withPeer } from '../change.ts'
import { confirmOn } from './link.ts'
import { partnersOf } from '../members.ts'
import { NO_DELIVERY, ownLength } from '../state.ts'
import type { AccountId, ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Log } from '../../log/log.ts'
import type { Draft } from '../draft.ts'
import type { Conversation, Delivery, NodeState, WaitingBlob } from '../state.ts'
import type { DirectLink } from '../net.ts'

export const deliveryTo = (conversation: Conversation, device: DeviceId): Delivery => conversation.delivery.get(device) ?? NO_DELIVERY

/** True once `device` has named every branch of the own feed: from then on a number means one entry again. */
export const isLevel = (conversation: Conversation, self: DeviceId, device: DeviceId): boolean =>
  isLevelWith(conversation, self, deliveryTo(conversation, device))

const isLevelWith = ({ log }: Conversation, self: DeviceId, { branches }: Delivery): boolean =>
  (log.feeds.get(self)?.tips.length ?? 0) <= branches

/** Of how many branches of the own feed they have named every tip. */
export function branchesNamed(
  log: Log,
  self: DeviceId,
  { named, before }: { readonly named: readonly string[]; readonly before: number },
): number {
  const tips = log.feeds.get(self)?.tips ?? []
  return tips.length > 0 && tips.every((tip) => named.includes(tip.id)) ? tips.length : before
}

/** How many own entries `device` has shown to have. */
export const agreesOn = (conversation: Conversation, self: DeviceId, device: DeviceId): number =>
  shownBy(conversation, self, deliveryTo(conversation, device))

export function shownBy(conversation: Conversation, self: DeviceId, to: Delivery): number {
  const { announced, lostAt, claim } = to
  const shown = lostAt !== undefined && claim.delivered <= lostAt ? announced : Math.max(announced, claim.delivered)
  return Math.min(shown, undisputedWith(conversation, self, to))
}

/** How far a device has said with its signature that it has the own feed. */
export const confirmedBy = (conversation: Conversation, self: DeviceId, device: DeviceId): number =>
  Math.min(deliveryTo(conversation, device).claim.delivered, undisputed(conversation, self, device))

/** What speaks in numbers is certain for so many own entries: a number beyond a fork may mean the entry of another branch. */
export const undisputed = (conversation: Conversation, self: DeviceId, device: DeviceId): number =>
  undisputedWith(conversation, self, deliveryTo(conversation, device))

const undisputedWith = (conversation: Conversation, self: DeviceId, to: Delivery): number =>
  isLevelWith(conversation, self, to) ? Infinity : (conversation.log.feeds.get(self)?.fork?.seq ?? Infinity)

/** True when `device` has had its turn with the own chain. */
export const isHanded = ({ handing }: Conversation, device: DeviceId): boolean =>
  handing === undefined || handing.first.includes(device) || (handing.after !== undefined && device <= handing.after)

/** How many own entries may go to `device`: none of a chain before it. */
export function lengthFor(state: NodeState, conversation: Conversation, device: DeviceId): number {
  const length = Math.min(ownLength(state, conversation), farewellTo(conversation, device))
  return isHanded(conversation, device) ? length : Math.min(length, conversation.handing?.from ?? length)
}

/** Whoever is no member gets nothing, and is told up to here that it was removed. */
const farewellTo = (conversation: Conversation, device: DeviceId): number =>
  conversation.group?.farewells.get(device) ?? (isMember(conversation, device) ? Infinity : 0)

/** False for a device of a group that is heard, and is no member's as far as is known here. */
export const isMember = ({ group }: Conversation, device: DeviceId): boolean =>
  group === undefined || group.membership.members.has(group.authors.get(device) ?? NOBODY)

const NOBODY = '' as AccountId

/** How many own entries a relay holds for `device`. */
export const depositedFor = (conversation: Conversation, device: DeviceId): number =>
  depositedIn(conversation, deliveryTo(conversation, device))

const depositedIn = (conversation: Conversation, { atRelay, joint }: Delivery): number =>
  joint === undefined ? atRelay : Math.max(atRelay, conversation.joint.get(joint)?.entries ?? 0)

/** How many own entries a relay holds for `device`, or the device has itself. */
export const leftFor = (conversation: Conversation, self: DeviceId, device: DeviceId): number =>
  leftWith(conversation, self, deliveryTo(conversation, device))

/** The same, of whom the delivery is at hand. */
export const leftWith = (conversation: Conversation, self: DeviceId, to: Delivery): number =>
  Math.max(depositedIn(conversation, to), shownBy(conversation, self, to))

/** True once whoever came by the own invite can know it, or nobody did. */
export function isGuestTold({ self, peers }: NodeState, conversation: Conversation): boolean {
  const { invite } = conversation
  if (invite?.status !== 'used' || invite.guest === undefined || invite.admitted === undefined) return true
  return !peers.has(invite.guest) || leftFor(conversation, self.device.id, invite.guest) > invite.admitted
}

/** How many own entries need no sending over a link any more. */
export const sentOn = (
  link: DirectLink,
  conversation: Conversation,
  ends: { readonly self: DeviceId; readonly device: DeviceId },
): number => Math.max(link.sent.get(conversation.id) ?? 0, agreesOn(conversation, ends.self, ends.device))

export const withDelivery = (draft: Draft, id: ConversationId, device: DeviceId, change: Partial<Delivery>): void => {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) return
  const before = deliveryTo(conversation, device)
  const after = { ...before, ...change }
  if (Object.keys(change).every((name) => isAlike(before[name as keyof Delivery], after[name as keyof Delivery]))) return
  draft.state = withConversation(draft.state, { ...conversation, delivery: conversation.delivery.with(device, after) })
}

/** From now on `device` gets deposits of its own, after what it was left with others. */
export function setApart(draft: Draft, id: ConversationId, device: DeviceId): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation !== undefined && deliveryTo(conversation, device).joint !== undefined)
    withDelivery(draft, id, device, { atRelay: depositedFor(conversation, device), joint: undefined })
}

const isAlike = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, at) => Object.is(item, b[at])))

/** Lets go of envelopes that have done their work, of keys, and of the worry that a link is broken. */
export function confirmDelivery(draft: Draft, id: ConversationId, device: DeviceId): void {
  const conversation = draft.state.conversations.get(id)
  const peer = draft.state.peers.get(device)
  if (conversation === undefined || peer === undefined) return
  const upTo = agreesOn(conversation, draft.state.self.device.id, device)
  const envelopes = peer.envelopes.filter((pending) => pending.conversation !== id || pending.until >= upTo)
  if (envelopes.length < peer.envelopes.length) draft.state = withPeer(draft.state, { ...peer, envelopes })
  forgetKeys(draft, conversation, device)
  withDelivery(draft, id, device, { waiting: unconfirmed(deliveryTo(conversation, device).waiting, upTo) })
  confirmOn(draft, device, { id, upTo })
}

function unconfirmed(waiting: readonly WaitingBlob[], length: number): readonly WaitingBlob[] {
  const left = waiting.filter(({ to }) => to >= length)
  return left.length === waiting.length ? waiting : left
}

// What all have confirmed will not be read again with the own chains. Entries of one chain lie together, so counting from its end is enough.
function forgetKeys(draft: Draft, conversation: Conversation, device: DeviceId): void {
  const self = draft.state.self.device.id
  const [current] = conversation.chains.get(self) ?? []
  // Members who have not been met yet may need what it holds.
  if (current?.chain !== conversation.chain.chain || (conversation.group?.unmet.size ?? 0) > 0) return
  const length = ownLength(draft.state, conversation)
  const firstKept = (confirmed: number): number => conversation.chain.step - (length - confirmed)
  const isHeldBack = (other: DeviceId): boolean => firstKept(confirmedBy(conversation, self, other)) <= current.step
  if (isHeldBack(device)) return
  const partners = partnersOf(draft.state, conversation.id)
  const first = Math.min(...partners.map((other) => firstKept(confirmedBy(conversation, self, other))))
  if (first <= current.step) return
  const chains = conversation.chains.with(self, [forgetBefore(current, first)])
  draft.state = withConversation(draft.state, { ...conversation, chains })
}

/** Their mailbox does not have the envelopes of a conversation that were deposited. */
export function envelopesAgain(draft: Draft, device: DeviceId, id: ConversationId): void {
  const peer = draft.state.peers.get(device)
  if (peer === undefined) return
  const isLost = (pending: { readonly conversation: ConversationId; readonly deposited: boolean }): boolean =>
    pending.deposited && pending.conversation === id
  if (!peer.envelopes.some(isLost)) return
  setApart(draft, id, device)
  const envelopes = peer.envelopes.map((pending) => (isLost(pending) ? { ...pending, deposited: false } : pending))
  draft.state = withPeer(draft.state, { ...peer, envelopes })
}

/** Own entries that were sent, and what opens them, go out once more. */
export function sendAgain(draft: Draft, device: DeviceId, id: ConversationId): void {
  envelopesAgain(draft, device, id)
  const link = draft.state.net.links.get(device)
  if (link !== undefined) draft.state = withLink(draft.state, device, { ...link, sent: withoutItem(link.sent, id), envelopes: new Set() })
}
