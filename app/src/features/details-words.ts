// What is said in a chat's details. Loaded with them, and no part of words.ts for that.

import { createWords } from './language/catalogue.ts'

export const detailsWords = createWords('details')
