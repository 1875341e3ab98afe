// Finds addresses in a text. Only http and https become links, and only when the browser itself reads them as such.

import { LINK_LENGTH_MAX, LINKS_PER_MESSAGE_MAX } from '../limits.ts'
import { isDoubtfulHost } from './doubtful-host.ts'

/** Together the texts are what was typed, except where a link's host may look like another one: there the address says its real name. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`\u2066-\u2069\u202A-\u202E]+/giu
const TRAILING = '.,;:!?…'
const OPENS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

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

const toSafeAddress = (text: string): string | undefined => {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  // A name before the host is how an address pretends to lead elsewhere.
  const plain = (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === ''
  return plain ? url.href : undefined
}

/** What stands between the scheme and the path or port, as it was typed. */
const typedHost = (address: string): string => address.slice(address.indexOf('//') + 2).split(/[/\\?#:]/u, 1)[0] ?? ''

export const toPieces = (text: string): readonly Piece[] => {
  const pieces: Piece[] = []
  let done = 0
  let links = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimEnd(match[0])
    const href = links < LINKS_PER_MESSAGE_MAX && address.length <= LINK_LENGTH_MAX ? toSafeAddress(address) : undefined
    if (href === undefined) continue
    if (match.index > done) pieces.push({ kind: 'text', text: text.slice(done, match.index) })
    pieces.push({ kind: 'link', text: isDoubtfulHost(typedHost(address)) ? href : address, href })
    done = match.index + address.length
    links += 1
  }
  if (done < text.length || pieces.length === 0) pieces.push({ kind: 'text', text: text.slice(done) })
  return pieces
}
