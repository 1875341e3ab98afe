// What is said about polls, checklists and notes. Loaded with them.

import { createWords } from './language/catalogue.ts'

export const livingWords = createWords('living')
