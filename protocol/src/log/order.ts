// The order in which people see entries (docs/protocol.md §5.6). It extends the causal order: an entry comes after
// its `prev` and `deps`. Clocks only decide between entries that did not know of each other.

import { TIME_MS_MAX } from '../limits.ts'
import { DEPTH_MAX, ORDER_TIME_MAX } from './limits.ts'
import type { EntryId } from '../bytes/ids.ts'
import type { EntryHeader } from '../wire/entry.ts'

/** Place of an entry in the causal order; depends on its header and its past only, so it never changes. */
export type Order = { readonly time: number; readonly depth: number }

/** Length of an order key in characters: 12 of time, 8 of depth, 64 of id. */
export const ORDER_KEY_LENGTH = 84

/** Order of an entry whose `prev` and `deps` have the orders `past`. */
export function orderOf(header: EntryHeader, past: readonly Order[]): Order {
  let time = Math.min(header.time, TIME_MS_MAX)
  let depth = 0
  for (const order of past) {
    time = Math.max(time, order.time + 1)
    depth = Math.max(depth, order.depth + 1)
  }
  return { time: Math.min(time, ORDER_TIME_MAX), depth: Math.min(depth, DEPTH_MAX) }
}

/** Fixed-width hex that sorts like the order: time, then depth, then id. Key of the timeline table. */
export const orderKeyOf = (order: Order, id: EntryId): string =>
  order.time.toString(16).padStart(12, '0') + order.depth.toString(16).padStart(8, '0') + id
