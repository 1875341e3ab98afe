import { describe, expect, it } from 'vitest'
import { EMOJI_LENGTH_MAX, EMOJI_MAX } from '../limits.ts'
import { FOLD_LENGTH, FOLD_LINES, isEmojiOnly, isLong, isMixed } from './text.ts'

describe('a text of nothing but emoji', () => {
  it('is one to three of them, however they are composed', () => {
    for (const text of ['👍', '👍🎉', '👩‍👩‍👧 🇸🇮 👍🏽']) expect(isEmojiOnly(text)).toBe(true)
  })

  it('is neither four, nor digits, nor letters, nor empty', () => {
    for (const text of ['👍👍👍👍', '1', '#', 'a👍', '', ' ']) expect(isEmojiOnly(text)).toBe(false)
  })

  it('has so many and so much of them, and no more', () => {
    expect(isEmojiOnly('👍'.repeat(EMOJI_MAX))).toBe(true)
    expect(isEmojiOnly('👍'.repeat(EMOJI_MAX + 1))).toBe(false)
    expect(isEmojiOnly('👍'.padEnd(EMOJI_LENGTH_MAX))).toBe(true)
    expect(isEmojiOnly('👍'.padEnd(EMOJI_LENGTH_MAX + 1))).toBe(false)
  })
})

describe('a long text', () => {
  it('is long by its letters', () => {
    expect(isLong('x'.repeat(FOLD_LENGTH))).toBe(false)
    expect(isLong('x'.repeat(FOLD_LENGTH + 1))).toBe(true)
  })

  it('is long by its lines', () => {
    expect(isLong('\n'.repeat(FOLD_LINES - 1))).toBe(false)
    expect(isLong('\n'.repeat(FOLD_LINES))).toBe(true)
  })
})

describe('a text in both directions', () => {
  it('is one of several paragraphs with letters of both', () => {
    for (const text of ['שלום\nHello.', 'Hello\nمرحبا', '1.\nпривет שלום']) expect(isMixed(text)).toBe(true)
  })

  it('is neither one paragraph, nor one direction with digits and emoji', () => {
    for (const text of ['שלום Hello', 'a\nb', 'שלום\n123 👍', '1\n2', '見る\n한국', '']) expect(isMixed(text)).toBe(false)
  })
})
