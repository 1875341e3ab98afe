// One thing that ought to be happening now: what it takes, and the input that its outcome becomes. Which are due is said in duties.ts.

import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { FeedRange } from '../log/lookups.ts'
import type { Claim } from '../wire/receipt.ts'
import type { RelayAnswer, RelayRequest } from '../wire/relay.ts'
import type { NodeInput } from './input.ts'
import type { DueReceipt, WaitingBlob } from './state.ts'

/** `aim`: what it is to bring about. Back off when an answer leaves the same aim due. */
export type Duty = { readonly key: string; readonly aim?: string } & (
  | {
      readonly kind: 'request'
      readonly relay: string
      readonly request: () => RelayRequest
      readonly toInput: (answer: RelayAnswer) => NodeInput
    }
  /** Entries of these feeds, the envelopes that own ones need, and a receipt, into the peer's mailbox. */
  | {
      readonly kind: 'deposit'
      readonly relay: string
      readonly device: DeviceId
      readonly conversation: ConversationId
      readonly ranges: readonly FeedRange[]
      readonly receipt: Claim | undefined
      /** What people have said of the own feed, for another own device. */
      readonly ticks?: Claim | undefined
    }
  /** Own entries, into the mailboxes of all these devices at once. */
  | {
      readonly kind: 'deposit-joint'
      readonly relay: string
      readonly conversation: ConversationId
      readonly range: FeedRange
      readonly devices: readonly DeviceId[]
    }
  /** One blob in the place of these, in the peer's mailbox. */
  | {
      readonly kind: 'gather'
      readonly relay: string
      readonly device: DeviceId
      readonly conversation: ConversationId
      readonly blobs: readonly WaitingBlob[]
    }
  /** The same in the mailboxes of all these devices, which were left joint blobs. */
  | {
      readonly kind: 'gather-joint'
      readonly relay: string
      readonly conversation: ConversationId
      readonly devices: readonly DeviceId[]
      readonly blobs: readonly WaitingBlob[]
    }
  /** What another own device lacks of the account document: by its mailbox, or on the link there is. `mark`: of what it is told, `vector`: what it has. */
  | {
      readonly kind: 'account'
      readonly device: DeviceId
      readonly by: { readonly relay: string; readonly conversation: ConversationId } | 'link'
      readonly mark: string
      readonly vector: Uint8Array
    }
  /** The newest messages of a chat, to an own device that lacks much of it. */
  | {
      readonly kind: 'newest'
      readonly device: DeviceId
      readonly conversation: ConversationId
      readonly by: { readonly relay: string } | { readonly link: number }
    }
  /** A new chain, to some more of those who have not had their turn. */
  | { readonly kind: 'hand-on'; readonly conversation: ConversationId }
  /** Heads of a conversation with something missing since then, into the peer's mailbox. */
  | {
      readonly kind: 'ask'
      readonly relay: string
      readonly device: DeviceId
      readonly conversation: ConversationId
      readonly since: number
    }
  /** The invite packet, with the first `upTo` own entries. */
  | { readonly kind: 'packet'; readonly relay: string; readonly conversation: ConversationId; readonly upTo: number }
  /** What this device has of these conversations, all that are shared at first; and receipts. */
  | {
      readonly kind: 'tell'
      readonly device: DeviceId
      readonly link: number
      readonly conversations: readonly ConversationId[]
      readonly receipts: readonly DueReceipt[]
    }
  | {
      readonly kind: 'stream'
      readonly device: DeviceId
      readonly link: number
      readonly conversation: ConversationId
      readonly ranges: readonly FeedRange[]
      /** False where an own device has been given nothing of it on this link. */
      readonly isBegun: boolean
    }
)
