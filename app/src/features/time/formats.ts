// The formatters for times and numbers, made for the reader's locale and time zone, and made anew when one of them changes: people travel
// with the page open. Reading `formats` inside a computed value makes it follow.

import { shallowReadonly, shallowRef, watch } from 'vue'
import { isWrittenAs } from '../languages.ts'
import type { Language } from '../languages.ts'
import { spoken } from '../spoken.ts'
import { usableLocale } from './locale.ts'

const CLOCK = { timeStyle: 'short' } as const

/** Days and months are in the language of the sentences around them: as the reader's own country writes it, or else ours with the reader's digits. */
const toDateLocale = (locale: string, language: Language): string => {
  if (isWrittenAs(locale, language)) return locale
  return `${language === 'en' ? 'en-GB' : language}-u-nu-${new Intl.NumberFormat(locale).resolvedOptions().numberingSystem}`
}

const createFormats = (locale: string, language: Language) => {
  const dates = toDateLocale(locale, language)
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(dates, options)
  const { hourCycle } = new Intl.DateTimeFormat(locale, CLOCK).resolvedOptions()
  return {
    locale,
    language,
    /** The locale of dates and numbers. */
    dates,
    zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    clock: date({ ...CLOCK, hourCycle }),
    weekday: date({ weekday: 'short' }),
    longDay: date({ weekday: 'long', day: 'numeric', month: 'long' }),
    longYear: date({ day: 'numeric', month: 'long', year: 'numeric' }),
    shortDay: date({ day: 'numeric', month: 'short' }),
    plainDay: date({ day: 'numeric', month: 'long' }),
    number: new Intl.NumberFormat(dates),
    plural: new Intl.PluralRules(language),
  }
}

const made = shallowRef(createFormats(usableLocale(spoken.value), spoken.value))
export const formats = shallowReadonly(made)

/** Cheap enough for every tick of the clock. */
export const renewFormats = (locale: string = usableLocale(spoken.value), language: Language = spoken.value): void => {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  if (locale !== made.value.locale || language !== made.value.language || zone !== made.value.zone)
    made.value = createFormats(locale, language)
}

watch(spoken, () => renewFormats(), { flush: 'sync' })
