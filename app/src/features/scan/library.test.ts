// What the library reads is what Kith draws: other people's code on both sides, so each is the other's test.

import decodeQr from 'qr/decode.js'
import { encode } from 'uqr'
import { describe, expect, it } from 'vitest'

/** A code as a picture, of `pixels` for each module. */
const drawn = (text: string, pixels: number, colours: readonly [number, number] = [255, 16]) => {
  const { data, size } = encode(text, { ecc: 'L', border: 3 })
  const side = size * pixels
  const bytes = new Uint8ClampedArray(side * side * 4)
  for (let at = 0; at < side * side; at += 1) {
    const isDark = data[Math.floor(at / side / pixels)]?.[Math.floor((at % side) / pixels)] === true
    bytes.set([...Array.from({ length: 3 }, () => colours[isDark ? 1 : 0]), 255] as number[], at * 4)
  }
  return { width: side, height: side, data: bytes }
}

describe('the library that reads codes', () => {
  it('reads an invite, a linking code and a safety number, small and large', () => {
    const texts = [
      `https://chat.example.org/#i/${'AQx7Qmk9vT9s2RdA'.repeat(11)}`,
      `Kith-${'AQx7Qmk9vT9s2RdA'.repeat(9)}`,
      `Kith safety number 1a${' 12345'.repeat(12)}`,
    ]
    for (const text of texts) for (const pixels of [3, 8]) expect(decodeQr(drawn(text, pixels)), `${pixels} pixels`).toBe(text)
  })

  it('reads what is not Latin as it was written, and little contrast', () => {
    expect(decodeQr(drawn('Ana über عربى 你好', 5))).toBe('Ana über عربى 你好')
    expect(decodeQr(drawn('Kith-AQx7', 6, [150, 90]))).toBe('Kith-AQx7')
  })

  it('throws where there is none', () => {
    expect(() => decodeQr({ width: 300, height: 300, data: new Uint8ClampedArray(300 * 300 * 4).fill(255) })).toThrow()
  })
})
