import { randomBytes } from 'node:crypto'
import * as ed25519 from '@noble/ed25519'
import { describe, expect, test } from 'vitest'
import { fromHex, isSigningKey, signingKeyOf, toHex } from '@kith/protocol'
import { isSigningKeyNative } from './signing-key.ts'

const P = 2n ** 255n - 19n
/** A point of order 8 (its y), from which all of small order come. */
const ORDER_8 = '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'
const { Point } = ed25519
type AnyPoint = ReturnType<typeof Point.fromBytes>
const eight = Point.fromBytes(fromHex(ORDER_8))
const SMALL = Array.from({ length: 8 }).reduce<AnyPoint[]>((points) => [...points, (points.at(-1) ?? Point.ZERO).add(eight)], [])

const seedOf = (at: number): Uint8Array => new Uint8Array(32).fill(at)
const encoded = (y: bigint, sign = 0): Uint8Array => {
  const bytes = fromHex(y.toString(16).padStart(64, '0')).toReversed()
  bytes[31] = (bytes[31] ?? 0) | (sign << 7)
  return bytes
}

describe("OpenSSL's answer is the protocol's", () => {
  test('for keys of honest devices', () => {
    for (let at = 0; at < 32; at += 1) {
      expect(isSigningKeyNative(signingKeyOf(seedOf(at)))).toBe(true)
      expect(isSigningKey(signingKeyOf(seedOf(at)))).toBe(true)
    }
  })
  test('for keys with a part of small order, which verifiers disagree about', () => {
    expect(new Set(SMALL.map((point) => toHex(point.toBytes()))).size).toBe(8)
    for (let at = 0; at < 8; at += 1) {
      const honest = Point.fromBytes(signingKeyOf(seedOf(at)))
      for (const small of SMALL) {
        const mixed = honest.add(small).toBytes()
        expect(isSigningKeyNative(mixed), toHex(mixed)).toBe(small.is0())
        expect(isSigningKey(mixed)).toBe(small.is0())
      }
    }
  })
  test('for points of small order alone, in each way that they can be written', () => {
    const written = SMALL.flatMap((point) => [point.toBytes(), point.negate().toBytes()])
    const others = [0n, 1n, P - 1n, P, P + 1n, 2n ** 255n - 1n].flatMap((y) => [encoded(y), encoded(y, 1)])
    for (const key of [...written, ...others]) {
      expect(isSigningKeyNative(key), toHex(key)).toBe(false)
      expect(isSigningKey(key)).toBe(false)
    }
  })
  test('for bytes that are no canonical point', () => {
    for (let more = 0n; more < 19n; more += 1n)
      for (const sign of [0, 1])
        expect(isSigningKeyNative(encoded(P + more, sign)), String(more)).toBe(isSigningKey(encoded(P + more, sign)))
    for (const length of [0, 31, 33, 64]) expect(isSigningKeyNative(new Uint8Array(length))).toBe(false)
  })
  test('for any bytes: half of them are no point, and most of the others have a part of small order', () => {
    const admitted = Array.from({ length: 400 }, () => {
      const key = new Uint8Array(randomBytes(32))
      expect(isSigningKeyNative(key), toHex(key)).toBe(isSigningKey(key))
      return isSigningKeyNative(key)
    })
    expect(admitted).toContain(true)
    expect(admitted).toContain(false)
  })
})
