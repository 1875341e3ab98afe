// What one's own devices say to each other in the circle, the conversation that only they share (docs/protocol.md §13.4).

import { bytes, fixed, list, struct, text, u32, union } from '../bytes/codec.ts'
import { accountId, conversationId, deviceId } from '../bytes/ids.ts'
import { LISTS_HANDED_MAX, NAME_BYTES_MAX, REACHED_PER_WORD_MAX, SHARED_FEEDS_MAX, SIGNED_DEVICE_LIST_BYTES_MAX } from '../limits.ts'
import { prekeyBundle } from '../session/prekey-bundle.ts'
import { mailboxGrant } from '../wire/capability.ts'
import { flag } from '../bytes/codec.ts'
import type { Codec } from '../bytes/codec.ts'
import type { AccountId, ConversationId, DeviceId } from '../bytes/ids.ts'
import type { PrekeyBundle } from '../session/prekey-bundle.ts'
import type { MailboxGrant } from '../wire/capability.ts'

/** A device with a feed in a conversation, whose it is, and how many of its entries this person has read. */
export type SharedFeed = {
  readonly signingKey: Uint8Array
  readonly agreementKey: Uint8Array
  readonly account: AccountId
  readonly read: number
}

export type CircleSaid =
  /** What the device that says it is called. */
  | { readonly kind: 'named'; readonly name: string }
  /** A conversation that this account takes part in. Of a pair, with those who write in it and their signed lists; a group says that by itself. */
  | {
      readonly kind: 'share'
      readonly conversation: ConversationId
      readonly founder: AccountId
      readonly isGroup: boolean
      readonly feeds: readonly SharedFeed[]
      readonly lists: readonly Uint8Array[]
    }
  /** The device that says it takes part in that conversation from now on. `grants`: where others of it who were not met reach it. */
  | {
      readonly kind: 'reach'
      readonly conversation: ConversationId
      readonly bundle: PrekeyBundle
      readonly grants: readonly { readonly device: DeviceId; readonly grant: MailboxGrant }[]
    }

export const circleSaid: Codec<CircleSaid> = union<CircleSaid>({
  named: [1, struct({ name: text(NAME_BYTES_MAX) })],
  share: [
    2,
    struct({
      conversation: conversationId,
      founder: accountId,
      isGroup: flag,
      feeds: list(struct({ signingKey: fixed(32), agreementKey: fixed(32), account: accountId, read: u32 }), SHARED_FEEDS_MAX),
      lists: list(bytes(SIGNED_DEVICE_LIST_BYTES_MAX), LISTS_HANDED_MAX),
    }),
  ],
  reach: [
    3,
    struct({
      conversation: conversationId,
      bundle: prekeyBundle,
      grants: list(struct({ device: deviceId, grant: mailboxGrant }), REACHED_PER_WORD_MAX),
    }),
  ],
})
