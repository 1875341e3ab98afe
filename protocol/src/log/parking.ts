// Where entries wait whose past, or whose signature, has not arrived (docs/protocol.md §5.5, step 5). One parking serves all
// conversations of a device and is kept in memory only: what is lost with it is asked for again.

import { PARKED_BYTES_MAX, PARKED_BYTES_PER_PEER_MAX, PARKED_ENTRIES_PER_PEER_MAX, PARKED_MS_MAX } from '../limits.ts'
import { bytesOf, refusalOf } from './incoming.ts'
import { LOOKUP_PLACES_MAX } from './limits.ts'
import { placesFor } from './lookups.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Incoming, Refusal } from './incoming.ts'

/** Entries and bytes that one peer has parked, in all conversations. */
export type ParkedSum = { readonly entries: number; readonly bytes: number }

export type Parking = {
  readonly conversations: ReadonlyMap<ConversationId, readonly Incoming[]>
  readonly peers: ReadonlyMap<DeviceId, ParkedSum>
  readonly bytes: number
}

export const EMPTY_PARKING: Parking = { conversations: new Map(), peers: new Map(), bytes: 0 }

/** What is still worth keeping at `now`, and what waited too long. */
export function expireParked(
  parked: readonly Incoming[],
  now: number,
): { readonly kept: readonly Incoming[]; readonly expired: readonly Incoming[] } {
  const isFresh = (entry: Incoming): boolean => now - entry.since <= PARKED_MS_MAX
  return { kept: parked.filter(isFresh), expired: parked.filter((entry) => !isFresh(entry)) }
}

/** What waits in a conversation after a batch. `distanceOf`: how far an entry is from the tip of its feed. */
export type WaitingEntries = {
  readonly conversation: ConversationId
  readonly entries: readonly Incoming[]
  readonly distanceOf: (entry: Incoming) => number
}

/**
 * The parking in which `waiting` is all that waits in its conversation. Each peer has its own budget, and no peer's entries make
 * room for another's. Where a peer has more, those that are farthest from their feed's tip go: what is nearest can be used first.
 */
export function park(parking: Parking, waiting: WaitingEntries): { readonly parking: Parking; readonly refused: readonly Refusal[] } {
  const emptied = withoutConversation(parking, waiting.conversation)
  if (waiting.entries.length === 0) return { parking: emptied, refused: [] }
  const peers = new Map(emptied.peers)
  const kept: Incoming[] = []
  const refused: Refusal[] = []
  let free = PARKED_BYTES_MAX - parking.bytes
  for (const [peer, entries] of byPeer(waiting.entries)) {
    const before = parking.peers.get(peer)?.bytes ?? 0
    // What a peer had stays its own; only what it adds comes out of the free part.
    const choice = choose({
      entries,
      distanceOf: waiting.distanceOf,
      sum: peers.get(peer) ?? NOTHING,
      bytesMax: Math.min(PARKED_BYTES_PER_PEER_MAX, before + free),
    })
    free -= Math.max(0, choice.sum.bytes - before)
    if (choice.sum.entries > 0) peers.set(peer, choice.sum)
    kept.push(...choice.kept)
    refused.push(...choice.refused)
  }
  const conversations = new Map(emptied.conversations)
  if (kept.length > 0) conversations.set(waiting.conversation, kept)
  const bytes = [...peers.values()].reduce((total, sum) => total + sum.bytes, 0)
  return { parking: { conversations, peers, bytes }, refused }
}

/** The parking without one conversation, for when it is deleted. */
export function withoutConversation(parking: Parking, conversation: ConversationId): Parking {
  const gone = parking.conversations.get(conversation)
  if (gone === undefined) return parking
  const peers = new Map(parking.peers)
  let total = parking.bytes
  for (const entry of gone) {
    const bytes = bytesOf(entry)
    const sum = peers.get(entry.from) ?? NOTHING
    total -= bytes
    if (sum.entries <= 1) peers.delete(entry.from)
    else peers.set(entry.from, { entries: sum.entries - 1, bytes: sum.bytes - bytes })
  }
  const conversations = new Map(parking.conversations)
  conversations.delete(conversation)
  return { conversations, peers, bytes: total }
}

const NOTHING: ParkedSum = { entries: 0, bytes: 0 }

type ParkedChoice = { readonly kept: readonly Incoming[]; readonly refused: readonly Refusal[]; readonly sum: ParkedSum }

function choose(asked: {
  readonly entries: readonly Incoming[]
  readonly distanceOf: (entry: Incoming) => number
  readonly sum: ParkedSum
  readonly bytesMax: number
}): ParkedChoice {
  const kept: Incoming[] = []
  const refused: Refusal[] = []
  let { entries, bytes } = asked.sum
  let places = 0
  for (const entry of asked.entries.toSorted((a, b) => asked.distanceOf(a) - asked.distanceOf(b))) {
    const size = bytesOf(entry)
    const looked = placesFor(entry.header, asked.distanceOf(entry))
    if (entries >= PARKED_ENTRIES_PER_PEER_MAX || bytes + size > asked.bytesMax || places + looked > LOOKUP_PLACES_MAX) {
      refused.push(refusalOf(entry, 'parking'))
      continue
    }
    kept.push(entry)
    entries += 1
    bytes += size
    places += looked
  }
  return { kept, refused, sum: { entries, bytes } }
}

function byPeer(entries: readonly Incoming[]): ReadonlyMap<DeviceId, readonly Incoming[]> {
  const groups = new Map<DeviceId, Incoming[]>()
  for (const entry of entries) {
    const group = groups.get(entry.from)
    if (group === undefined) groups.set(entry.from, [entry])
    else group.push(entry)
  }
  return groups
}
