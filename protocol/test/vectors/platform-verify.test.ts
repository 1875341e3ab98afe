// The platform's verifier stands in for ours only where it follows the same rule.

import { webcrypto } from 'node:crypto'
import { expect, test } from 'vitest'
import { craftedSignatures } from './crafted-signatures.ts'
import { verify } from '../../src/crypto/sign.ts'
import { loadPlatformVerify } from '../../src/crypto/platform-verify.ts'
import type { Subtle } from '../../src/crypto/platform-verify.ts'

const subtle: Subtle<webcrypto.CryptoKey> = webcrypto.subtle
/** A platform that says what it is told to. */
const saying = (answer: (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean): Subtle<Uint8Array> => ({
  importKey: (_format, key) => Promise.resolve(key),
  verify: (_algorithm, key, signature, message) => Promise.resolve(answer(key, message, signature)),
})

const crafted = craftedSignatures().filter(({ isAdmitted }) => isAdmitted)
const madeAs = (name: string) => crafted.find((item) => item.name === name) ?? expect.fail(name)

test.each(crafted)('gives the verdict that ours gives: $name', async (item) => {
  const platform = (await loadPlatformVerify(subtle)) ?? expect.fail('the platform follows another rule')
  expect(await platform(item.key, item.message, item.signature)).toBe(item.isValid)
  expect(verify(item.key, item.message, item.signature)).toBe(item.isValid)
})

// Chromium 156. With an admitted key the equation holds for no other R of small order.
test('is taken where it accepts an R of small order, and does not get to see one', async () => {
  const lax = madeAs('R of small order, 0')
  const boring = saying((key, message, signature) => `${signature}` === `${lax.signature}` || verify(key, message, signature))
  const platform = (await loadPlatformVerify(boring)) ?? expect.fail('not taken')
  for (const item of crafted) expect(await platform(item.key, item.message, item.signature), item.name).toBe(item.isValid)
})

test('is not taken where it accepts what we refuse, refuses what we accept, or does not know the curve', async () => {
  expect(await loadPlatformVerify(saying(verify))).toBeDefined()
  expect(await loadPlatformVerify(saying(() => true))).toBeUndefined()
  expect(await loadPlatformVerify(saying(() => false))).toBeUndefined()
  for (const name of ['R torsioned, 1', 'S + L']) {
    const lax = madeAs(name)
    const isLax = (signature: Uint8Array): boolean => `${signature}` === `${lax.signature}`
    expect(
      await loadPlatformVerify(saying((key, message, signature) => isLax(signature) || verify(key, message, signature))),
      name,
    ).toBeUndefined()
  }
  const none: Subtle<never> = {
    ...saying(verify),
    importKey: () => Promise.reject(new Error('an unknown algorithm')),
    verify: () => Promise.resolve(true),
  }
  expect(await loadPlatformVerify(none)).toBeUndefined()
})
