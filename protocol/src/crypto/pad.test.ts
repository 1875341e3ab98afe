import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pad, unpad } from './pad.ts'

const BUCKETS = [16, 64, 256]

test('every content up to the largest bucket comes back, and its padded size is a bucket', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 252 }), (content) => {
      const padded = pad(content, BUCKETS)
      expect(BUCKETS).toContain(padded.length)
      expect(unpad(padded, BUCKETS)).toEqual(content)
    }),
  )
})

test('content larger than the largest bucket is a bug', () => {
  expect(pad(new Uint8Array(252), BUCKETS)).toHaveLength(256)
  expect(() => pad(new Uint8Array(253), BUCKETS)).toThrow(RangeError)
})

test('a padding that is not the one padding of its content is refused', () => {
  const padded = pad(Uint8Array.of(1, 2, 3), BUCKETS)
  expect(unpad(padded, BUCKETS)).toEqual(Uint8Array.of(1, 2, 3))
  const withByte = (at: number, value: number): Uint8Array => padded.map((byte, i) => (i === at ? value : byte))
  expect(unpad(withByte(15, 1), BUCKETS), 'a byte after the content').toBeUndefined()
  expect(unpad(withByte(3, 200), BUCKETS), 'a length beyond the end').toBeUndefined()
  expect(unpad(padded.slice(1), BUCKETS), 'not a bucket').toBeUndefined()
  const wide = new Uint8Array(64)
  wide.set(padded)
  expect(unpad(wide, BUCKETS), 'a larger bucket than needed').toBeUndefined()
})
