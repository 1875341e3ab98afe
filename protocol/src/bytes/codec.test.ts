import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bytes,
  decode,
  DecodeError,
  encode,
  fixed,
  hex,
  list,
  mapped,
  marked,
  nothing,
  optional,
  repeatedHex,
  sharedBytes,
  struct,
  text,
  tryDecode,
  u16,
  u32,
  u48,
  u56,
  u8,
  union,
} from './codec.ts'
import { WRITER_BYTES_KEPT } from '../limits.ts'
import { apartFrom, fromHex, toHex } from './bytes.ts'
import type { Codec, Decoded } from './codec.ts'

type Shape = { readonly kind: 'dot' } | { readonly kind: 'line'; readonly length: number }

const shape: Codec<Shape> = union<Shape>({ dot: [1, nothing], line: [7, struct({ length: u16 })] })
const everything = struct({
  small: u8,
  long: u48,
  id: fixed(4),
  blob: bytes(300),
  name: text(20),
  maybe: optional(u32),
  shapes: list(shape, 5),
})

const shapes: fc.Arbitrary<Shape> = fc.oneof(
  fc.record({ kind: fc.constant('dot' as const) }),
  fc.record({ kind: fc.constant('line' as const), length: fc.nat(0xffff) }),
)

const values: fc.Arbitrary<Decoded<typeof everything>> = fc.record({
  small: fc.nat(255),
  long: fc.nat(2 ** 48 - 1),
  id: fc.uint8Array({ minLength: 4, maxLength: 4 }),
  blob: fc.uint8Array({ maxLength: 300 }),
  name: fc.string({ maxLength: 5, unit: 'grapheme-ascii' }),
  maybe: fc.option(fc.nat(0xffff_ffff), { nil: undefined }),
  shapes: fc.array(shapes, { maxLength: 5 }),
})

test('what is encoded decodes to the same value', () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(decode(everything, encode(everything, value))).toEqual(value)
    }),
  )
})

test('bytes that decode at all are the one encoding of their value', () => {
  fc.assert(
    fc.property(values, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, at, change) => {
      const encoded = encode(everything, value)
      const altered = encoded.map((byte, i) => (i === at % encoded.length ? byte ^ change : byte))
      const decoded = tryDecode(everything, altered)
      if (decoded !== undefined) expect(encode(everything, decoded)).toEqual(altered)
    }),
  )
})

test('arbitrary bytes give a value or a DecodeError, and nothing else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
      const decoded = tryDecode(everything, noise)
      if (decoded !== undefined) expect(encode(everything, decoded)).toEqual(noise)
    }),
    { numRuns: 500 },
  )
})

test('every cut and every left-over byte is refused', () => {
  const encoded = encode(everything, {
    small: 1,
    long: 2,
    id: fromHex('01020304'),
    blob: fromHex('05'),
    name: 'x',
    maybe: 3,
    shapes: [{ kind: 'dot' }],
  })
  expect(tryDecode(everything, encoded)).toBeDefined()
  for (let length = 0; length < encoded.length; length++) expect(tryDecode(everything, encoded.slice(0, length))).toBeUndefined()
  expect(tryDecode(everything, Uint8Array.of(...encoded, 0))).toBeUndefined()
})

test('a mark stands behind everything else, and rows that never had it read as without', () => {
  const row: Codec<{ readonly at: number; readonly isLate?: boolean }> = marked(struct({ at: u8 }), 'isLate')
  expect(encode(row, { at: 5 })).toEqual(fromHex('05'))
  expect(encode(row, { at: 5, isLate: false })).toEqual(fromHex('05'))
  expect(encode(row, { at: 5, isLate: true })).toEqual(fromHex('0501'))
  expect(decode(row, fromHex('05'))).toEqual({ at: 5 })
  expect(decode(row, fromHex('0501'))).toEqual({ at: 5, isLate: true })
  for (const other of ['0500', '0502', '050101']) expect(tryDecode(row, fromHex(other))).toBeUndefined()
})

test('an id is read and written as its hex text, the first time and when the same comes again', () => {
  const ids = list(repeatedHex(3), 10)
  const texts = fc.constantFrom('000000', '010203', '010204', 'ff0203', 'abcdef')
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 10 }), (values) => {
      const encoded = encode(ids, values)
      expect(toHex(encoded.subarray(1))).toBe(values.join(''))
      expect(decode(ids, encoded)).toEqual(values)
      expect(decode(list(hex(3), 10), encoded)).toEqual(values)
    }),
  )
  expect(() => decode(repeatedHex(3), fromHex('abcd'))).toThrow(DecodeError)
  expect(() => decode(hex(3), fromHex('abcd'))).toThrow(DecodeError)
  for (const wrong of ['', '0102', '01020304', '01020G', '01020A', '01020/', '01020:', '01020`', '01020 '])
    expect(() => encode(hex(3), wrong), wrong).toThrow(RangeError)
})

test('an encoding within another, one that fails halfway and a long one leave the next as it would have been', () => {
  const inner = struct({ id: hex(2), blob: bytes(300_000) })
  const outer: Codec<Uint8Array> = mapped(
    bytes(300_010),
    (value) => value,
    (value) => encode(inner, { id: 'abcd', blob: value }),
  )
  const small = Uint8Array.of(1, 2, 3)
  const expected = fromHex('00000009abcd00000003010203')
  expect(encode(outer, small)).toEqual(expected)
  expect(() => encode(inner, { id: 'abc', blob: small })).toThrow(RangeError)
  for (const length of [WRITER_BYTES_KEPT, WRITER_BYTES_KEPT + 1]) {
    expect(encode(bytes(300_000), new Uint8Array(length).fill(7))).toHaveLength(4 + length)
    expect(encode(outer, small)).toEqual(expected)
  }
})

test('shared bytes are a part of what they came in until somebody keeps a copy', () => {
  const whole = Uint8Array.of(2, 1, 1)
  const part = decode(sharedBytes(2), whole)
  expect(part.buffer).toBe(whole.buffer)
  expect(apartFrom(part)).toEqual(part)
  expect(apartFrom(part).buffer.byteLength).toBe(2)
  expect(apartFrom(whole)).toBe(whole)
})

describe('refusals', () => {
  test('a flag other than 0 and 1', () => {
    expect(decode(optional(u8), Uint8Array.of(0))).toBeUndefined()
    expect(decode(optional(u8), Uint8Array.of(1, 9))).toBe(9)
    expect(() => decode(optional(u8), Uint8Array.of(2, 9))).toThrow(DecodeError)
  })

  test('an unknown tag', () => {
    expect(decode(shape, Uint8Array.of(1))).toEqual({ kind: 'dot' })
    expect(() => decode(shape, Uint8Array.of(2))).toThrow(DecodeError)
  })

  test('a length or a count above its bound, in both directions', () => {
    expect(decode(bytes(2), Uint8Array.of(2, 1, 1))).toHaveLength(2)
    expect(() => decode(bytes(2), Uint8Array.of(3, 1, 1, 1))).toThrow(DecodeError)
    expect(() => encode(bytes(2), new Uint8Array(3))).toThrow(RangeError)
    expect(decode(sharedBytes(2), Uint8Array.of(2, 1, 1))).toEqual(Uint8Array.of(1, 1))
    for (const wrong of [Uint8Array.of(3, 1, 1, 1), Uint8Array.of(2, 1), Uint8Array.of(1, 1, 1), new Uint8Array(0)])
      expect(() => decode(sharedBytes(2), wrong)).toThrow(DecodeError)
    expect(() => encode(sharedBytes(2), new Uint8Array(3))).toThrow(RangeError)
    expect(decode(list(u8, 2), Uint8Array.of(2, 1, 1))).toHaveLength(2)
    expect(() => decode(list(u8, 2), Uint8Array.of(3, 1, 1, 1))).toThrow(DecodeError)
    expect(() => encode(list(u8, 2), [1, 1, 1])).toThrow(RangeError)
    expect(() => encode(fixed(2), new Uint8Array(3))).toThrow(RangeError)
    expect(() => encode(u8, 256)).toThrow(RangeError)
    expect(() => encode(u8, -1)).toThrow(RangeError)
    expect(() => encode(u8, 1.5)).toThrow(RangeError)
  })

  test('a count that promises more than the bytes hold costs nothing', () => {
    expect(() => decode(list(u8, 1_000_000), Uint8Array.of(0, 0x0f, 0x42, 0x40))).toThrow(DecodeError)
  })

  test('text that is not UTF-8', () => {
    expect(decode(text(4), Uint8Array.of(1, 0x61))).toBe('a')
    expect(() => decode(text(4), Uint8Array.of(1, 0xff))).toThrow(DecodeError)
  })

  test('errors of our own code are not taken for malformed bytes', () => {
    const broken: Codec<number> = mapped(
      u8,
      () => {
        throw new TypeError('a bug')
      },
      (value: number) => value,
    )
    expect(() => tryDecode(broken, Uint8Array.of(1))).toThrow(TypeError)
  })
})

test('a number that JavaScript cannot tell from the next is refused', () => {
  expect(decode(u56, fromHex('1fffffffffffff'))).toBe(Number.MAX_SAFE_INTEGER)
  expect(() => decode(u56, fromHex('20000000000000'))).toThrow(DecodeError)
  expect(() => decode(u56, fromHex('ffffffffffffff'))).toThrow(DecodeError)
})

test('integers are big-endian, and lengths take the smallest size that holds the bound', () => {
  expect(encode(u48, 0x0102_0304_0506)).toEqual(fromHex('010203040506'))
  expect(encode(bytes(255), new Uint8Array(1))).toEqual(fromHex('0100'))
  expect(encode(bytes(256), new Uint8Array(1))).toEqual(fromHex('000100'))
  expect(encode(bytes(65_536), new Uint8Array(1))).toEqual(fromHex('0000000100'))
})
