// What a running node knows. Records are immutable, so a step that fails leaves nothing half done, and the host learns what
// to store by comparing records by identity. `net` is volatile: it describes connections and starts empty.

import { IdMap } from '../bytes/id-map.ts'
import { createDocumentState } from '../documents/state.ts'
import { lengthOf } from '../log/log.ts'
import { NO_CLAIM } from '../wire/receipt.ts'
import type { AccountId, BlobId, ConversationId, DeviceId, EntryId, MailboxId, RecordId } from '../bytes/ids.ts'
import type { Tick } from '../conversation/claim.ts'
import type { ConversationState } from '../conversation/state.ts'
import type { DocumentState } from '../documents/state.ts'
import type { LateReason } from '../views.ts'
import type { ChainHandout, OwnChain, ReceivedChain } from '../group/sender-chain.ts'
import type { AccountSecret } from '../identity/account.ts'
import type { PinnedDeviceList } from '../identity/device-list.ts'
import type { DevicePublic, DeviceSecret } from '../identity/device.ts'
import type { InviteEnd } from '../invite/end.ts'
import type { BodyKey } from '../log/body.ts'
import type { Log } from '../log/log.ts'
import type { FeedRange } from '../log/lookups.ts'
import type { Parking } from '../log/parking.ts'
import type { Pairing } from '../session/pairing-state.ts'
import type { PrekeyBundle } from '../session/prekey-bundle.ts'
import type { PrekeyStore } from '../session/prekeys.ts'
import type { Circle, DeviceEnd } from './devices/circle-state.ts'
import type { Group } from './groups/group.ts'
import type { Inbox } from './mailboxes/inbox.ts'
import type { Handed } from './incoming/handed.ts'
import type { Terms } from './terms/terms-state.ts'
import type { Wait } from './moment.ts'
import type { Net } from './net.ts'
import type { MailboxGrant, RelayAddress } from '../wire/capability.ts'
import type { Claim } from '../wire/receipt.ts'
import type { RestMap } from './rest-map.ts'

/** `at`: its place in the order of the circle, empty where it was never said there. `told`: the last chat that was told of it, while not all are. */
export type OwnFace = { readonly about: string; readonly picture: Uint8Array; readonly at: string; readonly told: string | undefined }

export type Self = {
  readonly secret: AccountSecret
  readonly account: AccountId
  readonly device: DeviceSecret & DevicePublic
  readonly list: PinnedDeviceList
  /** Own display name; undefined until given. */
  readonly name: string | undefined
  /** Off: no "read" is sent, and none is shown. */
  readonly readReceipts: boolean
  /** What else this person shows of themselves; left out until they do. */
  readonly face?: OwnFace
}

/**
 * A session message that must reach the peer before the entries of `conversation` from `from` on can be opened.
 * Kept until the peer shows that it has the entry `until`; `deposited` once a relay holds it.
 */
export type PendingEnvelope = {
  readonly envelope: Uint8Array
  readonly conversation: ConversationId
  readonly from: number
  readonly until: number
  readonly deposited: boolean
}

/** A device of a contact. */
export type Peer = {
  readonly device: DevicePublic
  readonly account: AccountId
  readonly list: PinnedDeviceList
  readonly pairing: Pairing | undefined
  readonly inbox: Inbox | undefined
  /** Where it is written to now. */
  readonly outbox: MailboxGrant | undefined
  /** Where it can be written to when the relay of that one does not answer. `isFirst`: of the two it is the one that they named first. */
  readonly spare?: { readonly grant: MailboxGrant; readonly isFirst: boolean } | undefined
  readonly envelopes: readonly PendingEnvelope[]
  /** Prekeys that the peer made for this device alone: the next session starts from them. */
  readonly bundle: PrekeyBundle | undefined
  /** When anything authentic of it arrived last, ms; 0 for never. */
  readonly lastHeard: number
  /** Bytes that its entries and envelopes had written here on the day of that number, counted from 1970; undefined before the first. */
  readonly taken: { readonly day: number; readonly bytes: number } | undefined
  /** What is known of its end; left out as long as nothing is. */
  readonly end?: DeviceEnd
}

/** How much of this device's feed one device of theirs is known to have, from its beginning on: numbers of entries. */
export type Delivery = {
  /** Durable at their relay by deposits of its own; see `depositedFor`. */
  readonly atRelay: number
  /** Hex of the key of the relay at which it counts with what is deposited jointly; undefined while it gets deposits of its own. */
  readonly joint: string | undefined
  /** They said so in a `have`. Unsigned: steers sending, never a tick. */
  readonly announced: number
  /** They said that they have less than their signed receipts, which reached to here: then `announced` counts until a later receipt. */
  readonly lostAt: number | undefined
  /** What they asked for in a mailbox, of feeds other than this device's cursors speak of, less what was deposited since. */
  readonly owed: readonly FeedRange[]
  /** The heads of this device's feed that they named last, and of how many of its branches they have named every tip at once. */
  readonly named: readonly EntryId[]
  readonly branches: number
  /** Digest of their and our heads when they were last told what this device has, because they seem to have more. */
  readonly answered: string | undefined
  /** What it has said, with its signature, of this device's feed. */
  readonly claim: Claim
  /** What it is known to have been told of its own feed, and when that was last, ms; 0 before. */
  readonly told: Claim
  readonly toldAt: number
  /** Blobs with own entries that were left by deposits of its own and not confirmed, oldest first: those that may be put together. */
  readonly waiting: readonly WaitingBlob[]
  /** Of an own device: what people have said of its feed, as it says; what it was told that they have said of this one's, and when, ms. */
  readonly others?: { readonly said: Claim; readonly told: Claim; readonly at: number }
}

/**
 * A blob in somebody's mailbox. `from`, `to`: the first and the last of the own entries in it, and `bytes` what these take there. `blob`: undefined
 * for one that holds more than own entries, and stays where it is.
 */
export type WaitingBlob = {
  readonly from: number
  readonly to: number
  readonly bytes: number
  readonly blob: BlobId | undefined
}

/** `entries`: how many own ones, from the first on. `waiting`: the last joint blobs with some of them, oldest first: those that may be put together. */
export type JointlyLeft = { readonly entries: number; readonly waiting: readonly WaitingBlob[] }

export type InviteHandout = { readonly handout: ChainHandout; readonly from: number }

/** What there is of an own invite, open or over. */
type InviteRecord = {
  readonly relay: RelayAddress
  /** By this device's clock, ms. */
  readonly created: number
  /** By the relay's clock, as far as it was known when the packet was first put there, ms. */
  readonly expires: number
  readonly inbox: Inbox
  /** Of the packet that the relay had last; 0 before the first. */
  readonly serial: number
  /** The packet at the relay: how many own entries are in it. `isFull`: nothing more fits, and the rest follows once somebody has joined. */
  readonly packet: { readonly upTo: number; readonly isFull: boolean } | undefined
  /** Where the packet lies as well; left out where there is one relay only. */
  readonly copy?: InviteCopy | undefined
  /** Nothing was written and the link was not shared: nobody misses it. */
  readonly isUntouched: boolean
}

/** The packet at a second relay, as it is at the first: in a record of its own, which has an end of its own. */
export type InviteCopy = Pick<InviteRecord, 'relay' | 'serial' | 'packet'> & { readonly ends: SignedEnds | undefined }

/** Somebody can still come by it, so this device has what its link leads to. */
export type OpenInvite = InviteRecord & {
  readonly status: 'open'
  /** 32 bytes that token, packet key and record owner derive from. */
  readonly secret: Uint8Array
  readonly bundle: PrekeyBundle
  /** First states of the chains used while the invite is open, and the first own seq of each. */
  readonly handouts: readonly InviteHandout[]
}

/** Nobody can come any more: the secrets are gone. `ends`: what is left to say to the relay, until it has said that the record is marked as ended. */
type InviteOver = InviteRecord & { readonly ends: SignedEnds | undefined }

/**
 * Somebody was let in. `guest`: the device, where it is known. `admitted`: the own seq that let it in. `proof`: what the join entry of whoever was
 * let in has to show. The last two are missing in invites of older versions.
 */
export type UsedInvite = InviteOver & {
  readonly status: 'used'
  readonly guest: DeviceId | undefined
  readonly admitted: number | undefined
  readonly proof: Uint8Array | undefined
}

/** `expired`: by both clocks, so that the relay has let go of it. */
type LapsedInvite = InviteOver & { readonly status: 'revoked' | 'expired' }

export type OwnInvite = OpenInvite | UsedInvite | LapsedInvite

/** The owner's words for each way in which an invite can end, signed. */
export type SignedEnds = { readonly record: RecordId } & Readonly<Record<InviteEnd, SignedWord>>
type SignedWord = { readonly word: Uint8Array; readonly signature: Uint8Array }

/** What an invited account needs until its founder has let it in. */
export type Invitation = {
  readonly token: Uint8Array
  /** Of the packet, and of the word that takes its place. */
  readonly key: Uint8Array
  readonly founderDevice: DeviceId
  readonly bundle: PrekeyBundle
  /** Where the answer goes now. */
  readonly grant: MailboxGrant
  /** Where it can go when the relay of that one does not answer; see {@link Peer}. */
  readonly spare?: Peer['spare']
  /** Of the link, by the relay's clock, ms. */
  readonly expires: number
  /** Of the packet that the relay had last; undefined before. It grows when the relay had lost the packet, and whatever else it was given. */
  readonly serial: number | undefined
  /** A person was seen at it, or it was answered: from then on its record is to be for this device alone. */
  readonly isClaimed: boolean
  /** Something was left in the link's mailbox. */
  readonly hasAnswered: boolean
  /** Begins when it is known that the invite is over. Whoever is not let in until it has passed came too late. */
  readonly late: (Wait & { readonly reason: LateReason }) | undefined
}

type ConversationRecord = {
  readonly id: ConversationId
  readonly founder: AccountId
  readonly view: ConversationState
  /** Own feed included. */
  readonly log: Log
  readonly chain: OwnChain
  /** Of this device too: as far back as entries of its own are not confirmed. */
  readonly chains: IdMap<DeviceId, readonly ReceivedChain[]>
  /** Of authors: keys of single bodies, and up to where their entries may be taken though they cannot be opened. */
  readonly bodyKeys: IdMap<DeviceId, ReadonlyMap<EntryId, BodyKey>>
  readonly closed: IdMap<DeviceId, number>
  /** Of authors, this device included: what joint blobs of theirs are sealed with, newest first. */
  readonly blobKeys: IdMap<DeviceId, readonly Uint8Array[]>
  /** What lies, at the relay with this key in hex, in the mailboxes of all whose delivery is joint there. */
  readonly joint: ReadonlyMap<string, JointlyLeft>
  readonly handing: Handing | undefined
  /** How much of the own feed others were known to have when this device found out that it was restored, and asked for chains; 0 before. */
  readonly returned: number
  readonly delivery: IdMap<DeviceId, Delivery>
  readonly meta: DocumentState
  /** Own texts that are only here, and when the first of them was written, ms; undefined when all have left. */
  readonly unsent: { readonly texts: number; readonly since: number } | undefined
  /** Wall clock of the last own entry, or of the opening of the link while there is none, ms. */
  readonly authored: number
  readonly missing: Missing | undefined
}

/**
 * A chain of this device on its way to the others; undefined when all have had their turn. `from`: the first own entry under it. Those had it who are
 * among `first`, since they were there when it began, and all up to `after` in the order of their ids.
 */
export type Handing = { readonly from: number; readonly first: readonly DeviceId[]; readonly after: DeviceId | undefined }

/** How this device has come to a conversation, or is about to: by its own invite or by somebody else's. */
export type Arrival =
  | { readonly phase: 'inviting'; readonly invite: OwnInvite; readonly invitation: undefined }
  | { readonly phase: 'invited' | 'joining'; readonly invite: undefined; readonly invitation: Invitation }
  | { readonly phase: 'open'; readonly invite: OwnInvite | undefined; readonly invitation: undefined }
  | { readonly phase: 'open'; readonly invite: undefined; readonly invitation: Invitation }

/** A pair, which an invite leads to, or a group, which members are added to. */
export type Conversation = ConversationRecord &
  (
    | (Arrival & { readonly group: undefined })
    | { readonly phase: 'open'; readonly invite: undefined; readonly invitation: undefined; readonly group: Group }
  )

/** What is left to do about conversations that were removed from this device, and what must not bring them back. */
export type Removals = {
  /** Not erased from the disk yet. With the account of the other one, of whom nothing is kept either unless there is another conversation. */
  readonly erasing: ReadonlyMap<ConversationId, AccountId | undefined>
  /** Records of own invites that their relays have not marked as ended. */
  readonly ends: readonly RecordEnd[]
  /** Links that this device had answered, and until when they may open, ms by its own clock: answering one again would fork its feed. */
  readonly answered: ReadonlyMap<ConversationId, number>
}

/** The word that ends a record, signed by the owner. `expires`: when the relay lets go of it anyway, ms by this device's clock. */
export type RecordEnd = SignedWord & {
  readonly relay: RelayAddress
  readonly record: RecordId
  readonly expires: number
}

/**
 * Entries that exist and have not come, or not with what opens them. `upTo`: the length of each feed that was heard of; empty
 * where a mailbox was lost and nobody knows. `shut`: devices whose entries came without what opens them. `since`: when that was noticed or asked
 * about last, ms.
 */
export type Missing = {
  readonly since: number
  readonly asks: number
  readonly upTo: ReadonlyMap<DeviceId, number>
  readonly shut: readonly DeviceId[]
}

/**
 * What is known of a chat at rest, and asked of all chats or of one outside a step. Its members are this account and `other`, it is open, nothing is
 * under way in it, and its invite, if there was one, is over.
 */
export type RestingChat = {
  readonly id: ConversationId
  /** Those with a feed, this one included, and those of which entries are here. */
  readonly devices: readonly DeviceId[]
  readonly signed: readonly DeviceId[]
  readonly other: AccountId
  /** What that one calls itself here. */
  readonly name: string | undefined
  readonly invite:
    | { readonly status: Exclude<OwnInvite['status'], 'open'>; readonly relay: RelayAddress; readonly mailbox: MailboxId }
    | undefined
  /** The first hex digits of the token of the link that led here. */
  readonly token: string | undefined
  /** `tick`: of an own one. */
  readonly last: { readonly text: string; readonly time: number; readonly tick: Tick | 'relay' | undefined } | undefined
  readonly unread: number
  /** See {@link Conversation}. */
  readonly authored: number
  readonly hasTitle: boolean
  readonly hasUnreadable: boolean
}

/** What is known of a contact's device whose chats rest. */
export type RestingContact = Pick<Peer, 'account' | 'inbox' | 'outbox'> & {
  readonly device: Pick<DevicePublic, 'id' | 'signingKey'>
  /** There is a session with it. */
  readonly isPaired: boolean
}

export type NodeState = {
  readonly self: Self
  /** Undefined while there is no other device. */
  readonly circle: Circle | undefined
  readonly home: RelayAddress | undefined
  /** Where mailboxes lie a second time; in memory only, as the page's list of relays names it. */
  readonly second?: RelayAddress | undefined
  readonly prekeys: PrekeyStore
  readonly conversations: RestMap<ConversationId, Conversation, RestingChat>
  readonly peers: RestMap<DeviceId, Peer, RestingContact>
  /** Follows from those two. */
  readonly directory: Directory
  readonly removals: Removals
  /** In memory only, as is what waits. */
  readonly handed: Handed
  readonly terms: Terms
  /** Entries whose past has not come; in memory only, and asked for again when they are lost. */
  readonly parking: Parking
  readonly net: Net
}

export const NO_REMOVALS: Removals = { erasing: new Map(), ends: [], answered: new Map() }

export const NO_DELIVERY: Delivery = {
  atRelay: 0,
  joint: undefined,
  announced: 0,
  lostAt: undefined,
  owed: [],
  named: [],
  branches: 1,
  answered: undefined,
  claim: NO_CLAIM,
  told: NO_CLAIM,
  toldAt: 0,
  waiting: [],
}

/** A conversation in which nothing has happened yet. */
export const NOTHING_YET = {
  delivery: IdMap.empty(),
  meta: createDocumentState(),
  unsent: undefined,
  missing: undefined,
  chains: IdMap.empty(),
  bodyKeys: IdMap.empty(),
  closed: IdMap.empty(),
  blobKeys: IdMap.empty(),
  joint: new Map<string, JointlyLeft>(),
  handing: undefined,
  returned: 0,
  group: undefined,
} as const satisfies Partial<Conversation>

/** How many entries of its own this device has in a conversation. */
export const ownLength = (state: NodeState, { log }: Conversation): number => lengthOf(log, state.self.device.id)

/** True once own entries of a conversation may go to the other side. */
export const isSpoken = ({ phase }: Conversation): boolean => phase === 'joining' || phase === 'open'

/** Who is behind which mailbox, and who shares which conversations: kept up by directory.ts. */
export type Directory = {
  /** Own mailboxes that a contact's device writes to. */
  readonly inboxes: IdMap<MailboxId, readonly DeviceId[]>
  /** Own mailboxes that the link of an invite leads to. */
  readonly invites: IdMap<MailboxId, readonly ConversationId[]>
  /** Mailboxes of contacts' devices. Anybody can name somebody else's, so there may be several for one. */
  readonly outboxes: IdMap<MailboxId, readonly DeviceId[]>
  /** Mailboxes of links that were answered and not confirmed yet. */
  readonly answers: IdMap<MailboxId, readonly ConversationId[]>
  /** Conversations in which a device, own or not, has a feed. */
  readonly shared: IdMap<DeviceId, readonly ConversationId[]>
}

/** What a device is to be told of its feed in a conversation. */
export type DueReceipt = {
  readonly conversation: ConversationId
  readonly claim: Claim
  /** About the feed of this device, to another own one. */
  readonly isOwn?: boolean
}
