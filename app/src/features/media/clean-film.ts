// What a camera writes into an MP4 or QuickTime film beside picture and sound (place, time, device) is overwritten where it stands, with nothing moved:
// so no film is ever whole in memory. https://developer.apple.com/documentation/quicktime-file-format

import { FILM_BOXES_MAX, FILM_HEADER_BYTES_MAX } from './limits.ts'

/** A part of a film: its type, where it begins, where its content does, and its end. */
type Box = { readonly type: string; readonly at: number; readonly content: number; readonly end: number }

const KEPT_OUTSIDE = new Set(['ftyp', 'styp', 'mdat', 'moof', 'sidx', 'mfra', 'wide', 'pdin'])
/** Of each of these all else goes. */
const KEPT_INSIDE: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['moov', new Set(['mvhd', 'trak', 'mvex'])],
  ['trak', new Set(['tkhd', 'edts', 'mdia', 'tref', 'tapt'])],
  ['mdia', new Set(['mdhd', 'hdlr', 'minf'])],
  ['minf', new Set(['vmhd', 'smhd', 'gmhd', 'hdlr', 'dinf', 'stbl'])],
])

/** `isWhole`: false where something else was recorded beside picture and sound, whose bytes lie among theirs and stay. */
export type CleanedFilm = { readonly blob: Blob; readonly isWhole: boolean }

/** What is found on the way: of the track that is looked at, and of all. */
type Found = { isForeign: boolean; isWhole: boolean }

/** The film without it; undefined where it is no such film. */
export async function cleanFilm(film: Blob): Promise<CleanedFilm | undefined> {
  const boxes = await outerBoxes(film)
  if (boxes?.[0]?.type !== 'ftyp' || !boxes.some(({ type }) => type === 'moov')) return undefined
  const parts: Blob[] = []
  const found: Found = { isForeign: false, isWhole: true }
  for (const box of boxes) {
    const whole = film.slice(box.at, box.end)
    if (KEPT_OUTSIDE.has(box.type)) parts.push(whole)
    else if (whole.size > FILM_HEADER_BYTES_MAX) return undefined
    else {
      const bytes = new Uint8Array(await whole.arrayBuffer())
      const inner = { ...box, at: 0, content: box.content - box.at, end: bytes.length }
      if (box.type === 'moov') {
        if (!cleanInside(bytes, inner, found)) return undefined
      } else blank(bytes, inner)
      parts.push(new Blob([bytes]))
    }
  }
  return { blob: new Blob(parts, { type: film.type }), isWhole: found.isWhole }
}

async function outerBoxes(film: Blob): Promise<readonly Box[] | undefined> {
  const boxes: Box[] = []
  for (let at = 0; at < film.size;) {
    const head = new DataView(await film.slice(at, at + 16).arrayBuffer())
    const box = boxAt(head, { from: 0, to: film.size - at })
    if (box === undefined || boxes.length === FILM_BOXES_MAX) return undefined
    boxes.push({ type: box.type, at, content: at + box.content, end: at + box.end })
    at += box.end
  }
  return boxes
}

/** `from`: where it begins; `to`: where whatever it lies in ends. */
function boxAt(view: DataView, { from, to }: { readonly from: number; readonly to: number }): Box | undefined {
  if (view.byteLength < from + 8 || from + 8 > to) return undefined
  const type = String.fromCharCode(...[4, 5, 6, 7].map((at) => view.getUint8(from + at)))
  const short = view.getUint32(from)
  const isLong = short === 1
  if (isLong && view.byteLength < from + 16) return undefined
  const size = isLong ? Number(view.getBigUint64(from + 8)) : short === 0 ? to - from : short
  const content = from + (isLong ? 16 : 8)
  return size >= content - from && from + size <= to ? { type, at: from, content, end: from + size } : undefined
}

/** False where it is none of what it should be. A track that is neither picture nor sound goes, with all that says where its bytes are. */
function cleanInside(bytes: Uint8Array, box: Box, found: Found): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kept = KEPT_INSIDE.get(box.type)
  if (kept === undefined) return cleanLeaf(view, box, found)
  for (let at = box.content; at < box.end;) {
    const inner = boxAt(view, { from: at, to: box.end })
    // Four zeros may stand at the end of a list.
    if (inner === undefined) return box.end - at === 4 && view.getUint32(at) === 0
    found.isForeign &&= inner.type !== 'trak'
    if (!kept.has(inner.type)) blank(bytes, inner)
    else if (!cleanInside(bytes, inner, found)) return false
    if (inner.type === 'trak' && found.isForeign) {
      blank(bytes, inner)
      found.isWhole = false
    }
    at = inner.end
  }
  return true
}

const HANDLERS = ['vide', 'soun', 'alis', 'url ']

function cleanLeaf(view: DataView, { type, content, end }: Box, found: Found): boolean {
  switch (type) {
    case 'mvhd':
    case 'tkhd':
    case 'mdhd': {
      // When it was made and changed, behind the version and three flags.
      const length = view.getUint8(content) === 1 ? 16 : 8
      if (content + 4 + length > end) return false
      zero(view, content + 4, content + 4 + length)
      return true
    }
    case 'hdlr': {
      if (content + 24 > end) return false
      const handler = String.fromCharCode(...[8, 9, 10, 11].map((at) => view.getUint8(content + at)))
      // Who made it, and its name.
      zero(view, content + 12, end)
      found.isForeign ||= !HANDLERS.includes(handler)
      return true
    }
    default:
      return true
  }
}

function zero(view: DataView, from: number, to: number): void {
  new Uint8Array(view.buffer, view.byteOffset + from, to - from).fill(0)
}

/** As long as it was, and of a type that everybody passes over. */
function blank(bytes: Uint8Array, { at, content, end }: Box): void {
  bytes.set([0x66, 0x72, 0x65, 0x65], at + 4)
  bytes.fill(0, content, end)
}
