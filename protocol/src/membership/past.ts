// Which control entries are in whose past (docs/protocol.md §11.2). Entries of one feed follow each other in a line, and what is in a past of one
// line is its beginning. So a past is one number for each line, in a map that shares with the pasts it came from what they have in common.

import { IdMap } from '../bytes/id-map.ts'
import type { DeviceId, EntryId } from '../bytes/ids.ts'
import type { ControlEntry } from './types.ts'

/** Entries of which each is in the past of the next, named by the first. A feed has one, and one more for each branch of a fork. */
type LineId = EntryId

/** Where an entry stands among all. */
export type Place = {
  readonly id: EntryId
  readonly line: LineId
  /** Its number in the line, from 0. */
  readonly at: number
  /** The one before it in the line. */
  readonly before: EntryId | undefined
  /** How many entries of each line are in its past. */
  readonly past: IdMap<LineId, number>
}

/** A line of a feed and its last entry. */
export type Line = { readonly id: LineId; readonly tip: EntryId }

/** Places of entries, and the lines of each device. */
export type Places = {
  readonly places: IdMap<EntryId, Place>
  readonly lines: IdMap<DeviceId, readonly Line[]>
}

export const NO_PLACES: Places = { places: IdMap.empty(), lines: IdMap.empty() }

/** True when `place` is in the past of `other`. */
export const isBefore = (place: Place, other: Place): boolean => (other.past.get(place.line) ?? 0) > place.at

/** `places` with `entry`, all of whose past is there. */
export function placeEntry(places: Places, entry: ControlEntry): Places {
  let past: IdMap<LineId, number> = IdMap.empty()
  for (const id of entry.past) past = joined(past, reachOf(placeOf(places, id)))
  const lines = places.lines.get(entry.device) ?? []
  const line = lines.find(({ tip }) => {
    const place = placeOf(places, tip)
    return (past.get(place.line) ?? 0) > place.at
  })
  const place: Place = {
    id: entry.id,
    line: line?.id ?? entry.id,
    at: line === undefined ? 0 : placeOf(places, line.tip).at + 1,
    before: line?.tip,
    past,
  }
  const others = lines.filter((other) => other !== line)
  return {
    places: places.places.with(entry.id, place),
    lines: places.lines.with(entry.device, [...others, { id: place.line, tip: entry.id }]),
  }
}

/** The place of an entry that has one. */
export function placeOf(places: Places, id: EntryId): Place {
  const place = places.places.get(id)
  if (place === undefined) throw new Error('a control entry without a place')
  return place
}

/** Those of some entries that are in the past of no other one of them, each once, in the order of their ids. */
export function headsOf(places: Places, ids: readonly EntryId[]): readonly EntryId[] {
  let covered: IdMap<LineId, number> = IdMap.empty()
  const all = [...new Set(ids)].map((id) => placeOf(places, id))
  for (const { past } of all) covered = joined(covered, past)
  return all
    .filter(({ line, at }) => (covered.get(line) ?? 0) <= at)
    .map(({ id }) => id)
    .toSorted()
}

/** Its past and itself. */
const reachOf = (place: Place): IdMap<LineId, number> => place.past.with(place.line, place.at + 1)

function joined(one: IdMap<LineId, number>, other: IdMap<LineId, number>): IdMap<LineId, number> {
  if (one.size === 0) return other
  let all = one
  for (const line of other.changedSince(one)) {
    const count = other.get(line) ?? 0
    if (count > (one.get(line) ?? 0)) all = all.with(line, count)
  }
  return all
}
