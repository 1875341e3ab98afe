// Ed25519 and X25519 by OpenSSL: the same bytes and verdicts as crypto/sign.ts and crypto/agree.ts, some ten times as fast. Only for
// `npm run simulate` and planted.test.ts, where many lives would spend half of their time there; everything else runs what ships.

import { createPrivateKey, createPublicKey, diffieHellman, hash, sign as signNative, verify as verifyNative } from 'node:crypto'
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
