// Hashes with a label in front, so that no digest of one purpose is one of another (docs/protocol.md §1).

import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '../bytes/bytes.ts'

/** SHA-256 of `bytes`, without a label: for sealed bodies and blobs, whose purpose their place already tells. */
export const hash = (bytes: Uint8Array): Uint8Array => sha256(bytes)

/** Each label with its length, once: labels are constants of this source. */
const labels = new Map<string, Uint8Array>()

function labelBytes(label: string): Uint8Array {
  const known = labels.get(label)
  if (known !== undefined) return known
  const text = utf8ToBytes(label)
  const bytes = concatBytes(Uint8Array.of(text.length), text)
  labels.set(label, bytes)
  return bytes
}

/** H(label, …parts) = SHA-256(len(label) as u8 ‖ label ‖ parts). All parts but the last must have a fixed length. */
export const labelHash = (label: string, ...parts: readonly Uint8Array[]): Uint8Array => sha256(concatBytes(labelBytes(label), ...parts))

/** HMAC-SHA-256 (RFC 2104). */
export const mac = (key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array => hmac(sha256, key, concatBytes(...parts))

/** {@link labelMac} of many parts under one key, which is taken in once. */
export function labelMacsUnder(key: Uint8Array, label: string): (part: Uint8Array) => Uint8Array {
  const begun = hmac.create(sha256, key).update(labelBytes(label))
  return (part) => begun.clone().update(part).digest()
}

/** {@link mac} over len(label) ‖ label ‖ parts. */
export const labelMac = (key: Uint8Array, label: string, ...parts: readonly Uint8Array[]): Uint8Array =>
  mac(key, labelBytes(label), ...parts)
