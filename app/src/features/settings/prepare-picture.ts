// A picture of oneself as it is sent: the square in the middle, drawn anew by the browser, so that nothing of what a camera wrote beside it is left, and made
// smaller until it is as few bytes as others take.

import { PICTURE_PIXELS_MAX, PICTURE_READ_BYTES_MAX, PICTURE_SENT_BYTES_MAX } from '../limits.ts'
import { toBare } from './bare-picture.ts'
import { sidesOf } from './picture-sides.ts'

/** `not-drawn`: it begins as a picture does, and this browser cannot draw it. */
export type PictureFault = 'not-a-picture' | 'too-large' | 'not-drawn'

/** In front of the frame of a JPEG stands what a camera wrote, at most this many bytes of it. */
const BEGINNING_BYTES = 1_048_576
const SIDES = [128, 96, 64] as const
const QUALITIES = [0.86, 0.74, 0.6, 0.45] as const

export async function preparePicture(file: Blob): Promise<Uint8Array<ArrayBuffer> | PictureFault> {
  if (file.size > PICTURE_READ_BYTES_MAX) return 'too-large'
  const beginning = await file
    .slice(0, BEGINNING_BYTES)
    .arrayBuffer()
    .catch(() => undefined)
  const sides = beginning && sidesOf(new Uint8Array(beginning))
  if (sides === undefined) return 'not-a-picture'
  if (sides.width * sides.height > PICTURE_PIXELS_MAX) return 'too-large'
  const bitmap = await createImageBitmap(file.slice(0, file.size, sides.type), { imageOrientation: 'from-image' }).catch(() => undefined)
  if (bitmap === undefined) return 'not-drawn'
  try {
    return (await smallest(bitmap)) ?? 'too-large'
  } finally {
    bitmap.close()
  }
}

async function smallest(bitmap: ImageBitmap): Promise<Uint8Array<ArrayBuffer> | undefined> {
  for (const side of SIDES) {
    const canvas = middleOf(bitmap, side)
    for (const quality of QUALITIES) {
      const bytes = await encoded(canvas, quality)
      if (bytes.length <= PICTURE_SENT_BYTES_MAX) return bytes
    }
  }
  return undefined
}

// A browser that writes no WebP writes a PNG, which is too long.
async function encoded(canvas: OffscreenCanvas, quality: number): Promise<Uint8Array<ArrayBuffer>> {
  const webp = await canvas.convertToBlob({ type: 'image/webp', quality })
  const blob = webp.type === 'image/webp' ? webp : await canvas.convertToBlob({ type: 'image/jpeg', quality })
  return toBare(new Uint8Array(await blob.arrayBuffer()))
}

// What is transparent becomes white.
function middleOf(bitmap: ImageBitmap, side: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(side, side)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('this browser does not draw here')
  const cut = Math.min(bitmap.width, bitmap.height)
  context.fillStyle = '#fff'
  context.fillRect(0, 0, side, side)
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, (bitmap.width - cut) / 2, (bitmap.height - cut) / 2, cut, cut, 0, 0, side, side)
  return canvas
}
