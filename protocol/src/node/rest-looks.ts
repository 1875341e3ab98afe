// What is asked of all chats and contacts, whether they rest or not.

import { toHex } from '../bytes/bytes.ts'
import { isShown, otherOf } from '../conversation/state.ts'
import { bothOf } from './mailboxes/both.ts'
import type { AccountId, DeviceId, MailboxId } from '../bytes/ids.ts'
import type { Conversation, Peer, RestingChat, RestingContact } from './state.ts'

/** Hex digits that tell one link from another. */
const TOKEN_DIGITS = 16

export const tokenMark = (token: Uint8Array): string => toHex(token).slice(0, TOKEN_DIGITS)

export const isResting = (chat: Conversation | RestingChat): chat is RestingChat => !('log' in chat)

export const devicesIn = (chat: Conversation | RestingChat): readonly DeviceId[] =>
  isResting(chat) ? chat.devices : [...chat.log.feeds.keys()]

/** Whether entries of this device are here. */
export const hasSigned = (chat: Conversation | RestingChat, device: DeviceId): boolean =>
  isResting(chat) ? chat.signed.includes(device) : (chat.log.feeds.get(device)?.tips.length ?? 0) > 0

/** All mailboxes of a conversation itself: its invite's, or the door of a group and those that its links lead to. */
export const ownMailboxesOf = (chat: Conversation | RestingChat | undefined): readonly MailboxId[] => {
  if (chat === undefined) return []
  if (isResting(chat)) return chat.invite === undefined ? [] : [chat.invite.mailbox]
  const inboxes = chat.group === undefined ? [chat.invite?.inbox] : [chat.group.door, ...chat.group.desks]
  return inboxes.flatMap(bothOf).map(({ keys }) => keys.mailbox)
}

/** Whether this link may have led to a chat: certain for one that is awake. */
export const mayComeFrom = (chat: Conversation | RestingChat, token: Uint8Array): boolean => {
  const mark = isResting(chat) ? chat.token : chat.invitation && tokenMark(chat.invitation.token)
  return mark === tokenMark(token)
}

export const otherIn = (chat: Conversation | RestingChat): AccountId | undefined => (isResting(chat) ? chat.other : otherOf(chat.view))

/** Whether what an account says in a chat is shown. */
export const isShownIn = (chat: Conversation | RestingChat, self: AccountId, account: AccountId): boolean =>
  isResting(chat) ? account === self || account === chat.other : isShown(chat.view, account)

export const isPaired = (peer: Peer | RestingContact): boolean => ('isPaired' in peer ? peer.isPaired : peer.pairing !== undefined)

/** Whether there is anything here that cannot be read. */
export const hasUnreadable = (chat: Conversation | RestingChat): boolean =>
  isResting(chat) ? chat.hasUnreadable : [...chat.view.feeds.values()].some(({ unreadable }) => unreadable.length > 0)
