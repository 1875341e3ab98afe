// The same picture in fewer bytes: what a browser draws comes packed in haste, and rows of flat colour pack best as they are. PNG, 8 bits a channel.

import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE_BYTES = 8
/** Colour types of PNG, and their channels. */
const CHANNELS: Readonly<Record<number, number>> = { 2: 3, 6: 4 }

export function repack(png: Buffer): Buffer {
  const chunks = chunksOf(png)
  const header = chunks.find(({ type }) => type === 'IHDR')?.data
  if (header === undefined) throw new Error('not a PNG')
  const channels = CHANNELS[header.readUInt8(9)]
  if (channels === undefined) throw new Error('a PNG of another kind')
  const packed = Buffer.concat(chunks.flatMap(({ type, data }) => (type === 'IDAT' ? [data] : [])))
  const rows = unfilter(inflateSync(packed), { rowBytes: header.readUInt32BE(0) * channels, channels })
  const data = deflateSync(rows, { level: 9, memLevel: 9 })
  return Buffer.concat([png.subarray(0, SIGNATURE_BYTES), toChunk('IHDR', header), toChunk('IDAT', data), toChunk('IEND', Buffer.alloc(0))])
}

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
