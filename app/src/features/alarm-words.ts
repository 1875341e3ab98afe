// What is said where a proof shows that somebody else may have a person's key. Loaded with that, and no part of words.ts.

import { createWords } from './language/catalogue.ts'

export const alarmWords = createWords('alarm')
