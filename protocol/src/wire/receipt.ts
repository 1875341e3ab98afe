// A receipt as it travels (docs/protocol.md §5.10): what the device that signed it has of one feed, told to the device that writes the feed.

import { concatBytes, fromHex } from '../bytes/bytes.ts'
import { encode, fixed, list, mapped, struct, u32 } from '../bytes/codec.ts'
import { conversationId, deviceId, entryId } from '../bytes/ids.ts'
import { labelHash } from '../crypto/hash.ts'
import { RECEIPT_TIPS_MAX, RECEIPT_UNREADABLE_MAX, SEQ_MAX } from '../limits.ts'
import type { Codec } from '../bytes/codec.ts'
import type { ConversationId, DeviceId, EntryId } from '../bytes/ids.ts'

/**
 * What a device says of a feed. `delivered`: how many entries from its beginning on are durable and open there. `read`: how many were shown to its
 * user. Seqs of single entries, ascending, of which these cursors do not speak: `unreadable` are there and cannot be read, `recovered` were such and can be
 * read now.
 */
export type Claim = {
  readonly delivered: number
  readonly read: number
  readonly unreadable: readonly number[]
  readonly recovered: readonly number[]
}

export const NO_CLAIM: Claim = { delivered: 0, read: 0, unreadable: [], recovered: [] }

export type FeedTip = { readonly seq: number; readonly id: EntryId }

export type Receipt = {
  readonly conversation: ConversationId
  /** Whose entries it is about. */
  readonly feed: DeviceId
  /** The ends of all its branches there: numbers alone would not say of which history they speak. */
  readonly tips: readonly FeedTip[]
  readonly claim: Claim
  /** Ed25519, by the device that has them, over {@link receiptStatement}. */
  readonly signature: Uint8Array
}

/** How much of a feed there is, from its beginning on: entries. The last of a full one is not counted. */
export const feedLength: Codec<number> = mapped(
  u32,
  (length) => length,
  (length) => Math.min(length, SEQ_MAX),
)

export const claimOf = (max: number): Codec<Claim> =>
  struct({ delivered: feedLength, read: feedLength, unreadable: list(u32, max), recovered: list(u32, max) })

const claim = claimOf(RECEIPT_UNREADABLE_MAX)
const tips: Codec<readonly FeedTip[]> = list(struct({ seq: u32, id: entryId }), RECEIPT_TIPS_MAX)

export const receipt: Codec<Receipt> = struct({
  conversation: conversationId,
  feed: deviceId,
  tips,
  claim,
  signature: fixed(64),
})

/** H("kith/1/receipt", conversation ‖ feed ‖ device ‖ tips ‖ claim): what `device` signs. */
export const receiptStatement = (device: DeviceId, said: Omit<Receipt, 'signature'>): Uint8Array =>
  labelHash(
    'kith/1/receipt',
    concatBytes(fromHex(said.conversation), fromHex(said.feed), fromHex(device), encode(tips, said.tips), encode(claim, said.claim)),
  )
