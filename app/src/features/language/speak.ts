// The language of the page. Its words come in two pieces: those of the first screens, before which nothing is drawn, and all others, for which the
// parts of the page wait that come later.

import { untilLoaded, waitBeforeParts } from '../../ui/lazy-part.ts'
import { kept } from '../storage/index.ts'
import { showWords } from './catalogue.ts'
import type { Catalogue, FirstOf, LaterOf } from './catalogue.ts'
import { LANGUAGES, directionOf, languageFor } from '../languages.ts'
import type { Language } from '../languages.ts'
import { spoken, wanted } from '../spoken.ts'

type Pieces<L extends Language> = {
  /** English comes with the page. */
  readonly first: () => Promise<L extends 'en' ? Catalogue : { readonly first: FirstOf<L> }>
  readonly later: () => Promise<L extends 'en' ? Catalogue : LaterOf<L>>
}

const PIECES: { readonly [L in Language]: Pieces<L> } = {
  en: { first: () => Promise.resolve({}), later: () => import('./en/later.ts') },
  de: { first: () => import('./de/first.ts'), later: () => import('./de/later.ts') },
  es: { first: () => import('./es/first.ts'), later: () => import('./es/later.ts') },
  ar: { first: () => import('./ar/first.ts'), later: () => import('./ar/later.ts') },
  'zh-Hans': { first: () => import('./zh-Hans/first.ts'), later: () => import('./zh-Hans/later.ts') },
}

export type Chosen = Language | 'system'
const KEY = 'kith.language'

const toLanguage = (chosen: string | null): Language => LANGUAGES.find((language) => language === chosen) ?? languageFor()

const show = (language: Language, words: Catalogue): void => {
  showWords(words)
  spoken.value = language
  document.documentElement.lang = language
  document.documentElement.dir = directionOf(language)
}

const bringAll = async (language: Language): Promise<void> => {
  const { first, later } = PIECES[language]
  const [one, other] = await Promise.all([untilLoaded<Catalogue>(first), untilLoaded<Catalogue>(later)])
  if (wanted.value === language) show(language, { ...one, ...other })
}

/** For as long as the language that is wanted is out of reach. */
const bringEnglish = async (): Promise<void> => {
  const later = await untilLoaded<Catalogue>(PIECES.en.later)
  if (spoken.value !== wanted.value) showWords(later)
}

/** Resolves when the page is in this language as a whole; the one before stays until then. */
export const speak = async (language: Language): Promise<void> => {
  wanted.value = language
  if (language !== spoken.value) await bringAll(language)
}

/**
 * Resolves when the first screens can be drawn in the language that was chosen last, or else the reader's own. Where its words are out of
 * reach that is English, until they come.
 */
export const beginToSpeak = async (language: Language = toLanguage(kept.getItem(KEY))): Promise<void> => {
  wanted.value = language
  const { first } = PIECES[language]
  let whole: Promise<void> | undefined
  try {
    show(language, await first())
  } catch {
    void bringAll(language)
    return waitBeforeParts(() => (whole ??= bringEnglish()))
  }
  waitBeforeParts(() => (whole ??= bringAll(language)))
}

/** Remembered beside the engine's settings, so that the next start begins with it. */
export const choose = (chosen: Chosen): Promise<void> => {
  kept.setItem(KEY, chosen)
  return speak(toLanguage(chosen))
}
