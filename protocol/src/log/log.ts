// What a device knows of a conversation's feeds: the tips of each, nothing of the past (docs/protocol.md §5).
// Small enough to stay in memory; the entries themselves are rows of the store.

import { IdMap } from '../bytes/id-map.ts'
import { NO_CONVERSATION, NO_ENTRY } from '../bytes/ids.ts'
import { DEPS_MAX, FEEDS_PER_CONVERSATION_MAX, SEQ_MAX } from '../limits.ts'
import { orderKeyOf, orderOf } from './order.ts'
import type { ConversationId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { EntryHeader, Head } from '../wire/entry.ts'
import type { CreatedEntry } from './entry.ts'
import type { Fork } from './fork.ts'
import type { Order } from './order.ts'

/** The last accepted entry of a branch. */
export type Tip = { readonly seq: number; readonly id: EntryId; readonly order: Order }

export type Feed = {
  readonly device: DeviceId
  readonly signingKey: Uint8Array
  /** None before the first entry, one afterwards; more only where the device wrote two histories. */
  readonly tips: readonly Tip[]
  readonly fork: Fork | undefined
  /** The head of it that the own feed has named last, and the own seq that did; undefined before. */
  readonly named: { readonly id: EntryId; readonly at: number } | undefined
}

export type Log = {
  readonly conversation: ConversationId
  readonly feeds: IdMap<DeviceId, Feed>
  /** Follows from the feeds: those whose head is another one than was named last. */
  readonly moved: IdMap<DeviceId, Feed>
}

/** An entry whose author, place and past are proven. Store it, open its body, reduce it: in the order given. */
export type AcceptedEntry = {
  readonly id: EntryId
  readonly header: EntryHeader
  readonly headerBytes: Uint8Array
  /** Present where we verified one; serve it along. */
  readonly signature: Uint8Array | undefined
  readonly body: Uint8Array | undefined
  readonly order: Order
  readonly orderKey: string
}

/** A log without feeds. */
export const createLog = (conversation: ConversationId): Log => ({
  conversation,
  feeds: IdMap.empty(),
  moved: IdMap.empty(),
})

/** The log of these feeds, each of another device. */
export const logOf = (conversation: ConversationId, feeds: readonly Feed[]): Log => ({
  conversation,
  feeds: IdMap.of(feeds.map((feed) => [feed.device, feed])),
  moved: IdMap.of(feeds.filter(hasMoved).map((feed) => [feed.device, feed])),
})

/** Lets a device speak in the log. `signingKey` must have passed `isSigningKey`. Adding it again changes nothing. */
export function addFeed(log: Log, feed: { readonly device: DeviceId; readonly signingKey: Uint8Array }): Log {
  if (log.feeds.has(feed.device)) return log
  if (log.feeds.size >= FEEDS_PER_CONVERSATION_MAX) throw new RangeError('a conversation has no room for another feed')
  return withFeed(log, { device: feed.device, signingKey: feed.signingKey, tips: [], fork: undefined, named: undefined })
}

/** The log with one feed replaced. */
export const withFeed = (log: Log, feed: Feed): Log => ({
  ...log,
  feeds: log.feeds.with(feed.device, feed),
  moved: hasMoved(feed) ? log.moved.with(feed.device, feed) : log.moved.without(feed.device),
})

const hasMoved = (feed: Feed): boolean => mainTipOf(feed)?.id !== feed.named?.id

/** What this device has, for the `have` exchange: every tip of these feeds, or of all. */
export const headsOf = (log: Log, feeds: Iterable<DeviceId> = log.feeds.keys()): readonly Head[] =>
  [...feeds].flatMap((device) => (log.feeds.get(device)?.tips ?? []).map((tip) => ({ device, seq: tip.seq, id: tip.id })))

/** The tip that a next entry or a dependency names: the longest branch, then the smallest id. */
export const mainTipOf = (feed: Feed): Tip | undefined =>
  feed.tips.reduce<Tip | undefined>(
    (best, tip) => (best === undefined || tip.seq > best.seq || (tip.seq === best.seq && tip.id < best.id) ? tip : best),
    undefined,
  )

/** The length of a feed: how many entries its longest branch has. */
export function lengthOf(log: Log, device: DeviceId): number {
  const tip = log.feeds.get(device)?.tips.at(-1)
  return tip === undefined ? 0 : tip.seq + 1
}

/** True for a head that is the end of a branch. */
export const isTip = (log: Log, head: Head): boolean =>
  log.feeds.get(head.device)?.tips.some((tip) => tip.id === head.id && tip.seq === head.seq) === true

/** Where the next entry of an own feed belongs, and which heads it should name: those that moved since it named them. */
export function nextPlace(log: Log, device: DeviceId): { readonly seq: number; readonly prev: EntryId; readonly deps: readonly Head[] } {
  const feed = feedOf(log, device)
  const tip = mainTipOf(feed)
  if (tip !== undefined && tip.seq >= SEQ_MAX) throw new RangeError('the feed is full')
  return { seq: tip === undefined ? 0 : tip.seq + 1, prev: tip === undefined ? NO_ENTRY : tip.id, deps: movedHeads(log, device) }
}

/** Puts an entry that this device made with {@link nextPlace} at the end of its own feed. Nothing is verified. */
export function appendOwn(log: Log, created: CreatedEntry, signature: Uint8Array): { readonly log: Log; readonly accepted: AcceptedEntry } {
  const { header, id } = created
  const feed = feedOf(log, header.device)
  const tip = mainTipOf(feed)
  if (header.seq !== (tip === undefined ? 0 : tip.seq + 1)) throw new RangeError('an own entry does not follow the tip of its feed')
  if (header.conversation !== log.conversation && header.conversation !== NO_CONVERSATION)
    throw new RangeError('an own entry of another conversation')
  const past = header.deps.map((dep) => orderOfDep(log, dep))
  const order = orderOf(header, tip === undefined ? past : [tip.order, ...past])
  const next: Tip = { seq: header.seq, id, order }
  const naming = header.deps.reduce(
    (named, dep) => withFeed(named, { ...feedOf(log, dep.device), named: { id: dep.id, at: header.seq } }),
    log,
  )
  return {
    log: withFeed(naming, { ...feed, tips: sortTips([...feed.tips.filter((other) => other !== tip), next]) }),
    accepted: { id, header, headerBytes: created.headerBytes, signature, body: created.body, order, orderKey: orderKeyOf(order, id) },
  }
}

/** Tips in the one order in which they are kept. */
export const sortTips = (tips: readonly Tip[]): readonly Tip[] => tips.toSorted((a, b) => a.seq - b.seq || (a.id < b.id ? -1 : 1))

function feedOf(log: Log, device: DeviceId): Feed {
  const feed = log.feeds.get(device)
  if (feed === undefined) throw new RangeError('the log has no such feed')
  return feed
}

function orderOfDep(log: Log, dep: Head): Order {
  const tip = log.feeds.get(dep.device)?.tips.find((other) => other.id === dep.id)
  if (tip === undefined) throw new RangeError('an own entry names a head that is no tip')
  return tip.order
}

// Where more have moved than an entry can name, those come first that were not named for longest.
function movedHeads(log: Log, own: DeviceId): readonly Head[] {
  const moved: (Head & { readonly at: number | undefined })[] = []
  for (const feed of log.moved.values()) {
    const tip = mainTipOf(feed)
    if (feed.device !== own && tip !== undefined) moved.push({ device: feed.device, seq: tip.seq, id: tip.id, at: feed.named?.at })
  }
  const byDevice = (a: Head, b: Head): number => (a.device < b.device ? -1 : 1)
  const namedAt = (at: number | undefined): number => (at === undefined ? 0 : at + 1)
  const chosen = moved.toSorted((a, b) => namedAt(a.at) - namedAt(b.at) || byDevice(a, b)).slice(0, DEPS_MAX)
  return chosen.map(({ device, seq, id }) => ({ device, seq, id })).toSorted(byDevice)
}
