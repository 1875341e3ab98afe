// What admission has to know of entries that are already stored. Reading the store may take time and admission may not,
// so the caller asks `lookupsFor`, loads the rows, and hands them in (docs/protocol.md §5.5).

import { tryDecode } from '../bytes/codec.ts'
import { RUN_ENTRIES_MAX } from '../limits.ts'
import { entryHeader } from '../wire/entry.ts'
import { LOOKUP_GAP_MAX, LOOKUP_PLACES_MAX } from './limits.ts'
import { isTip, topOf } from './log.ts'
import type { ConversationId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { EntryHeader, WireEntry } from '../wire/entry.ts'
import type { Log } from './log.ts'
import type { Order } from './order.ts'
import type { Parking } from './parking.ts'

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

/**
 * The ranges of stored entries that `admitEntries` needs for this batch and for what is parked in the conversation.
 * Empty for a batch that follows the tips. Load every stored entry in them, on all branches.
 */
export function lookupsFor(asked: {
  readonly log: Log
  readonly parking: Parking
  readonly entries: readonly WireEntry[]
}): readonly FeedRange[] {
  const places = createPlaces(asked.log)
  for (const header of headersOf(asked.entries)) places.add(header)
  for (const parked of asked.parking.conversations.get(asked.log.conversation) ?? []) places.add(parked.header)
  return places.ranges()
}

/** The first of some entries, as many as may be looked up at once: places far apart would have the whole store read. */
export function withinLookups(log: Log, entries: readonly WireEntry[]): readonly WireEntry[] {
  const places = createPlaces(log)
  const end = entries.findIndex((wire) => {
    for (const header of headersOf([wire])) places.add(header)
    return places.count() > LOOKUP_PLACES_MAX
  })
  return end < 0 ? entries : entries.slice(0, end)
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

function* headersOf(entries: readonly WireEntry[]): Generator<EntryHeader> {
  for (const wire of entries) {
    const header = tryDecode(entryHeader, wire.header)
    if (header !== undefined) yield header
  }
}

function createPlaces(log: Log) {
  const places = new Map<DeviceId, Set<number>>()
  const need = (device: DeviceId, from: number, to: number): void => {
    const end = Math.min(to, topOf(log, device))
    const set = places.get(device) ?? new Set()
    for (let seq = Math.max(from, 0); seq <= end; seq++) set.add(seq)
    places.set(device, set)
  }
  return {
    add: (header: EntryHeader): void => {
      const [tip, ...branches] = log.feeds.get(header.device)?.tips ?? []
      // The place itself, the one before it, and enough after it to prove a dispute with what is stored there.
      const isNext = branches.length === 0 && tip?.id === header.prev && tip.seq + 1 === header.seq
      if (!isNext) need(header.device, header.seq - 1, header.seq + RUN_ENTRIES_MAX)
      for (const dep of header.deps) if (!isTip(log, dep)) need(dep.device, dep.seq, dep.seq)
    },
    count: (): number => [...places.values()].reduce((sum, set) => sum + set.size, 0),
    ranges: (): readonly FeedRange[] => [...places].flatMap(([device, set]) => toRanges(device, set)),
  }
}

function toRanges(device: DeviceId, places: ReadonlySet<number>): readonly FeedRange[] {
  const ranges: FeedRange[] = []
  for (const seq of [...places].toSorted((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && seq - last.to <= LOOKUP_GAP_MAX) ranges[ranges.length - 1] = { ...last, to: seq }
    else ranges.push({ device, from: seq, to: seq })
  }
  return ranges
}
