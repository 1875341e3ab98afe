// A thread of its own, which looks for one QR code in a picture, at each of the sizes that it is asked for. It knows nothing else and asks nobody.

import decodeQr from 'qr/decode.js'
import { SECOND_LOOK_MS } from './limits.ts'
import type { Decoded, ToDecode } from './decoding.ts'

const port = globalThis as unknown as Pick<Worker, 'postMessage' | 'addEventListener'>

port.addEventListener('message', ({ data }: MessageEvent<ToDecode>) => {
  const { number, picture, sides } = data
  const decoded: Decoded = { number, texts: decode(picture, sides) }
  picture.close()
  port.postMessage(decoded)
})

function decode(picture: ImageBitmap, sides: readonly number[]): readonly string[] {
  const longer = Math.max(picture.width, picture.height)
  const scales = new Set(sides.map((side) => Math.min(1, side / longer)))
  for (const scale of scales) {
    const pixels = drawn(picture, scale)
    try {
      return [decodeQr(pixels, { timeLimit: SECOND_LOOK_MS })]
    } catch {
      // The library's word for "there is none"; at another size there may be one.
    }
  }
  return []
}

function drawn(picture: ImageBitmap, scale: number): ImageData {
  const width = Math.max(1, Math.round(picture.width * scale))
  const height = Math.max(1, Math.round(picture.height * scale))
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('no canvas to draw on')
  // Where a picture can be seen through, a dark code would have nothing behind it.
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.drawImage(picture, 0, 0, width, height)
  return context.getImageData(0, 0, width, height)
}
