// What is said where names are given. A part of words.ts.

export const nameWords = {
  question: 'What should {name} call you?',
  questionNobody: 'What should they call you?',
  note: 'Only the people you talk to can see it. You can change it at any time.',
  field: 'Your name',
  tooLong: 'This name is too long. Shorten it a little.',
} as const
