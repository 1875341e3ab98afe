// The sealed body of an entry (docs/protocol.md §5.3): salt, content and padding under a key that is used once.
// The commitment in the header binds one plaintext to the entry, because ChaCha20-Poly1305 alone does not commit to its key.

import { concatBytes, equalBytes, fromHex } from '../bytes/bytes.ts'
import { encode, tryDecode } from '../bytes/codec.ts'
import { open, seal, TAG_BYTES } from '../crypto/aead.ts'
import { hash, labelHash } from '../crypto/hash.ts'
import { derive } from '../crypto/kdf.ts'
import { BODY_BUCKETS } from '../limits.ts'
import { content as contentCodec, entryKindOf, isOfNewerVersion } from '../wire/content.ts'
import { entryHeader, withoutBodyHash } from '../wire/entry.ts'
import { commitmentOf, SALT_BYTES } from './kept-body.ts'
import type { Content } from '../wire/content.ts'
import type { EntryHeader } from '../wire/entry.ts'
import type { KeptBody } from './kept-body.ts'

const LENGTH_BYTES = 2

/** Why a body does not open. `content`: sealed rightly by its author, but it says nothing. */
export type BodyRefusal = 'length' | 'hash' | 'sealed' | 'padding' | 'commitment' | 'content' | 'kind'

/** What opens one body and nothing else. */
export type BodyKey = { readonly key: Uint8Array; readonly nonce: Uint8Array }

export type OpenedBody =
  | { readonly kind: 'opened'; readonly content: Content; readonly kept: KeptBody }
  /** Sealed rightly, and of a kind that this version does not know. */
  | { readonly kind: 'newer'; readonly kept: KeptBody }
  | { readonly kind: 'refused'; readonly reason: BodyRefusal }

/** Length of the sealed body that belongs to a bucket, or undefined when there is no such bucket. */
export const bodyBytesOf = (bucket: number): number | undefined => {
  const size = BODY_BUCKETS[bucket]
  return size === undefined ? undefined : size + TAG_BYTES
}

/** True when `body` has the length and the hash that the header names. Needs no key. */
export const isBodyOf = (header: EntryHeader, body: Uint8Array): boolean =>
  body.length === bodyBytesOf(header.bucket) && equalBytes(hash(body), header.bodyHash)

/** Index of the smallest bucket that holds `length` bytes of content; throws when none does (such content is an attachment). */
export function bucketFor(length: number): number {
  const bucket = BODY_BUCKETS.findIndex((size) => SALT_BYTES + LENGTH_BYTES + length <= size)
  if (bucket < 0) throw new RangeError('the content does not fit into a bucket')
  return bucket
}

/** The sealed body of `header`, whose `bodyHash` is still unknown and ignored. `headerBytes`: its encoding, where it is at hand. */
export function sealBody(
  header: EntryHeader,
  part: {
    readonly contentBytes: Uint8Array
    readonly salt: Uint8Array
    readonly messageKey: Uint8Array
    readonly headerBytes?: Uint8Array
  },
): Uint8Array {
  const plaintext = new Uint8Array(BODY_BUCKETS[header.bucket] ?? 0)
  plaintext.set(part.salt)
  plaintext[SALT_BYTES] = part.contentBytes.length >> 8
  plaintext[SALT_BYTES + 1] = part.contentBytes.length & 255
  plaintext.set(part.contentBytes, SALT_BYTES + LENGTH_BYTES)
  const { key, nonce } = bodyKeyOf(header, part.messageKey)
  return seal(key, nonce, plaintext, associatedOf(header, part.headerBytes))
}

/** An entry that was admitted with its body: these bytes are its header, and the hash of the body has been compared ({@link isBodyOf}). */
export type Admitted = { readonly headerBytes: Uint8Array }

/** Opens a body with the message key of its chain and step. Every check is made; the content is one that the header's kind may carry. */
export const openBody = (header: EntryHeader, body: Uint8Array, messageKey: Uint8Array, admitted?: Admitted): OpenedBody =>
  openBodyWith(header, body, bodyKeyOf(header, messageKey), admitted)

/** The same with the key of this one body, where its author handed that over because the chain gives it no more. */
export function openBodyWith(header: EntryHeader, body: Uint8Array, { key, nonce }: BodyKey, admitted?: Admitted): OpenedBody {
  if (body.length !== bodyBytesOf(header.bucket)) return refused('length')
  if (admitted === undefined && !equalBytes(hash(body), header.bodyHash)) return refused('hash')
  const plaintext = open(key, nonce, body, associatedOf(header, admitted?.headerBytes))
  if (plaintext === undefined) return refused('sealed')
  const contentBytes = contentBytesOf(plaintext, header.bucket)
  if (contentBytes === undefined) return refused('padding')
  const salt = plaintext.subarray(0, SALT_BYTES)
  if (!equalBytes(commitmentOf(salt, contentBytes), header.commitment)) return refused('commitment')
  const kept = { salt, content: contentBytes }
  const content = tryDecode(contentCodec, contentBytes)
  if (content === undefined) return isOfNewerVersion(contentBytes) ? { kind: 'newer', kept } : refused('content')
  return entryKindOf(content) === header.kind ? { kind: 'opened', content, kept } : refused('kind')
}

const refused = (reason: BodyRefusal): OpenedBody => ({ kind: 'refused', reason })

function contentBytesOf(plaintext: Uint8Array, bucket: number): Uint8Array | undefined {
  const length = ((plaintext[SALT_BYTES] ?? 0) << 8) | (plaintext[SALT_BYTES + 1] ?? 0)
  const end = SALT_BYTES + LENGTH_BYTES + length
  if (end > plaintext.length || bucketFor(length) !== bucket) return undefined
  for (let at = end; at < plaintext.length; at += 1) if (plaintext[at] !== 0) return undefined
  return plaintext.subarray(SALT_BYTES + LENGTH_BYTES, end)
}

// A message key serves one entry; the header's random bytes make key and nonce fresh even if a restored profile repeats a step.
export function bodyKeyOf(header: EntryHeader, messageKey: Uint8Array): BodyKey {
  const bytes = derive(messageKey, concatBytes(header.random, fromHex(header.device)), 'kith/1/body', 44)
  return { key: bytes.subarray(0, 32), nonce: bytes.subarray(32) }
}

// The header holds the hash of the sealed body, so the seal can only cover the header without that hash.
const associatedOf = (header: EntryHeader, headerBytes = encode(entryHeader, header)): Uint8Array =>
  labelHash('kith/1/body-ad', ...withoutBodyHash(headerBytes))
