// The terms under which a text is found: its words, and for scripts that are written without spaces each two letters that stand together. They depend on
// the text alone and on no dictionary, so what one version of a browser wrote, another one finds (docs/decisions/0037-search.md).

import { fold } from './fold.ts'
import { TERM_LENGTH_MAX, TERMS_PER_LINE_MAX } from './limits.ts'

/** `word`: between spaces, of scripts that have them. `run`: letters of scripts without spaces, one after the other. */
export type Piece = { readonly kind: 'word' | 'run'; readonly text: string }

const WORDS = /[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}|\p{Regional_Indicator}{2}/gu
const UNSPACED =
  '\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Hang}\\p{sc=Bopo}\\p{sc=Yiii}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}\\p{sc=Tibt}\u30fc'
const HAS_RUN = new RegExp(`[${UNSPACED}]`, 'u')
const RUNS = new RegExp(`([${UNSPACED}]+)|[^${UNSPACED}]+`, 'gu')

/** Of a text that is folded already, in order. */
export function piecesOf(folded: string): readonly Piece[] {
  const words = folded.match(WORDS) ?? []
  if (!HAS_RUN.test(folded)) return words.map((text) => ({ kind: 'word', text }))
  return words.flatMap((word) =>
    Array.from(word.matchAll(RUNS), ([text, run]): Piece => ({ kind: run === undefined ? 'word' : 'run', text })),
  )
}

/** The terms of a text as it was written, each once; of the endless ones the first. */
export function termsOf(text: string): ReadonlySet<string> {
  const terms = new Set<string>()
  for (const piece of piecesOf(fold(text))) {
    for (const term of piece.kind === 'word' ? [cutTerm(piece.text)] : [...pairsIn(piece.text), lastIn(piece.text)]) {
      if (terms.size >= TERMS_PER_LINE_MAX) return terms
      terms.add(term)
    }
  }
  return terms
}

/** Each two letters that stand together. Single letters are the beginnings of these; the last one of a run is a term of its own. */
export function pairsIn(run: string): readonly string[] {
  const letters = Array.from(run)
  return letters.slice(1).map((letter, at) => `${letters[at]}${letter}`)
}

const lastIn = (run: string): string => Array.from(run).at(-1) ?? ''

export function cutTerm(word: string): string {
  if (word.length <= TERM_LENGTH_MAX) return word
  const isWithin = /[\ud800-\udbff]/.test(word.charAt(TERM_LENGTH_MAX - 1))
  return word.slice(0, isWithin ? TERM_LENGTH_MAX - 1 : TERM_LENGTH_MAX)
}
