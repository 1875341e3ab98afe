import { expect, test } from 'vitest'
import { fromHex } from '../bytes/bytes.ts'
import { agree, agreementKeyOf, isAgreementKey } from './agree.ts'

const P = 2n ** 255n - 19n
const little = (value: bigint): Uint8Array => fromHex(value.toString(16).padStart(64, '0')).reverse()
const secret = new Uint8Array(32).fill(9)

// RFC 7748 §6.1.
const alice = fromHex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a')
const bob = fromHex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb')

test('the RFC 7748 exchange comes out as printed there', () => {
  expect(agreementKeyOf(alice)).toEqual(fromHex('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a'))
  const shared = fromHex('4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742')
  expect(agree(alice, agreementKeyOf(bob))).toEqual(shared)
  expect(agree(bob, agreementKeyOf(alice))).toEqual(shared)
})

test('low-order keys are refused', () => {
  const order8 = [
    325606250916557431795983626356110631294008115727848805560023387167927233504n,
    39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  ]
  expect(agree(secret, agreementKeyOf(bob))).toBeDefined()
  for (const value of [0n, 1n, P - 1n, ...order8]) {
    expect(isAgreementKey(little(value))).toBe(false)
    expect(agree(secret, little(value))).toBeUndefined()
  }
})

test('keys that are not canonical are refused', () => {
  for (let value = P; value < P + 19n; value++) expect(agree(secret, little(value))).toBeUndefined()
})

test('a key with its high bit set is refused, although RFC 7748 would ignore the bit', () => {
  const key = agreementKeyOf(bob)
  expect(isAgreementKey(key)).toBe(true)
  key[31] = (key[31] as number) | 0x80
  expect(isAgreementKey(key)).toBe(false)
  expect(agree(secret, key)).toBeUndefined()
})

test('a key of another length is refused', () => {
  for (const length of [0, 31, 33]) expect(agree(secret, new Uint8Array(length).fill(9))).toBeUndefined()
})
