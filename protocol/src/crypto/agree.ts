// X25519 (RFC 7748). Only canonical keys are admitted, and an all-zero result (low-order key) is refused.

import { x25519 } from '@noble/curves/ed25519.js'
import { equalBytes } from '../bytes/bytes.ts'

const ZERO = new Uint8Array(32)
const P = 2n ** 255n - 19n

/** The 32-byte public key of a 32-byte secret. */
export const agreementKeyOf = (secret: Uint8Array): Uint8Array => x25519.getPublicKey(secret)

/** True when `key` has 32 bytes, a clear top bit and a value below p: the one encoding of a point. */
export function isAgreementKey(key: Uint8Array): boolean {
  if (key.length !== 32) return false
  let value = 0n
  for (let i = 31; i >= 0; i--) value = (value << 8n) | BigInt(key[i] as number)
  return value < P
}

/** The shared secret of 32 bytes, or undefined when `theirs` is not canonical or of low order. */
export function agree(mine: Uint8Array, theirs: Uint8Array): Uint8Array | undefined {
  if (!isAgreementKey(theirs)) return undefined
  try {
    const shared = x25519.getSharedSecret(mine, theirs)
    return equalBytes(shared, ZERO) ? undefined : shared
  } catch {
    return undefined
  }
}
