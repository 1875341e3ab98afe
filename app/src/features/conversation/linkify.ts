// Finds addresses in a text. Only http and https become links, and only when the browser itself reads them as such.

export type Piece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'link'; readonly text: string; readonly href: string }

export const LINKS_PER_MESSAGE_MAX = 50
const ADDRESS = /\bhttps?:\/\/[^\s<>"'`\u2066-\u2069\u202A-\u202E]+/giu
const TRAILING = /[.,;:!?…]+$/u

/** Brackets that the sentence closes and the address did not open stay outside of it. */
const trimEnd = (found: string): string => {
  let address = found.replace(TRAILING, '')
  for (const [open, close] of [['(', ')'], ['[', ']'], ['{', '}']] as const) {
    while (address.endsWith(close) && address.split(close).length > address.split(open).length) address = address.slice(0, -1).replace(TRAILING, '')
  }
  return address
}

const toSafeAddress = (text: string): string | undefined => {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  // A name before the host is how an address pretends to lead elsewhere.
  const plain = (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === ''
  return plain ? url.href : undefined
}

export const toPieces = (text: string): readonly Piece[] => {
  const pieces: Piece[] = []
  let done = 0
  let links = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimEnd(match[0])
    const href = links < LINKS_PER_MESSAGE_MAX ? toSafeAddress(address) : undefined
    if (href === undefined) continue
    if (match.index > done) pieces.push({ kind: 'text', text: text.slice(done, match.index) })
    pieces.push({ kind: 'link', text: address, href })
    done = match.index + address.length
    links += 1
  }
  if (done < text.length || pieces.length === 0) pieces.push({ kind: 'text', text: text.slice(done) })
  return pieces
}
