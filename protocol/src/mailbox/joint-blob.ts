// A joint blob: entries of one conversation, sealed once for the mailboxes of many devices (docs/protocol.md §7.1, docs/decisions/0040).
// To a relay it looks like any other.

import { concatBytes, equalBytes, fromHex } from '../bytes/bytes.ts'
import { NAMED_NONCE_BYTES, openNamed, sealNamed } from '../crypto/aead.ts'
import { labelHash, labelMac } from '../crypto/hash.ts'
import { BLOB_BYTES_MAX } from '../limits.ts'
import { framesIn, paddedFrames } from './blob.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Frame } from '../wire/frame.ts'

/** `device` writes in `conversation`; `key` is one of its blob keys there, 32 B. */
export type JointSeal = { readonly conversation: ConversationId; readonly device: DeviceId; readonly key: Uint8Array }
type EntriesFrame = Extract<Frame, { kind: 'entries' }>

const CONTENT_MAC_BYTES = 16

/** The same frames under the same key give the same blob, like {@link sealBlob}. Throws RangeError when they do not fit. */
export function sealJointBlob(seal: JointSeal, frames: readonly EntriesFrame[]): Uint8Array {
  const plaintext = paddedFrames(frames)
  const content = labelMac(seal.key, 'kith/1/joint-nonce', plaintext).subarray(0, CONTENT_MAC_BYTES)
  return sealNamed(seal.key, concatBytes(content, keyMarkOf(seal.key, content)), plaintext, associatedOf(seal))
}

/** True when the blob says that it was sealed with this key. Costs a MAC, whatever the length of the blob. */
export const isSealedWith = ({ key }: JointSeal, blob: Uint8Array): boolean =>
  equalBytes(keyMarkOf(key, blob.subarray(0, CONTENT_MAC_BYTES)), blob.subarray(CONTENT_MAC_BYTES, NAMED_NONCE_BYTES))

/** The entries of a blob; undefined when it was sealed otherwise, or holds anything but entries of its conversation. */
export function openJointBlob(seal: JointSeal, blob: Uint8Array): readonly Frame[] | undefined {
  if (blob.length > BLOB_BYTES_MAX || !isSealedWith(seal, blob)) return undefined
  const plaintext = openNamed(seal.key, blob, associatedOf(seal))
  const frames = plaintext === undefined ? undefined : framesIn(plaintext)
  return frames?.every((frame) => frame.kind === 'entries' && frame.conversation === seal.conversation) === true ? frames : undefined
}

// Which of the keys that a receiver has: without it nobody can tell that two blobs have the same.
const keyMarkOf = (key: Uint8Array, content: Uint8Array): Uint8Array =>
  labelMac(key, 'kith/1/joint-key', content).subarray(0, NAMED_NONCE_BYTES - CONTENT_MAC_BYTES)

const associatedOf = ({ conversation, device }: JointSeal): Uint8Array =>
  labelHash('kith/1/joint-blob', fromHex(conversation), fromHex(device))
