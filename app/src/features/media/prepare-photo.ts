// A photo as it is sent: drawn anew by the browser, so that nothing of what the camera wrote beside the picture is left, no longer than it has to be, and
// with a few bytes from which a blur is drawn before it comes.

import { rgbaToThumbHash } from 'thumbhash'
import type { Photo } from '@kith/protocol'
import { PHOTO_READ_BYTES_MAX, PHOTO_SENT_SIDE_MAX, THUMB_SIDE } from './limits.ts'

export type PreparedPhoto = { readonly blob: Blob; readonly photo: Photo }

const KINDS = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/heic', 'image/heif', 'image/bmp'])
const QUALITY = 0.86

/** Undefined for whatever is no still picture that this browser can draw: it goes as a file. */
export async function preparePhoto(file: Blob): Promise<PreparedPhoto | undefined> {
  if (!KINDS.has(file.type) || file.size > PHOTO_READ_BYTES_MAX) return undefined
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => undefined)
  if (bitmap === undefined) return undefined
  return toPhoto(bitmap, PHOTO_SENT_SIDE_MAX)
}

/** The picture, drawn anew; it is closed then. */
export async function toPhoto(bitmap: ImageBitmap, sideMax: number): Promise<PreparedPhoto> {
  try {
    const canvas = drawn(bitmap, sideMax)
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY })
    return { blob, photo: { width: canvas.width, height: canvas.height, thumbhash: thumbhashOf(bitmap) } }
  } finally {
    bitmap.close()
  }
}

function thumbhashOf(bitmap: ImageBitmap): Uint8Array {
  const small = drawn(bitmap, THUMB_SIDE)
  const { data } = contextOf(small).getImageData(0, 0, small.width, small.height)
  return rgbaToThumbHash(small.width, small.height, data)
}

// A photo has no holes: what is transparent becomes white.
function drawn(bitmap: ImageBitmap, sideMax: number): OffscreenCanvas {
  const scale = Math.min(1, sideMax / Math.max(bitmap.width, bitmap.height))
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale)))
  const context = contextOf(canvas)
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  return canvas
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('this browser does not draw here')
  return context
}
