// Door of polls, checklists and notes. All of it comes after the first messages.

export { useLivingParts } from './lazy.ts'
