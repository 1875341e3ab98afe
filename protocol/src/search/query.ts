// What somebody looks for: every word of it has to be there. The last one may be the beginning of a word as long as no space follows it; letters of scripts
// without spaces have to stand together as they were typed.

import { fold } from './fold.ts'
import { QUERY_LENGTH_MAX, QUERY_PARTS_MAX, TERM_LENGTH_MAX } from './limits.ts'
import { cutTerm, pairsIn, piecesOf } from './terms.ts'
import type { Piece } from './terms.ts'

/** Terms that are this one, or that begin with it. */
export type Wanted = { readonly kind: 'exact' | 'beginning'; readonly term: string }

type QueryPart = { readonly kind: 'word' | 'beginning' | 'run'; readonly text: string }

export type Query = {
  readonly parts: readonly QueryPart[]
  /** A line that has what is asked for has all of these. */
  readonly wanted: readonly Wanted[]
}

/** Without parts where nothing can be looked for in it. */
export function parseQuery(text: string): Query {
  const folded = fold(text.slice(0, QUERY_LENGTH_MAX))
  const pieces = piecesOf(folded).slice(0, QUERY_PARTS_MAX)
  const parts = pieces.map((piece, at) => partOf(piece, at === pieces.length - 1 && folded.endsWith(piece.text)))
  const wanted = new Map(parts.flatMap(wantedFor).map((one) => [`${one.kind} ${one.term}`, one]))
  return { parts, wanted: [...wanted.values()] }
}

const partOf = ({ kind, text }: Piece, isUnfinished: boolean): QueryPart => ({
  kind: kind === 'word' && isUnfinished ? 'beginning' : kind,
  text,
})

function wantedFor({ kind, text }: QueryPart): readonly Wanted[] {
  if (kind !== 'run') return [{ kind: kind === 'word' || text.length > TERM_LENGTH_MAX ? 'exact' : 'beginning', term: cutTerm(text) }]
  const pairs = pairsIn(text)
  return pairs.length === 0 ? [{ kind: 'beginning', term: text }] : pairs.map((term) => ({ kind: 'exact', term }))
}

/** Whether a text, as it was written, has what is asked for. The index only says where this may be so. */
export function isFoundIn({ parts }: Query, text: string): boolean {
  const folded = fold(text)
  const words = new Set(piecesOf(folded).flatMap((piece) => (piece.kind === 'word' ? [piece.text] : [])))
  return parts.every((part) => {
    if (part.kind === 'run') return folded.includes(part.text)
    return words.has(part.text) || (part.kind === 'beginning' && [...words].some((word) => word.startsWith(part.text)))
  })
}

/** Where a folded word, or a folded run, has what is asked for: beginnings and ends, in order, apart from each other. */
export function piecesIn({ parts }: Query, folded: string): readonly (readonly [from: number, to: number])[] {
  const found: [number, number][] = []
  let at = 0
  for (const { kind, text } of piecesOf(folded)) {
    const start = folded.indexOf(text, at)
    at = start + text.length
    for (const part of parts) {
      if (part.kind === 'run') for (const from of placesOf(part.text, text)) found.push([start + from, start + from + part.text.length])
      else if (kind === 'word' && (text === part.text || (part.kind === 'beginning' && text.startsWith(part.text))))
        found.push([start, start + part.text.length])
    }
  }
  const apart: [number, number][] = []
  for (const [from, to] of found.toSorted((a, b) => a[0] - b[0])) {
    const last = apart.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else apart.push([from, to])
  }
  return apart
}

function placesOf(part: string, text: string): readonly number[] {
  const places: number[] = []
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) places.push(at)
  return places
}
