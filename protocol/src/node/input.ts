// Everything that can happen to a node: what a person does, what the network brings, and the outcomes of duties.

import { NO_LOOKUPS } from '../log/lookups.ts'
import type { AccountId, ConversationId, DeviceId, EntryId, MailboxId, RecordId } from '../bytes/ids.ts'
import type { ReadElsewhere } from '../documents/reads.ts'
import type { PinnedDeviceList } from '../identity/device-list.ts'
import type { DeviceKeys } from '../identity/device.ts'
import type { GroupLink } from '../invite/group-link.ts'
import type { Link } from '../invite/link.ts'
import type { InvitePacket } from '../invite/packet.ts'
import type { KeptBody } from '../log/kept-body.ts'
import type { AcceptedEntry, Log } from '../log/log.ts'
import type { FeedRange, Lookups } from '../log/lookups.ts'
import type { DepositAnswer } from '../mailbox/deposit-answer.ts'
import type { History, Role } from '../membership/types.ts'
import type { Offer } from '../session/payload.ts'
import type { Attachment } from '../wire/attachment.ts'
import type { MailboxGrant, RelayAddress } from '../wire/capability.ts'
import type { Content, RelationContent } from '../wire/content.ts'
import type { Frame } from '../wire/frame.ts'
import type { RelayAnswer, RelayRequestOf, Verdict } from '../wire/relay.ts'
import type { Claim } from '../wire/receipt.ts'
import type { StoreRow, StoreWrite } from '../ports.ts'
import type { HeldAt } from './draft.ts'
import type { ScheduledStep } from './scheduled-step.ts'
import type { Conversation, DueReceipt, Peer, PendingEnvelope, WaitingBlob } from './state.ts'

/**
 * Where frames came from: a mailbox at a relay, a direct link whose far end is proven to be `device`, or a carry file that was sealed with what `device`
 * alone was given for this one.
 */
export type Source =
  | { readonly kind: 'mailbox'; readonly relay: string; readonly mailbox: MailboxId; readonly blob: Uint8Array }
  | { readonly kind: 'link'; readonly device: DeviceId; readonly frame: Uint8Array }
  | { readonly kind: 'file'; readonly device: DeviceId }

/**
 * Stored rows that belong to entries or heads, read when their turn came. `items`: how many of these, in order, the rows are enough for;
 * `places`: how many were looked up. `verified`: signatures of these entries that were found right meanwhile.
 */
export type LookupResult = {
  readonly rows: Lookups
  readonly items: number
  readonly places: number
  readonly verified?: ReadonlyMap<EntryId, Uint8Array>
}

/** A row of the index of what is to go, whose time has come. `stored`: the entry as it lies in the store, of an own one. */
export type DueRow = { readonly row: StoreRow; readonly stored: Uint8Array | undefined }

/** Of what needs no row. */
export const NOT_LOOKED_UP: LookupResult = { rows: NO_LOOKUPS, items: Infinity, places: 0 }

/**
 * Frames that came together. `lookups`: rows for the entries and heads among them, by conversation; none where nothing is stored.
 * `part`: frames of one blob are stepped in parts, because what an envelope changes may change which rows its entries need.
 */
export type ReceivedFrames = {
  readonly kind: 'received'
  readonly source: Source
  readonly frames: readonly Frame[]
  readonly lookups: ReadonlyMap<ConversationId, LookupResult>
  readonly part: 'more' | 'last'
}

/** `asked`: what the request was about; what a relay says of other mailboxes counts for nothing. */
export type MailboxesProven<Kind = 'mailboxes-opened' | 'mailboxes-bound'> = {
  readonly kind: Kind
  readonly relay: string
  readonly session: number
  readonly asked: readonly MailboxId[]
  readonly answer: RelayAnswer
}

/** One of the mailboxes of a joint deposit, and what became of it there. */
export type JointPlace = { readonly device: DeviceId; readonly grant: MailboxGrant; readonly answer: DepositAnswer }

/** What the account document is on another own device. */
export type HeardAccount = { readonly device: DeviceId; readonly vector: Uint8Array; readonly mark: string }

/** `open`: for so many people and so long; `look`: at the link of a group, which may lead to `others` as well; `ask`: to be let in; `left`: what the relay said of that request. */
export type GroupLinkAct =
  | { readonly kind: 'open'; readonly conversation: ConversationId; readonly uses: number; readonly ms: number }
  | { readonly kind: 'close'; readonly conversation: ConversationId; readonly link: EntryId }
  | { readonly kind: 'look'; readonly link: GroupLink; readonly relay: RelayAddress; readonly others: readonly RelayAddress[] }
  | { readonly kind: 'ask'; readonly conversation: ConversationId }
  | { readonly kind: 'left'; readonly conversation: ConversationId; readonly answer: RelayAnswer }

/** `hello`: somebody who found this account's handle says a first word. `ask`: whoever has a handle is to be asked to talk. */
export type HandleAct =
  | { readonly kind: 'hello'; readonly account: AccountId; readonly name: string; readonly offer: Offer; readonly text: string }
  | { readonly kind: 'ask'; readonly account: AccountId; readonly handle: string; readonly text: string }

export type InputOf<Kind extends NodeInput['kind']> = Extract<NodeInput, { kind: Kind }>

export type NodeInput =
  // A person
  /** `spare`: an own invite without a word in it, which serves where nothing is written. */
  | {
      readonly kind: 'create'
      readonly relay: RelayAddress
      readonly text: string | undefined
      readonly ref: string
      readonly spare?: ConversationId | undefined
    }
  | {
      readonly kind: 'open-invite'
      readonly link: Link
      readonly relay: RelayAddress
      readonly packet: InvitePacket
      readonly inviter: PinnedDeviceList
    }
  | { readonly kind: 'claim-invite'; readonly conversation: ConversationId }
  /** `answers`: the message that it replies to. `ttl`: seconds after which it goes everywhere, 0 or left out for never. */
  | {
      readonly kind: 'send'
      readonly conversation: ConversationId
      readonly text: string
      readonly ref: string
      readonly answers?: EntryId | undefined
      readonly ttl?: number | undefined
      /** Sealed and kept already. */
      readonly files?: readonly Attachment[] | undefined
      /** Of a living message. */
      readonly form?: number | undefined
    }
  /** What this account does to a message. */
  | {
      readonly kind: 'relate'
      readonly conversation: ConversationId
      readonly content: RelationContent
      readonly ttl?: number | undefined
    }
  /** A message goes from this device alone. `account`: of its author. */
  | {
      readonly kind: 'forget'
      readonly conversation: ConversationId
      readonly account: AccountId
      readonly target: EntryId
      readonly orderKey: string
    }
  | { readonly kind: 'mark-read'; readonly conversation: ConversationId }
  | { readonly kind: 'read-elsewhere'; readonly reads: readonly ReadElsewhere[] }
  | { readonly kind: 'set-name'; readonly name: string }
  | { readonly kind: 'set-face'; readonly about: string; readonly picture: Uint8Array }
  | { readonly kind: 'set-read-receipts'; readonly readReceipts: boolean }
  /** `keys`: of a new device of this person. `name`, `ownName`: what it is called, and what this one is. */
  | { readonly kind: 'link-device'; readonly keys: DeviceKeys; readonly name: string; readonly ownName: string }
  | { readonly kind: 'revoke-device'; readonly device: DeviceId }
  | { readonly kind: 'join-account'; readonly handover: Uint8Array }
  /** The account document has changed here, or what another own device said of it was taken in. */
  | { readonly kind: 'account-changed'; readonly mark: string; readonly heard?: HeardAccount | undefined }
  | { readonly kind: 'create-group'; readonly members: readonly AccountId[]; readonly ref: string }
  | { readonly kind: 'add-members'; readonly conversation: ConversationId; readonly members: readonly AccountId[] }
  | { readonly kind: 'remove-member'; readonly conversation: ConversationId; readonly account: AccountId }
  | { readonly kind: 'set-role'; readonly conversation: ConversationId; readonly account: AccountId; readonly role: Role }
  | { readonly kind: 'leave-group'; readonly conversation: ConversationId }
  | { readonly kind: 'set-history'; readonly conversation: ConversationId; readonly history: History }
  | { readonly kind: 'group-link'; readonly act: GroupLinkAct }
  /** These accounts are blocked from now on, and no others. */
  | { readonly kind: 'set-blocked'; readonly accounts: readonly AccountId[] }
  /** A member of a group is asked to talk: an invite for that account alone. `text`: what is said with it, which is the first message. */
  | {
      readonly kind: 'ask-to-talk'
      readonly group: ConversationId
      readonly account: AccountId
      readonly text: string
      readonly ref: string
    }
  | { readonly kind: 'handle'; readonly act: HandleAct }
  /** The person has seen to it: see {@link AlarmView}. */
  | { readonly kind: 'dismiss-alarm'; readonly alarm: string }
  /** `accept`: the conversation that its offer led to is answered without a word. */
  | { readonly kind: 'ignore-request'; readonly account: AccountId }
  | { readonly kind: 'accept-request'; readonly account: AccountId; readonly conversation: ConversationId }
  | { readonly kind: 'revoke-invite'; readonly conversation: ConversationId }
  | { readonly kind: 'mark-shared'; readonly conversation: ConversationId }
  /** `unanswered`: nothing happens when somebody has come meanwhile. */
  | { readonly kind: 'remove'; readonly conversation: ConversationId; readonly when: 'always' | 'unanswered' }
  /** What does not hang on the node of a removed conversation is gone; now its rows, what was sent under `refs`, and what of it was to go. */
  | {
      readonly kind: 'erase'
      readonly conversation: ConversationId
      readonly refs: readonly string[]
      readonly rows: readonly string[]
    }
  /** The time of these entries is over. `early`: rows of the index for entries that came, as it seems, in the future. */
  | { readonly kind: 'expire'; readonly due: readonly DueRow[]; readonly early: readonly StoreRow[] }
  | { readonly kind: 'write-document'; readonly conversation: ConversationId; readonly update: Uint8Array }
  /** An entry that an older version could not read, and this one can. */
  | {
      readonly kind: 'read-again'
      readonly conversation: ConversationId
      readonly entry: AcceptedEntry
      readonly content: Content
      readonly kept: KeptBody
    }
  // The network
  /** `second`: where mailboxes are to lie as well; left out where there is one relay only. */
  | { readonly kind: 'home'; readonly relay: RelayAddress; readonly second?: RelayAddress | undefined }
  /** A link led to this relay: stay connected with it for now. And: that is over. */
  | { readonly kind: 'visit'; readonly relay: RelayAddress }
  | { readonly kind: 'leave'; readonly relay: RelayAddress }
  | { readonly kind: 'relay-up'; readonly relay: string }
  | { readonly kind: 'relay-down'; readonly relay: string }
  | { readonly kind: 'peer-up'; readonly device: DeviceId }
  | { readonly kind: 'peer-down'; readonly device: DeviceId }
  | ReceivedFrames
  /** A blob that may be joint, and does not open. `heldAt`: where it was held before. */
  | { readonly kind: 'unopened'; readonly source: Extract<Source, { kind: 'mailbox' }>; readonly heldAt?: HeldAt | undefined }
  // Outcomes of duties. `session` and `link` are the serials of the stream that they were carried out on.
  | { readonly kind: 'welcomed'; readonly relay: string; readonly session: number; readonly answer: RelayAnswer }
  | { readonly kind: 'mailbox-created'; readonly mailbox: MailboxId; readonly answer: RelayAnswer }
  | MailboxesProven<'mailboxes-opened'>
  | MailboxesProven<'mailboxes-bound'>
  | { readonly kind: 'mailboxes-closed'; readonly asked: readonly MailboxId[]; readonly answer: RelayAnswer }
  /** How many own entries were to be in the packet, and how many fitted. */
  | {
      readonly kind: 'packet-put'
      readonly conversation: ConversationId
      readonly relay: string
      readonly asked: number
      readonly upTo: number
      readonly put: RelayRequestOf<'put-record'>
      readonly answer: RelayAnswer
    }
  | { readonly kind: 'removed-ended'; readonly record: RecordId; readonly answer: RelayAnswer }
  | { readonly kind: 'packet-ended'; readonly conversation: ConversationId; readonly relay: string; readonly answer: RelayAnswer }
  | {
      readonly kind: 'invite-checked'
      readonly relay: string
      readonly session: number
      readonly conversation: ConversationId
      readonly answer: RelayAnswer
    }
  /** `upTo`: how many own entries have gone with it, from the first on. `served`: entries by feed. `grant`: where it lies. `envelopes`: that went along. */
  | {
      readonly kind: 'deposited'
      readonly device: DeviceId
      readonly conversation: ConversationId
      readonly upTo: number
      readonly envelopes: readonly PendingEnvelope[]
      readonly served: readonly FeedRange[]
      readonly receipt: Claim | undefined
      readonly ticks?: Claim | undefined
      readonly grant: MailboxGrant
      readonly answer: DepositAnswer
      /** What lies there from now on, where own entries do. */
      readonly left: WaitingBlob | undefined
    }
  /** `into`: what was to take the place of `blobs`; undefined where some of it is not here any more, and the relay was not asked. */
  | {
      readonly kind: 'gathered'
      readonly device: DeviceId
      readonly conversation: ConversationId
      readonly blobs: readonly WaitingBlob[]
      readonly into: WaitingBlob | undefined
      readonly answer: Verdict | undefined
    }
  /** The same of what was left for many at a relay: `answers`, for some or all of their mailboxes. */
  | {
      readonly kind: 'gathered-joint'
      readonly conversation: ConversationId
      readonly relay: string
      readonly blobs: readonly WaitingBlob[]
      readonly into: WaitingBlob | undefined
      readonly answers: readonly Verdict[]
    }
  | { readonly kind: 'hand-on'; readonly conversation: ConversationId }
  /** The newest messages have gone on a link, or into a mailbox. */
  | { readonly kind: 'newest-told'; readonly device: DeviceId; readonly conversation: ConversationId; readonly link: number | undefined }
  /** About messages that are to be read from a date on. */
  | { readonly kind: 'scheduled'; readonly conversation: ConversationId; readonly act: ScheduledStep }
  /** What was shown ahead is here by now. */
  | { readonly kind: 'newest-over'; readonly writes: readonly StoreWrite[] }
  /** `left`: undefined where it went on a link. */
  | {
      readonly kind: 'account-told'
      readonly device: DeviceId
      readonly mark: string
      readonly left: { readonly grant: MailboxGrant; readonly answer: DepositAnswer } | undefined
    }
  /** `upTo`: how many own entries have gone with it, from the first on. */
  | {
      readonly kind: 'deposited-joint'
      readonly conversation: ConversationId
      readonly relay: string
      readonly upTo: number
      readonly places: readonly JointPlace[]
      /** What lies with those that stored it. */
      readonly left: WaitingBlob
    }
  /** `since`: of what is missing, when it was asked. */
  | {
      readonly kind: 'asked'
      readonly device: DeviceId
      readonly conversation: ConversationId
      readonly since: number
      readonly grant: MailboxGrant
      readonly answer: DepositAnswer
    }
  /** `told`: what was said there about conversations. */
  | {
      readonly kind: 'told'
      readonly device: DeviceId
      readonly link: number
      readonly told: ReadonlyMap<ConversationId, Log>
      readonly receipts: readonly DueReceipt[]
    }
  | {
      readonly kind: 'streamed'
      readonly device: DeviceId
      readonly link: number
      readonly conversation: ConversationId
      readonly upTo: number
      readonly envelopes: readonly PendingEnvelope[]
      readonly served: readonly FeedRange[]
    }
  // Rest
  /** `conversations`, `peers`: as they were when somebody found that they may rest. */
  | { readonly kind: 'rest'; readonly conversations: readonly Conversation[]; readonly peers: readonly Peer[] }
  | { readonly kind: 'wake'; readonly conversation: ConversationId }
  // Time
  | { readonly kind: 'tick' }
