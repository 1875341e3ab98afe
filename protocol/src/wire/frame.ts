// What two devices say to each other, over a direct stream or inside mailbox blobs alike (docs/protocol.md §6).

import { bytes, DecodeError, fixed, flag, list, mapped, optional, struct, u32, u48, u8, union } from '../bytes/codec.ts'
import { conversationId, deviceId, entryId } from '../bytes/ids.ts'
import {
  ACCOUNT_PART_BYTES_MAX,
  ACCOUNT_PARTS_MAX,
  ACCOUNT_VECTOR_BYTES_MAX,
  CARD_BYTES_MAX,
  CONVERSATIONS_PER_HAVE_MAX,
  ENTRIES_PER_FRAME_MAX,
  ENVELOPE_BYTES_MAX,
  BODY_BYTES_MAX,
  HEADER_BYTES_MAX,
  LISTS_PER_FRAME_MAX,
  NEWEST_ENTRIES_MAX,
  OPENED_PER_FRAME_MAX,
  FEEDS_PER_CONVERSATION_MAX,
  RECEIPTS_PER_FRAME_MAX,
  SIGNED_DEVICE_LIST_BYTES_MAX,
  UNREADABLE_HEARD_MAX,
} from '../limits.ts'
import { head, wireEntry } from './entry.ts'
import { claimOf, receipt } from './receipt.ts'
import type { Codec } from '../bytes/codec.ts'
import type { ConversationId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { Head, WireEntry } from './entry.ts'
import type { Claim, Receipt } from './receipt.ts'

/**
 * What the sender has of one conversation: every tip of every feed, or of those feeds that have changed since it said so on the same link
 * (`isWhole` false). `heard`: what it knows of the receiver's receipts about its own feed.
 */
export type Have = {
  readonly conversation: ConversationId
  readonly isWhole: boolean
  readonly heads: readonly Head[]
  readonly heard: Claim
}

/** A body that was opened: whoever has the entry's header sees by its commitment that it is the one. */
export type OpenedBody = { readonly entry: EntryId; readonly salt: Uint8Array; readonly content: Uint8Array }

/**
 * A part of what the receiver lacks of the account document. `vector`, `mark`: all that the sender has of it, as Yjs counts it, and 32 bytes that are the
 * same for the same content. `of`: SHA-256 of all `parts` together.
 */
export type AccountPart = {
  readonly vector: Uint8Array
  readonly mark: Uint8Array
  readonly of: Uint8Array
  readonly part: number
  readonly parts: number
  readonly update: Uint8Array
}

/** An entry without its sealed body. `time`, `depth`: its place in the order; `said`: of a message that is to be shown. */
export type NewestEntry = {
  readonly header: Uint8Array
  readonly signature: Uint8Array | undefined
  readonly time: number
  readonly depth: number
  readonly said: { readonly salt: Uint8Array; readonly content: Uint8Array } | undefined
}

export type Frame =
  /** First on every direct stream, and in a mailbox when entries stay missing: the receiver sends what is not covered. */
  | { readonly kind: 'have'; readonly have: readonly Have[] }
  | { readonly kind: 'entries'; readonly conversation: ConversationId; readonly entries: readonly WireEntry[] }
  /** A session message of `from` (docs/protocol.md §4). */
  | { readonly kind: 'envelope'; readonly from: DeviceId; readonly envelope: Uint8Array }
  /** The sender's signed device list; comes before an envelope of a device that the receiver may not know. */
  | { readonly kind: 'device-list'; readonly list: Uint8Array }
  /** What the sender has of the receiver's feeds, signed. */
  | { readonly kind: 'receipts'; readonly receipts: readonly Receipt[] }
  /** Of a group, before entries: device lists of their authors, and what those say that every member may know (docs/protocol.md §12). */
  | {
      readonly kind: 'opened'
      readonly conversation: ConversationId
      readonly lists: readonly Uint8Array[]
      readonly bodies: readonly OpenedBody[]
    }
  /** Between a person's own devices (docs/protocol.md §13.9): the ends of feeds, with what the newest messages say. */
  | { readonly kind: 'newest'; readonly conversation: ConversationId; readonly entries: readonly NewestEntry[] }
  /**
   * On direct streams alone (docs/protocol.md §6.3). `here`: whether the person has Kith before their eyes; undefined where they do not let that be
   * seen. `typing`: where they write at this moment.
   */
  | { readonly kind: 'presence'; readonly here: boolean | undefined; readonly typing: ConversationId | undefined }
  /** What opens a scheduled message of the sender (docs/protocol.md §5.16). */
  | {
      readonly kind: 'scheduled-key'
      readonly conversation: ConversationId
      readonly seq: number
      readonly target: EntryId
      readonly key: Uint8Array
    }
  /** Between a person's own devices (docs/protocol.md §13.8). */
  | ({ readonly kind: 'account' } & AccountPart)
  /** At the mailbox of a group's link (docs/protocol.md §12.6): the card of a device whose account shows that it has the link. */
  | { readonly kind: 'let-me-in'; readonly conversation: ConversationId; readonly card: Uint8Array; readonly proof: Uint8Array }

const have: Codec<Have> = struct({
  conversation: conversationId,
  isWhole: flag,
  heads: list(head, FEEDS_PER_CONVERSATION_MAX),
  heard: claimOf(UNREADABLE_HEARD_MAX),
})

export const accountPart: Codec<AccountPart> = mapped(
  struct({
    vector: bytes(ACCOUNT_VECTOR_BYTES_MAX),
    mark: fixed(32),
    of: fixed(32),
    part: u8,
    parts: u8,
    update: bytes(ACCOUNT_PART_BYTES_MAX),
  }),
  (read) => {
    if (read.part >= read.parts || read.parts > ACCOUNT_PARTS_MAX) throw new DecodeError('no such part')
    return read
  },
  (part) => part,
)

export const frame: Codec<Frame> = union<Frame>({
  have: [1, struct({ have: list(have, CONVERSATIONS_PER_HAVE_MAX) })],
  entries: [2, struct({ conversation: conversationId, entries: list(wireEntry, ENTRIES_PER_FRAME_MAX) })],
  envelope: [3, struct({ from: deviceId, envelope: bytes(ENVELOPE_BYTES_MAX) })],
  'device-list': [4, struct({ list: bytes(SIGNED_DEVICE_LIST_BYTES_MAX) })],
  receipts: [5, struct({ receipts: list(receipt, RECEIPTS_PER_FRAME_MAX) })],
  opened: [
    6,
    struct({
      conversation: conversationId,
      lists: list(bytes(SIGNED_DEVICE_LIST_BYTES_MAX), LISTS_PER_FRAME_MAX),
      bodies: list(struct({ entry: entryId, salt: fixed(32), content: bytes(BODY_BYTES_MAX) }), OPENED_PER_FRAME_MAX),
    }),
  ],
  account: [7, accountPart],
  presence: [10, struct({ here: optional(flag), typing: optional(conversationId) })],
  'let-me-in': [9, struct({ conversation: conversationId, card: bytes(CARD_BYTES_MAX), proof: fixed(64) })],
  'scheduled-key': [11, struct({ conversation: conversationId, seq: u32, target: entryId, key: fixed(32) })],
  newest: [
    8,
    struct({
      conversation: conversationId,
      entries: list(
        struct({
          header: bytes(HEADER_BYTES_MAX),
          signature: optional(fixed(64)),
          time: u48,
          depth: u32,
          said: optional(struct({ salt: fixed(32), content: bytes(BODY_BYTES_MAX) })),
        }),
        NEWEST_ENTRIES_MAX,
      ),
    }),
  ],
})
