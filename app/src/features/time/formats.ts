// The formatters for times and numbers, made for the reader's locale and time zone, and made anew when one of them changes: people travel
// with the page open. Reading `formats` inside a computed value makes it follow.

import { shallowReadonly, shallowRef } from 'vue'
import { usableLocale } from './locale.ts'

/** Sentences are in English, so days and months are too. */
const WORDS_IN = 'en-GB'

/** English as the reader's own country writes it; otherwise ours, with the reader's digits. */
const toDateLocale = (locale: string): string => {
  if (new Intl.Locale(locale).language === 'en') return locale
  return `${WORDS_IN}-u-nu-${new Intl.NumberFormat(locale).resolvedOptions().numberingSystem}`
}

const createFormats = (locale: string) => {
  const dates = toDateLocale(locale)
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(dates, options)
  return {
    locale,
    zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    clock: new Intl.DateTimeFormat(locale, { timeStyle: 'short' }),
    weekday: date({ weekday: 'short' }),
    longDay: date({ weekday: 'long', day: 'numeric', month: 'long' }),
    longYear: date({ day: 'numeric', month: 'long', year: 'numeric' }),
    shortDay: date({ day: 'numeric', month: 'short' }),
    plainDay: date({ day: 'numeric', month: 'long' }),
    number: new Intl.NumberFormat(locale),
  }
}

const made = shallowRef(createFormats(usableLocale()))
export const formats = shallowReadonly(made)

/** Cheap enough for every tick of the clock. */
export const renewFormats = (locale: string = usableLocale()): void => {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  if (locale !== made.value.locale || zone !== made.value.zone) made.value = createFormats(locale)
}
