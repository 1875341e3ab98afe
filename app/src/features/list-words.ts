// What is said about the chats of the list: their menu, what the list shows of them, and starred messages. Loaded with that, and no part of words.ts.

import { createWords } from './language/catalogue.ts'

export const listWords = createWords('list')
