// What is said where messages are searched. Loaded with that, and no part of words.ts for that.

import { createWords } from './language/catalogue.ts'

export const searchWords = createWords('search')
