// One rule, two verifiers: ours and WebCrypto must agree on whatever passes admission (docs/protocol.md §1.3).

import { webcrypto } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { craftedSignatures, nonCanonicalEncodings, smallOrderPoints } from './crafted-signatures.ts'
import { fromHex, utf8ToBytes } from '../../src/bytes/bytes.ts'
import { ADMITTED_KEYS_KEPT, KEY_TABLES_MAX } from '../../src/limits.ts'
import { isSigningKey, sign, signingKeyOf, verify } from '../../src/crypto/sign.ts'

const corpus = craftedSignatures()
const seedOf = (value: number): Uint8Array => Uint8Array.of(value >> 8, ...new Uint8Array(31).fill(value))

async function webCryptoVerify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const imported = await webcrypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']).catch(() => undefined)
  return imported !== undefined && (await webcrypto.subtle.verify('Ed25519', imported, signature, message))
}

describe('the one acceptance rule', () => {
  test('the corpus holds every way in which verifiers are known to differ', () => {
    expect(smallOrderPoints()).toHaveLength(8)
    expect(nonCanonicalEncodings().length).toBeGreaterThan(20)
    expect(corpus.filter((item) => !item.isAdmitted && item.isValid).length).toBeGreaterThan(10)
  })

  test.each(corpus.filter((item) => item.isAdmitted))('on an admitted key our verifier and WebCrypto agree: $name', async (item) => {
    expect(isSigningKey(item.key)).toBe(true)
    expect(verify(item.key, item.message, item.signature)).toBe(item.isValid)
    expect(await webCryptoVerify(item.key, item.message, item.signature)).toBe(item.isValid)
  })

  test('keys of small order, torsioned keys and keys that are not canonical are not admitted', () => {
    for (const item of corpus.filter((other) => !other.isAdmitted)) expect(isSigningKey(item.key), item.name).toBe(false)
  })

  test('with a torsioned key the equation is the cofactorless one', () => {
    for (const item of corpus.filter((other) => other.name.startsWith('A torsioned'))) {
      expect(verify(item.key, item.message, item.signature), item.name).toBe(item.isValid)
    }
  })

  test('a key of another length or off the curve is not admitted and verifies nothing', () => {
    const signature = sign(seedOf(1), utf8ToBytes('x'))
    for (const key of [new Uint8Array(0), new Uint8Array(31), new Uint8Array(33), Uint8Array.of(2, ...new Uint8Array(31))]) {
      expect(isSigningKey(key)).toBe(false)
      expect(verify(key, utf8ToBytes('x'), signature)).toBe(false)
    }
  })
})

describe('signatures', () => {
  test('a signature verifies, and fails with any bit of it, the message or the key changed', () => {
    const key = signingKeyOf(seedOf(3))
    const message = utf8ToBytes('hello')
    const signature = sign(seedOf(3), message)
    expect(verify(key, message, signature)).toBe(true)
    for (let bit = 0; bit < 512; bit += 7) {
      const changed = Uint8Array.from(signature)
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(verify(key, message, changed)).toBe(false)
    }
    expect(verify(key, utf8ToBytes('hellp'), signature)).toBe(false)
    expect(verify(signingKeyOf(seedOf(4)), message, signature)).toBe(false)
    expect(verify(key, message, signature.slice(0, 63))).toBe(false)
  })

  test('what is remembered of admitted keys admits no other, and they may push each other out', () => {
    const keys = Array.from({ length: ADMITTED_KEYS_KEPT + 1 }, (_, value) => signingKeyOf(seedOf(1_000 + value)))
    for (const key of [...keys, ...keys.slice(0, 3)]) {
      expect(isSigningKey(key)).toBe(true)
      expect(isSigningKey(key)).toBe(true)
    }
    for (const item of corpus.filter((other) => !other.isAdmitted)) expect(isSigningKey(item.key), item.name).toBe(false)
  })

  test('a key gives the same verdicts before and after it has a table, and while keys push each other out', () => {
    const message = utf8ToBytes('again')
    for (let round = 0; round < 3; round++) {
      for (let value = 100; value < 100 + KEY_TABLES_MAX + 1; value += round === 0 ? 1 : 5) {
        const seed = seedOf(value)
        const key = signingKeyOf(seed)
        const signature = sign(seed, message)
        for (let time = 0; time < 3; time++) expect(verify(key, message, signature)).toBe(true)
        expect(verify(key, utf8ToBytes('agaim'), signature)).toBe(false)
      }
    }
  })

  // RFC 8032 §7.1, tests 1 to 3.
  test.each([
    {
      seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      message: '',
      signature:
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    },
    {
      seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      message: '72',
      signature:
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    },
    {
      seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      key: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      message: 'af82',
      signature:
        '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    },
  ])('the RFC 8032 signature over "$message" comes out as printed there', ({ seed, key, message, signature }) => {
    expect(signingKeyOf(fromHex(seed))).toEqual(fromHex(key))
    expect(sign(fromHex(seed), fromHex(message))).toEqual(fromHex(signature))
    expect(verify(fromHex(key), fromHex(message), fromHex(signature))).toBe(true)
  })
})
