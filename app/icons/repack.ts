// The same picture in fewer bytes: what a browser draws comes packed in haste, and has far more shades along its edges than anybody sees. A PNG with a
// palette, which has every flat colour as it is.

import { crc32, deflateSync, inflateSync } from 'node:zlib'

/** How many colours a picture keeps. With 64, no shade of an edge is farther than 10 of 255 from what was drawn. */
const COLOURS_MAX = 64
/** The flat colours: those of most pixels. */
const FLAT_COLOURS = 4
const SIGNATURE_BYTES = 8
/** Colour types of PNG, and their channels. */
const CHANNELS: Readonly<Record<number, number>> = { 2: 3, 6: 4 }
const WITH_PALETTE = 3

/** Red, green, blue and opacity, each a byte. */
type Colour = number

export function repack(png: Buffer): Buffer {
  const chunks = chunksOf(png)
  const header = chunks.find(({ type }) => type === 'IHDR')?.data
  if (header === undefined) throw new Error('not a PNG')
  const channels = CHANNELS[header.readUInt8(9)]
  if (channels === undefined) throw new Error('a PNG of another kind')
  const width = header.readUInt32BE(0)
  const packed = Buffer.concat(chunks.flatMap(({ type, data }) => (type === 'IDAT' ? [data] : [])))
  const colours = coloursOf(unfilter(inflateSync(packed), { rowBytes: width * channels, channels }), { width, channels })
  const palette = paletteOf(colours)
  const indexed = Buffer.from(header)
  indexed.writeUInt8(WITH_PALETTE, 9)
  return Buffer.concat([
    png.subarray(0, SIGNATURE_BYTES),
    toChunk('IHDR', indexed),
    toChunk('PLTE', Buffer.from(palette.flatMap((colour) => channelsOf(colour).slice(0, 3)))),
    ...(palette.every((colour) => opacityOf(colour) === 0xff) ? [] : [toChunk('tRNS', Buffer.from(palette.map(opacityOf)))]),
    toChunk('IDAT', deflateSync(toRows(colours, { width, palette }), { level: 9, memLevel: 9 })),
    toChunk('IEND', Buffer.alloc(0)),
  ])
}

/** The flat colours first, then again and again the shade that is farthest from all of them. */
function paletteOf(colours: readonly Colour[]): readonly Colour[] {
  const counts = new Map<Colour, number>()
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const all = [...counts].toSorted(([, a], [, b]) => b - a).map(([colour]) => colour)
  const palette = all.slice(0, FLAT_COLOURS)
  const left = new Map(all.map((colour) => [colour, Math.min(...palette.map((kept) => distance(colour, kept)))]))
  while (palette.length < Math.min(COLOURS_MAX, all.length)) {
    const [farthest] = [...left].reduce((a, b) => (b[1] > a[1] ? b : a))
    palette.push(farthest)
    for (const [colour, nearest] of left) left.set(colour, Math.min(nearest, distance(colour, farthest)))
  }
  return palette
}

function toRows(colours: readonly Colour[], { width, palette }: { readonly width: number; readonly palette: readonly Colour[] }): Buffer {
  const nearest = new Map(
    Array.from(new Set(colours), (colour) => {
      const kept = palette.reduce((a, b) => (distance(colour, b) < distance(colour, a) ? b : a))
      return [colour, palette.indexOf(kept)]
    }),
  )
  const rows = Buffer.alloc((colours.length / width) * (width + 1))
  for (const [at, colour] of colours.entries()) rows[at + Math.floor(at / width) + 1] = nearest.get(colour) ?? 0
  return rows
}

function coloursOf(rows: Buffer, { width, channels }: { readonly width: number; readonly channels: number }): readonly Colour[] {
  const colours: Colour[] = []
  const stride = width * channels + 1
  for (let start = 1; start < rows.length; start += stride)
    for (let at = start; at < start + width * channels; at += channels)
      colours.push(channels === 4 ? rows.readUInt32BE(at) : rows.readUIntBE(at, 3) * 0x1_00 + 0xff)
  return colours
}

/** As they look: what is not opaque counts less, and what is invisible has no colour. */
function distance(one: Colour, other: Colour): number {
  const [a, b] = [one, other].map((colour) =>
    channelsOf(colour).map((value, at) => (at === 3 ? value : (value * opacityOf(colour)) / 0xff)),
  )
  return Math.hypot(...(a ?? []).map((value, at) => value - (b?.[at] ?? 0)))
}

const channelsOf = (colour: Colour): readonly number[] => [24, 16, 8, 0].map((bits) => (colour >>> bits) & 0xff)

const opacityOf = (colour: Colour): number => colour & 0xff

function chunksOf(png: Buffer): readonly { readonly type: string; readonly data: Buffer }[] {
  const chunks: { type: string; data: Buffer }[] = []
  for (let at = SIGNATURE_BYTES; at < png.length;) {
    const length = png.readUInt32BE(at)
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) })
    at += 12 + length
  }
  return chunks
}

/** Every row with filter 0: its pixels as they are. */
function unfilter(filtered: Buffer, { rowBytes, channels }: { readonly rowBytes: number; readonly channels: number }): Buffer {
  const rows = Buffer.alloc(filtered.length)
  const stride = rowBytes + 1
  for (let start = 0; start < filtered.length; start += stride) {
    const filter = filtered.readUInt8(start)
    for (let x = 0; x < rowBytes; x++) {
      const at = start + 1 + x
      const left = x < channels ? 0 : rows.readUInt8(at - channels)
      const up = start === 0 ? 0 : rows.readUInt8(at - stride)
      const corner = x < channels || start === 0 ? 0 : rows.readUInt8(at - stride - channels)
      const expected = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0
      rows[at] = filtered.readUInt8(at) + expected
    }
  }
  return rows
}

/** Whichever of the three is nearest to what they lead to expect. */
function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [byLeft, byUp, byCorner] = [left, up, corner].map((value) => Math.abs(guess - value)) as [number, number, number]
  if (byLeft <= byUp && byLeft <= byCorner) return left
  return byUp <= byCorner ? up : corner
}

function toChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const chunk = Buffer.alloc(named.length + 8)
  chunk.writeUInt32BE(data.length)
  named.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(named), named.length + 4)
  return chunk
}
