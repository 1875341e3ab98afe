// What is known of how far each device of theirs has this device's feed, from signed receipts and from unsigned `have` frames.

import { cursorOf } from '../conversation/view.ts'
import { refuse, partnersOf } from './draft.ts'
import { confirmOn } from './link.ts'
import { NO_DELIVERY, withConversation, withItem, withLink, withoutItem, withPeer } from './state.ts'
import { ownTop } from './unsent.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Have } from '../wire/frame.ts'
import type { Draft } from './draft.ts'
import type { Source } from './input.ts'
import type { Conversation, DirectLink } from './state.ts'

/** Highest own seq that `device` has shown to have, −1 for none. A pair has one device on each side, so the account's cursor is its. */
export function agreesOn(conversation: Conversation, self: DeviceId, device: DeviceId): number {
  const { held, lostAt } = conversation.delivery.get(device) ?? NO_DELIVERY
  const { delivered } = cursorOf(conversation.view, self)
  return lostAt !== undefined && delivered <= lostAt ? held : Math.max(held, delivered)
}

/** Highest own seq that a relay holds for `device`, or that the device has itself. */
export const leftFor = (conversation: Conversation, self: DeviceId, device: DeviceId): number =>
  Math.max((conversation.delivery.get(device) ?? NO_DELIVERY).deposited, agreesOn(conversation, self, device))

/** Highest own seq that needs no sending over a link any more. */
export const sentOn = (
  link: DirectLink,
  conversation: Conversation,
  ends: { readonly self: DeviceId; readonly device: DeviceId },
): number => Math.max(link.sent.get(conversation.id) ?? -1, agreesOn(conversation, ends.self, ends.device))

/** True once own entries of a conversation may go to the other side. */
export const isSpoken = (conversation: Conversation): boolean => conversation.phase === 'joining' || conversation.phase === 'open'

/** A peer said what it has: how far sending may go on from. In a mailbox it means that something did not arrive. */
export function learnHave(
  draft: Draft,
  { device, source, have }: { readonly device: DeviceId; readonly source: Source; readonly have: readonly Have[] },
): void {
  const self = draft.state.self.device.id
  for (const { conversation: id, heads } of have) {
    const conversation = draft.state.conversations.get(id)
    if (conversation === undefined || !partnersOf(draft.state, id).includes(device)) {
      refuse(draft, 'have', 'unknown-conversation')
      continue
    }
    const held = Math.min(heads.find((head) => head.device === self)?.seq ?? -1, ownTop(draft.state, conversation))
    learnHeld(draft, { device, conversation, held, isAsking: source.kind === 'mailbox' })
  }
}

/** Lets go of envelopes that have done their work, and of the worry that a link is broken. */
export function confirm(draft: Draft, id: ConversationId, device: DeviceId): void {
  const conversation = draft.state.conversations.get(id)
  const peer = draft.state.peers.get(device)
  if (conversation === undefined || peer === undefined) return
  const upTo = agreesOn(conversation, draft.state.self.device.id, device)
  const envelopes = peer.envelopes.filter((pending) => pending.conversation !== id || pending.from > upTo)
  if (envelopes.length < peer.envelopes.length) draft.state = withPeer(draft.state, { ...peer, envelopes })
  confirmOn(draft, device, { id, upTo })
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

type Held = { readonly device: DeviceId; readonly conversation: Conversation; readonly held: number; readonly isAsking: boolean }

function learnHeld(draft: Draft, { device, conversation, held, isAsking }: Held): void {
  const { id } = conversation
  const before = conversation.delivery.get(device) ?? NO_DELIVERY
  const { delivered } = cursorOf(conversation.view, draft.state.self.device.id)
  // Who has less than before lost it, or it never came: everything from there on is sent again, with the envelopes that open it.
  const isBehind = isAsking || held < agreesOn(conversation, draft.state.self.device.id, device)
  const delivery = {
    held,
    deposited: isBehind ? Math.min(before.deposited, held) : before.deposited,
    lostAt: held < delivered ? delivered : undefined,
  }
  draft.state = withConversation(draft.state, { ...conversation, delivery: withItem(conversation.delivery, device, delivery) })
  if (isBehind) sendAgain(draft, device, id)
  confirm(draft, id, device)
}

function sendAgain(draft: Draft, device: DeviceId, id: ConversationId): void {
  envelopesAgain(draft, device, id)
  const link = draft.state.net.links.get(device)
  if (link !== undefined) draft.state = withLink(draft.state, device, { ...link, sent: withoutItem(link.sent, id), envelopes: new Set() })
}
