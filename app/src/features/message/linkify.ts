// Finds addresses in a text. Only http and https become links, and only when the browser itself reads them as such.

import type { MentionView } from '@kith/protocol'
import { DOUBTFUL_HOSTS_SHOWN_MAX, HOST_LENGTH_MAX, LINK_LENGTH_MAX, LINKS_PER_MESSAGE_MAX } from '../limits.ts'
import { isDoubtfulHost } from './doubtful-host.ts'

/** Together the texts are what was written, letter for letter. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  /** `realHost`: the host as the network writes it, where the written one may look like another. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string; readonly realHost?: string }
  /** A member of a group. */
  | { readonly kind: 'mention'; readonly text: string; readonly mention: MentionView }

/**
 * Outside ASCII an address is letters, marks and digits, and what joins them in Catalan, Persian and the scripts of India. All else ends it:
 * stops, brackets, quotes, dashes and spaces of every script, invisible spaces, direction characters, emoji.
 */
const ADDRESS = /\bhttps?:\/\/(?:[!#-&'-;=?-[\]_a-z|~]|(?![\0-\x7F])[\p{L}\p{M}\p{N}\u00B7\u200C\u200D])+/giu
const TRAILING = ".,;:!?'|*_~\u00B7"
const OPENS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
/** The end of a host in ASCII, directly before a letter that is none: in a sentence without spaces that letter belongs to the sentence. */
const HOST_THEN_SENTENCE = /^(https?:\/\/(?:[^/?#:]*\.)?[a-z]{2,}(?::\d+)?)(?![\0-\x7F\u00C0-\u024F\u1E00-\u1EFF])\p{L}[^./?#:]*$/iu

const countOf = (text: string, letter: string): number => text.split(letter).length - 1

/** Punctuation of the sentence, and brackets that the address did not open, stay outside of it. */
const trimEnd = (found: string): string => {
  const surplus = new Map(Object.entries(OPENS).map(([close, open]) => [close, countOf(found, close) - countOf(found, open)]))
  let end = found.length
  for (; end > 0; end -= 1) {
    const last = found.charAt(end - 1)
    const left = surplus.get(last) ?? 0
    if (!TRAILING.includes(last) && left <= 0) break
    surplus.set(last, left - 1)
  }
  return found.slice(0, end)
}

const toAddress = (found: string): string => {
  const address = trimEnd(found)
  return HOST_THEN_SENTENCE.exec(address)?.[1] ?? address
}

const toSafeAddress = (text: string): URL | undefined => {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  // A name before the host is how an address pretends to lead elsewhere.
  const plain = (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === ''
  return plain ? url : undefined
}

/** What stands between the scheme and the path or port, as it was written. */
const writtenHost = (address: string): string => /^\w+:\/\/(\[[^\]]*\]|[^/?#:]*)/u.exec(address)?.[1] ?? ''

const toLink = (text: string, { href, hostname }: URL): Piece =>
  isDoubtfulHost(writtenHost(text), hostname) ? { kind: 'link', text, href, realHost: hostname } : { kind: 'link', text, href }

/** No name is longer, so a longer one leads nowhere; its end says whose it would be. */
const cutHost = (host: string): string => (host.length > HOST_LENGTH_MAX ? `…${host.slice(-HOST_LENGTH_MAX)}` : host)

/** Each doubtful host once, and so many that a note stays one. */
export const toDoubtfulHosts = (pieces: readonly Piece[]): readonly string[] =>
  [...new Set(pieces.flatMap((piece) => (piece.kind === 'link' && piece.realHost !== undefined ? [cutHost(piece.realHost)] : [])))].slice(
    0,
    DOUBTFUL_HOSTS_SHOWN_MAX,
  )

/** `linksMax`: so many addresses become links. */
const toWords = (text: string, linksMax: number): readonly Piece[] => {
  const pieces: Piece[] = []
  let done = 0
  let links = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = toAddress(match[0])
    const url = links < linksMax && address.length <= LINK_LENGTH_MAX ? toSafeAddress(address) : undefined
    if (url === undefined) continue
    if (match.index > done) pieces.push({ kind: 'text', text: text.slice(done, match.index) })
    pieces.push(toLink(address, url))
    done = match.index + address.length
    links += 1
  }
  if (done < text.length) pieces.push({ kind: 'text', text: text.slice(done) })
  return pieces
}

/**
 * `mentions`: in order. No address goes into one or begins in one: its words are this person's own name for somebody, which would go to whoever wrote the
 * address.
 */
export const toPieces = (text: string, mentions: readonly MentionView[] = []): readonly Piece[] => {
  const pieces: Piece[] = []
  let done = 0
  const addWords = (end: number): void => {
    const links = pieces.filter(({ kind }) => kind === 'link').length
    pieces.push(...toWords(text.slice(done, end), LINKS_PER_MESSAGE_MAX - links))
  }
  for (const mention of mentions) {
    if (mention.start < done || mention.end > text.length) continue
    addWords(mention.start)
    pieces.push({ kind: 'mention', text: text.slice(mention.start, mention.end), mention })
    done = mention.end
  }
  addWords(text.length)
  return pieces.length === 0 ? [{ kind: 'text', text }] : pieces
}
