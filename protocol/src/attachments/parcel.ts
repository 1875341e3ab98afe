// A chunk of a file with what proves it, as it lies at a relay for somebody who is away (docs/protocol.md §7.2): all of one size, under names that only
// whoever has the message can tell.

import { utf8ToBytes } from '../bytes/bytes.ts'
import { bytes, encode, fixed, list, struct, tryDecode, u32 } from '../bytes/codec.ts'
import { parcelNameOf } from '../bytes/ids.ts'
import { open, seal } from '../crypto/aead.ts'
import { labelMac } from '../crypto/hash.ts'
import { derive } from '../crypto/kdf.ts'
import { PARCEL_CONTENT_BYTES } from './limits.ts'
import { TREE_DEPTH_MAX } from '../limits.ts'
import { nonceOf, SEALED_CHUNK_BYTES } from './chunk.ts'
import { HASH_BYTES } from './tree.ts'
import type { Codec } from '../bytes/codec.ts'
import type { ParcelName } from '../bytes/ids.ts'

export type ParcelContent = { readonly proof: readonly Uint8Array[]; readonly sealed: Uint8Array }

const content: Codec<ParcelContent> = struct({ proof: list(fixed(HASH_BYTES), TREE_DEPTH_MAX), sealed: bytes(SEALED_CHUNK_BYTES) })

const NO_SALT = new Uint8Array(0)
const ASSOCIATED = utf8ToBytes('kith/1/parcel')
const END_OF_CONTENT = 0x80

/** What parcels are called follows from this and says nothing of what is in them: it is kept after the file's own key has gone. */
export const parcelNamesKey = (key: Uint8Array): Uint8Array => derive(key, NO_SALT, 'kith/1/parcel-names', 32)

export const parcelNameAt = (namesKey: Uint8Array, index: number): ParcelName =>
  parcelNameOf(labelMac(namesKey, 'kith/1/parcel-name', encode(u32, index)))

const sealKeyOf = (key: Uint8Array): Uint8Array => derive(key, NO_SALT, 'kith/1/parcel-key', 32)

/** `key`: of the attachment. The same chunk is always the same parcel, so that one nonce stands for one plaintext. */
export function sealParcel(key: Uint8Array, index: number, parts: ParcelContent): Uint8Array {
  const inside = encode(content, parts)
  const padded = new Uint8Array(PARCEL_CONTENT_BYTES)
  padded.set(inside)
  padded[inside.length] = END_OF_CONTENT
  return seal(sealKeyOf(key), nonceOf(index), padded, ASSOCIATED)
}

/** Undefined for what was not sealed for this place, or is no such content. */
export function openParcel(key: Uint8Array, index: number, parcel: Uint8Array): ParcelContent | undefined {
  const padded = open(sealKeyOf(key), nonceOf(index), parcel, ASSOCIATED)
  if (padded === undefined) return undefined
  const end = padded.findLastIndex((byte) => byte !== 0)
  return padded[end] === END_OF_CONTENT ? tryDecode(content, padded.subarray(0, end)) : undefined
}
