import { describe, expect, it } from 'vitest'
import { cleanFilm } from './clean-film.ts'
import { FILM_BOXES_MAX, FILM_HEADER_BYTES_MAX } from './limits.ts'

const latin = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const concat = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]))
const u32 = (value: number): Uint8Array => Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)
const box = (type: string, ...parts: readonly Uint8Array[]): Uint8Array => {
  const content = concat(...parts)
  return concat(u32(8 + content.length), latin(type), content)
}

const TIME = u32(0xe1e2e3e4)
const head = (type: string): Uint8Array => box(type, u32(0), TIME, TIME, u32(1), u32(600), u32(7_200))
const handler = (kind: string): Uint8Array =>
  box('hdlr', u32(0), latin('mhlr'), latin(kind), latin('appl'), u32(0), u32(0), latin('Brand Camera\0'))
const track = (kind: string, ...more: readonly Uint8Array[]): Uint8Array =>
  box('trak', head('tkhd'), box('mdia', head('mdhd'), handler(kind), box('minf', box('stbl', latin('samples')))), ...more)
const place = box('udta', box('\xa9xyz', latin('+46.5547+010.0123/')))
const film = (...tracks: readonly Uint8Array[]): Uint8Array =>
  concat(
    box('ftyp', latin('mp42'), u32(0), latin('isom')),
    box('moov', head('mvhd'), ...tracks, place, box('meta', latin('com.apple.quicktime.model iPhone'))),
    box('mdat', latin('picture and sound')),
    box('uuid', latin('an identity of 16'), latin('<x:xmpmeta>Zinnwald</x:xmpmeta>')),
  )

const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes)
const cleaned = async (bytes: Uint8Array): Promise<string | undefined> => {
  const blob = (await cleanFilm(new Blob([Uint8Array.from(bytes)], { type: 'video/mp4' })))?.blob
  return blob && textOf(new Uint8Array(await blob.arrayBuffer()))
}

describe('a film', () => {
  it('goes without place, time and device, and with picture and sound where they were', async () => {
    const before = film(track('vide', box('udta', latin('Zinnwald'))), track('soun'))
    const after = await cleaned(before)
    for (const told of ['+46.55', 'iPhone', 'Zinnwald', 'Brand Camera', 'appl', textOf(TIME), 'udta', 'meta', 'uuid']) {
      expect(textOf(before), 'it was there').toContain(told)
      expect(after).not.toContain(told)
    }
    expect(after).toHaveLength(before.length)
    expect(after?.indexOf('picture and sound')).toBe(textOf(before).indexOf('picture and sound'))
    expect(after?.match(/samples/g)).toHaveLength(2)
    expect(after).toContain('vide')
  })

  it('with a track of something else loses it, and is not said to be clean: its bytes lie among those of the picture', async () => {
    const isWhole = async (bytes: Uint8Array) => (await cleanFilm(new Blob([Uint8Array.from(bytes)])))?.isWhole
    expect(await isWhole(film(track('vide'), track('soun')))).toBe(true)
    const mixed = film(track('vide'), track('meta'), track('soun'))
    expect(await isWhole(mixed)).toBe(false)
    expect((await cleaned(mixed))?.match(/trak|samples/g)).toEqual(['trak', 'samples', 'trak', 'samples'])
  })

  it('that is none, ends early or has too many parts is not either', async () => {
    const whole = film(track('vide'))
    for (const length of [0, 7, 20, 60, 200, whole.length - 1])
      expect(await cleaned(whole.subarray(0, length)), `${length} bytes`).toBeUndefined()
    expect(await cleaned(latin('<svg xmlns="http://www.w3.org/2000/svg">'))).toBeUndefined()
    const many = concat(whole, ...Array.from({ length: FILM_BOXES_MAX }, () => box('free')))
    expect(await cleaned(many)).toBeUndefined()
  })

  it('whose head is larger than any is not read', async () => {
    const start = box('ftyp', latin('mp42'))
    const headOf = (length: number) =>
      new Blob([Uint8Array.from(start), Uint8Array.from(concat(u32(8 + length), latin('moov'))), new Uint8Array(length)])
    const padding = box('free', new Uint8Array(92))
    expect(await cleanFilm(new Blob([Uint8Array.from(concat(start, box('moov', padding)))]))).toBeDefined()
    expect(await cleanFilm(headOf(FILM_HEADER_BYTES_MAX))).toBeUndefined()
  })

  it('of 64-bit lengths is read as well', async () => {
    const mdat = concat(u32(1), latin('mdat'), u32(0), u32(16 + 5), latin('sound'))
    const bytes = concat(box('ftyp', latin('mp42')), box('moov', head('mvhd'), track('vide'), place), mdat)
    const after = await cleaned(bytes)
    expect(after).toContain('sound')
    expect(after).not.toContain('+46.55')
  })
})
