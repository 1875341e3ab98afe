// The bytes of an attachment in sealed chunks (docs/protocol.md §5.15). Each goes, is kept and is checked by itself.

import { encode, u32 } from '../bytes/codec.ts'
import { concatBytes, utf8ToBytes } from '../bytes/bytes.ts'
import { open, seal, TAG_BYTES } from '../crypto/aead.ts'
import { CHUNK_BYTES } from '../limits.ts'

export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES

/** An empty file is one empty chunk. */
export const chunksOf = (size: number): number => Math.max(1, Math.ceil(size / CHUNK_BYTES))

/** Bytes of chunk `index` before it is sealed, of a file of this size. */
export const chunkBytesOf = (size: number, index: number): number => Math.min(CHUNK_BYTES, size - index * CHUNK_BYTES)

const NONCE_START = new Uint8Array(8)
const ASSOCIATED = utf8ToBytes('kith/1/chunk')
/** Of what is sealed once for each index, under a key of its own. */
export const nonceOf = (index: number): Uint8Array => concatBytes(NONCE_START, encode(u32, index))

/** `key`: of this attachment alone, which seals each index once. */
export const sealChunk = (key: Uint8Array, index: number, plaintext: Uint8Array): Uint8Array =>
  seal(key, nonceOf(index), plaintext, ASSOCIATED)

export const openChunk = (key: Uint8Array, index: number, sealed: Uint8Array): Uint8Array | undefined =>
  open(key, nonceOf(index), sealed, ASSOCIATED)
