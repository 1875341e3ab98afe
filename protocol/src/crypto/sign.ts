// Ed25519 (RFC 8032) with the one acceptance rule of Kith (docs/protocol.md §1.3): S < L, A and R canonical,
// A torsion-free (checked where a key is admitted), R not of small order, and the cofactorless equation. Verifiers that disagree on crafted
// signatures would split a group for ever, so every signature of Kith passes through this file.

import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatBytes, equalBytes, toHex } from '../bytes/bytes.ts'
import { ADMITTED_KEYS_KEPT } from '../limits.ts'
import { pointOf } from './known-keys.ts'

export const SIGNATURE_BYTES = 64
const L = 2n ** 252n + 27742317777372353535851937790883648493n

/** The 32-byte public key of a 32-byte seed. */
export const signingKeyOf = (seed: Uint8Array): Uint8Array => ed25519.getPublicKey(seed)

/** 64 bytes: R ‖ S. */
export const sign = (seed: Uint8Array, message: Uint8Array): Uint8Array => ed25519.sign(message, seed)

// The check is three times as dear as a verification, and the same few keys come again with every handshake and device list.
const admitted = new Set<string>()

/** True when `key` is a canonical, torsion-free point other than the identity. Every key is checked on admission. */
export function isSigningKey(key: Uint8Array): boolean {
  const name = toHex(key)
  if (admitted.has(name)) return true
  if (!isOfPrimeOrder(key)) return false
  if (admitted.size >= ADMITTED_KEYS_KEPT) admitted.clear()
  admitted.add(name)
  return true
}

function isOfPrimeOrder(key: Uint8Array): boolean {
  try {
    const point = ed25519.Point.fromBytes(key)
    return !point.is0() && point.isTorsionFree()
  } catch {
    return false
  }
}

/** True when `signature` is one of `key` over `message`. `key` must have passed {@link isSigningKey}. */
export function verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false
  const r = signature.subarray(0, 32)
  const s = littleEndian(signature.subarray(32))
  if (s >= L) return false
  try {
    const k = littleEndian(sha512(concatBytes(r, key, message))) % L
    // R is recomputed and compared as bytes: cofactorless, and only the canonical encoding of R can be equal. WebCrypto refuses an R of
    // small order, which no honest signer makes; so do we.
    const expected = ed25519.Point.BASE.multiplyUnsafe(s).subtract(pointOf(key).multiplyUnsafe(k))
    return equalBytes(expected.toBytes(), r) && !expected.isSmallOrder()
  } catch {
    return false
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`)
}
