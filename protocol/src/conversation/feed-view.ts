// What one feed changes in the view: what is unread of it, what it waits for, what of it can be confirmed (docs/protocol.md §5.10).

import { UNOPENED_KEPT_MAX, UNREAD_KEPT_MAX, UNREADABLE_KEPT_MAX } from './limits.ts'
import type { EntryHeader } from '../wire/entry.ts'
import type { FeedView } from './state.ts'

/** An entry whose body is awaited. One too many counts as unreadable until it comes: what is forgotten would be confirmed one day. */
export function noteUnopened(feed: FeedView, header: EntryHeader): FeedView {
  if (feed.unopened.includes(header.seq)) return feed
  if (feed.unopened.length >= UNOPENED_KEPT_MAX) return noteUnreadable(feed, header)
  return { ...feed, unopened: [...feed.unopened, header.seq].toSorted((a, b) => a - b) }
}

/** An entry whose body is no longer awaited. */
export function noteOpened(feed: FeedView, header: EntryHeader): FeedView {
  return {
    ...feed,
    unopened: without(feed.unopened, header.seq),
    unreadable: without(feed.unreadable, header.seq),
    length: header.kind === 'receipt' ? feed.length : Math.max(feed.length, header.seq + 1),
  }
}

/** An entry that is here and says nothing that can be shown. Its author is told, and never that it was delivered. */
export function noteUnreadable(feed: FeedView, header: EntryHeader): FeedView {
  const noted = noteOpened(feed, header)
  return header.kind === 'receipt' ? noted : { ...noted, unreadable: lowestOf([...noted.unreadable, header.seq]) }
}

const without = (seqs: readonly number[], gone: number): readonly number[] =>
  seqs.includes(gone) ? seqs.filter((seq) => seq !== gone) : seqs

/** The lowest UNREADABLE_KEPT_MAX, ascending, whatever the order in which they came. */
export const lowestOf = (seqs: readonly number[]): readonly number[] =>
  [...new Set(seqs)].toSorted((a, b) => a - b).slice(0, UNREADABLE_KEPT_MAX)

/** A message of somebody else; unread unless it lies before `read`: what came after its place was passed is unread all the same. */
export function countUnread(feed: FeedView, seq: number, read = feed.read): FeedView {
  const isLast = seq > (feed.unread.at(-1) ?? -1)
  if (seq < read || (!isLast && feed.unread.includes(seq))) return feed
  const surplus = Math.max(0, feed.unread.length + 1 - UNREAD_KEPT_MAX)
  const unread = feed.unread.slice(isLast ? surplus : 0)
  unread.push(seq)
  if (!isLast) unread.sort((a, b) => a - b).splice(0, surplus)
  return { ...feed, unread, unreadOlder: feed.unreadOlder + surplus }
}

/** A message that is not shown any more. */
export function uncountUnread(feed: FeedView, seq: number): FeedView {
  if (feed.unread.includes(seq)) return { ...feed, unread: without(feed.unread, seq) }
  if (seq < feed.read) return feed
  const isOlder = seq < (feed.unread[0] ?? Infinity)
  return isOlder && feed.unreadOlder > 0 ? { ...feed, unreadOlder: feed.unreadOlder - 1 } : feed
}

/** The first `length` entries of a feed have been read. */
export function readFeed(feed: FeedView, length: number): FeedView {
  const [oldest] = feed.unread
  if (length < feed.read || (length === feed.read && (oldest ?? length) >= length)) return feed
  return {
    ...feed,
    read: length,
    unread: feed.unread.filter((seq) => seq >= length),
    // Of messages that are only counted, nobody knows which were read before the kept ones begin.
    unreadOlder: oldest === undefined || length >= oldest ? 0 : feed.unreadOlder,
  }
}

/** How many entries of a feed may be confirmed: all of them are stored, and open or known to be unreadable. */
export const confirmable = (feed: FeedView): number => Math.min(feed.length, feed.unopened[0] ?? Infinity, namedWithin(feed.unreadable))

/** The length within which every unreadable entry is named: where no more can be, that ends with the last that was. */
export function namedWithin(unreadable: readonly number[]): number {
  const last = unreadable.length < UNREADABLE_KEPT_MAX ? undefined : unreadable.at(-1)
  return last === undefined ? Infinity : last + 1
}
