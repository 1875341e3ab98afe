// What is shown of a text that was found: all of it, or a part around the first place that has what was asked for, and which letters those are.

import { fold } from './fold.ts'
import { EXCERPT_LENGTH_MAX, EXCERPT_MARKS_MAX } from './limits.ts'
import { piecesIn } from './query.ts'
import type { Query } from './query.ts'

/** `marks`: beginning and end of what was asked for, in UTF-16 letters of `text`, in order, apart from each other. */
export type Excerpt = { readonly text: string; readonly marks: readonly (readonly [from: number, to: number])[] }

/** Letters of an excerpt before its first mark. */
const BEFORE_LENGTH = 60
const NEXT_WORD = /[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}|\p{Regional_Indicator}{2}/gu

export function excerptOf(query: Query, text: string): Excerpt {
  const all = marksIn(query, text)
  if (text.length <= EXCERPT_LENGTH_MAX) return { text, marks: all }
  const start = cutAt(text, Math.max(0, (all[0]?.[0] ?? 0) - BEFORE_LENGTH))
  const end = cutAt(text, Math.min(text.length, start + EXCERPT_LENGTH_MAX))
  const marks = all.flatMap(([from, to]) => (from >= start && from < end ? [[from - start, Math.min(to, end) - start] as const] : []))
  return { text: text.slice(start, end), marks }
}

// Not within a pair of surrogates.
const cutAt = (text: string, at: number): number => (/[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at)

function marksIn(query: Query, text: string): Excerpt['marks'] {
  const marks: (readonly [number, number])[] = []
  for (const { 0: word, index } of text.matchAll(NEXT_WORD)) {
    if (marks.length >= EXCERPT_MARKS_MAX) break
    const folded = foldedWithPlaces(word)
    for (const [from, to] of piecesIn(query, folded.text)) marks.push([index + folded.from(from), index + folded.to(to)])
  }
  return marks.slice(0, EXCERPT_MARKS_MAX)
}

/** A word folded, and where its letters were: exactly where each letter folds alone, else the whole word. */
function foldedWithPlaces(word: string) {
  const letters = Array.from(word)
  const parts = letters.map(fold)
  const text = fold(word)
  if (parts.join('') !== text) return { text, from: () => 0, to: () => word.length }
  const starts: number[] = []
  const ends: number[] = []
  let at = 0
  for (const [i, letter] of letters.entries()) {
    for (let n = 0; n < (parts[i] ?? '').length; n++) {
      starts.push(at)
      ends.push(at + letter.length)
    }
    at += letter.length
    // What folds to nothing belongs to the letter before it.
    if (parts[i] === '' && ends.length > 0) ends[ends.length - 1] = at
  }
  return { text, from: (of: number) => starts[of] ?? 0, to: (of: number) => ends[of - 1] ?? word.length }
}
