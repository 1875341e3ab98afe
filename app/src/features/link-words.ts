// What is said where a link is sent, or given to Kith. Loaded with that, and no part of words.ts.

import { createWords } from './language/catalogue.ts'

export const inviteWords = createWords('invite')
export const pasteWords = createWords('paste')
