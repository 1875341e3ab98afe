// What is said about handles: one's own, and finding somebody by theirs. Loaded with that, and no part of words.ts.

import { createWords } from './language/catalogue.ts'

export const handleWords = createWords('handle')
