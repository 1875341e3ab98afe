import { expect, test } from 'vitest'
import { seededRandom } from '../../test/vectors/seeded-random.ts'
import { isSigningKey, verify } from '../crypto/sign.ts'
import { accountIdFromKey, accountKeyOf, createAccount, signAsAccount } from './account.ts'
import { areDeviceKeys, createDevice, deviceIdFromKeys, devicePublicOf } from './device.ts'
import { safetyNumberOf } from './safety-number.ts'
import type { AccountId } from '../bytes/ids.ts'

const random = seededRandom('identity')

test('an account is its 32 bytes of entropy: the same bytes give the same key and id', () => {
  const secret = createAccount(random)
  const again = { entropy: secret.entropy.slice() }
  expect(accountKeyOf(again)).toEqual(accountKeyOf(secret))
  expect(accountIdFromKey(accountKeyOf(secret))).toMatch(/^[0-9a-f]{64}$/)
  expect(isSigningKey(accountKeyOf(secret))).toBe(true)
  const statement = Uint8Array.of(1)
  expect(verify(accountKeyOf(secret), statement, signAsAccount(secret, statement))).toBe(true)
})

test('the account key is not the key that the entropy itself would seed', () => {
  const secret = createAccount(random)
  expect(accountKeyOf(secret)).not.toEqual(devicePublicOf({ signSeed: secret.entropy, agreeSecret: secret.entropy }).signingKey)
})

test('the id of a device names both of its keys', () => {
  const secret = createDevice(random)
  const device = devicePublicOf(secret)
  const other = devicePublicOf(createDevice(random))
  expect(device.id).toBe(deviceIdFromKeys(device))
  expect(areDeviceKeys(device)).toBe(true)
  expect(deviceIdFromKeys({ ...device, signingKey: other.signingKey })).not.toBe(device.id)
  expect(deviceIdFromKeys({ ...device, agreementKey: other.agreementKey })).not.toBe(device.id)
})

test('the safety number has 60 digits, is the same from both sides, and changes with either account', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(64) as AccountId) as [AccountId, AccountId, AccountId]
  expect(safetyNumberOf([a, b])).toMatch(/^[0-9]{60}$/)
  expect(safetyNumberOf([a, b])).toBe(safetyNumberOf([b, a]))
  expect(new Set([safetyNumberOf([a, b]), safetyNumberOf([a, c]), safetyNumberOf([b, c])]).size).toBe(3)
})
