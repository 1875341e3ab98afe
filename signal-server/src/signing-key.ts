// Which Ed25519 keys the relay admits, decided by OpenSSL: the same as the protocol's `isSigningKey`, in a tenth of the time. Each newcomer
// brings two keys of a mailbox, and nobody else is served while they are checked.

import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto'
import { fromHex, toHex } from '@kith/protocol'

const P = 2n ** 255n - 19n
const L = 2n ** 252n + 27742317777372353535851937790883648493n
/** What precedes 32 bytes of an X25519 key in PKCS #8 and SPKI (RFC 8410). */
const PKCS8_PREFIX = fromHex('302e020100300506032b656e04220420')
const SPKI_PREFIX = fromHex('302a300506032b656e032100')

const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes.toReversed())}`)
const to32Bytes = (number: bigint): Uint8Array => fromHex(number.toString(16).padStart(64, '0')).toReversed()

/**
 * 5L − 1: a multiple of 8 between 2^254 and 2^255, so X25519 multiplies by it unchanged. For points of order L that is −1, and X25519 sees no
 * difference between a point and its negative. What a point has of small order, a multiple of 8 takes away: another point comes out.
 */
const MINUS_ONE = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, to32Bytes(5n * L - 1n)]), format: 'der', type: 'pkcs8' })

/** True when `key` is a canonical, torsion-free point other than the identity. */
export function isSigningKeyNative(key: Uint8Array): boolean {
  if (key.length !== 32) return false
  const y = littleEndian(key) & (2n ** 255n - 1n)
  // At y = 1 and y = −1 are points of small order, and only there is the sign of x not free.
  if (y >= P || y === 1n || y === P - 1n) return false
  // The same point on the curve of X25519 (RFC 7748 §4.1). Where the one has no x, the other is on the twist, and is not its own image either.
  const u = to32Bytes(((1n + y) * inverse(P + 1n - y)) % P)
  return isOwnImage(u)
}

function isOwnImage(u: Uint8Array): boolean {
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, u]), format: 'der', type: 'spki' })
  try {
    return diffieHellman({ privateKey: MINUS_ONE, publicKey }).equals(u)
  } catch {
    // Nothing is left of a point of small order, and OpenSSL refuses to answer that.
    return false
  }
}

/** Modulo P, of a number that is not 0 there: Euclid's. */
function inverse(number: bigint): bigint {
  let [a, b, x, before] = [P, number % P, 1n, 0n]
  while (b > 1n) {
    const quotient = a / b
    ;[a, b] = [b, a - quotient * b]
    ;[x, before] = [before - quotient * x, x]
  }
  return ((x % P) + P) % P
}
