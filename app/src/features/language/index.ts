// Door of choosing the page's language. What it is now: ../spoken.ts.

export { beginToSpeak } from './speak.ts'
export type { Chosen } from './speak.ts'
export { useLanguage } from './useLanguage.ts'
