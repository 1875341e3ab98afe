// What one device says of another's feed: how far it has received and read it, and what of that it cannot read (docs/protocol.md §5.10).
// Claims are cumulative: they are joined, whatever the order in which they come, and saying one twice changes nothing.

import { RECEIPT_UNREADABLE_MAX } from '../limits.ts'
import { NO_CLAIM } from '../wire/receipt.ts'
import { confirmable, lowestOf, namedWithin } from './feed-view.ts'
import type { Claim } from '../wire/receipt.ts'
import type { FeedView } from './state.ts'

/** Both together. Who has read has received. */
export function joinClaims(a: Claim, b: Claim): Claim {
  const read = Math.max(a.read, b.read)
  return {
    delivered: Math.max(a.delivered, b.delivered, read),
    read,
    unreadable: lowestOf([...a.unreadable, ...b.unreadable]),
    recovered: lowestOf([...a.recovered, ...b.recovered]),
  }
}

/** True when `claim` says nothing that `before` does not. */
export const addsNothing = (before: Claim, claim: Claim): boolean =>
  claim.delivered <= before.delivered &&
  claim.read <= before.read &&
  claim.unreadable.every((seq) => before.unreadable.includes(seq)) &&
  claim.recovered.every((seq) => before.recovered.includes(seq))

/** What of a claim speaks of the first `length` entries: nobody has received what was not written. */
export const claimWithin = (claim: Claim, length: number): Claim => ({
  delivered: Math.min(claim.delivered, length),
  read: Math.min(claim.read, length),
  unreadable: claim.unreadable.filter((seq) => seq < length),
  recovered: claim.recovered.filter((seq) => seq < length),
})

/** What there is to say of a feed beyond what was `told` of it; undefined when that is nothing. `reading`: whether it is told what was read. */
export function claimDue(feed: FeedView, told: Claim, reading: 'told' | 'kept'): Claim | undefined {
  const untold = feed.unreadable.filter((seq) => !told.unreadable.includes(seq))
  const unreadable = untold.slice(0, RECEIPT_UNREADABLE_MAX)
  const recovered = told.unreadable
    .filter((seq) => !feed.unreadable.includes(seq) && !told.recovered.includes(seq))
    .slice(0, RECEIPT_UNREADABLE_MAX)
  // No cursor goes past an unreadable entry that the other side does not hear of.
  const open = Math.min(confirmable(feed), untold[unreadable.length] ?? Infinity, namedWithin(told.unreadable))
  // Nothing but what is so here: what was told of it comes from others too.
  const claim = { delivered: open, read: reading === 'told' ? Math.min(feed.read, open) : 0, unreadable, recovered }
  return addsNothing(told, joinClaims(told, claim)) ? undefined : claim
}

/** What of `told` is kept when it may not have come: that entries were called unreadable which can be read now. */
export const untold = (told: Claim, feed: FeedView | undefined): Claim => ({
  ...NO_CLAIM,
  unreadable: told.unreadable.filter((seq) => feed?.unreadable.includes(seq) !== true),
})

/** From the least to the most. */
const TICKS = ['unreadable', 'delivered', 'read'] as const
export type Tick = (typeof TICKS)[number]

/** What a claim says of one entry; undefined while it does not reach there. */
export function tickIn(claim: Claim, seq: number): Tick | undefined {
  if (seq >= Math.min(claim.delivered, namedWithin(claim.unreadable))) return undefined
  if (claim.unreadable.includes(seq) && !claim.recovered.includes(seq)) return 'unreadable'
  return seq < claim.read ? 'read' : 'delivered'
}

/** The one that says more. */
export const bestTick = (a: Tick | undefined, b: Tick | undefined): Tick | undefined =>
  b === undefined || (a !== undefined && TICKS.indexOf(a) >= TICKS.indexOf(b)) ? a : b
