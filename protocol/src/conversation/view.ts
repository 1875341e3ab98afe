// Questions that a screen, or the node on its behalf, asks of a conversation (docs/protocol.md §5.10).

import { confirmable, readFeed } from './feed-view.ts'
import { isEntryShown, isShown } from './state.ts'
import type { AccountId, DeviceId } from '../bytes/ids.ts'
import type { ConversationState, FeedView, LastMessage } from './state.ts'

/** Messages of others, shown and not yet read. Exact up to UNREAD_KEPT_MAX per feed, a lower bound of nothing less beyond. */
export const unreadOf = (state: ConversationState): number =>
  feedsOfOthers(state).reduce((sum, [device, feed]) => sum + unreadIn(state, device, feed), 0)

function unreadIn(state: ConversationState, device: DeviceId, { account, unread, unreadOlder }: FeedView): number {
  const spans = state.counted?.spans.get(device)
  // Without an end everything counts that was counted.
  if (spans === undefined || spans.some(({ to }) => to === Infinity)) return unread.length + unreadOlder
  return unread.filter((seq) => isEntryShown(state, { account, device, seq })).length
}

/** The last message that is shown. */
export function lastMessageOf(state: ConversationState): (LastMessage & { readonly account: AccountId }) | undefined {
  let best: (LastMessage & { readonly account: AccountId }) | undefined
  for (const [account, { last }] of state.accounts) {
    if (last !== undefined && isEntryShown(state, { ...last, account }) && (best === undefined || last.orderKey > best.orderKey))
      best = { ...last, account }
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
    feedsOfOthers(state).map(([device, feed]) => ({ device, length: confirmable(feed) })),
  )

/** So many entries of these feeds have been seen, from the first on. What could not be opened yet stays unread. */
export function markRead(
  state: ConversationState,
  seen: readonly { readonly device: DeviceId; readonly length: number }[],
): ConversationState {
  let { feeds } = state
  for (const { device, length } of seen) {
    const feed = feeds.get(device)
    if (feed !== undefined && feed.account !== state.self) feeds = feeds.with(device, readFeed(feed, Math.min(length, confirmable(feed))))
  }
  return feeds === state.feeds ? state : { ...state, feeds }
}

const feedsOfOthers = (state: ConversationState): readonly (readonly [DeviceId, FeedView])[] =>
  [...state.feeds].filter(([, feed]) => feed.account !== state.self && isShown(state, feed.account))
