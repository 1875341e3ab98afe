// English: what is said where messages are searched. Loaded with that, and no part of words.ts for that.

import type { Plural } from '../../plural.ts'

export const search = {
  narrow: 'Filters',
  hint: 'Searches every message on this device, with or without a network.',
  searching: 'Searching',
  chats: 'Chats',
  messages: 'Messages',
  found: { one: '{count} message found', other: '{count} messages found' } satisfies Plural,
  foundMore: 'The newest {count} messages found',
  none: 'Nothing here matches “{text}”. Searched everything on this device.',
  noneFiltered: 'Nothing here matches that. Searched everything on this device.',
  noFilters: 'Search without these filters',
  done: 'Searched everything on this device.',
  reading: 'Older messages are still being indexed, so more may turn up in a moment.',
  readingNone: 'Nothing so far. Older messages are still being indexed.',
  more: 'Show older messages',
  capped: 'These are the newest {count}. Add a word or a filter to find older ones.',
  failed: 'That search didn’t work, but nothing was lost.',
  again: 'Search again',
  by: '{name}:',
  person: 'Person',
  anyone: 'Anyone',
  kind: 'Kind',
  kinds: { any: 'Anything', link: 'With a link', reply: 'Replies' },
  day: 'Date',
  days: { any: 'Any day', today: 'Today', week: 'Past 7 days', month: 'Past 30 days', year: 'Past 12 months', own: 'Choose days' },
  from: 'From',
  to: 'Up to',

  keys: { everything: 'Search everything', inChat: 'Search in this chat; press again for the browser’s search' },

  inChat: {
    field: 'Search in this chat',
    open: 'Search in this chat',
    older: 'Older match',
    newer: 'Newer match',
    close: 'Close the search in this chat',
    of: '{count} of {all}',
    ofMore: '{count} of more than {all}',
    none: 'No match',
    noneSoFar: 'No match so far',
    failed: 'Search failed',
  },
} as const
