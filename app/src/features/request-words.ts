// What is said where somebody from a group asks to talk, on either side. Loaded with that, and no part of words.ts.

import { createWords } from './language/catalogue.ts'

export const requestWords = createWords('request')
