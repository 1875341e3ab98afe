// English: what is said before a chat is removed. Loaded with that, and no part of words.ts.

export const remove = {
  title: 'Remove this chat?',
  lead: 'Erases {name} from your contacts, and this chat with every message, photo and file in it, from this device. {name} keeps what they have and isn’t told. What they still write doesn’t arrive. This can’t be undone.',
  leadNobody: 'Erases this chat and everything in it from this device. A link that is still open is cancelled. This can’t be undone.',
  leadGroup:
    'Erases the group and everything in it from this device. You stay a member for the others: leave the group first if you don’t want that. This can’t be undone.',
  leadLeft: 'Erases the group and everything in it from this device. The others keep what they have. This can’t be undone.',
  keep: 'Keep the chat',
  act: 'Remove the chat',
} as const
