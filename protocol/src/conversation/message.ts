// What a message that comes, changes or goes makes of the conversation without its lines: what an account said last, what is unread.

import { countUnread, uncountUnread } from './feed-view.ts'
import { EMPTY_ACCOUNT, emptyFeedView, isEntryShown } from './state.ts'
import { previewOf } from './text.ts'
import { inWords } from './timeline-row.ts'
import type { AccountId, DeviceId } from '../bytes/ids.ts'
import type { AccountState, ConversationState, FeedView, LastMessage } from './state.ts'
import type { TimelineRow } from './timeline-row.ts'

/** A message that is shown from now on. `read`: what is read of its feed, where it counts as unread beyond that. */
export function withMessage(state: ConversationState, row: TimelineRow, read?: number): ConversationState {
  if (state.counted !== undefined && !isEntryShown(state, row)) return state
  const told = withAccount(state, row.account, (before) =>
    before.last === undefined || before.last.orderKey < row.orderKey ? { ...before, last: lastOf(row) } : before,
  )
  return row.account === state.self ? told : withFeedView(told, row, (feed) => countUnread(feed, row.seq, read))
}

/** A message whose text is another one from now on. */
export const withEditedMessage = (state: ConversationState, row: TimelineRow): ConversationState =>
  withAccount(state, row.account, (before) => (before.last?.id === row.id ? { ...before, last: lastOf(row) } : before))

/** A message that was shown and is not any more. `before`: what its account had said last before it; asked for only where that counts. */
export async function withoutMessage(
  state: ConversationState,
  row: TimelineRow,
  before: () => Promise<TimelineRow | undefined>,
): Promise<ConversationState> {
  const read = row.account === state.self ? state : withFeedView(state, row, (feed) => uncountUnread(feed, row.seq))
  if (state.accounts.get(row.account)?.last?.id !== row.id) return read
  const last = await before()
  return withAccount(read, row.account, (account) => ({ ...account, last: last && lastOf(last) }))
}

function lastOf({ orderKey, id, device, seq, time, content }: TimelineRow): LastMessage | undefined {
  return content.kind === 'text' ? { orderKey, id, device, seq, preview: previewOf(inWords(content)), time } : undefined
}

export function withAccount(
  state: ConversationState,
  account: AccountId,
  change: (before: AccountState) => AccountState,
): ConversationState {
  const before = state.accounts.get(account) ?? EMPTY_ACCOUNT
  const after = change(before)
  return after === before ? state : { ...state, accounts: state.accounts.with(account, after) }
}

export function withFeedView(
  state: ConversationState,
  { account, device }: { readonly account: AccountId; readonly device: DeviceId },
  change: (before: FeedView) => FeedView,
): ConversationState {
  const before = state.feeds.get(device) ?? emptyFeedView(account)
  return { ...state, feeds: state.feeds.with(device, change(before)) }
}
