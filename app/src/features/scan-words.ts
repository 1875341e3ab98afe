// What is said where a code is scanned. Loaded with that, and no part of words.ts.

import { createWords } from './language/catalogue.ts'

export const scanWords = createWords('scan')
