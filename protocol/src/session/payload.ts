// What travels inside a session's envelopes (docs/protocol.md §4.6): the small secrets that conversations live on.

import { bytes, encode, fixed, list, optional, struct, text, tryDecode, u32, union } from '../bytes/codec.ts'
import { accountId, conversationId, entryId, mailboxId } from '../bytes/ids.ts'
import { chainHandout } from '../group/sender-chain.ts'
import { LISTS_HANDED_MAX, SIGNED_DEVICE_LIST_BYTES_MAX } from '../limits.ts'
import { mailboxGrant, relayAddress } from '../wire/capability.ts'
import { PAYLOAD_ITEMS_MAX, REQUEST_TEXT_BYTES_MAX } from './limits.ts'
import { prekeyBundle } from './prekey-bundle.ts'
import type { Codec } from '../bytes/codec.ts'
import type { AccountId, ConversationId, EntryId, MailboxId } from '../bytes/ids.ts'
import type { ChainHandout } from '../group/sender-chain.ts'
import type { BodyKey } from '../log/body.ts'
import type { MailboxGrant, RelayAddress } from '../wire/capability.ts'
import type { PrekeyBundle } from './prekey-bundle.ts'

export type PayloadItem =
  /** The sender's own chain in that conversation, from here on. */
  | { readonly kind: 'chain'; readonly conversation: ConversationId; readonly handout: ChainHandout }
  /** Where the sender wants its deposits from now on. */
  | { readonly kind: 'mailbox'; readonly grant: MailboxGrant }
  /** The token of the invite that this conversation came from. */
  | { readonly kind: 'token'; readonly conversation: ConversationId; readonly token: Uint8Array }
  /** Prekeys for the receiver alone, so that it can start the next session. */
  | { readonly kind: 'prekeys'; readonly bundle: PrekeyBundle }
  /** What opens one entry of the sender whose step was used twice. */
  | { readonly kind: 'body-key'; readonly conversation: ConversationId; readonly entry: EntryId; readonly bodyKey: BodyKey }
  /** The sender was restored from an older disk: it needs the receiver's chain again. */
  | { readonly kind: 'lost'; readonly conversation: ConversationId }
  /** Of the sender's entries up to `seq`, those of chains that the receiver does not hold will never be opened. */
  | { readonly kind: 'closed'; readonly conversation: ConversationId; readonly seq: number }
  /** What joint blobs of the sender in that conversation are sealed with, from here on. */
  | { readonly kind: 'blob-key'; readonly conversation: ConversationId; readonly key: Uint8Array }
  /** The receiver is a member of this group, which `founder` made. */
  | { readonly kind: 'welcome'; readonly conversation: ConversationId; readonly founder: AccountId }
  /** Device lists of the sender's account, one after the other. */
  | { readonly kind: 'lists'; readonly lists: readonly Uint8Array[] }
  /** A further device of the sender's account takes part in this conversation. `grant`: how whoever has not met it reaches it. */
  | {
      readonly kind: 'device'
      readonly conversation: ConversationId
      readonly bundle: PrekeyBundle
      readonly grant: MailboxGrant | undefined
    }
  /** A member of this group would like to talk with the receiver alone, and has made an invite for that. */
  | { readonly kind: 'request'; readonly conversation: ConversationId; readonly offer: Offer; readonly text: string }
  /** What goes to this mailbox of the sender may go to the one at that relay which follows from it. */
  | { readonly kind: 'second'; readonly mailbox: MailboxId; readonly relay: RelayAddress }

/** What a link says, less whose it is. `expires`: by the relay's clock, seconds since 1970. */
export type Offer = { readonly relay: RelayAddress; readonly token: Uint8Array; readonly key: Uint8Array; readonly expires: number }

export type SessionPayload = readonly PayloadItem[]

export const offer: Codec<Offer> = struct({ relay: relayAddress, token: fixed(16), key: fixed(32), expires: u32 })

const payloadItem: Codec<PayloadItem> = union<PayloadItem>({
  chain: [1, struct({ conversation: conversationId, handout: chainHandout })],
  mailbox: [2, struct({ grant: mailboxGrant })],
  token: [3, struct({ conversation: conversationId, token: fixed(16) })],
  prekeys: [4, struct({ bundle: prekeyBundle })],
  'body-key': [5, struct({ conversation: conversationId, entry: entryId, bodyKey: struct({ key: fixed(32), nonce: fixed(12) }) })],
  lost: [6, struct({ conversation: conversationId })],
  closed: [7, struct({ conversation: conversationId, seq: u32 })],
  'blob-key': [8, struct({ conversation: conversationId, key: fixed(32) })],
  welcome: [9, struct({ conversation: conversationId, founder: accountId })],
  lists: [10, struct({ lists: list(bytes(SIGNED_DEVICE_LIST_BYTES_MAX), LISTS_HANDED_MAX) })],
  device: [11, struct({ conversation: conversationId, bundle: prekeyBundle, grant: optional(mailboxGrant) })],
  request: [12, struct({ conversation: conversationId, offer, text: text(REQUEST_TEXT_BYTES_MAX) })],
  second: [13, struct({ mailbox: mailboxId, relay: relayAddress })],
})

export const sessionPayload: Codec<SessionPayload> = list(payloadItem, PAYLOAD_ITEMS_MAX)

export const encodePayload = (payload: SessionPayload): Uint8Array => encode(sessionPayload, payload)

/** The payload, or undefined when the peer wrote something else. */
export const parsePayload = (plaintext: Uint8Array): SessionPayload | undefined => tryDecode(sessionPayload, plaintext)
