// Door of the page's language.

export { LANGUAGES, directionOf, isWrittenAs } from './languages.ts'
export type { Language } from './languages.ts'
export { beginToSpeak } from './speak.ts'
export type { Chosen } from './speak.ts'
export { spoken, wanted } from './spoken.ts'
export { useLanguage } from './useLanguage.ts'
