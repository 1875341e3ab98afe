// What is said about one message and what can be done with it. Loaded with that, and no part of words.ts for that.

import { createWords } from './language/catalogue.ts'

export const messageWords = createWords('message')
