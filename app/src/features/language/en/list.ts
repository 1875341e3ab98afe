// English: what is said about the chats of the list: their menu, what the list shows of them, and starred messages. Loaded with that, and no part of words.ts.

import type { Plural } from '../../plural.ts'

export const list = {
  actions: 'What to do with this chat',
  pin: 'Pin to the top',
  unpin: 'Unpin',
  mute: 'Mute',
  unmute: 'Unmute',
  markUnread: 'Mark as unread',
  markRead: 'Mark as read',
  archive: 'Archive',
  unarchive: 'Move back to the list',
  pinned: 'Pinned',
  muted: 'Muted',
  mentions: 'Only when you’re mentioned',
  meant: 'You’re mentioned',
  played: { voice: 'Voice message ({time})', video: 'Video ({time})' },
  undo: 'Undo',
  archived: 'Archived. A new message brings it back.',
  archivedMuted: 'Archived. It stays there, since it’s muted.',
  filters: {
    label: 'Show',
    all: 'All',
    unread: 'Unread',
    archived: 'Archived',
    starred: 'Starred',
    starredLabel: 'Starred messages',
  },
  unreadChats: { one: 'Unread, {count} chat', other: 'Unread, {count} chats' } satisfies Plural,
  none: {
    all: 'All of your chats are in the archive.',
    unread: 'Nothing unread.',
    archived: 'Nothing in the archive. Archive a chat in its menu to keep it out of the way until someone writes.',
  },
  stars: {
    none: 'No starred messages yet. Star one in its menu to find it here.',
    failed: 'Your starred messages can’t be read right now.',
    again: 'Try again',
    more: 'Show older stars',
    by: '{name}:',
  },
} as const
