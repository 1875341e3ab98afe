// What is said about blocking, and about erasing the history of a chat. Loaded with that, and no part of words.ts.

import { createWords } from './language/catalogue.ts'

export const blockWords = createWords('block')
