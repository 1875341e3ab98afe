// The reducer: accepted entries become what people see (docs/protocol.md §5.9). Same set, same view, whatever the order of arrival;
// an entry costs the same however long the conversation is.

import { TIME_MS_MAX, TIME_MS_MIN } from '../limits.ts'
import { noteOpened, noteUnopened, noteUnreadable } from './feed-view.ts'
import { withAccount, withFeedView, withMessage } from './message.ts'
import { admittedOf } from './state.ts'
import { cleanName, cleanText } from './text.ts'
import { saidIn, wordsOf } from './timeline-row.ts'
import type { AccountId, EntryId } from '../bytes/ids.ts'
import type { KeptBody } from '../log/kept-body.ts'
import type { Content } from '../wire/content.ts'
import type { EntryHeader } from '../wire/entry.ts'
import type { AccountState, ConversationState, FeedView, Pending } from './state.ts'
import type { Relation } from './stance.ts'
import type { Acted, MessageContent, TimelineContent, TimelineRow } from './timeline-row.ts'

/**
 * What became of an entry's body. `waiting`: it has not come yet; reduce the entry again when it has. `gone`: its time may have been over
 * where the entry came from, so nobody waits for it. `deleted`: another own device says that its author has deleted what it said. `refused`: it was
 * opened, and what it says has no effect.
 */
export type ReducedBody =
  | {
      readonly kind: 'opened'
      readonly content: Content
      readonly kept: KeptBody
      /** The title that a document update gives, if it does. */ readonly title?: string | undefined
      /** The same of a timer, s. */ readonly timer?: number | undefined
      /** What an act does to members of a group, if it does. */ readonly acted?: Acted | undefined
    }
  | { readonly kind: 'waiting' | 'gone' | 'deleted' }
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

/**
 * `line`: how the entry is shown. To be put down with the entry and the state, unless it `waits` for rows of the store (conversation/relate.ts).
 * `gone`: the order key of a line to take away.
 */
export type Reduced = {
  readonly state: ConversationState
  readonly line?: TimelineRow | undefined
  readonly waits?: boolean
  readonly gone?: string
}

export function reduce(before: ConversationState, reduction: Reduction): Reduced {
  const { header, body, orderKey } = reduction
  const feed = before.feeds.get(header.device)
  const wasUnreadable = feed?.unreadable.includes(header.seq) === true
  const state = wasUnreadable ? withoutLine(before, reduction.id) : before
  const seen = withFeedView(state, placeOf(reduction), (view) => noteBody(view, reduction))
  const { state: told, line } = applyBody(seen, reduction, body)
  const after = isShownAlike(state, told) ? told : pend(told, { kind: 'shown' })
  if (line === undefined) return wasUnreadable && body.kind !== 'waiting' ? { state: after, gone: orderKey } : { state: after }
  if (line.content.kind !== 'text' && line.content.kind !== 'unreadable' && line.content.kind !== 'deleted') return { state: after, line }
  // Of a feed that comes in order nothing can be there yet.
  const isNew = state.waiting === 0 && header.seq >= (feed?.length ?? 0)
  if (!isNew) return { state: pend(after, { kind: 'line', row: line }), line, waits: true }
  return { state: line.content.kind === 'text' ? withMessage(after, line) : after, line }
}

const isShownAlike = (before: ConversationState, after: ConversationState): boolean =>
  before.founder === after.founder && admittedOf(before) === admittedOf(after)

const pend = (state: ConversationState, pending: Pending): ConversationState => ({ ...state, pending: [...state.pending, pending] })

// A line that says that the entry cannot be read may not have been put down yet.
const withoutLine = (state: ConversationState, id: EntryId): ConversationState => ({
  ...state,
  pending: state.pending.filter((one) => one.kind !== 'line' || one.row.id !== id),
})

type BodyResult = Pick<Reduced, 'state' | 'line'>

function applyBody(seen: ConversationState, reduction: Reduction, body: ReducedBody): BodyResult {
  switch (body.kind) {
    case 'opened':
      return applyContent(seen, reduction, body)
    case 'unreadable':
      return {
        state: seen,
        line: reduction.header.kind === 'receipt' ? undefined : rowOf(reduction, { kind: 'unreadable', why: body.why }),
      }
    case 'deleted':
      return { state: seen, line: rowOf(reduction, { kind: 'deleted' }) }
    case 'waiting':
    case 'gone':
    case 'refused':
      return { state: seen }
  }
}

function noteBody(feed: FeedView, { header, body }: Reduction): FeedView {
  switch (body.kind) {
    case 'waiting':
      return noteUnopened(feed, header)
    case 'unreadable':
      return noteUnreadable(feed, header)
    case 'opened':
    case 'gone':
    case 'deleted':
    case 'refused':
      return noteOpened(feed, header)
  }
}

function applyContent(seen: ConversationState, reduction: Reduction, body: Extract<ReducedBody, { kind: 'opened' }>): BodyResult {
  const { account, orderKey } = reduction
  const { content, kept } = body
  switch (content.kind) {
    case 'create':
      return applyCreate(seen, reduction, content.founder)
    case 'admit':
      return { state: withAccount(seen, account, (before) => firstAdmit(before, { account: content.account, orderKey })) }
    case 'join':
      return applyJoin(seen, reduction, content.account)
    case 'text':
    case 'reply':
    case 'attachments':
    case 'living':
      return applyText(seen, reduction, { ...saidIn(content), text: wordsOf(content), kept })
    case 'profile':
      return applyProfile(seen, reduction, cleanName(content.name))
    case 'receipt':
    case 'card':
    case 'circle':
    case 'face': // Its row comes with those that need others (conversation/faces.ts).
    case 'scheduled': // Its line comes with its key (host/scheduled).
      return { state: seen }
    case 'arrived':
      return applyDevices(seen, reduction, 'added')
    case 'revoked':
      return applyDevices(seen, reduction, 'removed')
    case 'act':
      return { state: seen, line: body.acted && rowOf(reduction, { kind: 'acted', ...body.acted }) }
    case 'document':
      return { state: seen, line: saidInMeta(body, reduction) }
    case 'edit':
      return cleanText(content.text) === '' ? { state: seen } : applyRelation(seen, { orderKey, account, content })
    case 'reaction':
    case 'deletion':
    case 'pin':
    case 'change':
      return applyRelation(seen, { orderKey, account, content })
  }
}

function saidInMeta({ title, timer }: Extract<ReducedBody, { kind: 'opened' }>, reduction: Reduction): TimelineRow | undefined {
  // Of both, the one that people rely on.
  if (timer !== undefined) return rowOf(reduction, { kind: 'timed', seconds: timer })
  return title === undefined ? undefined : rowOf(reduction, { kind: 'titled', title: cleanName(title) })
}

const applyRelation = (state: ConversationState, relation: Relation): BodyResult => ({ state: pend(state, { kind: 'relation', relation }) })

// Only the entry that gave the conversation its name creates it, and only for its own author.
function applyCreate(state: ConversationState, reduction: Reduction, founder: AccountId): BodyResult {
  if ((reduction.id as string) !== state.conversation || founder !== reduction.account) return { state }
  return { state: { ...state, founder }, line: rowOf(reduction, { kind: 'created' }) }
}

function applyJoin(state: ConversationState, reduction: Reduction, account: AccountId): BodyResult {
  if (account !== reduction.account || reduction.header.seq !== 0) return { state }
  return { state: withAccount(state, account, (before) => ({ ...before, hasJoined: true })), line: rowOf(reduction, { kind: 'joined' }) }
}

// In a pair both sides are told, in the order in which it was said. A device says only as its first word that it is there.
function applyDevices(state: ConversationState, reduction: Reduction, change: 'added' | 'removed'): BodyResult {
  const isTold = state.counted === undefined && (change === 'removed' || reduction.header.seq === 0)
  return isTold ? { state, line: rowOf(reduction, { kind: 'devices', change }) } : { state }
}

function applyText(state: ConversationState, reduction: Reduction, said: Omit<MessageContent, 'kind'>): BodyResult {
  return said.text === '' && said.files === undefined ? { state } : { state, line: rowOf(reduction, { kind: 'text', ...said }) }
}

function applyProfile(state: ConversationState, reduction: Reduction, name: string): BodyResult {
  if (name === '') return { state }
  const { account, orderKey } = reduction
  const named = withAccount(state, account, (before) =>
    before.name === undefined || before.name.orderKey < orderKey ? { ...before, name: { name, orderKey } } : before,
  )
  return { state: named, line: rowOf(reduction, { kind: 'named', name }) }
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
/** What is shown as the time of an entry that came at `arrived`. */
export const shownTimeOf = (time: number, arrived: number): number => (time < TIME_MS_MIN || time > arrived ? arrived : time)

const placeOf = ({ account, header }: Reduction) => ({ account, device: header.device })
