// What admission has to know of entries that are already stored. Reading the store may take time and admission may not,
// so the caller asks `planLookups`, loads the rows, and hands them in (docs/protocol.md §5.5).

import { RUN_ENTRIES_MAX } from '../limits.ts'
import { readHeader } from './entry.ts'
import { FORK_BRANCHES_MAX, LOOKUP_GAP_MAX, LOOKUP_PLACES_MAX } from './limits.ts'
import { isTip, lengthOf } from './log.ts'
import type { ConversationId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { EntryHeader, WireEntry } from '../wire/entry.ts'
import type { ReadHeader } from './entry.ts'
import type { Log } from './log.ts'
import type { Order } from './order.ts'

/** Entries of one feed, both ends included. */
export type FeedRange = { readonly device: DeviceId; readonly from: number; readonly to: number }

/** What the store keeps of an accepted entry beside its body. */
export type KnownEntry = {
  readonly device: DeviceId
  readonly seq: number
  readonly id: EntryId
  readonly prev: EntryId
  readonly headerBytes: Uint8Array
  readonly signature: Uint8Array | undefined
  readonly order: Order
  /** Whether the body is stored; one that is not can still come. */
  readonly hasBody: boolean
}

/** Stored entries by place; see {@link placeOf}. A place holds several entries where the feed is forked. */
export type Lookups = ReadonlyMap<string, readonly KnownEntry[]>

export const NO_LOOKUPS: Lookups = new Map()

/** A batch that rows are loaded for, with all that is parked in its conversation. `placesMax`: how many places may be looked up for it. */
export type LookupBatch = {
  readonly log: Log
  /** Headers of what is parked; see parking.ts. */
  readonly parking: { readonly conversations: ReadonlyMap<ConversationId, readonly ReadHeader[]> }
  readonly entries: readonly WireEntry[]
  readonly placesMax: number
}

/** Finds out which stored entries `admitEntries` needs. Load every one in the ranges, on all branches: first these, then those. */
export type LookupPlan = {
  /** Where the entries themselves would lie, and what comes before them; empty for a batch that follows the tips. What comes twice needs no more. */
  readonly first: () => readonly FeedRange[]
  /** What those rest on that are not `there`: the heads that they name, and of a new branch what proves its dispute. */
  readonly further: (there: Lookups) => readonly FeedRange[]
  /** How many of the entries, in order, the ranges were enough for; the others may come another time. */
  readonly items: () => number
  /** Places in all ranges. */
  readonly places: () => number
}

export function planLookups({ log, parking, entries, placesMax }: LookupBatch): LookupPlan {
  const places = createPlaces(log)
  const parked = parking.conversations.get(log.conversation) ?? []
  let arrived = entries.map((wire) => readHeader(wire.header))
  let forArrived = 0

  function collect(needs: (entry: ReadHeader) => readonly FeedRange[]): readonly FeedRange[] {
    for (const entry of parked) places.add(needs(entry))
    const end = arrived.findIndex((entry) => {
      if (entry !== undefined) forArrived += places.add(needs(entry))
      return forArrived > LOOKUP_PLACES_MAX || places.count() > placesMax
    })
    if (end >= 0) arrived = arrived.slice(0, end)
    return places.count() > placesMax && arrived.length === 0 ? [] : places.ranges()
  }

  return {
    first: () => collect(({ header }) => (isNext(log, header) ? [] : [{ device: header.device, from: header.seq - 1, to: header.seq }])),
    further: (there) => {
      const branches = new Map<DeviceId, number>()
      return collect((entry) => pastOf(entry, { log, there, branches }))
    },
    items: () => arrived.length,
    places: places.count,
  }
}

/** How many places the lookup of an entry takes at the most. `distance`: how far it is from the tip of its feed. */
export const placesFor = (header: EntryHeader, distance: number): number =>
  header.deps.length + (distance > 1 ? 0 : distance === 1 ? 1 : RUN_ENTRIES_MAX + 2)

/** Index of loaded entries. */
export function toLookups(entries: readonly KnownEntry[]): Lookups {
  const byPlace = new Map<string, KnownEntry[]>()
  for (const entry of entries) {
    const place = placeOf(entry.device, entry.seq)
    const there = byPlace.get(place)
    if (there === undefined) byPlace.set(place, [entry])
    else if (!there.some((other) => other.id === entry.id)) there.push(entry)
  }
  return byPlace
}

/** Key of a place in a feed; sorts by seq within a device. */
export const placeOf = (device: DeviceId, seq: number): string => `${device}/${seq.toString(16).padStart(8, '0')}`

/** Key of a stored entry: all entries of a feed lie together in order, and both of a disputed place. */
export const entryKeyOf = (
  conversation: ConversationId,
  entry: { readonly device: DeviceId; readonly seq: number; readonly id: EntryId },
): string => `${conversation}/${placeOf(entry.device, entry.seq)}/${entry.id}`

/** Store bounds of a range of {@link entryKeyOf} keys: `from` inclusive, `to` exclusive. */
export const entryKeysOf = (conversation: ConversationId, range: FeedRange): { readonly from: string; readonly to: string } => ({
  from: `${conversation}/${placeOf(range.device, range.from)}/`,
  to: `${conversation}/${placeOf(range.device, range.to)}/~`,
})

type PastSearch = { readonly log: Log; readonly there: Lookups; readonly branches: Map<DeviceId, number> }

// Of a feed no more new branches are looked at than it may have: those beyond are refused.
function pastOf({ header, id }: ReadHeader, { log, there, branches }: PastSearch): readonly FeedRange[] {
  const { device, seq, prev, deps } = header
  const isThere = (place: number, id: EntryId): boolean => there.get(placeOf(device, place))?.some((known) => known.id === id) === true
  if (isThere(seq, id)) return []
  const heads = deps.filter((dep) => !isTip(log, dep)).map((dep) => ({ device: dep.device, from: dep.seq, to: dep.seq }))
  const count = branches.get(device) ?? log.feeds.get(device)?.tips.length ?? 0
  if (count >= FORK_BRANCHES_MAX || (seq > 0 && !isThere(seq - 1, prev))) return heads
  branches.set(device, count + 1)
  return [...heads, { device, from: seq + 1, to: seq + RUN_ENTRIES_MAX }]
}

/** True for an entry that follows the only tip of its feed. */
function isNext(log: Log, { device, seq, prev }: EntryHeader): boolean {
  const [tip, ...branches] = log.feeds.get(device)?.tips ?? []
  return branches.length === 0 && tip?.id === prev && tip.seq + 1 === seq
}

function createPlaces(log: Log) {
  const asked = new Map<DeviceId, Set<number>>()
  let fresh = new Map<DeviceId, number[]>()
  let count = 0
  const addRange = ({ device, from, to }: FeedRange): number => {
    const set = asked.get(device) ?? new Set()
    const added = fresh.get(device) ?? []
    const before = set.size
    for (let seq = Math.max(from, 0); seq < Math.min(to + 1, lengthOf(log, device)); seq++) {
      if (!set.has(seq)) added.push(seq)
      set.add(seq)
    }
    asked.set(device, set)
    fresh.set(device, added)
    return set.size - before
  }
  return {
    /** How many of these places are new. */
    add: (ranges: readonly FeedRange[]): number => {
      const more = ranges.reduce((sum, range) => sum + addRange(range), 0)
      count += more
      return more
    },
    count: (): number => count,
    /** Those that were added since this was asked last. */
    ranges: (): readonly FeedRange[] => {
      const ranges = [...fresh].flatMap(([device, seqs]) => toRanges(device, seqs))
      fresh = new Map()
      return ranges
    },
  }
}

function toRanges(device: DeviceId, places: readonly number[]): readonly FeedRange[] {
  const ranges: FeedRange[] = []
  for (const seq of places.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && seq - last.to <= LOOKUP_GAP_MAX) ranges[ranges.length - 1] = { ...last, to: seq }
    else ranges.push({ device, from: seq, to: seq })
  }
  return ranges
}
