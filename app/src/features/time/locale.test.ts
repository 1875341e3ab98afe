import { expect, test } from 'vitest'
import { usableLocale } from './locale.ts'

test.each([
  [{ languages: ['de-CH', 'en'], language: 'de-CH' }, 'de-CH'],
  [{ languages: ['C', 'fr'], language: 'C' }, 'fr'],
  [{ languages: ['C'], language: 'C' }, 'en'],
  [{ language: 'en_US.UTF-8' }, 'en'],
  [{ language: '' }, 'en'],
  [{}, 'en'],
])('of %o, %s is one that formatters take', (browser, locale) => {
  expect(usableLocale(browser)).toBe(locale)
  expect(() => new Intl.DateTimeFormat(locale)).not.toThrow()
})
