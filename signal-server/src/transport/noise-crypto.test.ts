// The same as libp2p's own, also when a key was read before.

import { randomBytes } from 'node:crypto'
import { pureJsCrypto } from '@chainsafe/libp2p-noise/crypto'
import { describe, expect, test } from 'vitest'
import { KEYS_READ_ONCE } from './noise-crypto.ts'

describe('keys that are read once', () => {
  test('agree on the same secret as those of libp2p, in whatever order they are used', () => {
    const [alice, bob, carol] = [pureJsCrypto, KEYS_READ_ONCE, pureJsCrypto].map((crypto) => crypto.generateX25519KeyPair())
    for (const mine of [alice, bob, carol])
      for (const theirs of [alice, bob, carol, alice]) {
        if (!mine || !theirs) throw new Error('a pair is missing')
        const expected = Buffer.from(pureJsCrypto.generateX25519SharedKey(mine.privateKey, theirs.publicKey).subarray())
        expect(Buffer.from(KEYS_READ_ONCE.generateX25519SharedKey(mine.privateKey, theirs.publicKey).subarray())).toEqual(expected)
      }
  })
  test('refuse a point of small order', () => {
    const { privateKey } = KEYS_READ_ONCE.generateX25519KeyPair()
    expect(() => KEYS_READ_ONCE.generateX25519SharedKey(privateKey, new Uint8Array(32))).toThrow()
  })
  test.each([0, 16, 1_199, 1_200, 60_000])('seal and open %i bytes as libp2p does, with the same key again', (length) => {
    const [key, nonce, ad, plaintext] = [randomBytes(32), randomBytes(12), randomBytes(8), randomBytes(length)]
    for (let n = 0; n < 2; n++) {
      const sealed = KEYS_READ_ONCE.chaCha20Poly1305Encrypt(plaintext, nonce, ad, key).subarray()
      expect(Buffer.from(pureJsCrypto.chaCha20Poly1305Decrypt(sealed, nonce, ad, key).subarray())).toEqual(plaintext)
      expect(Buffer.from(KEYS_READ_ONCE.chaCha20Poly1305Decrypt(sealed, nonce, ad, key).subarray())).toEqual(plaintext)
    }
  })
})
