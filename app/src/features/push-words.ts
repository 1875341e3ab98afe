// What is said about notifications while Kith is closed, in the settings. What the service worker says: sw/notice-words.ts.

import { createWords } from './language/catalogue.ts'

export const pushWords = createWords('push')
