// What is said about carrying a chat by file. Loaded with that, and no part of words.ts.

import { createWords } from './language/catalogue.ts'

export const carryWords = createWords('carry')
