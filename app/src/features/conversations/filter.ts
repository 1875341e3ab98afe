// Which of the chats the list shows.

import { shallowRef } from 'vue'
import type { ConversationId, ConversationSummary } from '@kith/protocol'

/** `starred`: messages in place of chats. */
export type Filter = 'all' | 'unread' | 'archived' | 'starred'

export const filter = shallowRef<Filter>('all')

type Flags = Pick<ConversationSummary, 'unread' | 'isMarkedUnread' | 'isMuted' | 'isArchived'>

/** What a chat counts for: what is new in it, or that it was marked. */
export const unreadIn = ({ unread, isMarkedUnread }: Flags): number => unread || Number(isMarkedUnread === true)

/** The same where it is to call for attention. */
export const callsFor = (chat: Flags): number => (chat.isMuted === true || chat.isArchived === true ? 0 : unreadIn(chat))

/** `open`: the chat in front, which does not leave the list by being read. */
export const isShownIn = (by: Filter, chat: Flags & Pick<ConversationSummary, 'id'>, open: ConversationId | undefined): boolean => {
  if (by === 'archived') return chat.isArchived === true
  return chat.isArchived !== true && (by !== 'unread' || chat.id === open || unreadIn(chat) > 0)
}
