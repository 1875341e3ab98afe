// Hashes with a label in front, so that no digest of one purpose is one of another (docs/protocol.md §1).
// A message costs a dozen short ones, and of those most of the time went into making the objects that compute them: so SHA-256 is that of
// @noble/hashes, in a few instances that are begun anew for each, and HMAC is put together here (docs/decisions/0054).

import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '../bytes/bytes.ts'

const DIGEST_BYTES = 32
const BLOCK_BYTES = 64
const INNER = 0x36
const OUTER = 0x5c

type Sha256 = ReturnType<typeof sha256.create>

// Nothing is absorbed into this one: the others begin as its copies. Each is in use within one call of this file only.
const empty: Sha256 = /* @__PURE__ */ sha256.create()
const plain: Sha256 = /* @__PURE__ */ sha256.create()
const keyed = { inner: /* @__PURE__ */ sha256.create(), outer: /* @__PURE__ */ sha256.create() }
const running = { inner: /* @__PURE__ */ sha256.create(), outer: /* @__PURE__ */ sha256.create() }

const pad = /* @__PURE__ */ new Uint8Array(BLOCK_BYTES)
// A whole block is read through a view that noble makes for it; two halves are copied, which is quicker.
const halves = [pad.subarray(0, BLOCK_BYTES / 2), pad.subarray(BLOCK_BYTES / 2)] as const

function digest(first: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  empty._cloneInto(plain)
  plain.update(first)
  for (const part of others) plain.update(part)
  return plain.digest()
}

/** SHA-256 of `bytes`, without a label: for sealed bodies and blobs, whose purpose their place already tells. */
export const hash = (bytes: Uint8Array): Uint8Array => digest(bytes, [])

/** Labels as bytes, once: they are constants of this source. */
const labels = new Map<string, Uint8Array>()

/** The label with its length in front. */
function labelBytes(label: string): Uint8Array {
  const known = labels.get(label)
  if (known !== undefined) return known
  const text = utf8ToBytes(label)
  const bytes = concatBytes(Uint8Array.of(text.length), text)
  labels.set(label, bytes)
  return bytes
}

const textBytes = (label: string): Uint8Array => labelBytes(label).subarray(1)

/** H(label, …parts) = SHA-256(len(label) as u8 ‖ label ‖ parts). All parts but the last must have a fixed length. */
export const labelHash = (label: string, ...parts: readonly Uint8Array[]): Uint8Array => digest(labelBytes(label), parts)

/** HMAC-SHA-256 (RFC 2104). */
export const mac = (key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array => underKey(key, (digestOf) => digestOf(parts))

/** {@link mac} of two messages under one key, which is taken in once. */
export const macs = (key: Uint8Array, first: Uint8Array, second: Uint8Array): readonly [Uint8Array, Uint8Array] =>
  underKey(key, (digestOf) => [digestOf([first]), digestOf([second])])

/** {@link labelMac} of many parts under one key, which is taken in once. */
export function labelMacsUnder(key: Uint8Array, label: string): (part: Uint8Array) => Uint8Array {
  const { inner, outer } = underKey(key, () => ({ inner: keyed.inner.clone().update(labelBytes(label)), outer: keyed.outer.clone() }))
  return (part) => outer.clone().update(inner.clone().update(part).digest()).digest()
}

/** {@link mac} over len(label) ‖ label ‖ parts. */
export const labelMac = (key: Uint8Array, label: string, ...parts: readonly Uint8Array[]): Uint8Array =>
  mac(key, labelBytes(label), ...parts)

/** HKDF-SHA-256 (RFC 5869). */
export function hkdf(secret: Uint8Array, salt: Uint8Array, info: string, length: number): Uint8Array {
  const infoBytes = textBytes(info)
  if (length > 255 * DIGEST_BYTES) throw new RangeError('HKDF gives no more than 255 blocks')
  const derived = new Uint8Array(length)
  underKey(mac(salt, secret), (digestOf) => {
    let block: Uint8Array = new Uint8Array(0)
    for (let at = 0, count = 1; at < length; at += DIGEST_BYTES, count += 1) {
      block = digestOf([block, infoBytes, Uint8Array.of(count)])
      derived.set(block.subarray(0, length - at), at)
    }
  })
  return derived
}

/** `use` gets what gives the HMAC of a message under this key, while it runs. */
function underKey<T>(key: Uint8Array, use: (digestOf: (parts: readonly Uint8Array[]) => Uint8Array) => T): T {
  absorbKey(key.length > BLOCK_BYTES ? hash(key) : key)
  try {
    return use(keyedDigest)
  } finally {
    keyed.inner.destroy()
    keyed.outer.destroy()
  }
}

function absorbKey(key: Uint8Array): void {
  pad.fill(INNER)
  for (let at = 0; at < key.length; at += 1) pad[at] = (pad[at] as number) ^ (key[at] as number)
  empty._cloneInto(keyed.inner)
  for (const half of halves) keyed.inner.update(half)
  for (let at = 0; at < BLOCK_BYTES; at += 1) pad[at] = (pad[at] as number) ^ (INNER ^ OUTER)
  empty._cloneInto(keyed.outer)
  for (const half of halves) keyed.outer.update(half)
  pad.fill(0)
}

function keyedDigest(parts: readonly Uint8Array[]): Uint8Array {
  keyed.inner._cloneInto(running.inner)
  for (const part of parts) running.inner.update(part)
  keyed.outer._cloneInto(running.outer)
  return running.outer.update(running.inner.digest()).digest()
}
