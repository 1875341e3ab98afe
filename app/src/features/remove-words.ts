// What is said before a chat is removed. Loaded with that, and no part of words.ts.

import { createWords } from './language/catalogue.ts'

export const removeWords = createWords('remove')
