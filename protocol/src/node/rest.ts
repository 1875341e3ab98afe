// Going to rest and waking (docs/decisions/0039). A chat rests only where nothing can be due in it, whatever the network does: what happens next
// names it first, and wakes it by that.

import { lastMessageOf, nameOf, unreadOf } from '../conversation/view.ts'
import { admittedOf, otherOf } from '../conversation/state.ts'
import { ownTickOf } from './delivery/own-said.ts'
import { ticksUntold } from './delivery/own-ticks.ts'
import { tickOf, receiptDue, toldTo } from './delivery/receipts.ts'
import { confirmedBy, deliveryTo } from './delivery/reach.ts'
import { isEnded } from './invites/invite-end.ts'
import { mailboxesOf } from './mailboxes/inboxes.ts'
import { hasUnreadable, tokenMark } from './rest-looks.ts'
import { momentAt } from './moment.ts'
import { partnersOf } from './members.ts'
import { ownLength } from './state.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { Draft } from './draft.ts'
import type { InputOf } from './input.ts'
import type { Conversation, NodeState, Peer, RestingChat, RestingContact } from './state.ts'

/** Puts to rest what has not changed since somebody looked, and may. */
export function rest(draft: Draft, { conversations, peers }: InputOf<'rest'>): void {
  for (const chat of conversations)
    if (draft.state.conversations.awake.get(chat.id) === chat && mayRest(draft.state, chat, draft.env.now)) {
      const { state } = draft
      draft.state = { ...state, conversations: state.conversations.rested(chat.id, () => summaryOf(state, chat)) }
    }
  for (const peer of peers)
    if (draft.state.peers.awake.get(peer.device.id) === peer && mayContactRest(draft.state, peer))
      draft.state = { ...draft.state, peers: draft.state.peers.rested(peer.device.id, () => contactSummaryOf(peer)) }
}

/** True where nothing is due in a chat, and nothing that relays and links do can make anything due before something names it. */
export function mayRest(state: NodeState, conversation: Conversation, now: number): boolean {
  const { id, phase, invite, missing, unsent, view, log } = conversation
  const other = otherOf(view)
  const [founder, admitted] = [view.founder, admittedOf(view)]
  const isPair = other !== undefined && [founder, admitted].every((member) => member === other || member === view.self)
  const isQuiet = missing === undefined && unsent === undefined && view.pending.length === 0 && !state.parking.conversations.has(id)
  const isHanded = conversation.handing === undefined
  if (
    phase !== 'open' ||
    conversation.group !== undefined ||
    !isPair ||
    !isQuiet ||
    !isHanded ||
    (invite !== undefined && !isEnded(invite))
  )
    return false
  if (mailboxesOf(state, id).some((place) => place !== undefined)) return false
  const last = lastMessageOf(view)
  const isTicked = last?.device !== state.self.device.id || tickOf(state, conversation, last.seq) !== undefined
  const isRead = [...view.feeds.values()].every(({ unopened }) => unopened.length === 0)
  const isWhole = [...log.feeds.values()].every(({ fork, tips }) => fork === undefined && tips.length < 2)
  if (!isTicked || !isRead || !isWhole) return false
  return partnersOf(state, id).every((device) => isLevelWith(state, conversation, { device, now }))
}

/** True where a device has and knows all of a chat that it is to have and to know, and no link to it is up. */
function isLevelWith(
  state: NodeState,
  conversation: Conversation,
  { device, now }: { readonly device: DeviceId; readonly now: number },
): boolean {
  const { id } = conversation
  const peer = state.peers.awake.get(device)
  const { owed, lostAt } = deliveryTo(conversation, device)
  if (peer === undefined || owed.length > 0 || lostAt !== undefined || state.net.links.has(device)) return false
  // What a relay holds is due again only when it is named; what goes before the next entry, when that is written.
  const length = ownLength(state, conversation)
  const isRiding = peer.envelopes.some((pending) => pending.conversation === id && !pending.deposited && pending.from < length)
  if (isRiding || state.net.postponed.has(`${device}/${id}`)) return false
  // Receipts and ticks that wait for their time are due as well.
  const told = { ...toldTo(conversation, device), at: 0 }
  const isTold = receiptDue(state, conversation, { device, told, at: momentAt(now) }) === undefined
  const hasTicks = ticksUntold(state, conversation, { device, sent: undefined }) === undefined
  return isTold && hasTicks && confirmedBy(conversation, state.self.device.id, device) >= length
}

/** A contact rests with its chats. */
export function mayContactRest({ conversations, directory, net }: NodeState, { device: { id }, inbox, end }: Peer): boolean {
  if (end !== undefined || inbox?.registered === false || net.links.has(id)) return false
  return (directory.shared.get(id) ?? []).every((chat) => conversations.isAsleep(chat))
}

function summaryOf(state: NodeState, conversation: Conversation): RestingChat {
  const { id, view, log, invite, invitation, authored, meta } = conversation
  const other = otherOf(view)
  if (other === undefined || invite?.status === 'open') throw new RangeError('a chat that may not rest')
  const last = lastMessageOf(view)
  const isMine = last?.account === view.self
  const tick =
    last?.device === state.self.device.id ? tickOf(state, conversation, last.seq) : ((last && ownTickOf(conversation, last)) ?? 'relay')
  return {
    id,
    devices: [...log.feeds.keys()],
    signed: [...log.feeds.values()].flatMap(({ device, tips }) => (tips.length > 0 ? [device] : [])),
    other,
    name: nameOf(view, other),
    invite: invite && { status: invite.status, relay: invite.relay, mailbox: invite.inbox.keys.mailbox },
    token: invitation && tokenMark(invitation.token),
    last: last && { text: last.preview, time: last.time, tick: isMine ? tick : undefined },
    unread: unreadOf(view),
    authored,
    hasTitle: meta.bytes.size > 0,
    hasUnreadable: hasUnreadable(conversation),
  }
}

export const contactSummaryOf = ({ device: { id, signingKey }, account, inbox, outbox, pairing }: Peer): RestingContact => ({
  device: { id, signingKey },
  account,
  inbox,
  outbox,
  isPaired: pairing !== undefined,
})
