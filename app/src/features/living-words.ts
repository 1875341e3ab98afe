// What is said about polls, checklists and notes. Loaded with them.

import { createWords } from './language/catalogue.ts'

const english = {
  file: 'Photo or file',
  new: { poll: 'Poll', checklist: 'Checklist', note: 'Note' },
  title: { poll: 'Question', checklist: 'Title', note: 'Title' },
  option: 'Option {count}',
  several: 'Let people choose several',
  send: 'Send',
  closed: 'Closed',
  votes: { one: '{count} vote', other: '{count} votes' },
  done: '{count} of {all} done',
  details: 'Details',
  add: 'Add an item',
  rename: 'Rename {name}',
  remove: 'Remove {name}',
  edit: 'Edit',
  save: 'Save',
  close: 'Close poll',
  closeSure: 'Close it for good',
  changes: 'Who changed what',
  unchanged: 'No changes yet.',
  leaveOut: 'Leave out',
  takeIn: 'Put back',
  leftOut: 'Changes by {name} are left out for you. The others still see them.',
  did: {
    voted: 'Voted',
    closed: 'Closed the poll',
    added: 'Added',
    renamed: 'Renamed',
    ticked: 'Ticked',
    unticked: 'Unticked',
    removed: 'Removed',
    wrote: 'Wrote',
    late: 'Voted after the poll was closed. Doesn’t count.',
  },
  refused: {
    empty: 'Write a title first. A poll also needs two options.',
    over: 'This poll is closed, so nothing was changed.',
    full: 'You’ve changed this as often as one person can. The others still can.',
  },
} as const

export type LivingEnglish = typeof english
export const livingWords = createWords('living', english)
