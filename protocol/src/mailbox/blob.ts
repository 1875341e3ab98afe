// A deposit: frames for one device, padded and sealed so that a relay sees a size bucket and nothing else (docs/protocol.md §7).

import { fromHex } from '../bytes/bytes.ts'
import { encode, list, tryDecode } from '../bytes/codec.ts'
import { blobIdOf } from '../bytes/ids.ts'
import { NAMED_NONCE_BYTES, openNamed, sealNamed } from '../crypto/aead.ts'
import { hash, labelMac } from '../crypto/hash.ts'
import { BLOB_BUCKETS, BLOB_BYTES_MAX, FRAMES_PER_BLOB_MAX } from '../limits.ts'
import { frame } from '../wire/frame.ts'
import type { BlobId, MailboxId } from '../bytes/ids.ts'
import type { Frame } from '../wire/frame.ts'

const frames = list(frame, FRAMES_PER_BLOB_MAX)
const END_OF_CONTENT = 0x80

export const blobIdOfSealed = (blob: Uint8Array): BlobId => blobIdOf(hash(blob))

/**
 * The sealed blob. The nonce is a MAC over the content, so that depositing the same frames again, after an answer was
 * lost, gives the same blob and the relay keeps it once. Throws RangeError when the frames do not fit.
 */
export function sealBlob(seal: { readonly mailbox: MailboxId; readonly sealKey: Uint8Array }, content: readonly Frame[]): Uint8Array {
  const plaintext = paddedFrames(content)
  const nonce = labelMac(seal.sealKey, 'kith/1/blob-nonce', plaintext).subarray(0, NAMED_NONCE_BYTES)
  return sealNamed(seal.sealKey, nonce, plaintext, fromHex(seal.mailbox))
}

/** The frames of a blob, or undefined when it was not sealed for this mailbox or does not follow the grammar. */
export function openBlob(
  seal: { readonly mailbox: MailboxId; readonly sealKey: Uint8Array },
  blob: Uint8Array,
): readonly Frame[] | undefined {
  if (blob.length > BLOB_BYTES_MAX) return undefined
  const plaintext = openNamed(seal.sealKey, blob, fromHex(seal.mailbox))
  return plaintext === undefined ? undefined : framesIn(plaintext)
}

/** The plaintext of a blob. Throws RangeError when the frames do not fit. */
export const paddedFrames = (content: readonly Frame[]): Uint8Array => pad(encode(frames, content))

/** The frames of a blob's plaintext, or undefined when it does not follow the grammar. */
export function framesIn(plaintext: Uint8Array): readonly Frame[] | undefined {
  const content = unpad(plaintext)
  return content === undefined ? undefined : tryDecode(frames, content)
}

function pad(content: Uint8Array): Uint8Array {
  const size = BLOB_BUCKETS.find((bucket) => content.length < bucket)
  if (size === undefined) throw new RangeError('the frames do not fit into a blob')
  const padded = new Uint8Array(size)
  padded.set(content)
  padded[content.length] = END_OF_CONTENT
  return padded
}

function unpad(padded: Uint8Array): Uint8Array | undefined {
  let end = padded.length - 1
  while (end >= 0 && padded[end] === 0) end--
  return padded[end] === END_OF_CONTENT ? padded.subarray(0, end) : undefined
}
