// A text that was found, as pieces of one line: what was asked for is marked, and stands near the beginning. Hostile letters do nothing here.

import type { SearchHit } from '@kith/protocol'
import { MARKS_KEPT } from '../limits.ts'
import { LEAD_LENGTH } from './limits.ts'

export type SnippetPiece = { readonly text: string; readonly isMarked: boolean }

const MARK_FLOOD = new RegExp(`(\\p{M}{${MARKS_KEPT}})\\p{M}+`, 'gu')
const toPlain = (text: string): string =>
  text
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '')
    .replace(MARK_FLOOD, '$1')
    .replace(/\s+/gu, ' ')

/** Where the text begins, so that its first match is in view: behind a space where there is one, and never within a letter. */
const startFor = (text: string, first: number): number => {
  if (first <= LEAD_LENGTH) return 0
  const from = first - LEAD_LENGTH
  const space = text.slice(from, first).search(/\s/u)
  const at = space < 0 ? from : from + space + 1
  return /[\uDC00-\uDFFF]/u.test(text.charAt(at)) ? at - 1 : at
}

export const toSnippet = ({ text, marks }: Pick<SearchHit, 'text' | 'marks'>): readonly SnippetPiece[] => {
  const start = startFor(text, marks[0]?.[0] ?? 0)
  const pieces: SnippetPiece[] = start > 0 ? [{ text: '… ', isMarked: false }] : []
  let at = start
  for (const [from, to] of marks) {
    pieces.push({ text: toPlain(text.slice(at, from)), isMarked: false }, { text: toPlain(text.slice(from, to)), isMarked: true })
    at = to
  }
  pieces.push({ text: toPlain(text.slice(at)), isMarked: false })
  return pieces.filter((piece) => piece.text !== '')
}

/** Of the text what was asked for, each once. */
export const markedIn = ({ text, marks }: Pick<SearchHit, 'text' | 'marks'>): readonly string[] => [
  ...new Set(marks.map(([from, to]) => text.slice(from, to))),
]
