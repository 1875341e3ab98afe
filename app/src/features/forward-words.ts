// What is said where messages are chosen and sent on. Loaded with that, and no part of words.ts.

import { createWords } from './language/catalogue.ts'

export const forwardWords = createWords('forward')
