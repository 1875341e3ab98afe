// Which of the chats the list shows.

import { shallowRef } from 'vue'
import type { ConversationId, ConversationSummary } from '@kith/protocol'
import { unreadIn } from '../notify/index.ts'

/** `starred`: messages in place of chats. */
export type Filter = 'all' | 'unread' | 'archived' | 'starred'

export const filter = shallowRef<Filter>('all')

type Flags = Pick<ConversationSummary, 'id' | 'unread' | 'isMarkedUnread' | 'isArchived'>

/** `open`: the chat in front, which does not leave the list by being read. */
export const isShownIn = (by: Filter, chat: Flags, open: ConversationId | undefined): boolean => {
  if (by === 'archived') return chat.isArchived === true
  return chat.isArchived !== true && (by !== 'unread' || chat.id === open || unreadIn(chat) > 0)
}
