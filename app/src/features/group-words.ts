// What is said where groups are made and looked after. Loaded with that, and no part of words.ts.

import { createWords } from './language/catalogue.ts'

export const groupWords = createWords('group')
