// ML-KEM-768 and X25519 of the platform (WebCrypto) and ours are the same, byte for byte: whichever of them a device has, it reads the others.

import { webcrypto } from 'node:crypto'
import { expect, test } from 'vitest'
import { agree, agreementKeyOf } from '../../src/crypto/agree.ts'
import { decapsulate, encapsulate, isKemKey, kemKeysOf } from '../../src/crypto/kem.ts'
import { createSeeded } from '../simulation/seeded.ts'

type Key = webcrypto.CryptoKey
/** What the types of Node 24 do not know yet. */
type Subtle = {
  readonly importKey: (format: string, key: Uint8Array, algorithm: string, extractable: boolean, usages: readonly string[]) => Promise<Key>
  readonly exportKey: (format: 'raw-public' | 'raw', key: Key) => Promise<ArrayBuffer>
  readonly getPublicKey: (key: Key, usages: readonly string[]) => Promise<Key>
  readonly encapsulateBits: (algorithm: string, key: Key) => Promise<{ readonly sharedKey: ArrayBuffer; readonly ciphertext: ArrayBuffer }>
  readonly decapsulateBits: (algorithm: string, key: Key, ciphertext: Uint8Array) => Promise<ArrayBuffer>
  readonly deriveBits: (algorithm: object, key: Key, bits: number) => Promise<ArrayBuffer>
}

const subtle = webcrypto.subtle as unknown as Subtle
const KEM = 'ML-KEM-768'
const ROUNDS = 12
const random = createSeeded(768).bytes
const bytes = (buffer: ArrayBuffer): Uint8Array => new Uint8Array(buffer)
const secretKey = (seed: Uint8Array): Promise<Key> => subtle.importKey('raw-seed', seed, KEM, false, ['decapsulateBits'])

test('keys of a seed are the same, and secrets that one makes the other finds', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const seed = random(64)
    const ours = kemKeysOf(seed)
    const theirs = await secretKey(seed)
    const publicKey = bytes(await subtle.exportKey('raw-public', await subtle.getPublicKey(theirs, ['encapsulateBits'])))
    expect(publicKey).toEqual(ours.publicKey)
    expect(isKemKey(publicKey)).toBe(true)
    const made = encapsulate(publicKey, random(32)) ?? expect.fail('no secret')
    expect(bytes(await subtle.decapsulateBits(KEM, theirs, made.ciphertext))).toEqual(made.shared)
    const imported = await subtle.importKey('raw-public', publicKey, KEM, true, ['encapsulateBits'])
    const { sharedKey, ciphertext } = await subtle.encapsulateBits(KEM, imported)
    expect(decapsulate(ours.secret, bytes(ciphertext))).toEqual(bytes(sharedKey))
  }
})

test('an altered ciphertext gives the same unrelated secret, and a key that is none is refused by both', async () => {
  const seed = random(64)
  const { publicKey, secret } = kemKeysOf(seed)
  const { ciphertext, shared } = encapsulate(publicKey, random(32)) ?? expect.fail('no secret')
  const theirs = await secretKey(seed)
  for (const at of [0, 959, 960, 1_087]) {
    const altered = ciphertext.map((byte, i) => (i === at ? byte ^ 1 : byte))
    expect(decapsulate(secret, altered)).not.toEqual(shared)
    expect(bytes(await subtle.decapsulateBits(KEM, theirs, altered))).toEqual(decapsulate(secret, altered))
  }
  const none = new Uint8Array(1_184).fill(255)
  expect(isKemKey(none)).toBe(false)
  const refused = async (): Promise<unknown> =>
    subtle.encapsulateBits(KEM, await subtle.importKey('raw-public', none, KEM, true, ['encapsulateBits']))
  await expect(refused()).rejects.toThrow()
})

test('X25519 agrees on the same secret', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const [mine, theirs] = [random(32), random(32)]
    // PKCS #8 around a raw secret (RFC 8410).
    const wrapped = Uint8Array.of(...Buffer.from('302e020100300506032b656e04220420', 'hex'), ...mine)
    const own = await subtle.importKey('pkcs8', wrapped, 'X25519', false, ['deriveBits'])
    const publicKey = await subtle.importKey('raw', agreementKeyOf(theirs), 'X25519', true, [])
    expect(bytes(await subtle.deriveBits({ name: 'X25519', public: publicKey }, own, 256))).toEqual(agree(mine, agreementKeyOf(theirs)))
  }
})
