// What travels inside a session's envelopes (docs/protocol.md §4.6): the small secrets that conversations live on.

import { encode, fixed, list, struct, tryDecode, union } from '../bytes/codec.ts'
import { conversationId } from '../bytes/ids.ts'
import { chainHandout } from '../group/sender-chain.ts'
import { mailboxGrant } from '../wire/capability.ts'
import { PAYLOAD_ITEMS_MAX } from './limits.ts'
import { prekeyBundle } from './prekey-bundle.ts'
import type { Codec } from '../bytes/codec.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { ChainHandout } from '../group/sender-chain.ts'
import type { MailboxGrant } from '../wire/capability.ts'
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

export type SessionPayload = readonly PayloadItem[]

const payloadItem: Codec<PayloadItem> = union<PayloadItem>({
  chain: [1, struct({ conversation: conversationId, handout: chainHandout })],
  mailbox: [2, struct({ grant: mailboxGrant })],
  token: [3, struct({ conversation: conversationId, token: fixed(16) })],
  prekeys: [4, struct({ bundle: prekeyBundle })],
})

export const sessionPayload: Codec<SessionPayload> = list(payloadItem, PAYLOAD_ITEMS_MAX)

export const encodePayload = (payload: SessionPayload): Uint8Array => encode(sessionPayload, payload)

/** The payload, or undefined when the peer wrote something else. */
export const parsePayload = (plaintext: Uint8Array): SessionPayload | undefined => tryDecode(sessionPayload, plaintext)
