// What a camera sees, and pictures of it, made of what a page really shows or of any text: Chromium takes a file for its camera, and reads it
// anew each time that the camera is opened.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { encode } from 'uqr'

const WIDTH = 640
const HEIGHT = 480
/** Of a second; one is enough for a thing that lies still, but Chromium wants two to begin. */
const FRAMES = 2

/** Brightness, row by row. */
export type View = { readonly luma: Uint8Array }

export const nothing = (): View => ({ luma: new Uint8Array(WIDTH * HEIGHT).fill(128) })

/** A file that a browser takes for its camera, and what is before it. */
export function createSeen(): { readonly file: string; readonly show: (view: View) => void } {
  const folder = mkdtempSync(join(tmpdir(), 'kith-seen-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'camera.y4m')
  const show = ({ luma }: View): void => {
    const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((WIDTH * HEIGHT) / 2, 128)])
    writeFileSync(
      file,
      Buffer.concat([
        Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`),
        ...Array.from({ length: FRAMES }, () => frame),
      ]),
    )
  }
  show(nothing())
  return { file, show }
}

/** What stands at this place of a page, as somebody holds a camera to it. */
export async function viewOf(place: Locator): Promise<View> {
  const png = (await place.screenshot({ animations: 'disabled' })).toString('base64')
  const size = { width: WIDTH, height: HEIGHT }
  const luma = await place.page().evaluate(
    async ({ bytes, width, height }) => {
      const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))]))
      const canvas = new OffscreenCanvas(width, height)
      const context = canvas.getContext('2d')
      if (context === null) throw new Error('no canvas')
      context.fillStyle = '#777'
      context.fillRect(0, 0, width, height)
      const side = Math.min(width, height) * 0.9
      context.drawImage(picture, (width - side) / 2, (height - side) / 2, side, side)
      const { data } = context.getImageData(0, 0, width, height)
      let text = ''
      for (let at = 0; at < data.length; at += 4)
        text += String.fromCharCode(Math.round(0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0)))
      return btoa(text)
    },
    { bytes: png, ...size },
  )
  return { luma: new Uint8Array(Buffer.from(luma, 'base64')) }
}

/** A code of any text. */
export function codeOf(text: string): View {
  const { data, size } = encode(text, { ecc: 'L', border: 4 })
  const pixels = Math.floor(HEIGHT / size)
  const luma = new Uint8Array(WIDTH * HEIGHT).fill(230)
  const [left, top] = [(WIDTH - size * pixels) >> 1, (HEIGHT - size * pixels) >> 1]
  for (let y = 0; y < size * pixels; y += 1)
    for (let x = 0; x < size * pixels; x += 1)
      if (data[Math.floor(y / pixels)]?.[Math.floor(x / pixels)] === true) luma[(top + y) * WIDTH + left + x] = 20
  return { luma }
}

/** The same as a picture file: a bitmap of 24 bits, from the lowest row to the highest. */
export function pictureOf({ luma }: View): { readonly name: string; readonly mimeType: string; readonly buffer: Buffer } {
  const head = Buffer.alloc(54)
  head.write('BM')
  head.writeUInt32LE(54 + WIDTH * HEIGHT * 3, 2)
  head.writeUInt32LE(54, 10)
  head.writeUInt32LE(40, 14)
  head.writeInt32LE(WIDTH, 18)
  head.writeInt32LE(HEIGHT, 22)
  head.writeUInt16LE(1, 26)
  head.writeUInt16LE(24, 28)
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3)
  for (let y = 0; y < HEIGHT; y += 1)
    for (let x = 0; x < WIDTH; x += 1) pixels.fill(luma[(HEIGHT - 1 - y) * WIDTH + x] ?? 0, (y * WIDTH + x) * 3, (y * WIDTH + x) * 3 + 3)
  return { name: 'code.bmp', mimeType: 'image/bmp', buffer: Buffer.concat([head, pixels]) }
}
