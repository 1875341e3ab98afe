// Have and want (docs/protocol.md §5.8): from what the other side has, which stored entries it lacks. Sending them twice does no harm.

import { placeOf } from './lookups.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { Head } from '../wire/entry.ts'
import type { Feed, Log } from './log.ts'
import type { FeedRange, Lookups } from './lookups.ts'

/**
 * The places to load before {@link missingFor}: heads of theirs that lie within our feeds and are not our tips.
 * Empty between two sides that agree, or where only one has written since.
 */
export function lookupsForHeads(log: Log, theirs: readonly Head[]): readonly FeedRange[] {
  return theirs.filter((head) => needsLookup(log, head)).map((head) => ({ device: head.device, from: head.seq, to: head.seq }))
}

/**
 * The ranges of stored entries (all branches) that the other side lacks. Send them merged by order key: then every entry comes
 * after its past and nothing has to be parked. A feed is named once; without a dispute the range is exact.
 */
export function missingFor(log: Log, theirs: readonly Head[], lookups: Lookups): readonly FeedRange[] {
  const heads = new Map<DeviceId, Head[]>()
  for (const head of theirs) heads.set(head.device, [...(heads.get(head.device) ?? []), head])
  return [...log.feeds.values()].flatMap((feed) => {
    const range = missingOf(feed, heads.get(feed.device) ?? [], (head) => isKnown(log, head, lookups))
    return range === undefined ? [] : [range]
  })
}

/** True when the other side has something that we lack, so that we should say what we have. */
export const isBehind = (log: Log, theirs: readonly Head[], lookups: Lookups): boolean =>
  theirs.some((head) => !isKnown(log, head, lookups))

function missingOf(feed: Feed, heads: readonly Head[], knows: (head: Head) => boolean): FeedRange | undefined {
  const theirs = new Set(heads.map((head) => head.id))
  const lacking = feed.tips.filter((tip) => !theirs.has(tip.id))
  const to = Math.max(-1, ...lacking.map((tip) => tip.seq))
  if (to < 0) return undefined
  const shared = Math.max(-1, ...heads.filter(knows).map((head) => head.seq))
  const [onlyTip, ...branches] = feed.tips
  if (onlyTip !== undefined && branches.length === 0) {
    // With no head in common, either they are ahead of us on our branch, or the feed is forked and they know another one.
    if (shared < 0 && heads.length > 0 && heads.every((head) => head.seq > onlyTip.seq)) return undefined
    return shared >= to ? undefined : { device: feed.device, from: shared + 1, to }
  }
  return { device: feed.device, from: Math.min(shared + 1, feed.fork?.seq ?? 0), to }
}

const tipsHave = (log: Log, head: Head): boolean =>
  log.feeds.get(head.device)?.tips.some((tip) => tip.id === head.id && tip.seq === head.seq) === true

function needsLookup(log: Log, head: Head): boolean {
  const tips = log.feeds.get(head.device)?.tips ?? []
  return !tipsHave(log, head) && tips.some((tip) => tip.seq >= head.seq)
}

const isKnown = (log: Log, head: Head, lookups: Lookups): boolean =>
  tipsHave(log, head) || lookups.get(placeOf(head.device, head.seq))?.some((known) => known.id === head.id) === true
