// What bytes are, by what they begin with, and how large a picture of them would be. A browser is given only what is such a picture, of the size that
// the message says: so neither an active format nor a picture that fills the memory when it is unpacked gets that far (docs/protocol.md §5.15).

import type { Photo } from '../wire/attachment.ts'

type PictureKind = 'jpeg' | 'png' | 'webp'
type Picture = { readonly kind: PictureKind; readonly width: number; readonly height: number }

/** Whether these bytes, all of them, are the picture that the message says. */
export function isPictureOf({ width, height }: Photo, bytes: Uint8Array): boolean {
  const picture = pictureIn(bytes)
  return picture !== undefined && picture.width === width && picture.height === height
}

/** Undefined for whatever is no still picture of a kind that is shown. */
export function pictureIn(bytes: Uint8Array): Picture | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    return jpegIn(view) ?? pngIn(view) ?? webpIn(view)
  } catch (error) {
    // It ends before its own header does.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const START_OF_SCAN = 0xda

// Segments from the first on, up to the frame header. Those that hold no length stand only between the ones that do.
function jpegIn(view: DataView): Picture | undefined {
  if (view.getUint16(0) !== 0xffd8) return undefined
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === START_OF_SCAN) return undefined
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return { kind: 'jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    const length = view.getUint16(at + 2)
    if (length < 2) return undefined
    at += 2 + length
  }
}

const ascii = (view: DataView, at: number): string =>
  String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))

// A chunk for animation may come later, and then the browser shows its first pictures as they come: they have the same size.
function pngIn(view: DataView): Picture | undefined {
  if (view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a || ascii(view, 12) !== 'IHDR') return undefined
  return { kind: 'png', width: view.getUint32(16), height: view.getUint32(20) }
}

function webpIn(view: DataView): Picture | undefined {
  if (ascii(view, 0) !== 'RIFF' || ascii(view, 8) !== 'WEBP') return undefined
  const uint24 = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536
  switch (ascii(view, 12)) {
    case 'VP8 ':
      return { kind: 'webp', width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
    case 'VP8L': {
      const bits = view.getUint32(21, true)
      return { kind: 'webp', width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
    }
    default:
      return ascii(view, 12) === 'VP8X' ? { kind: 'webp', width: uint24(24) + 1, height: uint24(27) + 1 } : undefined
  }
}
