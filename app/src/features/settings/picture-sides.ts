// How large a picture says it is, and of which type it is, from its first bytes: looked at before anything unpacks it, since a small file can name sides that
// fill the memory of the device. JPEG, PNG and WebP; whatever the file is called, and whatever type it comes with, counts for nothing.

type PictureSides = { readonly type: 'image/jpeg' | 'image/png' | 'image/webp'; readonly width: number; readonly height: number }

const has = (bytes: Uint8Array, at: number, letters: string): boolean =>
  Array.from(letters).every((letter, index) => bytes[at + index] === letter.charCodeAt(0))

/** Undefined for whatever is none of the three. `bytes`: the beginning of a file. */
export function sidesOf(bytes: Uint8Array): PictureSides | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (bytes.length < 30) return undefined
  if (has(bytes, 0, '\u0089PNG\r\n\u001a\n') && has(bytes, 12, 'IHDR'))
    return { type: 'image/png', width: view.getUint32(16), height: view.getUint32(20) }
  if (has(bytes, 0, 'RIFF') && has(bytes, 8, 'WEBP')) return webpSides(bytes, view)
  return bytes[0] === 0xff && bytes[1] === 0xd8 ? jpegSides(bytes, view) : undefined
}

function webpSides(bytes: Uint8Array, view: DataView): PictureSides | undefined {
  const sides = (width: number, height: number): PictureSides => ({ type: 'image/webp', width, height })
  if (has(bytes, 12, 'VP8 ')) return sides(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff)
  if (has(bytes, 12, 'VP8L')) {
    const packed = view.getUint32(21, true)
    return sides((packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1)
  }
  if (!has(bytes, 12, 'VP8X')) return undefined
  return sides((view.getUint32(24, true) & 0xff_ffff) + 1, (view.getUint32(26, true) >>> 8) + 1)
}

// The frame stands behind what a camera wrote in front of it.
function jpegSides(bytes: Uint8Array, view: DataView): PictureSides | undefined {
  for (let at = 2; at + 9 <= bytes.length; at += 2 + view.getUint16(at + 2)) {
    const marker = bytes[at + 1] ?? 0
    if (bytes[at] !== 0xff || view.getUint16(at + 2) < 2) return undefined
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { type: 'image/jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
  }
  return undefined
}
