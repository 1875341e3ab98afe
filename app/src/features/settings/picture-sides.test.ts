// What a file that somebody chooses as their picture says about itself, before anything unpacks it.

import { describe, expect, it } from 'vitest'
// oxlint-disable-next-line no-restricted-imports -- A test may compare our bounds with the protocol's.
import { ABOUT_LETTERS_MAX, FACES_READ_MAX, PICTURE_BYTES_MAX } from '@kith/protocol'
// oxlint-disable-next-line no-restricted-imports -- Pictures as the protocol takes them.
import { jpeg, riff, segment, webp } from '../../../../protocol/test/fixtures/pictures.ts'
// oxlint-disable-next-line no-restricted-imports -- A test may ask whether others would take what is sent.
import { parsePicture } from '../../../../protocol/src/wire/picture.ts'
import {
  ABOUT_SHOWN_LETTERS_MAX,
  FACES_READ_AT_ONCE,
  PICTURE_PIXELS_MAX,
  PICTURE_READ_BYTES_MAX,
  PICTURE_SENT_BYTES_MAX,
} from '../limits.ts'
import { toBare } from './bare-picture.ts'
import { sidesOf } from './picture-sides.ts'
import { preparePicture } from './prepare-picture.ts'

const letters = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const joined = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => Uint8Array.from(parts.flatMap((part) => [...part]))

const png = (width: number, height: number): Uint8Array<ArrayBuffer> => {
  const bytes = joined(letters('\u0089PNG\r\n\u001a\n\0\0\0\rIHDR'), new Uint8Array(40))
  new DataView(bytes.buffer).setUint32(16, width)
  new DataView(bytes.buffer).setUint32(20, height)
  return bytes
}
const extended = joined(letters('VP8X'), Uint8Array.of(10, 0, 0, 0, 0x20, 0, 0, 0, 0x1f, 3, 0, 0x57, 2, 0))

describe('a file that is chosen', () => {
  it('is a JPEG, PNG or WebP by its bytes, of the size that its header says', () => {
    expect(sidesOf(png(258, 772))).toEqual({ type: 'image/png', width: 258, height: 772 })
    expect(sidesOf(jpeg({ width: 640, height: 480 }, [segment(0xe1, new Uint8Array(3_000))]))).toEqual({
      type: 'image/jpeg',
      width: 640,
      height: 480,
    })
    expect(sidesOf(webp({ width: 800, height: 600 }))).toEqual({ type: 'image/webp', width: 800, height: 600 })
    expect(sidesOf(riff(joined(extended, webp().subarray(12))))).toEqual({ type: 'image/webp', width: 800, height: 600 })
  })

  it('attack: whatever else it is, under whatever name and type, is none', () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for (const text of [svg, svg.padEnd(400), 'GIF89a'.padEnd(40), '%PDF-1.7'.padEnd(40), ''])
      expect(sidesOf(letters(text))).toBeUndefined()
    for (let length = 0; length < 30; length += 1) expect(sidesOf(png(1, 1).subarray(0, length))).toBeUndefined()
    expect(sidesOf(jpeg().subarray(0, 30))).toBeUndefined()
  })

  it('attack: sides that would fill the memory are refused before anything is unpacked', async () => {
    const side = Math.sqrt(PICTURE_PIXELS_MAX)
    expect(await preparePicture(new Blob([png(side + 1, side)]))).toBe('too-large')
    expect(await preparePicture(new Blob([png(0xffffffff, 0xffffffff)]))).toBe('too-large')
    // No browser here: within the bounds it gets as far as that.
    expect(await preparePicture(new Blob([png(side, side)])).catch(() => 'drawn')).toBe('drawn')
  })

  it('of more bytes than PICTURE_READ_BYTES_MAX is refused, and what is no picture is', async () => {
    expect(await preparePicture({ size: PICTURE_READ_BYTES_MAX + 1 } as Blob)).toBe('too-large')
    expect(await preparePicture(new Blob(['<svg/>'], { type: 'image/png' }))).toBe('not-a-picture')
  })
})

describe('what the browser has drawn', () => {
  it('is sent without a colour profile or anything else beside it', () => {
    const plain = jpeg()
    const profiled = jpeg({}, [segment(0xe2, new Uint8Array(500)), segment(0xfe, letters('made by'))]) as Uint8Array<ArrayBuffer>
    expect(toBare(profiled)).toEqual(plain)
    const chunk = joined(letters('ICCP'), Uint8Array.of(3, 0, 0, 0, 1, 2, 3, 0))
    const wide = joined(riff(joined(extended, chunk, webp().subarray(12))))
    expect(parsePicture(wide)).toMatchObject({ kind: 'refused' })
    expect(toBare(wide)).toEqual(webp())
    expect(parsePicture(toBare(wide))).toMatchObject({ kind: 'picture' })
  })
})

it('the bounds of the page are those of the protocol', () => {
  expect([ABOUT_SHOWN_LETTERS_MAX, PICTURE_SENT_BYTES_MAX, FACES_READ_AT_ONCE]).toEqual([
    ABOUT_LETTERS_MAX,
    PICTURE_BYTES_MAX,
    FACES_READ_MAX,
  ])
})
