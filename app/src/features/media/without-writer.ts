// What a recorder writes into the head of a WebM file about itself is overwritten: a voice message says nothing but what was spoken.

/** In EBML: the name of what wrote the file, of what put it together, when, and a title. */
const TELLING = [
  [0x4d, 0x80],
  [0x57, 0x41],
  [0x44, 0x61],
  [0x7b, 0xa9],
] as const
/** The head ends before. */
export const HEAD_BYTES = 512
const LONGEST = 64

/** The same bytes with these left empty. */
export function withoutWriter(first: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(first)
  for (let at = 0; at + 3 < Math.min(HEAD_BYTES, bytes.length); at += 1) {
    const isTelling = TELLING.some(([high, low]) => bytes[at] === high && bytes[at + 1] === low)
    // Such a name is short, so its length is one byte with the highest bit set.
    const length = (bytes[at + 2] ?? 0) - 0x80
    if (isTelling && length > 0 && length <= LONGEST && at + 3 + length <= bytes.length) bytes.fill(0, at + 3, at + 3 + length)
  }
  return bytes
}

export const isWebm = ([first, second]: Uint8Array): boolean => first === 0x1a && second === 0x45
