import { expect, test } from 'vitest'
import { identityKeyForgery } from '../../test/vectors/crafted-signatures.ts'
import { createParty } from '../../test/vectors/pair-of-devices.ts'
import { utf8ToBytes } from '../bytes/bytes.ts'
import { verify } from '../crypto/sign.ts'
import { isGenuineBundle } from './prekey-bundle.ts'
import { takeOneTime } from './prekeys.ts'
import type { PrekeyBundle } from './prekey-bundle.ts'

test('a bundle of a device with a key of small order is found, although its signatures hold', () => {
  const { key: identity, signature } = identityKeyForgery()
  const { bundle } = takeOneTime(createParty('bob', 1).prekeys)
  const forged: PrekeyBundle = { ...bundle, signingKey: identity, reusable: { ...bundle.reusable, signature }, oneTime: undefined }
  expect(isGenuineBundle(bundle)).toBe(true)
  expect(verify(identity, utf8ToBytes('anything'), signature)).toBe(true)
  expect(isGenuineBundle(forged)).toBe(false)
})
