// What is missing, and asking for it: when, how often, and when there is nothing left to ask (docs/protocol.md §6).

import { ASKS_MAX } from '../../limits.ts'
import { lengthOf } from '../../log/log.ts'
import { withConversation } from '../change.ts'
import { found } from '../draft.ts'
import { hasMany } from './blob-keys.ts'
import { oweHave } from './link.ts'
import { partnersOf } from '../members.ts'
import { isLevel } from './reach.ts'
import { hasPassed, timesPassed } from '../moment.ts'
import { ownLength } from '../state.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { Conversation, Missing, NodeState } from '../state.ts'
import type { Moment } from '../moment.ts'

/** Missing entries are asked for after this long, then after twice as long, and so on, ms. */
export const MISSING_MS = 10_000
const ASK_DOUBLINGS = 9
/** Of many who may have what is missing, about so many are asked at a time. */
const ASKED_AT_ONCE = 4
/** The next have their turn after this long where no question went out: a turn may be nobody's, or only theirs who cannot be asked now, ms. */
const TURN_MS = 10_000

/** A place in a feed of which something is known to exist. */
export type FeedPlace = { readonly device: DeviceId; readonly seq: number }

/** True when it is time to say what this device has, because something did not come. */
export const isAskDue = ({ since, asks }: Missing, at: number | Moment): boolean => hasPassed({ since, ms: pauseBefore(asks) }, at)

const pauseBefore = (asks: number): number => MISSING_MS * 2 ** Math.min(asks, ASK_DOUBLINGS)

/** Entries came, and these places have to come again. What is missing stays so until the feeds have got there: only that ends the asking. */
export function noteMissing(
  draft: Draft,
  id: ConversationId,
  {
    waiting,
    shut,
    hasProgressed,
  }: { readonly waiting: readonly FeedPlace[]; readonly shut: readonly DeviceId[]; readonly hasProgressed: boolean },
): void {
  const conversation = found(draft, id)
  const { missing, log } = conversation
  if (missing === undefined && waiting.length === 0) return
  const { since, asks, upTo: before, shut: shutBefore } = missingIn(conversation, draft.env.now)
  const upTo = new Map(before)
  for (const { device, seq } of [...waiting, ...ownIn(draft, id)])
    if (log.feeds.has(device)) upTo.set(device, Math.max(seq + 1, upTo.get(device) ?? 0))
  for (const [device, length] of upTo) if (lengthOf(log, device) >= length) upTo.delete(device)
  const isKnownLoss = missing?.upTo.size === 0
  // Whose word was let go of is asked, whatever else comes meanwhile.
  const isLetGo = isKnownLoss && shutBefore.length > 0
  const shutAfter = isLetGo ? shutBefore : hasProgressed ? shut : [...new Set([...shutBefore, ...shut])]
  const isOver = upTo.size === 0 && !isKnownLoss && isLevelWithAll(draft.state, id)
  const after = isOver ? undefined : { since, asks: hasProgressed ? 0 : asks, upTo, shut: shutAfter }
  draft.state = withConversation(draft.state, { ...conversation, missing: after })
}

/** They have `length` own entries, more than this device: it was restored from an older disk, or they make it up. Asking is all it costs. */
export function noteLost(draft: Draft, id: ConversationId, length: number): void {
  const conversation = found(draft, id)
  const self = draft.state.self.device.id
  const missing = missingIn(conversation, draft.env.now)
  if (length <= Math.max(ownLength(draft.state, conversation), missing.upTo.get(self) ?? 0)) return
  const upTo = new Map(missing.upTo).set(self, length)
  draft.state = withConversation(draft.state, { ...conversation, missing: { ...missing, upTo } })
}

/** Something of a feed is here and does not open. */
export function noteUnopened(draft: Draft, id: ConversationId, { device, seq }: FeedPlace): void {
  const conversation = found(draft, id)
  const missing = missingIn(conversation, draft.env.now)
  if (missing.upTo.has(device)) return
  const upTo = new Map(missing.upTo).set(device, seq + 1)
  draft.state = withConversation(draft.state, { ...conversation, missing: { ...missing, upTo, shut: [...missing.shut, device] } })
}

/** Something of `device` was let go of that nobody here could read. It hears once what this device has, and leaves what is not among it again. */
export function noteLetGo(draft: Draft, id: ConversationId, device: DeviceId): void {
  oweHave(draft, device, id)
  const conversation = found(draft, id)
  if (conversation.missing === undefined)
    draft.state = withConversation(draft.state, { ...conversation, missing: { ...missingIn(conversation, draft.env.now), shut: [device] } })
}

/** They should hear what this device has, by whatever way there is: nobody knows yet what is missing. */
export function sayHave(draft: Draft, id: ConversationId): void {
  for (const device of partnersOf(draft.state, id)) oweHave(draft, device, id)
  const conversation = found(draft, id)
  if (conversation.missing === undefined)
    draft.state = withConversation(draft.state, { ...conversation, missing: missingIn(conversation, draft.env.now) })
}

/** What is known to be missing in a conversation, or that something may be. */
export const missingIn = ({ missing }: Conversation, now: number): Missing => missing ?? { since: now, asks: 0, upTo: new Map(), shut: [] }

/**
 * True when a question that is due goes to `device`. Of many it goes to the authors of what is missing, where these are few, and to some of the others,
 * who may have it as well, each time to other ones; where only somebody's word is missing, to that one alone; and to all where nobody knows what is
 * missing.
 */
export function isAsked(
  conversation: Conversation,
  missing: Missing,
  { device, at }: { readonly device: DeviceId; readonly at: Moment },
): boolean {
  const { upTo, shut } = missing
  if (!hasMany(conversation) || shut.includes(device)) return true
  if (upTo.size === 0) return shut.length === 0
  return (upTo.size <= ASKED_AT_ONCE && upTo.has(device)) || hasTurn(conversation, missing, { device, at })
}

// Ids are random, so each turn takes about as many.
function hasTurn(
  { log }: Conversation,
  { since, asks }: Missing,
  { device, at }: { readonly device: DeviceId; readonly at: Moment },
): boolean {
  const turns = Math.ceil(log.feeds.size / ASKED_AT_ONCE)
  const turn = asks + timesPassed({ since: since + pauseBefore(asks), ms: TURN_MS }, at)
  return (Number.parseInt(device.slice(0, 8), 16) - turn) % turns === 0
}

/** The question has gone out. It is repeated while the answer does not come, less and less often. */
export function noteAsked(draft: Draft, id: ConversationId): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.missing === undefined) return
  const { upTo, asks, shut } = conversation.missing
  const isOver = asks + 1 >= ASKS_MAX || (upTo.size === 0 && isLevelWithAll(draft.state, id))
  const missing = isOver ? undefined : { since: draft.env.now, asks: asks + 1, upTo, shut }
  draft.state = withConversation(draft.state, { ...conversation, missing })
}

/** What was said on a link counts as asking when it was time for that. */
export function askedOn(draft: Draft, { told }: InputOf<'told'>): void {
  for (const id of told.keys()) {
    const missing = draft.state.conversations.get(id)?.missing
    if (missing !== undefined && isAskDue(missing, draft.env.now)) noteAsked(draft, id)
  }
}

// True when nobody is left who has not named every branch of the own feed.
function isLevelWithAll(state: NodeState, id: ConversationId): boolean {
  const conversation = state.conversations.get(id)
  return conversation === undefined || partnersOf(state, id).every((device) => isLevel(conversation, state.self.device.id, device))
}

// Own entries that others have seen, and that this device does not have: as far as who says so has signed it.
function ownIn(draft: Draft, id: ConversationId): readonly FeedPlace[] {
  const self = draft.state.self.device.id
  const parked = draft.state.parking.conversations.get(id) ?? []
  return parked.flatMap(({ header, isVerified }) => (isVerified ? header.deps.filter(({ device }) => device === self) : []))
}
