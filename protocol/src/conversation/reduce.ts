// The reducer: accepted entries become what people see (docs/protocol.md §5.9). Same set, same view, whatever the order of arrival;
// an entry costs the same however long the conversation is.

import { TIME_MS_MAX, TIME_MS_MIN } from '../limits.ts'
import { applyReceipt, countUnread, nameHeads, noteOpened, noteUnopened, noteUnreadable } from './feed-view.ts'
import { EMPTY_ACCOUNT, emptyFeedView } from './state.ts'
import { cleanName, cleanText, previewOf } from './text.ts'
import type { AccountId, EntryId } from '../bytes/ids.ts'
import type { KeptBody } from '../log/kept-body.ts'
import type { Content } from '../wire/content.ts'
import type { EntryHeader } from '../wire/entry.ts'
import type { AccountState, ConversationState, FeedView } from './state.ts'
import type { TimelineContent, TimelineRow } from './timeline-row.ts'

/** Why an entry cannot be read here. `newer`: a newer version may read it; reduce the entry again then. `broken`: nobody here ever will. */
export type Unreadable = 'newer' | 'broken'

/**
 * What became of an entry's body. `waiting`: it has not come yet; reduce the entry again when it has. `refused`: it was opened, and
 * what it says has no effect.
 */
export type ReducedBody =
  | {
      readonly kind: 'opened'
      readonly content: Content
      readonly kept: KeptBody
      /** The title that a document update gives, if it does. */ readonly title?: string | undefined
    }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'refused'; readonly content: Content; readonly kept: KeptBody }
  | { readonly kind: 'unreadable'; readonly why: 'newer'; readonly kept: KeptBody }
  | { readonly kind: 'unreadable'; readonly why: 'broken' }

export type Reduction = {
  readonly id: EntryId
  readonly header: EntryHeader
  readonly orderKey: string
  /** Account of the author's device, from its signed device list. */
  readonly account: AccountId
  /** When it came here, ms: what is shown as its time is never later. */
  readonly arrived: number
  /** A message of this account stands below it, which was written without it. */
  readonly isLate?: boolean
  readonly body: ReducedBody
}

/** `rows`: put each under its order key, in the transaction that stores the entry and the state. `gone`: a row to take away. */
export type Reduced = { readonly state: ConversationState; readonly rows: readonly TimelineRow[]; readonly gone?: string }

export function reduce(state: ConversationState, reduction: Reduction): Reduced {
  const { header, body, orderKey } = reduction
  const wasUnreadable = state.feeds.get(header.device)?.unreadable.includes(header.seq) === true
  const seen = withFeedView(state, reduction, (feed) => noteBody(nameHeads(feed, header), reduction))
  if (body.kind === 'unreadable')
    return { state: seen, rows: header.kind === 'receipt' ? [] : [rowOf(reduction, { kind: 'unreadable', why: body.why })] }
  const reduced = body.kind === 'opened' ? applyContent(seen, reduction, body) : { state: seen, rows: [] }
  return wasUnreadable && reduced.rows.length === 0 ? { ...reduced, gone: orderKey } : reduced
}

function noteBody(feed: FeedView, { header, body }: Reduction): FeedView {
  switch (body.kind) {
    case 'waiting':
      return noteUnopened(feed, header)
    case 'unreadable':
      return noteUnreadable(feed, header)
    case 'opened':
    case 'refused':
      return noteOpened(feed, header)
  }
}

function applyContent(seen: ConversationState, reduction: Reduction, body: Extract<ReducedBody, { kind: 'opened' }>): Reduced {
  const { header, account } = reduction
  const { content } = body
  switch (content.kind) {
    case 'create':
      return applyCreate(seen, reduction, content.founder)
    case 'admit':
      return {
        state: withAccount(seen, account, (before) => firstAdmit(before, { account: content.account, orderKey: reduction.orderKey })),
        rows: [],
      }
    case 'join':
      return applyJoin(seen, reduction, content.account)
    case 'text':
      return applyText(seen, reduction, { text: cleanText(content.text), kept: body.kept })
    case 'profile':
      return applyProfile(seen, reduction, cleanName(content.name))
    case 'receipt':
      return { state: applyReceipt(seen, { header, account, receipt: content }), rows: [] }
    case 'document':
      return { state: seen, rows: body.title === undefined ? [] : [rowOf(reduction, { kind: 'titled', title: cleanName(body.title) })] }
  }
}

// Only the entry that gave the conversation its name creates it, and only for its own author.
function applyCreate(state: ConversationState, reduction: Reduction, founder: AccountId): Reduced {
  if ((reduction.id as string) !== state.conversation || founder !== reduction.account) return { state, rows: [] }
  return { state: { ...state, founder }, rows: [rowOf(reduction, { kind: 'created' })] }
}

function applyJoin(state: ConversationState, reduction: Reduction, account: AccountId): Reduced {
  if (account !== reduction.account || reduction.header.seq !== 0) return { state, rows: [] }
  return { state: withAccount(state, account, (before) => ({ ...before, hasJoined: true })), rows: [rowOf(reduction, { kind: 'joined' })] }
}

function applyText(
  state: ConversationState,
  reduction: Reduction,
  { text, kept }: { readonly text: string; readonly kept: KeptBody },
): Reduced {
  if (text === '') return { state, rows: [] }
  const { header, account, id, orderKey } = reduction
  const row = rowOf(reduction, { kind: 'text', text, kept })
  const last = { orderKey, id, device: header.device, seq: header.seq, preview: previewOf(text), time: row.time }
  const told = withAccount(state, account, (before) =>
    before.last === undefined || before.last.orderKey < orderKey ? { ...before, last } : before,
  )
  return { state: account === state.self ? told : withFeedView(told, reduction, (feed) => countUnread(feed, header.seq)), rows: [row] }
}

function applyProfile(state: ConversationState, reduction: Reduction, name: string): Reduced {
  if (name === '') return { state, rows: [] }
  const { account, orderKey } = reduction
  const named = withAccount(state, account, (before) =>
    before.name === undefined || before.name.orderKey < orderKey ? { ...before, name: { name, orderKey } } : before,
  )
  return { state: named, rows: [rowOf(reduction, { kind: 'named', name })] }
}

// In a pair the founder lets in one account. Which of several was first is decided by the order, not by what arrived first.
const firstAdmit = (before: AccountState, admit: { readonly account: AccountId; readonly orderKey: string }): AccountState =>
  before.admits === undefined || admit.orderKey < before.admits.orderKey ? { ...before, admits: admit } : before

const rowOf = ({ id, header, orderKey, account, arrived, isLate }: Reduction, content: TimelineContent): TimelineRow => ({
  orderKey,
  id,
  account,
  device: header.device,
  seq: header.seq,
  time: shownTimeOf(header.time, Math.min(arrived, TIME_MS_MAX)),
  content,
  ...(isLate === true ? { isLate } : {}),
})

// Settled once, when the row is stored: by the reader's clock the time of a message from the future would move with every look.
const shownTimeOf = (time: number, arrived: number): number => (time < TIME_MS_MIN || time > arrived ? arrived : time)

function withAccount(state: ConversationState, account: AccountId, change: (before: AccountState) => AccountState): ConversationState {
  const before = state.accounts.get(account) ?? EMPTY_ACCOUNT
  const after = change(before)
  return after === before ? state : { ...state, accounts: new Map(state.accounts).set(account, after) }
}

function withFeedView(state: ConversationState, reduction: Reduction, change: (before: FeedView) => FeedView): ConversationState {
  const { device } = reduction.header
  const before = state.feeds.get(device) ?? emptyFeedView(reduction.account)
  return { ...state, feeds: new Map(state.feeds).set(device, change(before)) }
}
