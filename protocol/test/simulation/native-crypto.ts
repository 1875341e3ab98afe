// Ed25519 and X25519 by OpenSSL: the same bytes and verdicts as crypto/sign.ts and crypto/agree.ts, some ten times as fast. Only for
// `npm run simulate`, where a thousand lives would spend half of their time there; everything else runs what ships.

import { createPrivateKey, createPublicKey, diffieHellman, sign as signNative, verify as verifyNative } from 'node:crypto'
import { concatBytes, fromHex, toHex } from '../../src/bytes/bytes.ts'
import { isAgreementKey } from '../../src/crypto/agree.ts'
import { SIGNATURE_BYTES, isSigningKey as isKey } from '../../src/crypto/sign.ts'
import type { KeyObject } from 'node:crypto'

/** What precedes 32 bytes in PKCS #8 and in SPKI (RFC 8410). */
const PREFIXES = {
  ed25519: { secret: fromHex('302e020100300506032b657004220420'), key: fromHex('302a300506032b6570032100') },
  x25519: { secret: fromHex('302e020100300506032b656e04220420'), key: fromHex('302a300506032b656e032100') },
} as const

type Curve = keyof typeof PREFIXES

export { SIGNATURE_BYTES, isAgreementKey }

// A key that was made of a seed is one; any other is looked at as always.
const made = new Set<string>()

export function signingKeyOf(seed: Uint8Array): Uint8Array {
  const key = publicBytesOf('ed25519', seed)
  made.add(toHex(key))
  return key
}

export const isSigningKey = (key: Uint8Array): boolean => made.has(toHex(key)) || isKey(key)

export const sign = (seed: Uint8Array, message: Uint8Array): Uint8Array =>
  new Uint8Array(signNative(null, message, secretOf('ed25519', seed)))

export const verify = (key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean =>
  signature.length === SIGNATURE_BYTES && verifyNative(null, message, publicOf('ed25519', key), signature)

export const agreementKeyOf = (secret: Uint8Array): Uint8Array => publicBytesOf('x25519', secret)

export const agree = (mine: Uint8Array, theirs: Uint8Array): Uint8Array | undefined =>
  isAgreementKey(theirs)
    ? new Uint8Array(diffieHellman({ privateKey: secretOf('x25519', mine), publicKey: publicOf('x25519', theirs) }))
    : undefined

const publicBytesOf = (curve: Curve, secret: Uint8Array): Uint8Array =>
  new Uint8Array(createPublicKey(secretOf(curve, secret)).export({ format: 'der', type: 'spki' }).subarray(PREFIXES[curve].key.length))

const secretOf = (curve: Curve, secret: Uint8Array): KeyObject =>
  kept(`${curve} secret ${toHex(secret)}`, () =>
    createPrivateKey({ key: Buffer.from(concatBytes(PREFIXES[curve].secret, secret)), format: 'der', type: 'pkcs8' }),
  )

const publicOf = (curve: Curve, key: Uint8Array): KeyObject =>
  kept(`${curve} ${toHex(key)}`, () =>
    createPublicKey({ key: Buffer.from(concatBytes(PREFIXES[curve].key, key)), format: 'der', type: 'spki' }),
  )

// To parse a key costs as much as to use it.
const KEYS_KEPT = 2_000
const keys = new Map<string, KeyObject>()

function kept(name: string, parse: () => KeyObject): KeyObject {
  const key = keys.get(name) ?? parse()
  if (keys.size >= KEYS_KEPT) keys.clear()
  keys.set(name, key)
  return key
}
