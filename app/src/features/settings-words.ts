// What is said in the settings, and of the keys. Loaded with them, and no part of words.ts but for what the first screens say of them.

import { createWords } from './language/catalogue.ts'

export const settingsWords = createWords('settings')
export const keysWords = createWords('keys')
