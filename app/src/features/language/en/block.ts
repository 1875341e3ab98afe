// English: what is said about blocking, and about erasing the history of a chat. Loaded with that, and no part of words.ts.

import type { Plural } from '../../plural.ts'

export const block = {
  block: 'Block {name}',
  blockNobody: 'Block this person',
  blockNote: 'Nothing they write to you alone arrives any more',
  unblock: 'Unblock {name}',
  unblockNobody: 'Unblock this person',
  unblockShort: 'Unblock',
  unblockNote: 'They can write to you again',
  title: 'Block {name}?',
  titleNobody: 'Block this person?',
  lead: 'Nothing {name} writes to you alone arrives any more, and what {name} sends is refused at the relay. They aren’t told, and don’t see whether you’re here.',
  leadNobody:
    'Nothing they write to you alone arrives any more, and what they send is refused at the relay. They aren’t told, and don’t see whether you’re here.',
  groups: 'In groups you share, what they write stays part of the conversation, folded. You can unblock them at any time in the settings.',
  keep: 'Don’t block',
  act: 'Block',
  unblocked: 'Unblocked. What they wrote meanwhile may still arrive.',
  tooMany: 'You’ve blocked as many people as this device can remember. Unblock someone first.',
  note: 'You blocked {name}. Nothing arrives from them here, and you can’t write.',
  noteNobody: 'You blocked this person. Nothing arrives from them here, and you can’t write.',
  tag: 'Blocked',
  folded: {
    one: 'Message from someone you blocked',
    other: '{count} messages from someone you blocked',
  } satisfies Plural,
  show: 'Show',
  hide: 'Hide again',
  people: 'Blocked people',
  peopleNote: 'Who can’t write to you',
  nobody: 'You haven’t blocked anyone.',
  listNote: 'They aren’t told when you unblock them.',
  clear: 'Delete the history',
  clearNote: 'Erases every message here and keeps the chat',
  clearTitle: 'Delete the history of this chat?',
  clearLead:
    'Erases every message, photo and file of this chat from this device. {name} keeps theirs and isn’t told. The chat stays, so you can both go on writing. This can’t be undone.',
  clearLeadNobody:
    'Erases every message, photo and file of this chat from this device. The others keep theirs and aren’t told. The chat stays. This can’t be undone.',
  clearKeep: 'Keep the history',
  clearAct: 'Delete the history',
  clearing: 'Erasing',
  cleared: 'The history is gone from this device.',
} as const
