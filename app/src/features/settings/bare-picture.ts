// A picture that the browser has drawn, without what it may write beside it (a colour profile, a density): others take nothing but the picture itself.

const ASCII = new TextDecoder('latin1')

/** Of a JPEG the segments that draw something, of a WebP the one chunk that does; anything else as it is. */
export const toBare = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return bareJpeg(bytes)
  return ASCII.decode(bytes.subarray(12, 16)) === 'VP8X' ? bareWebp(bytes) : bytes
}

const SCAN = 0xda
const isLeftOut = (marker: number): boolean => (marker > 0xe0 && marker <= 0xef) || marker === 0xfe

function bareJpeg(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const kept = [bytes.subarray(0, 2)]
  let at = 2
  while (at + 4 <= bytes.length && bytes[at + 1] !== SCAN) {
    const end = at + 2 + view.getUint16(at + 2)
    if (!isLeftOut(bytes[at + 1] ?? 0)) kept.push(bytes.subarray(at, end))
    at = end
  }
  return joined([...kept, bytes.subarray(at)])
}

// A file of chunks: of those the frame alone becomes a file of its own.
function bareWebp(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4, true)
    const end = at + 8 + length + (length % 2)
    if (ASCII.decode(bytes.subarray(at, at + 4)) === 'VP8 ') {
      const file = joined([bytes.subarray(0, 12), bytes.subarray(at, end)])
      new DataView(file.buffer).setUint32(4, file.length - 8, true)
      return file
    }
    at = end
  }
  return bytes
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
