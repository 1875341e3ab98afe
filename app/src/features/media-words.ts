// What is said about photos and files. Loaded with them, and no part of words.ts for that.

import { createWords } from './language/catalogue.ts'

export const mediaWords = createWords('media')
