// The languages that Kith speaks, and which of them somebody reads.

import type { Settings } from '@kith/protocol'

export type Language = Exclude<Settings['language'], 'system'>

export const LANGUAGES = ['en', 'de', 'es', 'ar', 'zh-Hans'] as const satisfies readonly Language[]

/** The forms that each has for numbers. */
export type Categories = {
  readonly en: 'one' | 'other'
  readonly de: 'one' | 'other'
  readonly es: 'one' | 'many' | 'other'
  readonly ar: 'zero' | 'one' | 'two' | 'few' | 'many' | 'other'
  readonly 'zh-Hans': 'other'
}

export const directionOf = (language: Language): 'ltr' | 'rtl' => (language === 'ar' ? 'rtl' : 'ltr')

/** Language and script, which say whether two tags name what the same people read. Undefined for what is no tag. */
const writingOf = (tag: string): string | undefined => {
  try {
    const { language, script } = new Intl.Locale(tag).maximize()
    return `${language}-${script ?? ''}`
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

export const isWrittenAs = (tag: string, language: Language): boolean => writingOf(tag) === writingOf(language)

/** The first that the reader names and that Kith speaks. */
export const languageFor = (wanted: readonly string[] = globalThis.navigator?.languages ?? []): Language =>
  wanted.flatMap((tag) => LANGUAGES.find((language) => isWrittenAs(tag, language)) ?? [])[0] ?? 'en'
