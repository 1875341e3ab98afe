// Pictures of people: what counts as one, and everything that looks like one and is not drawn.

import { describe, expect, it } from 'vitest'
import { jpeg, riff, segment, webp } from '../../test/fixtures/pictures.ts'
import { concatBytes, utf8ToBytes } from '../bytes/bytes.ts'
import { PICTURE_BYTES_MAX, PICTURE_SIDE_MAX } from './face-limits.ts'
import { parsePicture } from './picture.ts'

const refusalOf = (bytes: Uint8Array): string | undefined => {
  const parsed = parsePicture(bytes)
  return parsed.kind === 'refused' ? parsed.reason : undefined
}

describe('the picture of a person', () => {
  it('is a square JPEG or WebP, whose type and side its bytes say', () => {
    expect(parsePicture(webp())).toEqual({ kind: 'picture', type: 'image/webp', side: 96 })
    expect(parsePicture(jpeg({ width: 64 }))).toEqual({ kind: 'picture', type: 'image/jpeg', side: 64 })
  })

  it('has PICTURE_BYTES_MAX bytes at most', () => {
    const overhead = webp({ drawn: 0 }).length
    expect(refusalOf(webp({ drawn: PICTURE_BYTES_MAX - overhead }))).toBeUndefined()
    expect(refusalOf(webp({ drawn: PICTURE_BYTES_MAX - overhead + 2 }))).toBe('too-large')
  })

  it('attack: sides that fill the memory once it is unpacked are read from its header, in a file of few bytes', () => {
    for (const picture of [webp, jpeg]) {
      expect(refusalOf(picture({ width: PICTURE_SIDE_MAX }))).toBeUndefined()
      expect(refusalOf(picture({ width: PICTURE_SIDE_MAX + 1 }))).toBe('wrong-size')
      expect(refusalOf(picture({ width: 16_383 }))).toBe('wrong-size')
      expect(refusalOf(picture({ width: 0 }))).toBe('wrong-size')
    }
    // The second frame would be the one that is drawn.
    const frame = segment(0xc0, Uint8Array.of(8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0))
    expect(refusalOf(jpeg({}, [frame]))).toBe('not-a-picture')
  })

  it('is a square', () => {
    for (const picture of [webp, jpeg]) expect(refusalOf(picture({ width: 96, height: 95 }))).toBe('wrong-size')
  })

  it('attack: an SVG is none, nor is anything else that a browser would draw or run', () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for (const text of [svg, `<?xml version="1.0"?>${svg}`, '<html><script>alert(1)</script>', 'GIF89a', ''])
      expect(refusalOf(utf8ToBytes(text.padEnd(text === '' ? 0 : 200)))).toBe('not-a-picture')
    expect(refusalOf(concatBytes(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), new Uint8Array(60)))).toBe('not-a-picture')
  })

  it('attack: a file that is something else as well has room for that nowhere', () => {
    const script = utf8ToBytes('*/=1;alert(1)/*<script>alert(1)</script>')
    // Behind the end, as a ZIP is.
    expect(refusalOf(concatBytes(jpeg(), script))).toBe('not-a-picture')
    expect(refusalOf(concatBytes(webp(), script))).toBe('not-a-picture')
    // In a comment, in what a camera writes, in a colour profile, in another chunk.
    for (const marker of [0xfe, 0xe1, 0xe2, 0xed, 0xef]) expect(refusalOf(jpeg({}, [segment(marker, script)]))).toBe('not-a-picture')
    const chunk = concatBytes(utf8ToBytes('EXIF'), Uint8Array.of(script.length, 0, 0, 0), script)
    expect(refusalOf(riff(concatBytes(webp().subarray(12), chunk)))).toBe('not-a-picture')
    // A length that is not that of the file.
    expect(refusalOf(concatBytes(webp(), new Uint8Array(2)))).toBe('not-a-picture')
    // A second thumbnail in the first segment, and a comment between two scans.
    const whole = jpeg({ drawn: 100 })
    const between = concatBytes(whole.subarray(0, -2), segment(0xfe, script), whole.subarray(-2))
    expect(refusalOf(between)).toBe('not-a-picture')
  })

  it('attack: an animation is none', () => {
    const animated = concatBytes(utf8ToBytes('VP8X'), Uint8Array.of(10, 0, 0, 0, 2, 0, 0, 0, 95, 0, 0, 95, 0, 0))
    expect(refusalOf(riff(concatBytes(animated, webp().subarray(12))))).toBe('not-a-picture')
  })

  it('one that ends anywhere is none, and nothing throws', () => {
    for (const whole of [webp(), jpeg()])
      for (let length = 0; length < whole.length; length += 1) expect(refusalOf(whole.subarray(0, length))).toBe('not-a-picture')
  })
})
