// What is known of how far each device of theirs has this device's feed, from signed receipts and from unsigned `have` frames.

import { cursorOf } from '../conversation/view.ts'
import { forgetBefore } from '../group/sender-chain.ts'
import { withConversation, withItem, withLink, withoutItem, withPeer } from './change.ts'
import { confirmOn } from './link.ts'
import { partnersOf } from './members.ts'
import { NO_DELIVERY, ownTop } from './state.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Cursor } from '../conversation/state.ts'
import type { Log } from '../log/log.ts'
import type { Draft } from './draft.ts'
import type { Conversation, Delivery, DirectLink, NodeState } from './state.ts'

export const deliveryTo = (conversation: Conversation, device: DeviceId): Delivery => conversation.delivery.get(device) ?? NO_DELIVERY

/** True once `device` has named every branch of the own feed: from then on a number means one entry again. */
export const isLevel = (conversation: Conversation, self: DeviceId, device: DeviceId): boolean =>
  (conversation.log.feeds.get(self)?.tips.length ?? 0) <= deliveryTo(conversation, device).branches

/** Of how many branches of the own feed they have named every tip. */
export function branchesNamed(
  log: Log,
  self: DeviceId,
  { named, before }: { readonly named: readonly string[]; readonly before: number },
): number {
  const tips = log.feeds.get(self)?.tips ?? []
  return tips.length > 0 && tips.every((tip) => named.includes(tip.id)) ? tips.length : before
}

/** Highest own seq that `device` has shown to have, −1 for none. A pair has one device on each side, so the account's cursor is its. */
export function agreesOn(conversation: Conversation, self: DeviceId, device: DeviceId): number {
  const { held, lostAt } = deliveryTo(conversation, device)
  const { delivered } = cursorOf(conversation.view, self)
  const shown = lostAt !== undefined && delivered <= lostAt ? held : Math.max(held, delivered)
  return Math.min(shown, undisputed(conversation, self, device))
}

/** How far all of them have received and read the own feed. */
export function ownCursor(state: NodeState, conversation: Conversation): Cursor {
  const self = state.self.device.id
  const { delivered, read } = cursorOf(conversation.view, self)
  const clear = Math.min(...partnersOf(state, conversation.id).map((device) => undisputed(conversation, self, device)))
  return { delivered: Math.min(delivered, clear), read: Math.min(read, clear) }
}

// Receipts speak in numbers, and a number beyond the fork may mean the entry of another branch.
const undisputed = (conversation: Conversation, self: DeviceId, device: DeviceId): number =>
  isLevel(conversation, self, device) ? Infinity : (conversation.log.feeds.get(self)?.fork?.seq ?? Infinity) - 1

/** Highest own seq that a relay holds for `device`, or that the device has itself. */
export const leftFor = (conversation: Conversation, self: DeviceId, device: DeviceId): number =>
  Math.max(deliveryTo(conversation, device).deposited, agreesOn(conversation, self, device))

/** Highest own seq that needs no sending over a link any more. */
export const sentOn = (
  link: DirectLink,
  conversation: Conversation,
  ends: { readonly self: DeviceId; readonly device: DeviceId },
): number => Math.max(link.sent.get(conversation.id) ?? -1, agreesOn(conversation, ends.self, ends.device))

export const withDelivery = (draft: Draft, id: ConversationId, device: DeviceId, change: Partial<Delivery>): void => {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) return
  const delivery = withItem(conversation.delivery, device, { ...deliveryTo(conversation, device), ...change })
  draft.state = withConversation(draft.state, { ...conversation, delivery })
}

/** Lets go of envelopes that have done their work, of keys, and of the worry that a link is broken. */
export function confirm(draft: Draft, id: ConversationId, device: DeviceId): void {
  const conversation = draft.state.conversations.get(id)
  const peer = draft.state.peers.get(device)
  if (conversation === undefined || peer === undefined) return
  const upTo = agreesOn(conversation, draft.state.self.device.id, device)
  const envelopes = peer.envelopes.filter((pending) => pending.conversation !== id || pending.until > upTo)
  if (envelopes.length < peer.envelopes.length) draft.state = withPeer(draft.state, { ...peer, envelopes })
  forgetKeys(draft, conversation)
  confirmOn(draft, device, { id, upTo })
}

// What is confirmed will not be read again with the own chains. Entries of one chain lie together, so counting from its end is enough.
function forgetKeys(draft: Draft, conversation: Conversation): void {
  const self = draft.state.self.device.id
  const kept = conversation.chains.get(self) ?? []
  const [current] = kept
  const waiting = ownTop(draft.state, conversation) - ownCursor(draft.state, conversation).delivered
  const first = conversation.chain.step - waiting
  if (current?.chain !== conversation.chain.chain || first <= current.step) return
  const chains = withItem(conversation.chains, self, [forgetBefore(current, first)])
  draft.state = withConversation(draft.state, { ...conversation, chains })
}

/** Their mailbox does not have the envelopes of a conversation that were deposited. */
export function envelopesAgain(draft: Draft, device: DeviceId, id: ConversationId): void {
  const peer = draft.state.peers.get(device)
  if (peer === undefined) return
  const isLost = (pending: { readonly conversation: ConversationId; readonly deposited: boolean }): boolean =>
    pending.deposited && pending.conversation === id
  if (!peer.envelopes.some(isLost)) return
  const envelopes = peer.envelopes.map((pending) => (isLost(pending) ? { ...pending, deposited: false } : pending))
  draft.state = withPeer(draft.state, { ...peer, envelopes })
}

/** Own entries that were sent, and what opens them, go out once more. */
export function sendAgain(draft: Draft, device: DeviceId, id: ConversationId): void {
  envelopesAgain(draft, device, id)
  const link = draft.state.net.links.get(device)
  if (link !== undefined) draft.state = withLink(draft.state, device, { ...link, sent: withoutItem(link.sent, id), envelopes: new Set() })
}
