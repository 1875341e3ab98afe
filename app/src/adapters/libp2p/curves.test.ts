import { ed25519 as theirs25519, x25519 as theirsX } from '@noble/curves/ed25519.js'
import { describe, expect, test } from 'vitest'
import { ed25519, x25519 } from './curves.ts'

const secret = Uint8Array.from({ length: 32 }, (_, at) => at + 1)
const other = Uint8Array.from({ length: 32 }, (_, at) => 200 - at)
const message = new TextEncoder().encode('a handshake')

describe('what libp2p takes of @noble/curves', () => {
  test('has the same keys, signatures and shared secrets as there', () => {
    expect(ed25519.getPublicKey(secret)).toEqual(theirs25519.getPublicKey(secret))
    expect(ed25519.sign(message, secret)).toEqual(theirs25519.sign(message, secret))
    expect(x25519.getPublicKey(secret)).toEqual(theirsX.getPublicKey(secret))
    const theirKey = theirsX.getPublicKey(other)
    expect(x25519.getSharedSecret(secret, theirKey)).toEqual(theirsX.getSharedSecret(secret, theirKey))
  })

  test('verifies what was signed there, and nothing else', () => {
    const signature = theirs25519.sign(message, secret)
    const key = theirs25519.getPublicKey(secret)
    expect(ed25519.verify(signature, message, key)).toBe(true)
    expect(ed25519.verify(signature, message.subarray(1), key)).toBe(false)
    expect(ed25519.verify(signature, message, new Uint8Array(32))).toBe(false)
  })

  test('agrees on nothing with a key of low order', () => {
    expect(() => x25519.getSharedSecret(secret, new Uint8Array(32))).toThrow()
  })

  test('makes a new secret of 32 bytes each time', () => {
    const [one, another] = [x25519.utils.randomSecretKey(), ed25519.utils.randomSecretKey()]
    expect([one.length, another.length]).toEqual([32, 32])
    expect(one).not.toEqual(another)
  })
})
