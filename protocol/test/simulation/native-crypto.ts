// Ed25519, X25519 and the key pairs of ML-KEM by OpenSSL: the same bytes and verdicts as crypto/sign.ts, crypto/agree.ts and crypto/kem.ts, some ten
// times as fast. Only for lives, which would spend half of their time there (native-curves.ts says which); everything else runs what ships. To
// encapsulate stays noble's: OpenSSL takes no randomness of ours, and a life has to be the same each time.

import { createPrivateKey, createPublicKey, diffieHellman, hash, sign as signNative, verify as verifyNative } from 'node:crypto'
import { concatBytes, fromHex, toHex } from '../../src/bytes/bytes.ts'
import { isAgreementKey } from '../../src/crypto/agree.ts'
import { KEM_PUBLIC_BYTES } from '../../src/crypto/kem.ts'
import { SIGNATURE_BYTES, isSigningKey as isKey } from '../../src/crypto/sign.ts'
import type { KeyObject } from 'node:crypto'

/** What precedes 32 bytes in PKCS #8 and in SPKI (RFC 8410). */
const PREFIXES = {
  ed25519: { secret: fromHex('302e020100300506032b657004220420'), key: fromHex('302a300506032b6570032100') },
  x25519: { secret: fromHex('302e020100300506032b656e04220420'), key: fromHex('302a300506032b656e032100') },
} as const

type Curve = keyof typeof PREFIXES

/** What precedes the 64 bytes of a seed in PKCS #8 (RFC 9935). The secret that follows from it is at the end of what OpenSSL writes. */
const KEM_SEED_PREFIX = fromHex('3054020100300b060960864801650304040204428040')
const KEM_SECRET_BYTES = 2_400

export { SIGNATURE_BYTES, isAgreementKey }
export { KEM_CIPHERTEXT_BYTES, KEM_PUBLIC_BYTES, decapsulate, encapsulate, isKemKey } from '../../src/crypto/kem.ts'

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

export function verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false
  // Every device of a life checks what all of them have got.
  const name = `${toHex(key)} ${toHex(signature)} ${hash('sha256', message)}`
  const known = verdicts.get(name)
  if (known !== undefined) return known
  return keep(verdicts, name, verifyNative(null, message, publicOf('ed25519', key), signature))
}

export const agreementKeyOf = (secret: Uint8Array): Uint8Array => publicBytesOf('x25519', secret)

export const agree = (mine: Uint8Array, theirs: Uint8Array): Uint8Array | undefined =>
  isAgreementKey(theirs)
    ? new Uint8Array(diffieHellman({ privateKey: secretOf('x25519', mine), publicKey: publicOf('x25519', theirs) }))
    : undefined

export function kemKeysOf(seed: Uint8Array): { readonly publicKey: Uint8Array; readonly secret: Uint8Array } {
  const key = createPrivateKey({ key: Buffer.from(concatBytes(KEM_SEED_PREFIX, seed)), format: 'der', type: 'pkcs8' })
  return {
    publicKey: new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-KEM_PUBLIC_BYTES)),
    secret: new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }).subarray(-KEM_SECRET_BYTES)),
  }
}

function publicBytesOf(curve: Curve, secret: Uint8Array): Uint8Array {
  const name = `${curve} ${toHex(secret)}`
  const known = publicBytes.get(name)
  if (known !== undefined) return known.slice()
  const spki = createPublicKey(secretOf(curve, secret)).export({ format: 'der', type: 'spki' })
  return keep(publicBytes, name, new Uint8Array(spki.subarray(PREFIXES[curve].key.length))).slice()
}

function secretOf(curve: Curve, secret: Uint8Array): KeyObject {
  const name = `${curve} ${toHex(secret)}`
  const parse = (): KeyObject =>
    createPrivateKey({ key: Buffer.from(concatBytes(PREFIXES[curve].secret, secret)), format: 'der', type: 'pkcs8' })
  return secrets.get(name) ?? keep(secrets, name, parse())
}

function publicOf(curve: Curve, key: Uint8Array): KeyObject {
  const name = `${curve} ${toHex(key)}`
  const parse = (): KeyObject => createPublicKey({ key: Buffer.from(concatBytes(PREFIXES[curve].key, key)), format: 'der', type: 'spki' })
  return keys.get(name) ?? keep(keys, name, parse())
}

// To parse a key costs as much as to use it, and each of these is a function of what it is named by.
const KEPT = 10_000
const secrets = new Map<string, KeyObject>()
const keys = new Map<string, KeyObject>()
const publicBytes = new Map<string, Uint8Array>()
const verdicts = new Map<string, boolean>()

function keep<T>(known: Map<string, T>, name: string, value: T): T {
  if (known.size >= KEPT) known.clear()
  known.set(name, value)
  return value
}
