// Facts from the RFCs, so that a changed library or a changed wrapper is noticed; and what the wrappers add.

import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concatBytes, fromHex, utf8ToBytes } from '../bytes/bytes.ts'
import { NAMED_NONCE_BYTES, open, openNamed, seal, sealNamed } from './aead.ts'
import { hash, labelHash, labelMac, labelMacsUnder, mac, macs } from './hash.ts'
import { derive } from './kdf.ts'
import { decapsulate, encapsulate, isKemKey, KEM_CIPHERTEXT_BYTES, KEM_PUBLIC_BYTES, kemKeysOf } from './kem.ts'

const filled = (value: number, length = 32): Uint8Array => new Uint8Array(length).fill(value)
const NONE = new Uint8Array(0)

test('ChaCha20-Poly1305 gives the ciphertext of RFC 8439 §2.8.2', () => {
  const key = fromHex('808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f')
  const nonce = fromHex('070000004041424344454647')
  const associated = fromHex('50515253c0c1c2c3c4c5c6c7')
  const plaintext = utf8ToBytes(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
  )
  const expected = fromHex(
    'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36' +
      '92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691',
  )
  expect(seal(key, nonce, plaintext, associated)).toEqual(expected)
  expect(open(key, nonce, expected, associated)).toEqual(plaintext)
})

test('a sealed text opens with its key, nonce and associated data only', () => {
  const sealed = seal(filled(1), filled(2, 12), utf8ToBytes('hi'), filled(3))
  expect(open(filled(1), filled(2, 12), sealed, filled(3))).toEqual(utf8ToBytes('hi'))
  expect(open(filled(9), filled(2, 12), sealed, filled(3))).toBeUndefined()
  expect(open(filled(1), filled(9, 12), sealed, filled(3))).toBeUndefined()
  expect(open(filled(1), filled(2, 12), sealed, filled(9))).toBeUndefined()
  for (let at = 0; at < sealed.length; at++) {
    const altered = sealed.map((byte, i) => (i === at ? byte ^ 1 : byte))
    expect(open(filled(1), filled(2, 12), altered, filled(3))).toBeUndefined()
  }
  for (let length = 0; length < sealed.length; length++) {
    expect(open(filled(1), filled(2, 12), sealed.slice(0, length), filled(3))).toBeUndefined()
  }
})

test('a named seal carries its nonce and opens with its key and associated data only', () => {
  const sealed = sealNamed(filled(1), filled(2, NAMED_NONCE_BYTES), utf8ToBytes('hi'), NONE)
  expect(openNamed(filled(1), sealed, NONE)).toEqual(utf8ToBytes('hi'))
  expect(openNamed(filled(1), sealed, filled(1))).toBeUndefined()
  expect(openNamed(filled(2), sealed, NONE)).toBeUndefined()
  expect(openNamed(filled(1), sealed.slice(0, NAMED_NONCE_BYTES + 15), NONE)).toBeUndefined()
})

test('HKDF-SHA-256 gives the output of RFC 5869, test case 3', () => {
  const expected = fromHex('8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8')
  expect(derive(filled(0x0b, 22), NONE, '', 42)).toEqual(expected)
})

test('HMAC-SHA-256 gives the output of RFC 4231, test case 2', () => {
  const expected = fromHex('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843')
  expect(mac(utf8ToBytes('Jefe'), utf8ToBytes('what do ya want for nothing?'))).toEqual(expected)
})

test('labels keep digests of different purposes apart', () => {
  const digests = [labelHash('a', utf8ToBytes('bc')), labelHash('ab', utf8ToBytes('c')), labelHash('abc')]
  expect(new Set(digests.map(String)).size).toBe(3)
  expect(labelHash('a', utf8ToBytes('b'), utf8ToBytes('c'))).toEqual(labelHash('a', utf8ToBytes('bc')))
  expect(labelMac(filled(1), 'a', utf8ToBytes('b'))).not.toEqual(labelMac(filled(1), 'ab'))
})

test('both sides of ML-KEM-768 get one secret', () => {
  const { publicKey, secret } = kemKeysOf(filled(5, 64))
  const sent = encapsulate(publicKey, filled(6))
  expect(publicKey).toHaveLength(KEM_PUBLIC_BYTES)
  expect(sent?.ciphertext).toHaveLength(KEM_CIPHERTEXT_BYTES)
  expect(decapsulate(secret, sent?.ciphertext ?? NONE)).toEqual(sent?.shared)
})

test('a KEM ciphertext of the wrong length gives nothing, an altered one an unrelated secret', () => {
  const { publicKey, secret } = kemKeysOf(filled(5, 64))
  const sent = encapsulate(publicKey, filled(6))
  if (sent === undefined) throw new Error('a genuine key was refused')
  expect(decapsulate(secret, sent.ciphertext.slice(1))).toBeUndefined()
  expect(decapsulate(secret, concatBytes(sent.ciphertext, NONE, filled(0, 1)))).toBeUndefined()
  const altered = sent.ciphertext.map((byte, i) => (i === 500 ? byte ^ 1 : byte))
  expect(decapsulate(secret, altered)).toHaveLength(32)
  expect(decapsulate(secret, altered)).not.toEqual(sent.shared)
})

test('a KEM key of the wrong length or with a coefficient out of range is refused', () => {
  const { publicKey } = kemKeysOf(filled(5, 64))
  expect(encapsulate(publicKey.slice(1), filled(6))).toBeUndefined()
  expect(encapsulate(filled(255, KEM_PUBLIC_BYTES), filled(6))).toBeUndefined()
})

test('a KEM key is one exactly when something can be encapsulated for it', () => {
  const { publicKey } = kemKeysOf(filled(5, 64))
  const numbers = KEM_PUBLIC_BYTES - 32
  const withNumber = (at: number, number: number): Uint8Array =>
    publicKey.map((byte, i) => {
      if (i === at) return number & 255
      return i === at + 1 ? (byte & 0xf0) | (number >> 8) : byte
    })
  expect(isKemKey(publicKey)).toBe(true)
  for (const at of [0, 3, numbers - 3])
    for (const number of [0, 3_328, 3_329, 4_095]) {
      const key = withNumber(at, number)
      expect(isKemKey(key)).toBe(number < 3_329)
      expect(encapsulate(key, filled(6, 32)) !== undefined).toBe(number < 3_329)
    }
  const second = publicKey.map((byte, i) => (i === 2 ? 0xff : i === 1 ? byte | 0xf0 : byte))
  expect([isKemKey(second), encapsulate(second, filled(6, 32))]).toEqual([false, undefined])
  expect([isKemKey(publicKey.subarray(1)), isKemKey(new Uint8Array(0))]).toEqual([false, false])
})

const bytes = (maxLength: number) => fc.uint8Array({ maxLength })

// What is put together here of SHA-256 is what the library puts together of it, whatever was computed before.
test('hashes, MACs and derived keys are those of @noble/hashes, for keys and messages of any length', () => {
  fc.assert(
    fc.property(
      bytes(200),
      fc.array(bytes(200), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 200 }),
      (key, parts, length) => {
        const [message = NONE, second = NONE] = parts
        expect(hash(message)).toEqual(sha256(message))
        expect(labelHash('a', ...parts)).toEqual(sha256(concatBytes(Uint8Array.of(1), utf8ToBytes('a'), ...parts)))
        expect(mac(key, ...parts)).toEqual(hmac(sha256, key, concatBytes(...parts)))
        expect(macs(key, message, second)).toEqual([hmac(sha256, key, message), hmac(sha256, key, second)])
        if (length > 0) expect(derive(key, message, 'info', length)).toEqual(hkdf(sha256, key, message, utf8ToBytes('info'), length))
      },
    ),
  )
})

test('what is begun under one key goes on while others are used', () => {
  const macOf = labelMacsUnder(filled(1), 'label')
  const first = macOf(utf8ToBytes('first'))
  mac(filled(2), utf8ToBytes('between'))
  labelHash('between', filled(3, 100))
  expect([first, macOf(utf8ToBytes('second')), macOf(utf8ToBytes('first'))]).toEqual([
    labelMac(filled(1), 'label', utf8ToBytes('first')),
    labelMac(filled(1), 'label', utf8ToBytes('second')),
    first,
  ])
})

test('what a MAC throws at leaves the next one as it would have been', () => {
  const wrong = 'no bytes' as unknown as Uint8Array
  expect(() => mac(filled(1), wrong)).toThrow()
  expect(() => labelHash('a', wrong)).toThrow()
  expect(mac(filled(1), utf8ToBytes('b'))).toEqual(hmac(sha256, filled(1), utf8ToBytes('b')))
  expect(labelHash('a')).toEqual(sha256(concatBytes(Uint8Array.of(1), utf8ToBytes('a'))))
})

test('HKDF gives no more than 255 blocks', () => {
  expect(derive(filled(1), NONE, 'a', 255 * 32)).toHaveLength(255 * 32)
  expect(() => derive(filled(1), NONE, 'a', 255 * 32 + 1)).toThrow(RangeError)
})
