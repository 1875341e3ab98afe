// Questions that a screen, or the node on its behalf, asks of a conversation (docs/protocol.md §5.10).

import { RECEIPT_FEEDS_MAX, RECEIPT_UNREADABLE_MAX } from '../limits.ts'
import { confirmable, readFeed } from './feed-view.ts'
import { isShown, NO_CLAIM, NO_CURSOR } from './state.ts'
import type { AccountId, DeviceId } from '../bytes/ids.ts'
import type { Content, UpTo } from '../wire/content.ts'
import type { Claim, ConversationState, Cursor, FeedView, LastMessage } from './state.ts'

/** How far the other side has received and read one feed of ours: the furthest of their devices. What it could not read lies within. */
export function cursorOf(state: ConversationState, feed: DeviceId): Cursor {
  return claimsOn(state, feed).reduce(
    (best, { delivered, read }) => ({ delivered: Math.max(best.delivered, delivered), read: Math.max(best.read, read) }),
    NO_CURSOR,
  )
}

/** What the other side has said of an own message; undefined while it has said nothing. */
export function deliveryOf(state: ConversationState, { device, seq }: UpTo): 'unreadable' | 'delivered' | 'read' | undefined {
  const claims = claimsOn(state, device).filter((claim) => seq <= claim.delivered)
  const readable = claims.filter((claim) => !claim.unreadable.includes(seq) || claim.recovered.includes(seq))
  if (readable.some((claim) => seq <= claim.read)) return 'read'
  if (readable.length > 0) return 'delivered'
  return claims.length > 0 ? 'unreadable' : undefined
}

// Who has read has received; and nobody has received more than he has named.
function claimsOn(state: ConversationState, feed: DeviceId): readonly Claim[] {
  return [...state.feeds.values()].flatMap((view) => {
    const claim = view.account === state.self || !isShown(state, view.account) ? undefined : view.claims.get(feed)
    if (claim === undefined) return []
    const shown = view.named.get(feed) ?? -1
    const read = Math.min(claim.read, shown)
    return [{ ...claim, read, delivered: Math.max(read, Math.min(claim.delivered, shown)) }]
  })
}

/** Messages of others, shown and not yet read. Exact up to UNREAD_KEPT_MAX per feed, a lower bound of nothing less beyond. */
export const unreadOf = (state: ConversationState): number =>
  feedsOfOthers(state).reduce((sum, [, feed]) => sum + feed.unread.length + feed.unreadOlder, 0)

/** The last message that is shown. */
export function lastMessageOf(state: ConversationState): (LastMessage & { readonly account: AccountId }) | undefined {
  let best: (LastMessage & { readonly account: AccountId }) | undefined
  for (const [account, { last }] of state.accounts) {
    if (last !== undefined && isShown(state, account) && (best === undefined || last.orderKey > best.orderKey)) best = { ...last, account }
  }
  return best
}

/** Where the last message of an account stands, with those whose lines are only about to be settled. */
export function lastPlaceOf({ accounts, pending }: ConversationState, account: AccountId): string | undefined {
  const places = pending.flatMap((one) =>
    one.kind === 'line' && one.row.account === account && one.row.content.kind === 'text' ? [one.row.orderKey] : [],
  )
  return [accounts.get(account)?.last?.orderKey, ...places].reduce(
    (last, place) => (last === undefined || (place !== undefined && place > last) ? place : last),
    undefined,
  )
}

/** What an account calls itself here. */
export const nameOf = (state: ConversationState, account: AccountId): string | undefined => state.accounts.get(account)?.name?.name

/** Everything that is shown and open has been seen. */
export const markAllRead = (state: ConversationState): ConversationState =>
  markRead(
    state,
    feedsOfOthers(state).map(([device, feed]) => ({ device, seq: confirmable(feed) })),
  )

/** These places have been seen, with all that is before them. What could not be opened yet stays unread. */
export function markRead(state: ConversationState, places: readonly UpTo[]): ConversationState {
  const feeds = new Map(state.feeds)
  let isChanged = false
  for (const { device, seq } of places) {
    const feed = feeds.get(device)
    if (feed === undefined || feed.account === state.self) continue
    const after = readFeed(feed, Math.min(seq, confirmable(feed)))
    isChanged ||= after !== feed
    feeds.set(device, after)
  }
  return isChanged ? { ...state, feeds } : state
}

/** The receipt that this device owes, or undefined when there is nothing new to confirm. */
export function receiptDue(state: ConversationState, reading: 'told' | 'kept'): Extract<Content, { kind: 'receipt' }> | undefined {
  const told = state.feeds.get(state.device)?.claims
  const delivered: UpTo[] = []
  const read: UpTo[] = []
  const unreadable: UpTo[] = []
  const recovered: UpTo[] = []
  for (const [device, feed] of feedsOfOthers(state)) {
    const before = told?.get(device) ?? NO_CLAIM
    const places = (seqs: readonly number[], room: number): readonly UpTo[] =>
      seqs.slice(0, Math.max(0, room)).map((seq) => ({ device, seq }))
    const untold = feed.unreadable.filter((seq) => !before.unreadable.includes(seq))
    const named = places(untold, RECEIPT_UNREADABLE_MAX - unreadable.length)
    unreadable.push(...named)
    const readable = before.unreadable.filter((seq) => !feed.unreadable.includes(seq) && !before.recovered.includes(seq))
    recovered.push(...places(readable, RECEIPT_UNREADABLE_MAX - recovered.length))
    // No cursor goes past an unreadable entry that the other side does not hear of.
    const seq = Math.min(confirmable(feed), (untold[named.length] ?? Infinity) - 1)
    if (seq > before.delivered) delivered.push({ device, seq })
    if (reading === 'told' && Math.min(feed.read, seq) > before.read) read.push({ device, seq: Math.min(feed.read, seq) })
  }
  if (delivered.length + read.length + unreadable.length + recovered.length === 0) return undefined
  return {
    kind: 'receipt',
    delivered: delivered.slice(0, RECEIPT_FEEDS_MAX),
    read: read.slice(0, RECEIPT_FEEDS_MAX),
    unreadable,
    recovered,
  }
}

const feedsOfOthers = (state: ConversationState): readonly (readonly [DeviceId, FeedView])[] =>
  [...state.feeds].filter(([, feed]) => feed.account !== state.self && isShown(state, feed.account))
