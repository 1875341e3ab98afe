// What is said about one's own devices and linking them. A part of words.ts, fetched with the screens that say it.

import { createWords } from './language/catalogue.ts'

export const deviceWords = createWords('device')
