import { describe, expect, it } from 'vitest'
import { usableLocale } from './locale.ts'

describe('the reader’s locale', () => {
  it('is what the browser says', () => {
    expect(usableLocale('de', { language: 'de-AT', languages: ['de-AT', 'en'] })).toBe('de-AT')
  })

  it('is the one in the language that is spoken, where there is one', () => {
    const reader = { language: 'en-US', languages: ['en-US', 'ar-EG', 'zh-TW'] }
    expect(usableLocale('ar', reader)).toBe('ar-EG')
    expect(usableLocale('de', reader)).toBe('en-US')
    expect(usableLocale('zh-Hans', reader), 'the other script is another way of writing').toBe('en-US')
  })

  it.each(['C', 'C.UTF-8', 'en_US', 'POSIX_', ''])('is the next one where the first is none: %j', (language) => {
    expect(usableLocale('en', { language, languages: [language, 'sl-SI'] })).toBe('sl-SI')
    expect(usableLocale('en', { language })).toBe('en')
    expect(() => new Intl.DateTimeFormat(usableLocale('en', { language }))).not.toThrow()
  })
})
