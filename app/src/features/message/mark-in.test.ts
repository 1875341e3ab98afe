// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { FOUND_MARKS_MAX } from '../limits.ts'
import { rangesIn } from './mark-in.ts'

const placesIn = (text: string, ...parts: readonly string[]) =>
  rangesIn(document.createTextNode(text), parts).map(({ startOffset, endOffset }) => [startOffset, endOffset])

it('marks each place of each part, and nothing where nothing was asked for', () => {
  expect(placesIn('a ferry, the ferry', 'ferry', 'the')).toEqual([
    [2, 7],
    [13, 18],
    [9, 12],
  ])
  expect(placesIn('a ferry', '')).toEqual([])
})

it('marks no more than can be told apart', () => {
  expect(placesIn('x'.repeat(1_000), 'x')).toHaveLength(FOUND_MARKS_MAX)
})
