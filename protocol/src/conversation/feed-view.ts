// What one feed changes in the view: what is unread of it, what it waits for, and the receipts that it carries (docs/protocol.md §5.10).

import { UNOPENED_KEPT_MAX, UNREAD_KEPT_MAX, UNREADABLE_KEPT_MAX } from './limits.ts'
import { emptyFeedView, NO_CLAIM } from './state.ts'
import type { AccountId, DeviceId } from '../bytes/ids.ts'
import type { Content, UpTo } from '../wire/content.ts'
import type { EntryHeader } from '../wire/entry.ts'
import type { Claim, ConversationState, Cursor, FeedView } from './state.ts'

type Receipt = Extract<Content, { kind: 'receipt' }>

/** Remembers which entries of other feeds this one has shown to have. */
export function nameHeads(feed: FeedView, header: EntryHeader): FeedView {
  const further = header.deps.filter((dep) => dep.seq > (feed.named.get(dep.device) ?? -1))
  if (further.length === 0) return feed
  const named = new Map(feed.named)
  for (const dep of further) named.set(dep.device, dep.seq)
  return { ...feed, named }
}

/** An entry whose body is awaited. One too many counts as unreadable until it comes: what is forgotten would be confirmed one day. */
export function noteUnopened(feed: FeedView, header: EntryHeader): FeedView {
  if (feed.unopened.includes(header.seq)) return feed
  if (feed.unopened.length >= UNOPENED_KEPT_MAX) return noteUnreadable(feed, header)
  return { ...feed, unopened: [...feed.unopened, header.seq].toSorted((a, b) => a - b) }
}

/** An entry whose body is no longer awaited. Receipts deserve no receipt, or two devices would never fall silent. */
export function noteOpened(feed: FeedView, header: EntryHeader): FeedView {
  return {
    ...feed,
    unopened: without(feed.unopened, header.seq),
    unreadable: without(feed.unreadable, header.seq),
    latest: header.kind === 'receipt' ? feed.latest : Math.max(feed.latest, header.seq),
  }
}

/** An entry that is here and says nothing that can be shown. Its author is told, and never that it was delivered. */
export function noteUnreadable(feed: FeedView, header: EntryHeader): FeedView {
  const noted = noteOpened(feed, header)
  return header.kind === 'receipt' ? noted : { ...noted, unreadable: firstOf([...noted.unreadable, header.seq]) }
}

const without = (seqs: readonly number[], gone: number): readonly number[] =>
  seqs.includes(gone) ? seqs.filter((seq) => seq !== gone) : seqs

// The lowest, whatever the order in which they came.
const firstOf = (seqs: readonly number[]): readonly number[] => [...new Set(seqs)].toSorted((a, b) => a - b).slice(0, UNREADABLE_KEPT_MAX)

/** A message of somebody else; unread unless it lies at or before what has been read. */
export function countUnread(feed: FeedView, seq: number): FeedView {
  if (seq <= feed.read || feed.unread.includes(seq)) return feed
  const isLast = seq > (feed.unread.at(-1) ?? -1)
  const unread = isLast ? [...feed.unread, seq] : [...feed.unread, seq].toSorted((a, b) => a - b)
  const surplus = Math.max(0, unread.length - UNREAD_KEPT_MAX)
  return { ...feed, unread: unread.slice(surplus), unreadOlder: feed.unreadOlder + surplus }
}

/** A message that is not shown any more. */
export function uncountUnread(feed: FeedView, seq: number): FeedView {
  if (seq <= feed.read) return feed
  if (feed.unread.includes(seq)) return { ...feed, unread: without(feed.unread, seq) }
  const isOlder = seq < (feed.unread[0] ?? Infinity)
  return isOlder && feed.unreadOlder > 0 ? { ...feed, unreadOlder: feed.unreadOlder - 1 } : feed
}

/** Moves the own read position of one feed forward. */
export function readFeed(feed: FeedView, seq: number): FeedView {
  if (seq <= feed.read) return feed
  const [oldest] = feed.unread
  return {
    ...feed,
    read: seq,
    unread: feed.unread.filter((unread) => unread > seq),
    // Of messages that are only counted, nobody knows which were read before the kept ones begin.
    unreadOlder: oldest === undefined || seq >= oldest - 1 ? 0 : feed.unreadOlder,
  }
}

/** The highest entry of a feed that may be confirmed: everything up to it is stored, and open or known to be unreadable. */
export function confirmable(feed: FeedView): number {
  const isFull = feed.unreadable.length >= UNREADABLE_KEPT_MAX
  return Math.min(feed.latest, (feed.unopened[0] ?? Infinity) - 1, isFull ? (feed.unreadable.at(-1) ?? Infinity) : Infinity)
}

/** Cumulative receipts only move forward. One's own, from any own device, also move the read position. */
export function applyReceipt(
  state: ConversationState,
  said: { readonly header: EntryHeader; readonly account: AccountId; readonly receipt: Receipt },
): ConversationState {
  const feeds = new Map(state.feeds)
  const author = feeds.get(said.header.device) ?? emptyFeedView(said.account)
  feeds.set(said.header.device, { ...author, claims: claimsWith(author, said) })
  if (said.account !== state.self) return { ...state, feeds }
  for (const { device, seq } of said.receipt.read) {
    const feed = feeds.get(device)
    if (feed !== undefined && feed.account !== state.self) feeds.set(device, readFeed(feed, seq))
  }
  return { ...state, feeds }
}

function claimsWith(author: FeedView, said: { readonly header: EntryHeader; readonly receipt: Receipt }): ReadonlyMap<DeviceId, Claim> {
  const claims = new Map(author.claims)
  // Only feeds that the author has named, which its own is never; this also bounds how many claims a device can leave behind.
  const change = (places: readonly UpTo[], changed: (before: Claim, seq: number) => Claim): void => {
    for (const { device, seq } of places) if (author.named.has(device)) claims.set(device, changed(claims.get(device) ?? NO_CLAIM, seq))
  }
  const further = (kind: keyof Cursor) => (before: Claim, seq: number) => ({ ...before, [kind]: Math.max(before[kind], seq) })
  const also = (kind: 'unreadable' | 'recovered') => (before: Claim, seq: number) => ({
    ...before,
    [kind]: firstOf([...before[kind], seq]),
  })
  change(said.receipt.delivered, further('delivered'))
  change(said.receipt.read, further('read'))
  change(said.receipt.unreadable, also('unreadable'))
  change(said.receipt.recovered, also('recovered'))
  return claims
}
