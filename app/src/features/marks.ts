// A text that is being written, without the letters that say who is mentioned in it (mentions/marks.ts), or any other that nobody sees and no message
// keeps: what stands in a field, and what is put into one.

export const withoutMarks = (text: string): string => text.replace(/[\u0000-\u0008\u000e-\u001b]/gu, '')
