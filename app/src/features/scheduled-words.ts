// What is said about messages with a date. Loaded with them.

import { createWords } from './language/catalogue.ts'

const english = {
  later: 'Send later…',
  title: 'Send later',
  change: 'Change time',
  text: 'Message',
  place: 'What to send',
  choices: 'When to send it',
  evening: 'This evening',
  morning: 'Tomorrow morning',
  pick: 'Pick a date and time',
  when: 'Date and time',
  schedule: 'Schedule',
  how: 'It goes out then, even if this device is off. Until then, nobody else can read it.',
  at: { today: 'today at {time}', tomorrow: 'tomorrow at {time}', day: '{day} at {time}' },
  line: { one: '{count} message goes out {time}', other: '{count} messages go out, the next {time}' },
  list: 'Scheduled messages',
  open: 'Show scheduled messages',
  none: 'Nothing is scheduled in this chat.',
  goes: 'Goes out {time}',
  left: 'Goes out by itself, even if this device is off.',
  here: 'The relay doesn’t have it yet. It’s kept here, and this device has to be online then.',
  now: 'Send now',
  delete: 'Delete',
  deleted: 'Deleted. Nobody else has read it.',
  undo: 'Undo',
  refused: {
    empty: 'Write a message first.',
    past: 'That time has passed. Pick a later one.',
    'too-far': 'That’s more than a year away. Pick an earlier date.',
    full: 'As many messages as can wait in one chat already do. Send or delete one first.',
    closed: 'There’s nobody in this chat whom it could reach.',
    'unknown-message': 'It has gone out already.',
  },
} as const

export type ScheduledEnglish = typeof english
export const scheduledWords = createWords('scheduled', english)
