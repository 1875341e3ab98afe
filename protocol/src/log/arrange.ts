// Puts covered entries into an order in which every entry comes after its past, and leaves out those whose past is not known
// (docs/protocol.md §5.5, step 4). Ids are hashes, so there are no cycles: an entry on one just never becomes ready.

import { NO_ENTRY } from '../bytes/ids.ts'
import { orderOf } from './order.ts'
import type { EntryId } from '../bytes/ids.ts'
import type { Head } from '../wire/entry.ts'
import type { ProvenEntry } from './cover.ts'
import type { Order } from './order.ts'

export type OrderedEntry = ProvenEntry & { readonly order: Order }

/** `knownOrder`: the order of an entry that is in the log already, undefined for any other. */
export function arrange(covered: readonly ProvenEntry[], knownOrder: (head: Head) => Order | undefined): readonly OrderedEntry[] {
  const waiting = new Map(covered.map((item) => [item.entry.id, item]))
  const orders = new Map<EntryId, Order>()
  const missing = new Map<EntryId, number>()
  const followers = new Map<EntryId, EntryId[]>()
  const ready: EntryId[] = []
  for (const { entry } of covered) {
    // What waits itself is not in the log.
    const unknown = pastOf(entry).filter((head) => waiting.has(head.id) || knownOrder(head) === undefined)
    missing.set(entry.id, unknown.length)
    for (const head of unknown) {
      const there = waiting.get(head.id)?.entry.header
      // A head that names the right id in the wrong place never becomes known.
      if (there?.seq === head.seq && there.device === head.device) followers.set(head.id, [...(followers.get(head.id) ?? []), entry.id])
    }
    if (unknown.length === 0) ready.push(entry.id)
  }
  const arranged: OrderedEntry[] = []
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    const item = waiting.get(id) as ProvenEntry
    const past = pastOf(item.entry).map((head) => orders.get(head.id) ?? (knownOrder(head) as Order))
    const order = orderOf(item.entry.header, past)
    orders.set(id, order)
    arranged.push({ ...item, order })
    for (const follower of followers.get(id) ?? []) {
      const left = (missing.get(follower) ?? 0) - 1
      missing.set(follower, left)
      if (left === 0) ready.push(follower)
    }
  }
  return arranged
}

const pastOf = (entry: ProvenEntry['entry']): readonly Head[] => {
  const { device, seq, prev, deps } = entry.header
  return prev === NO_ENTRY ? deps : [{ device, seq: seq - 1, id: prev }, ...deps]
}
