import { describe, expect, it } from 'vitest'
import { usableLocale } from './locale.ts'

describe('the reader’s locale', () => {
  it('is what the browser says', () => {
    expect(usableLocale({ language: 'de-AT', languages: ['de-AT', 'en'] })).toBe('de-AT')
  })

  it.each(['C', 'C.UTF-8', 'en_US', 'POSIX_', ''])('is the next one where the first is none: %j', (language) => {
    expect(usableLocale({ language, languages: [language, 'sl-SI'] })).toBe('sl-SI')
    expect(usableLocale({ language })).toBe('en')
    expect(() => new Intl.DateTimeFormat(usableLocale({ language }))).not.toThrow()
  })
})
