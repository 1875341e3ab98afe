// ChaCha20-Poly1305 does not commit to its key: whoever chooses two keys can make one ciphertext that opens under both. This test
// builds such a ciphertext, so that it is known to be the commitment that stops it, and not a lucky accident.

import { describe, expect, it } from 'vitest'
import { chacha20 } from '@noble/ciphers/chacha.js'
import { bytesOfId, createAuthor, write } from '../../test/fixtures/feeds.ts'
import { concatBytes } from '../bytes/bytes.ts'
import { encode } from '../bytes/codec.ts'
import { open } from '../crypto/aead.ts'
import { hash, labelHash } from '../crypto/hash.ts'
import { derive } from '../crypto/kdf.ts'
import { BODY_BUCKETS } from '../limits.ts'
import { entryHeader } from '../wire/entry.ts'
import { openBody } from './body.ts'
import type { EntryHeader } from '../wire/entry.ts'

const P = 2n ** 130n - 5n
const WORD = 2n ** 128n
const CLAMP = 0x0ffffffc0ffffffc0ffffffc0fffffffn

type BodyKey = { readonly key: Uint8Array; readonly nonce: Uint8Array }

const little = (bytes: Uint8Array): bigint => bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
const toBytes = (value: bigint, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => Number((value >> BigInt(8 * at)) & 255n))
const mod = (value: bigint): bigint => ((value % P) + P) % P

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = mod(square * square))
    if ((rest & 1n) === 1n) result = mod(result * square)
  return result
}

const bodyKey = (header: EntryHeader, messageKey: Uint8Array): BodyKey => {
  const bytes = derive(messageKey, concatBytes(header.random, bytesOfId(header.device)), 'kith/1/body', 44)
  return { key: bytes.subarray(0, 32), nonce: bytes.subarray(32) }
}

/** Poly1305's r and s of one body key (RFC 8439 §2.6). */
function authenticator({ key, nonce }: BodyKey): { readonly r: bigint; readonly s: bigint } {
  const block = chacha20(key, nonce, new Uint8Array(64))
  return { r: little(block.subarray(0, 16)) & CLAMP, s: little(block.subarray(16, 32)) }
}

/** The blocks that Poly1305 sees, each with its high bit. */
function blocksOf(associated: Uint8Array, ciphertext: Uint8Array): bigint[] {
  const padded = (bytes: Uint8Array): Uint8Array => concatBytes(bytes, new Uint8Array((16 - (bytes.length % 16)) % 16))
  const all = concatBytes(
    padded(associated),
    padded(ciphertext),
    toBytes(BigInt(associated.length), 8),
    toBytes(BigInt(ciphertext.length), 8),
  )
  return Array.from({ length: all.length / 16 }, (_, at) => little(all.subarray(16 * at, 16 * at + 16)) + WORD)
}

/** One ciphertext with a tag that is right under both keys: the block at `free` is solved for, others are varied until it fits. */
function collide(keys: readonly [BodyKey, BodyKey], associated: Uint8Array, start: Uint8Array): Uint8Array {
  const [one, two] = keys.map(authenticator) as [{ r: bigint; s: bigint }, { r: bigint; s: bigint }]
  const ciphertext = Uint8Array.from(start)
  const freeAt = ciphertext.length / 16 - 1
  for (let attempt = 0; attempt < 4_096; attempt++) {
    ciphertext.set([attempt & 255, attempt >> 8], 16 * (freeAt - 1))
    ciphertext.set(new Uint8Array(16), 16 * freeAt)
    const blocks = blocksOf(associated, ciphertext)
    const index = blocks.length - 2
    const sum = (r: bigint): bigint =>
      blocks.reduce((total, block, at) => mod(total + (at === index ? 0n : block) * power(r, BigInt(blocks.length - at))), 0n)
    // (sum1 + x·r1² + s1) = (sum2 + x·r2² + s2), as numbers modulo 2^130 − 5.
    const x = mod((sum(two.r) + two.s - sum(one.r) - one.s) * power(mod(one.r ** 2n - two.r ** 2n), P - 2n))
    if (x < WORD || x >= 2n * WORD) continue
    ciphertext.set(toBytes(x - WORD, 16), 16 * freeAt)
    const tagOf = ({ r, s }: { r: bigint; s: bigint }): bigint => (mod(sum(r) + x * power(r, 2n)) + s) % WORD
    if (tagOf(one) === tagOf(two)) return concatBytes(ciphertext, toBytes(tagOf(one), 16))
  }
  throw new Error('no collision found')
}

describe('one ciphertext with two keys', () => {
  it('opens under both as far as the cipher goes, and under neither as an entry', () => {
    const alice = createAuthor('alice')
    // A content of any bytes that fills its bucket, so that the solved block lies inside it and not in the padding.
    const content = { kind: 'document', document: 1, update: new Uint8Array(218).fill(7) } as const
    const { header, messageKey, body: honest } = write(alice, { content })
    expect(openBody(header, honest, messageKey).kind).toBe('opened')
    const otherKey = hash(messageKey)
    const associated = labelHash('kith/1/body-ad', encode(entryHeader, { ...header, bodyHash: new Uint8Array(32) }))
    const keys = [bodyKey(header, messageKey), bodyKey(header, otherKey)] as const

    const body = collide(keys, associated, honest.subarray(0, BODY_BUCKETS[0]))
    for (const { key, nonce } of keys) expect(open(key, nonce, body, associated)).toHaveLength(BODY_BUCKETS[0])
    const forged = { ...header, bodyHash: hash(body) }
    expect(openBody(forged, body, messageKey)).toEqual({ kind: 'refused', reason: 'commitment' })
    expect(openBody(forged, body, otherKey).kind).toBe('refused')
  })
})
