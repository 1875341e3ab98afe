import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DecodeError } from '../bytes/codec.ts'
import { RICE_WIDTH_MAX } from './limits.ts'
import { PackedReader, PackedWriter } from './packed.ts'

const written = (values: readonly number[]): Uint8Array => {
  const writer = new PackedWriter()
  writer.rice(values)
  return writer.bytes()
}

it('many numbers together are what they were, whatever they are', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(65_535), { minLength: 1, maxLength: 300 }), (values) => {
      const reader = new PackedReader(written(values))
      expect(reader.rice(values.length)).toEqual(values)
      expect(reader.isAtEnd()).toBe(true)
    }),
  )
})

it('numbers of one size take about as many bits as that size has', () => {
  const values = Array.from({ length: 1_000 }, (_, at) => (at * 7_919) % 400)
  expect(written(values).length).toBeLessThan((1_000 * 10) / 8)
})

it('what is no such numbers is refused as such', () => {
  expect(() => new PackedReader(Uint8Array.of(RICE_WIDTH_MAX + 1, 0)).rice(1)).toThrow(DecodeError)
  expect(() => new PackedReader(Uint8Array.of(0, 0xff, 0xff)).rice(1), 'ones without an end').toThrow(DecodeError)
  expect(() => new PackedReader(written([1, 2, 3]).subarray(0, 1)).rice(3)).toThrow(DecodeError)
})
