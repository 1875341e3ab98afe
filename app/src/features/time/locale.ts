// The reader's locale: the first that the browser names and that is one, if there is one in the language that is spoken. Some systems name "C", which none of Intl's constructors accepts.

import { isWrittenAs } from '../languages.ts'
import type { Language } from '../languages.ts'

const LAST_RESORT = 'en'

const isUsable = (tag: unknown): tag is string => {
  try {
    return typeof tag === 'string' && Intl.getCanonicalLocales(tag).length === 1
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

type Reader = { readonly language: string; readonly languages?: readonly string[] }

export const usableLocale = (language: Language, reader: Reader | undefined = globalThis.navigator): string => {
  const usable = [reader?.language, ...(reader?.languages ?? [])].filter(isUsable)
  return usable.find((tag) => isWrittenAs(tag, language)) ?? usable[0] ?? LAST_RESORT
}
