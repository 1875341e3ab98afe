// What two devices say to each other on streams for files (docs/protocol.md §6.6). Whoever lacks something asks for a few chunks at a time, and
// for more once those are on its disk: so nobody is sent what it cannot keep.

import { bytes, list, struct, u16, u32, u8, union, fixed } from '../bytes/codec.ts'
import { conversationId, entryId } from '../bytes/ids.ts'
import { TREE_DEPTH_MAX } from '../limits.ts'
import { SEALED_CHUNK_BYTES } from './chunk.ts'
import { HASH_BYTES } from './tree.ts'
import type { Codec } from '../bytes/codec.ts'
import type { ConversationId, EntryId } from '../bytes/ids.ts'

/** An attachment: the message that it goes with, and its place among those. */
export type FilePlace = { readonly conversation: ConversationId; readonly message: EntryId; readonly item: number }

export type FileFrame =
  /** Send me so many chunks, from this one on. */
  | ({ readonly kind: 'want'; readonly from: number; readonly count: number } & FilePlace)
  | ({ readonly kind: 'chunk'; readonly index: number; readonly proof: readonly Uint8Array[]; readonly sealed: Uint8Array } & FilePlace)
  /** I do not have it, not any more, or not for you. */
  | ({ readonly kind: 'none' } & FilePlace)
  /** I have all of it. */
  | ({ readonly kind: 'done' } & FilePlace)

const place = { conversation: conversationId, message: entryId, item: u8 }

export const fileFrame: Codec<FileFrame> = union<FileFrame>({
  want: [1, struct({ ...place, from: u32, count: u16 })],
  chunk: [2, struct({ ...place, index: u32, proof: list(fixed(HASH_BYTES), TREE_DEPTH_MAX), sealed: bytes(SEALED_CHUNK_BYTES) })],
  none: [3, struct(place)],
  done: [4, struct(place)],
})
