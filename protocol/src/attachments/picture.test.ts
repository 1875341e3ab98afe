import { describe, expect, it } from 'vitest'
import { utf8ToBytes } from '../bytes/bytes.ts'
import { isPictureOf, pictureIn } from './picture.ts'

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc2, 0, 17, 8, 3, 0x20, 4, 0xb0, 3, 0)
const PNG = bytesOf('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x02\0\0\x03\x04')
const WEBP = bytesOf('RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x20\x03\x58\x02')
const LOSSLESS = bytesOf('RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x1f\xc3\x95\0')
const EXTENDED = bytesOf('RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x1f\x03\0\x57\x02\0')

describe('a picture', () => {
  it('is told by its own header, with its size', () => {
    expect(pictureIn(JPEG)).toEqual({ kind: 'jpeg', width: 1_200, height: 800 })
    expect(pictureIn(PNG)).toEqual({ kind: 'png', width: 258, height: 772 })
    for (const webp of [WEBP, LOSSLESS, EXTENDED]) expect(pictureIn(webp)).toEqual({ kind: 'webp', width: 800, height: 600 })
  })

  it('of another size than was said is none: a bomb is never unpacked', () => {
    const thumbhash = new Uint8Array(5)
    expect(isPictureOf({ width: 1_200, height: 800, thumbhash }, JPEG)).toBe(true)
    expect(isPictureOf({ width: 800, height: 1_200, thumbhash }, JPEG)).toBe(false)
    const bomb = Uint8Array.from(PNG)
    bomb.set([0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff], 16)
    expect(isPictureOf({ width: 258, height: 772, thumbhash }, bomb)).toBe(false)
  })

  it.each([
    ['SVG', utf8ToBytes('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['HTML', utf8ToBytes('<!doctype html><script>alert(1)</script>')],
    ['GIF and script at once', utf8ToBytes('GIF89a/*')],
    ['PDF', utf8ToBytes('%PDF-1.7')],
    ['a scan before its frame', Uint8Array.of(0xff, 0xd8, 0xff, 0xda, 0, 2)],
    ['nothing', new Uint8Array(0)],
  ])('is not %s', (_, bytes) => {
    expect(pictureIn(bytes)).toBeUndefined()
  })

  it('that ends in its header is none, wherever it ends', () => {
    for (const whole of [JPEG, PNG, EXTENDED])
      for (let length = 0; length < 16; length += 1) expect(pictureIn(whole.subarray(0, length))).toBeUndefined()
  })
})
