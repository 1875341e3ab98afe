// What is said about messages with a date. Loaded with them.

import { createWords } from './language/catalogue.ts'

export const scheduledWords = createWords('scheduled')
