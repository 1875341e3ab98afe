// What is known of how far each device of theirs has this device's feed, from signed receipts and from unsigned `have` frames.

import { cursorOf } from '../conversation/view.ts'
import { refuse, partnersOf } from './draft.ts'
import { NO_DELIVERY, withConversation, withItem, withLink, withoutItem, withPeer } from './state.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Have } from '../wire/frame.ts'
import type { Draft } from './draft.ts'
import type { Source } from './input.ts'
import type { Conversation, DirectLink, NodeState } from './state.ts'

/** Highest own seq that `device` has shown to have, −1 for none. A pair has one device on each side, so the account's cursor is its. */
export function agreesOn(conversation: Conversation, self: DeviceId, device: DeviceId): number {
  return Math.max((conversation.delivery.get(device) ?? NO_DELIVERY).held, cursorOf(conversation.view, self).delivered)
}

/** A peer said what it has: how far sending may go on from. In a mailbox it means that something did not arrive. */
export function learnHave(draft: Draft, { device, source, have }: { readonly device: DeviceId; readonly source: Source; readonly have: readonly Have[] }): void {
  const self = draft.state.self.device.id
  for (const { conversation: id, heads } of have) {
    if (!partnersOf(draft.state, id).includes(device)) {
      refuse(draft, 'have', 'unknown-conversation')
      continue
    }
    const held = Math.min(heads.find((head) => head.device === self)?.seq ?? -1, topOf(draft.state, id))
    learnHeld(draft, { device, id, held, isAsking: source.kind === 'mailbox' })
  }
}

/** Highest own seq that needs no sending over a link any more. */
export const sentOn = (link: DirectLink, conversation: Conversation, ends: { readonly self: DeviceId; readonly device: DeviceId }): number =>
  Math.max(link.sent.get(conversation.id) ?? -1, agreesOn(conversation, ends.self, ends.device))

/** Lets go of envelopes that have done their work, and of the worry that a link is broken. */
export function confirm(draft: Draft, id: ConversationId, device: DeviceId): void {
  const conversation = draft.state.conversations.get(id)
  const peer = draft.state.peers.get(device)
  if (conversation === undefined || peer === undefined) return
  const upTo = agreesOn(conversation, draft.state.self.device.id, device)
  const envelopes = peer.envelopes.filter((pending) => pending.conversation !== id || pending.from > upTo)
  if (envelopes.length < peer.envelopes.length) draft.state = withPeer(draft.state, { ...peer, envelopes })
  const link = draft.state.net.links.get(device)
  const sent = link?.sent.get(id) ?? -1
  if (link?.unconfirmedSince !== undefined && upTo >= sent) draft.state = withLink(draft.state, device, { ...link, unconfirmedSince: undefined })
}

type Held = { readonly device: DeviceId; readonly id: ConversationId; readonly held: number; readonly isAsking: boolean }

function learnHeld(draft: Draft, { device, id, held, isAsking }: Held): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) return
  const before = conversation.delivery.get(device) ?? NO_DELIVERY
  // Who has less than before lost it, or it never came: everything from there on is sent again, with the envelopes that open it.
  const isBehind = isAsking || held < before.held
  const delivery = isBehind ? { held, deposited: Math.min(before.deposited, held) } : { ...before, held }
  draft.state = withConversation(draft.state, { ...conversation, delivery: withItem(conversation.delivery, device, delivery) })
  if (isBehind) sendAgain(draft, device, id)
  confirm(draft, id, device)
}

function sendAgain(draft: Draft, device: DeviceId, id: ConversationId): void {
  const peer = draft.state.peers.get(device)
  if (peer === undefined) return
  const envelopes = peer.envelopes.map((pending) => (pending.conversation === id ? { ...pending, deposited: false } : pending))
  draft.state = withPeer(draft.state, { ...peer, envelopes })
  const link = draft.state.net.links.get(device)
  if (link !== undefined) draft.state = withLink(draft.state, device, { ...link, sent: withoutItem(link.sent, id), envelopes: new Set() })
}

/** True once own entries of a conversation may go to the other side. */
export const isSpoken = (conversation: Conversation): boolean => conversation.phase === 'joining' || conversation.phase === 'open'

function topOf(state: NodeState, id: ConversationId): number {
  const feed = state.conversations.get(id)?.log.feeds.get(state.self.device.id)
  return Math.max(-1, ...(feed?.tips ?? []).map((tip) => tip.seq))
}
