// What `npm run simulate` runs in the place of noble gives the same bytes and the same verdicts.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { craftedSignatures } from '../vectors/crafted-signatures.ts'
import { agree, agreementKeyOf } from '../../src/crypto/agree.ts'
import { decapsulate, encapsulate, kemKeysOf } from '../../src/crypto/kem.ts'
import { sign, signingKeyOf, verify } from '../../src/crypto/sign.ts'
import * as native from './native-crypto.ts'

const secret = fc.uint8Array({ minLength: 32, maxLength: 32 })
const RUNS = { numRuns: 30 }

test('keys, signatures and shared secrets are the same bytes', () => {
  fc.assert(
    fc.property(secret, secret, fc.uint8Array({ maxLength: 300 }), (mine, theirs, message) => {
      expect(native.signingKeyOf(mine)).toEqual(signingKeyOf(mine))
      expect(native.sign(mine, message)).toEqual(sign(mine, message))
      expect(native.agreementKeyOf(mine)).toEqual(agreementKeyOf(mine))
      expect(native.agree(mine, agreementKeyOf(theirs))).toEqual(agree(mine, agreementKeyOf(theirs)))
    }),
    RUNS,
  )
})

test('key pairs of ML-KEM are the same bytes, and what is encapsulated for one comes out', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), secret, (seed, random) => {
      const keys = native.kemKeysOf(seed)
      expect(keys).toEqual(kemKeysOf(seed))
      const { shared, ciphertext } = encapsulate(keys.publicKey, random) ?? expect.fail('the key was refused')
      expect(decapsulate(keys.secret, ciphertext)).toEqual(shared)
    }),
    RUNS,
  )
})

test.each(craftedSignatures().filter(({ isAdmitted }) => isAdmitted))(
  'verdicts are the same: $name',
  ({ key, message, signature, isValid }) => {
    expect(native.verify(key, message, signature)).toBe(isValid)
    expect(verify(key, message, signature)).toBe(isValid)
  },
)

test('signatures of another length and keys of low order are refused alike', () => {
  const seed = new Uint8Array(32).fill(1)
  const message = Uint8Array.of(1)
  const signature = sign(seed, message)
  for (const other of [signature.subarray(1), Uint8Array.of(...signature, 0), new Uint8Array()])
    expect(native.verify(signingKeyOf(seed), message, other)).toBe(false)
  for (const low of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31)), new Uint8Array(31), new Uint8Array(32).fill(255)])
    expect([native.agree(seed, low), agree(seed, low)]).toEqual([undefined, undefined])
})
