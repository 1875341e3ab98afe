// Signatures and keys that verifiers are known to disagree about, made from scratch (docs/protocol.md §1.3). Each case says what the one
// acceptance rule of Kith makes of it. Used by the tests of every verifier.

import { etc, Point } from '@noble/ed25519'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatBytes, fromHex, utf8ToBytes } from '../../src/bytes/bytes.ts'
import { sign, signingKeyOf } from '../../src/crypto/sign.ts'

export type CraftedSignature = {
  readonly name: string
  readonly key: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
  /** Whether the key passes admission, and whether the equation and the encodings then hold. */
  readonly isAdmitted: boolean
  readonly isValid: boolean
}

export const L = 2n ** 252n + 27742317777372353535851937790883648493n
const P = 2n ** 255n - 19n

export const scalarBytes = (value: bigint): Uint8Array => fromHex(value.toString(16).padStart(64, '0')).reverse()

const scalarOf = (bytes: Uint8Array): bigint => BigInt(`0x${etc.bytesToHex(Uint8Array.from(bytes).reverse())}`)
const times = (point: Point, scalar: bigint): Point => point.multiply(((scalar % L) + L) % L, false)
const challenge = (r: Uint8Array, key: Uint8Array, message: Uint8Array): bigint => scalarOf(sha512(concatBytes(r, key, message))) % L

/** The eight points whose order divides 8: multiples of the torsion part of some point of full order. */
export function smallOrderPoints(): readonly Point[] {
  for (let y = 2n; ; y++) {
    const point = pointOfY(y)
    const torsion = point && times(point, L - 1n).add(point)
    if (torsion === undefined || torsion.double().double().is0()) continue
    const points = [Point.ZERO]
    for (let i = 1; i < 8; i++) points.push((points[i - 1] ?? Point.ZERO).add(torsion))
    return points
  }
}

/** Encodings of points that are not the one valid encoding: y ≥ p, and a set sign where x = 0. */
export function nonCanonicalEncodings(): readonly Uint8Array[] {
  const encodings: Uint8Array[] = []
  for (let y = 0n; y < 19n; y++) {
    if (pointOfY(y) === undefined) continue
    const high = scalarBytes(y + P)
    encodings.push(high, signed(high))
  }
  return [...encodings, signed(scalarBytes(1n)), signed(scalarBytes(P - 1n))]
}

/** The identity as a key, and a signature that fits every message under it: R = S·B. */
export const identityKeyForgery = (): { readonly key: Uint8Array; readonly signature: Uint8Array } => ({
  key: Point.ZERO.toBytes(),
  signature: concatBytes(times(Point.BASE, 5n).toBytes(), scalarBytes(5n)),
})

export function craftedSignatures(): readonly CraftedSignature[] {
  const seed = new Uint8Array(32).fill(11)
  const key = signingKeyOf(seed)
  const secret = secretScalarOf(seed)
  const message = utf8ToBytes('crafted')
  const genuine = sign(seed, message)
  const r = genuine.slice(0, 32)
  const s = scalarOf(genuine.slice(32))
  const of = (name: string, signature: Uint8Array, isValid: boolean): CraftedSignature => ({
    name,
    key,
    message,
    signature,
    isAdmitted: true,
    isValid,
  })
  /** Holds as far as the discrete logarithm `log` of the prime-order part of R goes. */
  const withR = (name: string, rBytes: Uint8Array, log: bigint, isValid: boolean): CraftedSignature =>
    of(name, concatBytes(rBytes, scalarBytes((log + challenge(rBytes, key, message) * secret) % L)), isValid)
  const torsion = smallOrderPoints()
  return [
    of('a genuine signature', genuine, true),
    of('S + L', concatBytes(r, scalarBytes(s + L)), false),
    of('S = L', concatBytes(r, scalarBytes(L)), false),
    of('S = 2^256 − 1', concatBytes(r, new Uint8Array(32).fill(255)), false),
    of('S = 0', concatBytes(r, new Uint8Array(32)), false),
    of('S = 0 and R = 0', new Uint8Array(64), false),
    of('S = 0 and R the identity', concatBytes(Point.ZERO.toBytes(), new Uint8Array(32)), false),
    of('S one more', concatBytes(r, scalarBytes((s + 1n) % L)), false),
    of('R with its sign flipped', concatBytes(signed(r), genuine.slice(32)), false),
    ...torsion.map((point, i) => withR(`R of small order, ${i}`, point.toBytes(), 0n, false)),
    ...torsion.map((point, i) => withR(`R torsioned, ${i}`, times(Point.BASE, 77n).add(point).toBytes(), 77n, i === 0)),
    ...nonCanonicalEncodings().map((bytes, i) => withR(`R not canonical, ${i}`, bytes, 0n, false)),
    withR('R not a point', scalarBytes(2n), 0n, false),
    ...torsion.slice(1).flatMap((point, i) => torsionedKeyCases(point, { secret, message, name: `A torsioned, ${i + 1}` })),
    ...torsion.flatMap((point, i) => smallOrderKeyCases(point.toBytes(), `A of small order, ${i}`)),
    ...nonCanonicalEncodings().flatMap((bytes, i) => smallOrderKeyCases(bytes, `A not canonical, ${i}`)),
  ]
}

// With a torsioned key the cofactorless equation holds for every eighth message or so, the cofactored one always: the classic split.
function torsionedKeyCases(
  torsion: Point,
  { secret, message, name }: { readonly secret: bigint; readonly message: Uint8Array; readonly name: string },
): readonly CraftedSignature[] {
  const key = times(Point.BASE, secret).add(torsion).toBytes()
  return [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n].flatMap((log) =>
    [Point.ZERO, torsion, torsion.negate()].map((offset, i) => {
      const r = times(Point.BASE, log).add(offset).toBytes()
      const k = challenge(r, key, message)
      const isValid = times(torsion, k).add(offset).is0()
      const signature = concatBytes(r, scalarBytes((log + k * secret) % L))
      return { name: `${name}, R = ${log}B + ${i}T`, key, message, signature, isAdmitted: false, isValid }
    }),
  )
}

// Such a key signs everything: S is chosen, and R made to fit.
function smallOrderKeyCases(key: Uint8Array, name: string): readonly CraftedSignature[] {
  const messages = ['a', 'b', 'c', 'd'].map(utf8ToBytes)
  const r = times(Point.BASE, 5n).toBytes()
  return messages.map((message, i) => ({
    name: `${name}, message ${i}`,
    key,
    message,
    signature: concatBytes(r, scalarBytes(5n)),
    isAdmitted: false,
    isValid: false,
  }))
}

function pointOfY(y: bigint): Point | undefined {
  try {
    return Point.fromBytes(scalarBytes(y))
  } catch {
    return undefined
  }
}

function signed(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[31] = (copy[31] as number) ^ 0x80
  return copy
}

// RFC 8032 §5.1.5: the clamped first half of SHA-512 of the seed.
function secretScalarOf(seed: Uint8Array): bigint {
  const head = sha512(seed).slice(0, 32)
  head[0] = (head[0] as number) & 248
  head[31] = ((head[31] as number) & 63) | 64
  return scalarOf(head) % L
}
