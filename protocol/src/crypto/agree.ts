// X25519 (RFC 7748). Only canonical keys that are not of low order are admitted, and an all-zero result is refused.

import { montgomery } from '@noble/curves/abstract/montgomery.js'
import { Point } from '@noble/ed25519'
import { equalBytes } from '../bytes/bytes.ts'

const ZERO = new Uint8Array(32)
const P = 2n ** 255n - 19n
/** Order of the base point. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n

const mod = (value: bigint): bigint => ((value % P) + P) % P

/** x^(p − 2), by Fermat the inverse of x. */
function inverse(x: bigint): bigint {
  let [result, square] = [1n, x]
  for (let power = P - 2n; power > 0n; power >>= 1n) {
    if (power & 1n) result = mod(result * square)
    square = mod(square * square)
  }
  return result
}

// The library's own x25519 brings a second implementation of Ed25519 along; one is here already. The parameters are those of RFC 7748 §4.1 and §5.
const x25519 = montgomery({
  P,
  type: 'x25519',
  powPminus2: inverse,
  adjustScalarBytes: (scalar: Uint8Array) => {
    const clamped = Uint8Array.from(scalar)
    clamped[0] = (scalar[0] as number) & 248
    clamped[31] = ((scalar[31] as number) & 127) | 64
    return clamped
  },
  // Public keys by the tables of the Edwards form, whose point (X : Y : Z) has u = (Z + Y) / (Z − Y): three times as fast as the ladder.
  scalarMultBase: (scalar: bigint): bigint => {
    const rest = scalar % L
    if (rest === 0n) return 0n
    const { Y, Z } = Point.BASE.multiply(rest)
    return mod((Z + Y) * inverse(mod(Z - Y)))
  },
})

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
