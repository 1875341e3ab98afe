import { expect, it } from 'vitest'
import { toSnippet } from './snippet.ts'

const shown = (text: string, ...marks: readonly (readonly [number, number])[]) =>
  toSnippet({ text, marks })
    .map((piece) => (piece.isMarked ? `[${piece.text}]` : piece.text))
    .join('')

it('marks what was asked for', () => {
  expect(shown('the ferry at seven, ferry!', [4, 9], [20, 25])).toBe('the [ferry] at seven, [ferry]!')
  expect(shown('nothing asked')).toBe('nothing asked')
})

it('begins near the first match, at a word, and says that something went before', () => {
  const text = `${'word '.repeat(40)}ferry`
  expect(shown(text, [200, 205])).toBe(`… ${'word '.repeat(6)}[ferry]`)
})

it('cuts no letter in two', () => {
  const text = `${'😀'.repeat(40)}x`
  expect(shown(text, [80, 81])).toMatch(/^… (?:😀)+\[x\]$/u)
})

it('is one line, and no text turns what stands beside it around', () => {
  expect(shown('a\n\n\u202Eb\u2066 c', [4, 5])).toBe('a [b] c')
  expect(shown(`a${'\u0301'.repeat(500)}b`)).toHaveLength(10)
})
