// X25519 (RFC 7748). Only canonical keys that are not of low order are admitted, and an all-zero result is refused.

import { x25519 } from '@noble/curves/ed25519.js'
import { equalBytes } from '../bytes/bytes.ts'

const ZERO = new Uint8Array(32)
const P = 2n ** 255n - 19n

// Every canonical u whose point or twist point has an order that divides 8: the shared secret with them is zero.
const LOW_ORDER = new Set([
  0n,
  1n,
  P - 1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
])

/** The 32-byte public key of a 32-byte secret. */
export const agreementKeyOf = (secret: Uint8Array): Uint8Array => x25519.getPublicKey(secret)

/** True when `key` has 32 bytes, a clear top bit, a value below p (the one encoding of a point) and is not of low order. */
export function isAgreementKey(key: Uint8Array): boolean {
  if (key.length !== 32) return false
  let value = 0n
  for (let i = 31; i >= 0; i--) value = (value << 8n) | BigInt(key[i] as number)
  return value < P && !LOW_ORDER.has(value)
}

/** The shared secret of 32 bytes, or undefined when `theirs` is not a key to be admitted. */
export function agree(mine: Uint8Array, theirs: Uint8Array): Uint8Array | undefined {
  if (!isAgreementKey(theirs)) return undefined
  const shared = x25519.getSharedSecret(mine, theirs)
  return equalBytes(shared, ZERO) ? undefined : shared
}
