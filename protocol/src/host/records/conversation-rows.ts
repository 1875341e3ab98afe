// A conversation as it lies in rows: a core of constant size, one row for each account, and for each device one for its feed and one for what goes on
// between it and this device. What happens writes the rows that it concerns, and no row grows with the number of members or messages.

import { bytes, fixed, flag, hex, list, mapped, oneOf, optional, struct, text, u32, u48, u56, u8, union } from '../../bytes/codec.ts'
import { accountId, blobId, deviceId, entryId } from '../../bytes/ids.ts'
import { UNOPENED_KEPT_MAX, UNREAD_KEPT_MAX, UNREADABLE_KEPT_MAX } from '../../conversation/limits.ts'
import { orderKey } from '../../conversation/timeline-row.ts'
import { BLOB_KEYS_PER_DEVICE_MAX, HANDED_AT_ONCE_MAX, HEADER_BYTES_MAX, RUN_ENTRIES_MAX, WAITING_BLOBS_MAX } from '../../limits.ts'
import { FORK_BRANCHES_MAX } from '../../log/limits.ts'
import { claimOf, feedLength } from '../../wire/receipt.ts'
import { arrivalOf, atTwo, atTwoOf, invitation, invite, withAtTwo } from './arrival.ts'
import { MANY, mapOf, row, secret, withTail } from './row.ts'
import { ownChain, receivedChain } from './sessions.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { EntryId } from '../../bytes/ids.ts'
import type { AccountState, ConversationState, FeedView, LastMessage } from '../../conversation/state.ts'
import type { DocumentState, Span } from '../../documents/state.ts'
import type { ReceivedChain } from '../../group/sender-chain.ts'
import type { BodyKey } from '../../log/body.ts'
import type { ForkProof } from '../../log/fork.ts'
import type { Feed, Tip } from '../../log/log.ts'
import type { FeedRange } from '../../log/lookups.ts'
import type { Arrival, Conversation, Delivery, Handing, Missing, WaitingBlob } from '../../node/state.ts'

export const missingRow: Codec<Missing> = row(
  1,
  struct({ since: u48, asks: u32, upTo: mapOf(deviceId, feedLength), shut: list(deviceId, MANY) }),
)

export const handingRow: Codec<Handing> = row(
  1,
  struct({ from: u32, first: list(deviceId, HANDED_AT_ONCE_MAX), after: optional(deviceId) }),
)

/** What there is one of in a conversation. */
export type ConversationCore = Pick<Conversation, 'founder' | 'chain' | 'returned' | 'unsent' | 'authored'> & {
  readonly view: Pick<ConversationState, 'founder' | 'waiting'>
} & Arrival

const core = struct({
  founder: accountId,
  phase: oneOf<Conversation['phase']>(['inviting', 'invited', 'joining', 'open']),
  chain: ownChain,
  returned: feedLength,
  invite: optional(invite),
  invitation: optional(invitation),
  unsent: optional(struct({ texts: u32, since: u48 })),
  authored: u48,
  view: struct({ founder: optional(accountId), waiting: u32 }),
})

/** Its id is that of the row. */
export const coreRow: Codec<ConversationCore> = row(
  1,
  mapped(
    withTail(core, 'two', atTwo),
    ({ phase, invite: own, invitation: others, two, ...rest }) => {
      const told = { phase, invite: own, invitation: others }
      return { ...rest, ...arrivalOf(two === undefined ? told : withAtTwo(told, two)) }
    },
    (conversation) => {
      const two = atTwoOf(conversation)
      return two === undefined ? conversation : { ...conversation, two }
    },
  ),
)

const span: Codec<Span> = struct({ from: u56, to: u56, place: u32, isType: flag })

export const metaRow: Codec<DocumentState> = row(
  1,
  struct({
    spans: mapOf(u56, list(span, 0xffff_ffff)),
    places: list(struct({ name: text(MANY), nesting: u8 }), 0xffff_ffff),
    bytes: mapOf(u56, u48),
  }),
)

const lastMessage: Codec<LastMessage> = struct({
  orderKey,
  id: entryId,
  device: deviceId,
  seq: u32,
  preview: text(MANY),
  time: u48,
})

export const accountRow: Codec<AccountState> = row(
  1,
  struct({
    name: optional(struct({ name: text(MANY), orderKey })),
    admits: optional(struct({ account: accountId, orderKey })),
    hasJoined: flag,
    last: optional(lastMessage),
  }),
)

const tip: Codec<Tip> = struct({ seq: u32, id: entryId, order: struct({ time: u48, depth: u32 }) })

const feedView: Codec<FeedView> = struct({
  account: accountId,
  length: feedLength,
  unopened: list(u32, UNOPENED_KEPT_MAX),
  unreadable: list(u32, UNREADABLE_KEPT_MAX),
  read: feedLength,
  unread: list(u32, UNREAD_KEPT_MAX),
  unreadOlder: u32,
})

/** All about one feed. The proof of a fork, which is long and stays, has a row of its own. */
export type StoredFeed = {
  readonly feed: Pick<Feed, 'signingKey' | 'tips' | 'named'> & {
    readonly fork: { readonly seq: number; readonly first: EntryId; readonly second: EntryId } | undefined
  }
  readonly view: FeedView | undefined
  readonly chains: readonly ReceivedChain[]
  readonly bodyKeys: ReadonlyMap<EntryId, BodyKey>
  readonly closed: number | undefined
}

export const feedRow: Codec<StoredFeed> = row(
  1,
  struct({
    feed: struct({
      signingKey: fixed(32),
      tips: list(tip, FORK_BRANCHES_MAX),
      named: optional(struct({ id: entryId, at: u32 })),
      fork: optional(struct({ seq: u32, first: entryId, second: entryId })),
    }),
    view: optional(feedView),
    chains: list(receivedChain, MANY),
    bodyKeys: mapOf(entryId, struct({ key: secret, nonce: secret })),
    closed: optional(u32),
  }),
)

const signedRun = struct({ headers: list(bytes(HEADER_BYTES_MAX), RUN_ENTRIES_MAX + 1), signature: fixed(64) })

export const forkRow: Codec<ForkProof> = row(1, struct({ first: signedRun, second: signedRun }))

const range: Codec<FeedRange> = struct({ device: deviceId, from: u32, to: u32 })
const claim = claimOf(UNREADABLE_KEPT_MAX)

type DeliveryFields = Omit<Delivery, 'joint' | 'waiting' | 'others'>

const delivery: Codec<DeliveryFields> = struct({
  atRelay: feedLength,
  announced: feedLength,
  lostAt: optional(feedLength),
  owed: list(range, MANY),
  named: list(entryId, MANY),
  branches: u32,
  answered: optional(text(64)),
  claim,
  told: claim,
  toldAt: u48,
})

/** The key of a relay. */
const relayKey: Codec<string> = hex(32)

const waitingBlob: Codec<WaitingBlob> = struct({ from: u32, to: u32, bytes: u32, blob: optional(blobId) })
const others = struct({ said: claim, told: claim, at: u48 })

type StoredDelivery =
  | { readonly kind: 'apart'; readonly fields: DeliveryFields }
  | { readonly kind: 'joint'; readonly fields: DeliveryFields; readonly relay: string }
  | { readonly kind: 'waiting'; readonly fields: DeliveryFields; readonly waiting: readonly WaitingBlob[] }
  | { readonly kind: 'among-few'; readonly fields: DeliveryFields; readonly relay: string; readonly waiting: readonly WaitingBlob[] }
  | {
      readonly kind: 'own'
      readonly fields: DeliveryFields
      readonly relay: string | undefined
      readonly waiting: readonly WaitingBlob[]
      readonly others: NonNullable<Delivery['others']>
    }

/**
 * Five versions: one that gets deposits of its own, of which none waits, has the row that all had before there were others; of those that count with
 * others, some were left a deposit of their own while few lacked something; and own devices have a row of their own.
 */
export const deliveryRow: Codec<Delivery> = mapped(
  union<StoredDelivery>({
    apart: [1, struct({ fields: delivery })],
    joint: [2, struct({ fields: delivery, relay: relayKey })],
    waiting: [3, struct({ fields: delivery, waiting: list(waitingBlob, WAITING_BLOBS_MAX) })],
    'among-few': [5, struct({ fields: delivery, relay: relayKey, waiting: list(waitingBlob, WAITING_BLOBS_MAX) })],
    own: [4, struct({ fields: delivery, relay: optional(relayKey), waiting: list(waitingBlob, WAITING_BLOBS_MAX), others })],
  }),
  (stored): Delivery => {
    const joint = 'relay' in stored ? stored.relay : undefined
    const waiting = 'waiting' in stored ? stored.waiting : []
    return { ...stored.fields, joint, waiting, ...(stored.kind === 'own' ? { others: stored.others } : {}) }
  },
  ({ joint, waiting, others: said, ...fields }): StoredDelivery => {
    if (said !== undefined) return { kind: 'own', fields, relay: joint, waiting, others: said }
    if (joint !== undefined && waiting.length > 0) return { kind: 'among-few', fields, relay: joint, waiting }
    if (joint !== undefined) return { kind: 'joint', fields, relay: joint }
    return waiting.length === 0 ? { kind: 'apart', fields } : { kind: 'waiting', fields, waiting }
  },
)

type StoredJoint =
  | { readonly kind: 'entries'; readonly of: ReadonlyMap<string, number> }
  | { readonly kind: 'waiting'; readonly of: Conversation['joint'] }

/** Two versions: before joint blobs were put together, a row had how many entries are left, and nothing else. */
export const jointRow: Codec<Conversation['joint']> = mapped(
  union<StoredJoint>({
    entries: [1, struct({ of: mapOf(relayKey, u32) })],
    waiting: [2, struct({ of: mapOf(relayKey, struct({ entries: u32, waiting: list(waitingBlob, WAITING_BLOBS_MAX) })) })],
  }),
  (stored) =>
    stored.kind === 'waiting' ? stored.of : new Map([...stored.of].map(([relay, entries]) => [relay, { entries, waiting: [] }])),
  (of): StoredJoint => ({ kind: 'waiting', of }),
)

export const blobKeysRow: Codec<readonly Uint8Array[]> = row(1, list(fixed(32), BLOB_KEYS_PER_DEVICE_MAX))
