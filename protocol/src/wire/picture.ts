// What counts as a picture of a person (docs/protocol.md §5.18): a square JPEG or WebP of few bytes, read from its bytes alone, before anything draws it. Only
// what a picture needs may be in it: no comments, colour profiles or other metadata, nothing behind its end, no animation. So it is one thing and no other,
// tells nothing beside itself, and says how large it is where that can be compared.

import { PICTURE_BYTES_MAX, PICTURE_SIDE_MAX } from './face-limits.ts'

export type PictureType = 'image/jpeg' | 'image/webp'

/** `not-a-picture`: of no type that is shown, or with something in it that does not belong there. `wrong-size`: not a square, or too large a one. */
export type PictureRefusal = 'too-large' | 'not-a-picture' | 'wrong-size'

type ParsedPicture =
  | { readonly kind: 'picture'; readonly type: PictureType; readonly side: number }
  | { readonly kind: 'refused'; readonly reason: PictureRefusal }

export function parsePicture(bytes: Uint8Array): ParsedPicture {
  if (bytes.length > PICTURE_BYTES_MAX) return refused('too-large')
  const webp = sidesOfWebp(bytes)
  const sides = webp ?? sidesOfJpeg(bytes)
  if (sides === undefined) return refused('not-a-picture')
  const { width, height } = sides
  if (width !== height || width === 0 || width > PICTURE_SIDE_MAX) return refused('wrong-size')
  return { kind: 'picture', type: webp === undefined ? 'image/jpeg' : 'image/webp', side: width }
}

const refused = (reason: PictureRefusal): ParsedPicture => ({ kind: 'refused', reason })

type Sides = { readonly width: number; readonly height: number }

const isAt = (bytes: Uint8Array, at: number, letters: string): boolean =>
  Array.from(letters).every((letter, index) => bytes[at + index] === letter.charCodeAt(0))

const WEBP_HEADER_BYTES = 30

// RFC 9649: a RIFF file of one chunk, the frame of a lossy image, whose lengths are those of the bytes.
function sidesOfWebp(bytes: Uint8Array): Sides | undefined {
  if (bytes.length < WEBP_HEADER_BYTES || !isAt(bytes, 0, 'RIFF') || !isAt(bytes, 8, 'WEBPVP8 ')) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const chunk = view.getUint32(16, true)
  const end = 20 + chunk + (chunk % 2)
  if (view.getUint32(4, true) !== bytes.length - 8 || end !== bytes.length || (chunk % 2 === 1 && bytes.at(-1) !== 0)) return undefined
  // A key frame that is shown, and what begins one.
  const frame = view.getUint8(20)
  if ((frame & 1) !== 0 || (frame & 16) === 0 || view.getUint8(23) !== 0x9d || view.getUint16(24, true) !== 0x2a01) return undefined
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
}

const MARKER = { start: 0xd8, end: 0xd9, tables: [0xdb, 0xc4, 0xdd], baseline: 0xc0, progressive: 0xc2, scan: 0xda, jfif: 0xe0 } as const
const JFIF_BYTES = 16

// ITU-T T.81: one segment after the other up to the first scan. A thumbnail within the JFIF segment would be a second picture.
function sidesOfJpeg(bytes: Uint8Array): Sides | undefined {
  const end = bytes.length - 2
  if (bytes[0] !== 0xff || bytes[1] !== MARKER.start || bytes[end] !== 0xff || bytes[end + 1] !== MARKER.end) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let sides: Sides | undefined
  for (let at = 2; at + 4 <= end; at += 2 + view.getUint16(at + 2)) {
    const [marker, length] = [view.getUint8(at + 1), view.getUint16(at + 2)]
    if (view.getUint8(at) !== 0xff || length < 2 || at + 2 + length > end) return undefined
    if (marker === MARKER.scan) return sides !== undefined && isScan(bytes, { from: at + 2 + length, end }) ? sides : undefined
    if (marker === MARKER.baseline || marker === MARKER.progressive) {
      if (sides !== undefined || length < 11) return undefined
      sides = { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    } else if (marker === MARKER.jfif) {
      if (at !== 2 || length !== JFIF_BYTES) return undefined
    } else if (!(MARKER.tables as readonly number[]).includes(marker)) return undefined
  }
  return undefined
}

// Of what may stand between scans nothing says something: restarts, tables, and further scans of a progressive image.
function isScan(bytes: Uint8Array, { from, end }: { readonly from: number; readonly end: number }): boolean {
  for (let at = from; at < end; at += 1) {
    if (bytes[at] !== 0xff) continue
    const marker = bytes[at + 1] ?? 0
    const isFill = marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd7)
    if (isFill || marker === MARKER.scan || (MARKER.tables as readonly number[]).includes(marker)) continue
    return false
  }
  return true
}
