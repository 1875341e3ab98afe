// Serving entries of any feed to who lacks them (docs/protocol.md §5.8): what is owed to whom, and what of that has gone out.

import { withItem, withLink, withNet } from '../change.ts'
import { directLinkTo } from './link.ts'
import { deliveryTo, withDelivery } from './reach.ts'
import { UNDER_WAY_ENTRIES_MAX } from '../../limits.ts'
import { isOwnOther } from '../members.ts'
import { hasPassed } from '../moment.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { FeedRange } from '../../log/lookups.ts'
import type { Draft } from '../draft.ts'
import type { InputOf, Source } from '../input.ts'
import type { DirectLink, Net, Served } from '../net.ts'
import type { NodeState } from '../state.ts'
import type { Moment } from '../moment.ts'

/** What was sent on a link and is still lacking goes out again after this long, and then after twice as long, and so on, ms. */
export const SERVE_AGAIN_MS = 10_000
/** Whoever lacks what was sent or deposited gets it once more at once, and then after this long, twice as long, and so on, ms: a bit sooner than anybody asks. */
const AGAIN_MS = 5_000
const AGAIN_DOUBLINGS = 9
/** It begins anew when nobody has asked for so many times as long as was to be waited. */
const AGAIN_QUIET = 4

type ServeTarget = { readonly device: DeviceId; readonly id: ConversationId }
type OwedRanges = {
  readonly device: DeviceId
  readonly id: ConversationId
  readonly source: Source
  readonly ranges: readonly FeedRange[]
  /** The feeds that they spoke of. */
  readonly about: ReadonlySet<DeviceId> | 'all'
}

/** `device` said, on this way, that it lacks these entries. Of each feed its last word counts. */
export function noteOwed(draft: Draft, { device, id, source, ranges, about }: OwedRanges): void {
  const conversation = draft.state.conversations.get(id)
  const link = draft.state.net.links.get(device)
  const before = conversation === undefined ? [] : deliveryTo(conversation, device).owed
  // What they lack of other feeds than a word on a link was about, they still lack.
  const isElsewhere = (range: FeedRange): boolean => about !== 'all' && !about.has(range.device)
  const owed = source.kind === 'mailbox' ? ranges : before.filter(isElsewhere)
  if (conversation !== undefined && (owed.length > 0 || before.length > 0)) withDelivery(draft, id, device, { owed })
  if (link === undefined || source.kind === 'mailbox') return
  // An own device is given nothing before it has said what it has.
  if (ranges.length === 0 && !link.owed.has(id) && !isOwnOther(draft.state, device)) return
  const heard = againAfter(link.served.get(id), draft.env.now)
  const served = { ...heard, lacking: [...heard.lacking.filter(isElsewhere), ...ranges] }
  draft.state = withLink(draft.state, device, {
    ...link,
    owed: withItem(link.owed, id, [
      ...(link.owed.get(id) ?? []).filter(isElsewhere),
      ...ranges.flatMap((range) => without(range, served.ranges)),
    ]),
    served: withItem(link.served, id, served),
  })
}

/** These entries went out on a link. */
export function noteServed(draft: Draft, { device, link: serial, conversation: id, served: sent }: InputOf<'streamed'>): void {
  const link = directLinkTo(draft, device, serial)
  const before = link?.served.get(id)
  const owed = link?.owed.get(id) ?? []
  // What went by the cursors is none of this, but to an own device, which says what it lacks of all feeds.
  const isOwn = isOwnOther(draft.state, device)
  const ranges = isOwn ? sent : sent.filter((range) => owed.some((other) => other.device === range.device))
  if (link === undefined || before === undefined || ranges.length === 0) return
  draft.state = withLink(draft.state, device, {
    ...link,
    owed: withItem(
      link.owed,
      id,
      owed.flatMap((range) => without(range, ranges)),
    ),
    served: withItem(link.served, id, { ...before, since: draft.env.now, ranges: ranges.reduce(joined, before.ranges) }),
  })
}

/**
 * True while as much is under way to an own device as it may be: it takes in thousands of entries more slowly than they are sent. What
 * was lost on the way holds up nothing for long.
 */
export function isBusy({ served }: DirectLink, at: Moment | number): boolean {
  let entries = 0
  for (const { since, ranges, lacking } of served.values())
    if (!hasPassed({ since, ms: SERVE_AGAIN_MS }, at)) for (const range of lacking) entries += overlapOf(range, ranges)
  return entries >= UNDER_WAY_ENTRIES_MAX
}

function overlapOf(range: FeedRange, others: readonly FeedRange[]): number {
  const other = others.find(({ device }) => device === range.device)
  return other === undefined ? 0 : Math.max(0, 1 + Math.min(range.to, other.to) - Math.max(range.from, other.from))
}

/** These entries lie in the mailbox. */
export function servedBy(
  draft: Draft,
  device: DeviceId,
  { id, ranges }: { readonly id: ConversationId; readonly ranges: readonly FeedRange[] },
): void {
  const conversation = draft.state.conversations.get(id)
  const owed = conversation === undefined ? [] : deliveryTo(conversation, device).owed
  if (owed.length > 0) withDelivery(draft, id, device, { owed: owed.flatMap((range) => without(range, ranges)) })
}

/**
 * True when all that `device` lacks may go out once more, because it said so or is to be written to elsewhere: a word of theirs costs them
 * nothing, and can cost this device its whole feed.
 */
export function mayGoAgain(draft: Draft, { device, id, why }: ServeTarget & { readonly why: 'lacking' | 'moved' | 'lost' }): boolean {
  const { net } = draft.state
  const key = `${why}/${device}/${id}`
  const { now } = draft.env
  if (isTooSoon(net, key, now)) return false
  const before = net.again.get(key)
  const ms = AGAIN_MS * 2 ** (before?.times ?? 0)
  const isNew = before === undefined || hasPassed({ since: before.since, ms: AGAIN_QUIET * ms }, now)
  const times = isNew ? 0 : Math.min(before.times + 1, AGAIN_DOUBLINGS)
  draft.state = withNet(draft.state, { again: withItem(net.again, key, { since: now, times }) })
  return true
}

/** True while everything that they are to have would have to wait, were they moved now. */
export const isMovedTooSoon = ({ net, directory }: NodeState, device: DeviceId, now: number): boolean =>
  (directory.shared.get(device) ?? []).some((id) => isTooSoon(net, `moved/${device}/${id}`, now))

function isTooSoon({ again }: Net, key: string, now: number): boolean {
  const before = again.get(key)
  return before !== undefined && !hasPassed({ since: before.since, ms: AGAIN_MS * 2 ** before.times }, now)
}

// Whoever still lacks it a good while later gets it anew, less and less often.
function againAfter(served: Served | undefined, now: number): Served {
  if (served === undefined) return { since: now, times: 0, ranges: [], lacking: [] }
  if (!hasPassed({ since: served.since, ms: SERVE_AGAIN_MS * 2 ** served.times }, now)) return served
  return { ...served, since: now, times: served.times + 1, ranges: [] }
}

/** What of a range lies outside of others, which are one for each feed. */
function without(range: FeedRange, others: readonly FeedRange[]): readonly FeedRange[] {
  const other = others.find(({ device }) => device === range.device)
  if (other === undefined || other.to < range.from || other.from > range.to) return [range]
  const before = { ...range, to: other.from - 1 }
  const after = { ...range, from: other.to + 1 }
  return [before, after].filter(({ from, to }) => from <= to)
}

function joined(ranges: readonly FeedRange[], range: FeedRange): readonly FeedRange[] {
  const same = ranges.find(({ device }) => device === range.device)
  if (same === undefined) return [...ranges, range]
  const whole = { ...range, from: Math.min(same.from, range.from), to: Math.max(same.to, range.to) }
  return ranges.map((other) => (other === same ? whole : other))
}
