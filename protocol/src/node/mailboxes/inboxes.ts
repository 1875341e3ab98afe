// The mailboxes of this device and who writes to them, and the mailboxes of others that this device writes to.

import { agreesOn } from '../delivery/reach.ts'
import { isEnded } from '../invites/invite-end.ts'
import { bothOf } from './both.ts'
import type { ConversationId, DeviceId, MailboxId } from '../../bytes/ids.ts'
import type { MailboxGrant } from '../../wire/capability.ts'
import type { Source } from '../input.ts'
import type { Inbox } from './inbox.ts'
import type { Conversation, NodeState, Peer } from '../state.ts'

/** All mailboxes of this device, or those alone that do not lie anywhere a second time. */
export const inboxesOf = (state: NodeState, which: 'all' | 'first' = 'all'): readonly Inbox[] => {
  const peers = [...state.peers.looks()].map(({ inbox }) => inbox)
  const invites = [...state.conversations.awake.values()].flatMap((conversation) => ownInboxesOf(state, conversation))
  return [...peers, ...invites].flatMap((inbox) => (which === 'all' ? bothOf(inbox) : (inbox ?? [])))
}

/** The own mailbox of this id, as far as anybody listens to it. */
export function inboxAt(state: NodeState, mailbox: MailboxId): Inbox | undefined {
  const [device] = state.directory.inboxes.get(mailbox) ?? []
  if (device !== undefined) return bothOf(state.peers.look(device)?.inbox).find(({ keys }) => keys.mailbox === mailbox)
  const conversation = invitedThrough(state, mailbox)
  const inboxes = conversation === undefined ? [] : ownInboxesOf(state, conversation)
  return inboxes.flatMap(bothOf).find(({ keys }) => keys.mailbox === mailbox)
}

/** The mailboxes that a conversation itself has a use for: its invite's, and that of the link that was answered. */
export function mailboxesOf(state: NodeState, id: ConversationId): readonly (Inbox | MailboxGrant | undefined)[] {
  const conversation = state.conversations.awake.get(id)
  return conversation === undefined ? [] : [answeredAt(conversation), ...ownInboxesOf(state, conversation)]
}

const ownInboxesOf = (state: NodeState, conversation: Conversation): readonly (Inbox | undefined)[] => [
  listenedTo(state, conversation),
  ...(conversation.group?.desks ?? []),
]

const listenedTo = (state: NodeState, conversation: Conversation): Inbox | undefined =>
  conversation.invite !== undefined && isListenedTo(state, conversation) ? conversation.invite.inbox : conversation.group?.door

const answeredAt = ({ phase, invitation, group }: Conversation): MailboxGrant | undefined =>
  phase === 'joining' ? invitation?.grant : (group?.asked?.since ?? 0) > 0 ? group?.asked?.grant : undefined

// Who was let in writes to the link's mailbox until it has read so; then it has left nothing there that it has not sent again.
function isListenedTo(state: NodeState, conversation: Conversation): boolean {
  const { invite } = conversation
  if (invite === undefined) return false
  if (invite.status !== 'used') return !isEnded(invite)
  const { guest, admitted } = invite
  if (guest === undefined || admitted === undefined) return false
  return state.peers.has(guest) && agreesOn(conversation, state.self.device.id, guest) <= admitted
}

/** The contact's device that a mailbox, link or carry file belongs to; undefined for an invite's mailbox that nobody has used. */
export function senderOf(state: NodeState, source: Source): DeviceId | undefined {
  if (source.kind !== 'mailbox') return state.peers.has(source.device) ? source.device : undefined
  return writerOf(state, source.mailbox)
}

/** The contact's device that an own mailbox is for: the one that got it, or that came in through its invite. */
export function writerOf(state: NodeState, mailbox: MailboxId): DeviceId | undefined {
  const [device] = state.directory.inboxes.get(mailbox) ?? []
  if (device !== undefined) return device
  const conversation = invitedThrough(state, mailbox)
  // Whoever answers a request to be let in speaks through the door until this account is seen to be a member.
  const isAtDoor = bothOf(conversation?.group?.door).some(({ keys }) => keys.mailbox === mailbox)
  const host = isAtDoor ? conversation?.group?.asked?.host : undefined
  const guest = conversation?.invite?.status === 'used' ? conversation.invite.guest : host
  return guest !== undefined && state.peers.has(guest) ? guest : undefined
}

/** The conversation whose invite a mailbox serves, or served, or whose door it is. */
export const invitedThrough = (state: NodeState, mailbox: MailboxId): Conversation | undefined => {
  const [id] = state.directory.invites.get(mailbox) ?? []
  return id === undefined ? undefined : state.conversations.get(id)
}

/** Everybody who has the link can write to an invite's mailbox, so nothing counts there that does not prove its author by itself. */
export const isInviteMailbox = (state: NodeState, source: Source): boolean =>
  source.kind === 'mailbox' && invitedThrough(state, source.mailbox) !== undefined

/** Where a conversation's entries go: whoever has answered an invite speaks through that invite's mailbox until it is let in. */
export const outboxFor = (conversation: Conversation, peer: Peer): MailboxGrant | undefined =>
  conversation.phase === 'joining' ? conversation.invitation?.grant : peer.outbox

/** All mailboxes that this device writes to. */
export const outboxesOf = (state: NodeState): readonly MailboxGrant[] => {
  const joining = [...state.conversations.awake.values()].flatMap((conversation) => answeredAt(conversation) ?? [])
  const grants = [...[...state.peers.looks()].flatMap(({ outbox }) => outbox ?? []), ...joining]
  return [...new Map(grants.map((grant) => [grant.mailbox, grant])).values()]
}
