// What is said about how a chat is connected, and about the relay behind it. A part of words.ts, fetched with the screens that say it.

import { createWords } from './language/catalogue.ts'

export const routeWords = createWords('route')
