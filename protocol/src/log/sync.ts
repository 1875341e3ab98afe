// Have and want (docs/protocol.md §5.8): from what the other side has, which stored entries it lacks. Sending them twice does no harm.

import { RUN_ENTRIES_MAX } from '../limits.ts'
import { FORK_BRANCHES_MAX } from './limits.ts'
import { isTip, lengthOf } from './log.ts'
import { placeOf } from './lookups.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { Head } from '../wire/entry.ts'
import type { Feed, Log } from './log.ts'
import type { FeedRange, Lookups } from './lookups.ts'

/** The heads that say something: of feeds that are known here, no more of each than there can be branches. */
export function headsIn(log: Log, theirs: readonly Head[]): readonly Head[] {
  const counts = new Map<DeviceId, number>()
  return theirs.filter(({ device }) => {
    const count = counts.get(device) ?? 0
    counts.set(device, count + 1)
    return log.feeds.has(device) && count < FORK_BRANCHES_MAX
  })
}

/**
 * The places to load before {@link missingFor}: heads of theirs ({@link headsIn}) that lie within our feeds and are not our tips.
 * Empty between two sides that agree, or where only one has written since.
 */
export function lookupsForHeads(log: Log, theirs: readonly Head[]): readonly FeedRange[] {
  return theirs.filter((head) => needsLookup(log, head)).map((head) => ({ device: head.device, from: head.seq, to: head.seq }))
}

/**
 * The ranges of stored entries (all branches) that the other side lacks. Send them merged by order key: then every entry comes
 * after its past and nothing has to be parked. A feed is named once; without a dispute the range is exact. `isWhole`: they have nothing of feeds
 * that they do not name.
 */
export function missingFor(
  log: Log,
  { isWhole, heads }: { readonly isWhole: boolean; readonly heads: readonly Head[] },
  lookups: Lookups,
): readonly FeedRange[] {
  const theirs = new Map<DeviceId, Head[]>()
  for (const head of heads) theirs.set(head.device, [...(theirs.get(head.device) ?? []), head])
  const feeds = isWhole ? log.feeds.values() : [...theirs.keys()].flatMap((device) => log.feeds.get(device) ?? [])
  return [...feeds].flatMap((feed) => missingOf(feed, theirs.get(feed.device) ?? [], (head) => isKnown(log, head, lookups)) ?? [])
}

/** True when the other side has something that we lack, so that we should say what we have. */
export const isBehind = (log: Log, theirs: readonly Head[], lookups: Lookups): boolean =>
  theirs.some((head) => !isKnown(log, head, lookups))

/** True for a head that is stored here, by number and hash. */
export const isKnown = (log: Log, head: Head, lookups: Lookups): boolean =>
  isTip(log, head) || lookups.get(placeOf(head.device, head.seq))?.some((known) => known.id === head.id) === true

function missingOf(feed: Feed, heads: readonly Head[], knows: (head: Head) => boolean): FeedRange | undefined {
  const theirs = new Set(heads.map((head) => head.id))
  const lacking = feed.tips.filter((tip) => !theirs.has(tip.id))
  if (lacking.length === 0) return undefined
  const to = Math.max(...lacking.map((tip) => tip.seq))
  const shared = Math.max(0, ...heads.filter(knows).map((head) => head.seq + 1))
  const isStrange = shared === 0 && heads.length > 0
  // With no head in common, either they are ahead of us on our branch, or the feed is forked and they know another one.
  if (feed.tips.length === 1 && isStrange && heads.every((head) => head.seq > to)) return undefined
  const from = isStrange ? beforeStrangers(heads) : shared
  // Of a forked feed all branches go, from where they part.
  const begin = feed.tips.length === 1 ? from : Math.min(from, feed.fork?.seq ?? 0)
  return begin > to ? undefined : { device: feed.device, from: begin, to }
}

// Nobody knows yet where the feed is forked. One run back finds most places; what lies further is asked for again.
const beforeStrangers = (heads: readonly Head[]): number => Math.max(0, 1 + Math.min(...heads.map((head) => head.seq)) - RUN_ENTRIES_MAX)

const needsLookup = (log: Log, head: Head): boolean => !isTip(log, head) && head.seq < lengthOf(log, head.device)
