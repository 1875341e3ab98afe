// The conversation that people see, without its messages: who is in it, what they are called, how far everybody has received and
// read, what is unread. Small: it is loaded whole, the messages are rows (docs/protocol.md §5.9, §5.10).

import { IdMap } from '../bytes/id-map.ts'
import type { AccountId, ConversationId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { StoreWrite } from '../ports.ts'
import type { Relation } from './stance.ts'
import type { TimelineRow } from './timeline-row.ts'

export type LastMessage = {
  readonly orderKey: string
  readonly id: EntryId
  readonly device: DeviceId
  readonly seq: number
  readonly preview: string
  readonly time: number
}

/** What one account has said, whether or not it is a member. */
export type AccountState = {
  readonly name: { readonly name: string; readonly orderKey: string } | undefined
  /** The first account that this one let in; it counts if this one is the founder. */
  readonly admits: { readonly account: AccountId; readonly orderKey: string } | undefined
  readonly hasJoined: boolean
  readonly last: LastMessage | undefined
}

/** What one device's feed says, and how far it has been read here. */
export type FeedView = {
  readonly account: AccountId
  /** Up to the last entry that deserves a receipt: anything but the receipts that older versions wrote into their feeds. */
  readonly length: number
  /** Entries whose bodies are awaited, ascending. Nothing from the first of them on is confirmed. */
  readonly unopened: readonly number[]
  /** Entries that are here and cannot be read, ascending: the first UNREADABLE_KEPT_MAX. No receipts, nobody waits for their ticks. */
  readonly unreadable: readonly number[]
  /** How many of its entries this account has read, on any of its devices. */
  readonly read: number
  /** Messages beyond `read`, ascending: the newest UNREAD_KEPT_MAX. */
  readonly unread: readonly number[]
  /** Unread messages before those. */
  readonly unreadOlder: number
}

/** Entries of a feed, from one on and up to another that is not among them. */
export type Span = { readonly from: number; readonly to: number }

/** Of a group: accounts that are or were members, and those entries of each feed that were written by a member. */
export type Counted = { readonly accounts: IdMap<AccountId, true>; readonly spans: IdMap<DeviceId, readonly Span[]> }

export type ConversationState = {
  readonly conversation: ConversationId
  /** The account whose view this is, and the device that keeps it. */
  readonly self: AccountId
  readonly device: DeviceId
  readonly founder: AccountId | undefined
  /** Undefined for a pair. */
  readonly counted: Counted | undefined
  readonly accounts: IdMap<AccountId, AccountState>
  readonly feeds: IdMap<DeviceId, FeedView>
  /** Stances in the store whose message is not here: while there are none, a new message has nothing to look for. */
  readonly waiting: number
  /** What has been reduced and needs rows of the store to take effect; empty again before anything is committed. */
  readonly pending: readonly Pending[]
}

/** See conversation/relate.ts. */
export type Pending =
  /** A line that something may wait for, or that may have been there before. `read`: see withMessage. */
  | { readonly kind: 'line'; readonly row: TimelineRow; readonly read?: number }
  | { readonly kind: 'relation'; readonly relation: Relation }
  /** Others are shown than before. */
  | { readonly kind: 'shown' }
  /** An account shows itself otherwise, with the row of that. */
  | { readonly kind: 'face'; readonly account: AccountId; readonly row: Extract<StoreWrite, { kind: 'put' }> }
  /** The time of what this account said is over. `target`: the message that goes, the entry with this order key or the one that it edits. */
  | { readonly kind: 'expiry'; readonly account: AccountId; readonly target: EntryId; readonly orderKey: string }

export const createConversation = (place: Pick<ConversationState, 'conversation' | 'self' | 'device'>): ConversationState => ({
  ...place,
  founder: undefined,
  counted: undefined,
  accounts: IdMap.empty(),
  feeds: IdMap.empty(),
  waiting: 0,
  pending: [],
})

export const EMPTY_ACCOUNT: AccountState = { name: undefined, admits: undefined, hasJoined: false, last: undefined }

export const emptyFeedView = (account: AccountId): FeedView => ({
  account,
  length: 0,
  unopened: [],
  unreadable: [],
  read: 0,
  unread: [],
  unreadOlder: 0,
})

/** The account that the founder let in: the first in order, whichever was heard of first. */
export const admittedOf = (state: ConversationState): AccountId | undefined =>
  state.founder === undefined ? undefined : state.accounts.get(state.founder)?.admits?.account

/** Whether what an account does is shown: in a pair the founder, the admitted account, and oneself; in a group whoever is or was a member. */
export const isShown = (state: ConversationState, account: AccountId): boolean =>
  state.counted === undefined
    ? account === state.self || account === state.founder || account === admittedOf(state)
    : state.counted.accounts.has(account)

/** Whether an entry is shown: in a group its author was a member where it stands. */
export const isEntryShown = (
  state: ConversationState,
  { account, device, seq }: { readonly account: AccountId; readonly device: DeviceId; readonly seq: number },
): boolean =>
  state.counted === undefined
    ? isShown(state, account)
    : state.counted.spans.get(device)?.some(({ from, to }) => seq >= from && seq < to) === true

/** The other side of the conversation, once it is known. */
export const otherOf = (state: ConversationState): AccountId | undefined => {
  const other = state.founder === state.self ? admittedOf(state) : state.founder
  return other === state.self ? undefined : other
}
