// The mailboxes of this device, and who writes to them.

import { partnersOf } from './draft.ts'
import type { DeviceId, MailboxId } from '../bytes/ids.ts'
import type { Source } from './input.ts'
import type { Conversation, Inbox, NodeState } from './state.ts'

/** All mailboxes of this device. */
export const inboxesOf = (state: NodeState): readonly Inbox[] => {
  const peers = [...state.peers.values()].flatMap((peer) => (peer.inbox === undefined ? [] : [peer.inbox]))
  const known = new Set(peers.map((inbox) => inbox.keys.mailbox))
  const invites = [...state.conversations.values()].flatMap((conversation) => (conversation.invite === undefined ? [] : [conversation.invite.inbox]))
  return [...peers, ...invites.filter((inbox) => !known.has(inbox.keys.mailbox))]
}

/** The contact's device that a mailbox or link belongs to; undefined for an invite's mailbox that nobody has used. */
export function senderOf(state: NodeState, source: Source): DeviceId | undefined {
  if (source.kind === 'link') return state.peers.has(source.device) ? source.device : undefined
  return writerOf(state, source.mailbox)
}

/** The contact's device that writes to an own mailbox: the one that got it, or that came in through its invite. */
export function writerOf(state: NodeState, mailbox: MailboxId): DeviceId | undefined {
  for (const peer of state.peers.values()) if (peer.inbox?.keys.mailbox === mailbox) return peer.device.id
  const conversation = invitedThrough(state, mailbox)
  return conversation?.invite?.status === 'used' ? partnersOf(state, conversation.id)[0] : undefined
}

/** The conversation whose invite a mailbox serves, or served. */
export const invitedThrough = (state: NodeState, mailbox: MailboxId): Conversation | undefined =>
  [...state.conversations.values()].find((conversation) => conversation.invite?.inbox.keys.mailbox === mailbox)
