import { describe, expect, it } from 'vitest'
import { blockWords } from './block-words.ts'
import { carryWords } from './carry-words.ts'
import { inviteWords, pasteWords } from './link-words.ts'
import { messageWords } from './message-words.ts'
import { pushWords } from './push-words.ts'
import { requestWords } from './request-words.ts'
import { keysWords, settingsWords } from './settings-words.ts'
import { countWords, fill, words } from './words.ts'

const texts = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
}

const later = [blockWords, carryWords, inviteWords, keysWords, pasteWords, pushWords, requestWords, settingsWords]

describe('words', () => {
  it('fill their places and leave unknown ones to be seen', () => {
    expect(fill('{name} at {time}', { name: 'Ana' })).toBe('Ana at {time}')
  })

  it('put a name in as it is, even when it looks like a place', () => {
    expect(fill('{name} at {time}', { name: '{time}', time: 'noon' })).toBe('{time} at noon')
  })

  it('count', () => {
    expect(countWords(words.toast.wentOut, 1)).toBe('Back online. 1 message went out.')
    expect(countWords(words.toast.wentOut, 3)).toBe('Back online. 3 messages went out.')
  })

  it('keep to the language of the product: no jargon, no exclamation, no blame', () => {
    for (const text of texts([words, messageWords, ...later]))
      expect(text).not.toMatch(/!|\boops\b|\bplease\b|\bpeer\b|\bnode\b|\bsync|\bsession\b|\bdecrypt|\bpayload\b|\breservation\b/i)
  })
})
