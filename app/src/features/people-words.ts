// What is said where names are given, and before a chat is removed. A part of words.ts.

export const nameWords = {
  question: 'What should {name} call you?',
  questionNobody: 'What should they call you?',
  note: 'Only the people you talk to can see it. You can change it at any time.',
  field: 'Your name',
  tooLong: 'This name is too long. Shorten it a little.',
} as const

export const removeWords = {
  title: 'Remove this chat?',
  lead: 'Erases the chat with {name} and everything in it from this device. {name} keeps what they have and isn’t told. This can’t be undone.',
  leadNobody: 'Erases this chat and everything in it from this device. A link that is still open is cancelled. This can’t be undone.',
  keep: 'Keep the chat',
  act: 'Remove the chat',
} as const
