// Finding links in what people paste or open: mail programs wrap and quote them, other apps encode them, put parameters behind `#` or a full stop at
// the end, and keyboards change hyphens. The token's alphabet and its own length say what belongs to it; all else is passed over.

import { LINK_ENCODED_TIMES_MAX, LINK_MARKS_MAX, LINK_ORIGIN_LENGTH_MAX, LINK_TEXT_LENGTH_MAX } from '../limits.ts'

export type FoundLink = {
  /** Scheme, host and port in front of it, in lower case; empty where there is none. */
  readonly origin: string
  /** Up to `length` letters of the token, as far as there are any. */
  readonly token: (length: number) => string
}

/** `#i/`, also as other apps encode it. */
const MARK = /(?:#|＃|%(?:25)*23|=23|&#(?:35|x23);)i(?:\/|%(?:25)*2[Ff]|=2[Ff]|&#(?:47|x2[Ff]);)/gu
/** What may stand inside a token and is not part of it: soft line breaks of mails, line ends with the marks of a quotation, invisible characters, a backslash of Markdown. */
const BREAK = /^(?:=?[ \t]*(?:\r\n|\n|\r|\u2028|\u2029)[ \t]*(?:[>|][ \t]*)*|\p{Cf}|\\(?=[_-]))/u
const LETTER = /^[A-Za-z0-9_-]/
/** What encoders and keyboards make of the two signs of the alphabet. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/^%(?:25)*2[Dd]/, '-'],
  [/^%(?:25)*5[Ff]/, '_'],
  [/^=2[Dd]/, '-'],
  [/^=5[Ff]/, '_'],
  [/^[\u2010\u2011\u2012\u2013\u2212]/u, '-'],
  [/^\u2014/u, '--'],
  [/^\uff3f/u, '_'],
]
const ORIGIN = /https?:\/\/(?:[^\s/?#@]*@)?((?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[1-9][0-9]{0,4})?)(?=[/?#]|$)/gi

/** The links in a text, in order: LINK_MARKS_MAX at most, within the first LINK_TEXT_LENGTH_MAX characters. */
export function findLinks(input: string): readonly FoundLink[] {
  const text = input.slice(0, LINK_TEXT_LENGTH_MAX)
  return [...text.matchAll(MARK)].slice(0, LINK_MARKS_MAX).map(({ index, 0: mark }) => ({
    origin: originBefore(text.slice(Math.max(0, index - LINK_ORIGIN_LENGTH_MAX), index)),
    token: (length) => readToken(text, index + mark.length, length),
  }))
}

function readToken(text: string, from: number, length: number): string {
  let token = ''
  for (let at = from; token.length < length && at < text.length;) {
    const rest = text.slice(at, at + 64)
    const skipped = BREAK.exec(rest)?.[0].length ?? 0
    const sign = SIGNS.find(([pattern]) => pattern.test(rest))
    const letter = LETTER.exec(rest)?.[0] ?? sign?.[1]
    if (skipped === 0 && letter === undefined) break
    if (skipped === 0) token += letter ?? ''
    at += skipped > 0 ? skipped : (sign?.[0].exec(rest)?.[0].length ?? 1)
  }
  return token.slice(0, length)
}

// The last address before the mark that leads up to it without a gap.
function originBefore(before: string): string {
  const plain = decoded(before.replaceAll(/=?(?:\r\n|\n|\r)[ \t]*(?:[>|][ \t]*)*|\p{Cf}/gu, ''))
  const found = [...plain.matchAll(ORIGIN)].at(-1)
  if (found === undefined || /[\s<>"']/u.test(plain.slice(found.index + found[0].length))) return ''
  const [scheme] = found[0].split('//')
  return `${scheme}//${found[1]}`.toLowerCase()
}

function decoded(text: string): string {
  let plain = text
  for (let times = 0; times < LINK_ENCODED_TIMES_MAX; times += 1)
    plain = plain.replaceAll(/%([2-7][0-9A-Fa-f])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return plain
}
