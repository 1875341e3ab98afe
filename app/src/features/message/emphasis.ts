// What is emphasized within one line of a message, and what is code in it. Marks count where a word begins or ends, so that `snake_case` and 2*3*4 stay
// as they are; addresses are left whole. One emphasis of each kind is open at a time, so a line is never deeper than there are kinds.

import type { Piece } from './linkify.ts'

/** What is left whole. */
type Link = Exclude<Piece, { kind: 'text' }>
export type Emphasis = 'strong' | 'em' | 'del'

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly piece: Link }
  /** Letters that shape the text and are not shown. */
  | { readonly kind: 'mark'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: Emphasis; readonly children: readonly Inline[] }

/** `links`: in order, with their places. */
export type Line = { readonly text: string; readonly links: readonly { readonly start: number; readonly piece: Link }[] }

type Token =
  | Extract<Inline, { text: string }>
  | { readonly kind: 'edge'; readonly text: string; readonly opens: boolean; readonly closes: boolean }

const EDGES: Readonly<Record<string, Emphasis>> = { '**': 'strong', '*': 'em', _: 'em', '~~': 'del' }
const RUN = /`+|\*+|_+|~+/gu
/** Letters and digits, with which a mark would be part of a word. Scripts that put no spaces between words have no such thing. */
const WORD =
  /(?!\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}|\p{Script=Lao}|\p{Script=Khmer}|\p{Script=Myanmar})[\p{L}\p{N}]/u
const ASCII_WORD = /[0-9A-Za-z]/u
const SPACE = /^\s?$/u

/** The line from there on. */
export const toEmphasized = (line: Line, from: number): readonly Inline[] => {
  const tokens = toTokens(line, from)
  return toTree(tokens, toPairs(tokens), { from: 0, until: tokens.length })
}

const toTokens = ({ text, links }: Line, from: number): readonly Token[] => {
  const tokens: Token[] = []
  const ends = codeEndsIn(text, from)
  let done = from
  let link = 0
  const add = (token: Token): void => {
    tokens.push(token)
    done += token.text.length
  }
  const addTextUntil = (end: number): void => {
    for (let next = links[link]; next !== undefined && next.start < end; next = links[++link]) {
      if (next.start < done) continue
      if (next.start > done) add({ kind: 'text', text: text.slice(done, next.start) })
      add({ kind: 'link', text: next.piece.text, piece: next.piece })
    }
    if (end > done) add({ kind: 'text', text: text.slice(done, end) })
  }
  for (const { 0: run, index } of text.slice(from).matchAll(RUN)) {
    const at = from + index
    const end = ends.get(at)
    if (at < done) continue
    if (end === undefined && !(run in EDGES)) continue
    addTextUntil(at)
    // It stands within an address.
    if (at < done) continue
    if (end === undefined) add({ kind: 'edge', text: run, ...sidesOf(text, at, run.length) })
    else for (const kind of ['mark', 'code', 'mark'] as const) add({ kind, text: kind === 'mark' ? run : text.slice(at + run.length, end) })
  }
  addTextUntil(text.length)
  return tokens
}

/** For each run of backticks that opens code: where the next one of the same length stands. */
const codeEndsIn = (text: string, from: number): ReadonlyMap<number, number> => {
  const runs = [...text.slice(from).matchAll(/`+/gu)].map(({ 0: run, index }) => ({ at: from + index, length: run.length }))
  const nextOf = new Map<number, number>()
  const ends = new Map<number, number>()
  for (const { at, length } of runs.toReversed()) {
    const next = nextOf.get(length)
    if (next !== undefined) ends.set(at, next)
    nextOf.set(length, at)
  }
  return ends
}

const isWord = (letter: string): boolean => (letter < '\u0080' ? ASCII_WORD.test(letter) : WORD.test(letter))

const sidesOf = (text: string, at: number, length: number): { readonly opens: boolean; readonly closes: boolean } => {
  const [before, after] = [letterBefore(text, at), letterAt(text, at + length)]
  if (before === '\\') return { opens: false, closes: false }
  return { opens: !SPACE.test(after) && !isWord(before), closes: !SPACE.test(before) && !isWord(after) }
}
const letterAt = (text: string, at: number): string => (at < text.length ? String.fromCodePoint(text.codePointAt(at) ?? 0) : '')
const letterBefore = (text: string, at: number): string => {
  const unit = text.charCodeAt(at - 1)
  return text.slice(Math.max(0, unit >= 0xdc00 && unit < 0xe000 ? at - 2 : at - 1), at)
}

/** For each token that opens an emphasis: the one that closes it. Of two that could, the later opens. */
const toPairs = (tokens: readonly Token[]): ReadonlyMap<number, number> => {
  const pairs = new Map<number, number>()
  const open: { readonly mark: string; readonly at: number }[] = []
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'edge') continue
    const found = open.findLastIndex(({ mark }) => mark === token.text)
    const opener = open[found]
    if (token.closes && opener !== undefined) {
      pairs.set(opener.at, at)
      open.length = found
    } else if (token.opens) {
      if (opener !== undefined) open.splice(found, 1)
      open.push({ mark: token.text, at })
    }
  }
  return pairs
}

type Range = { readonly from: number; readonly until: number }

const toTree = (tokens: readonly Token[], pairs: ReadonlyMap<number, number>, { from, until }: Range): readonly Inline[] => {
  const inlines: Inline[] = []
  for (let at = from; at < until; at += 1) {
    const token = tokens[at]
    if (token === undefined) break
    const close = pairs.get(at)
    const kind = EDGES[token.text]
    if (token.kind === 'edge' && close !== undefined && kind !== undefined) {
      const mark = { kind: 'mark', text: token.text } as const
      inlines.push(mark, { kind, children: toTree(tokens, pairs, { from: at + 1, until: close }) }, mark)
      at = close
    } else inlines.push(token.kind === 'edge' ? { kind: 'text', text: token.text } : token)
  }
  return inlines
}
