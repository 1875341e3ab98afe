// How much of the store waits from each address, so that one address cannot fill it. Counted in memory only, until what it brought is fetched,
// replaced or over: nothing on disk says which address brought what, and a relay that starts again begins to count again.

import { ITEM_PAGE_BYTES, ITEM_ROW_BYTES, SHARES_REMEMBERED_MAX } from '../limits.ts'
import type { MailboxId, RecordId } from '@kith/protocol'

/** What things are kept under. */
type Place = `mailbox ${MailboxId}` | `record ${RecordId}` | `prekeys ${RecordId}`
/** What comes to a mailbox is added to what is there; any other takes the place of what was there. */
type Item = { readonly place: Place; readonly size: number; readonly until: number }
/** The share of one address, as one of its streams sees it. */
export type Share = {
  /** Counts the item if storage keeps it. Undefined, and not even tried, when its address has nothing left. */
  keep<T>(item: Item, keep: () => Promise<T>, isKept: (outcome: T) => boolean): Promise<T | undefined>
  /** So much is there no more, whoever brought it. */
  free(place: Place, sizes: readonly number[]): void
}
export type Shares = {
  /** Nobody in particular has all that there is. */
  of(address: string | undefined): Share
  /** Forgets what storage has forgotten. */
  sweep(now: number): void
}
/** The bytes of each address, in the order in which they came. */
type Tab = { readonly parts: Map<string, number>; until: number }

/** What something of this size takes on disk, rounded up: small things take a page as well. */
const storedBytesOf = (size: number): number => ITEM_ROW_BYTES + Math.ceil(size / ITEM_PAGE_BYTES) * ITEM_PAGE_BYTES

export function createShares(bytesMax: number): Shares {
  const tabs = createTabs()
  const keepFor = (address: string): Share['keep'] => {
    return async ({ place, size, until }, keep, isKept) => {
      const bytes = storedBytesOf(size)
      if (tabs.heldBy(address) + bytes > bytesMax) return undefined
      // It counts from here on, or many at once would pass together.
      tabs.hold(address, bytes)
      let counts = false
      try {
        const outcome = await keep()
        counts = isKept(outcome)
        return outcome
      } finally {
        const isMailbox = place.startsWith('mailbox')
        if (!counts) tabs.hold(address, -bytes)
        if (counts && !isMailbox) tabs.free(place, Infinity)
        if (counts) tabs.note(place, address, bytes)
        // A blob that comes again is kept for longer as well.
        if (counts || isMailbox) tabs.extend(place, until)
      }
    }
  }
  const free: Share['free'] = (place, sizes) =>
    tabs.free(
      place,
      sizes.reduce((sum, size) => sum + storedBytesOf(size), 0),
    )
  return {
    of: (address) => ({ keep: address === undefined ? (_, keep) => keep() : keepFor(address), free }),
    sweep: tabs.sweep,
  }
}

function createTabs() {
  const held = new Map<string, number>()
  const tabs = new Map<Place, Tab>()

  const heldBy = (address: string): number => held.get(address) ?? 0
  const hold = (address: string, bytes: number): void => {
    const all = heldBy(address) + bytes
    if (all > 0) held.set(address, all)
    else held.delete(address)
  }
  const free = (place: Place, bytes: number): void => {
    const { parts } = tabs.get(place) ?? { parts: new Map<string, number>() }
    let left = bytes
    for (const [address, part] of parts) {
      const gone = Math.min(part, left)
      left -= gone
      hold(address, -gone)
      if (gone < part) parts.set(address, part - gone)
      else parts.delete(address)
    }
    if (parts.size === 0) tabs.delete(place)
  }
  const note = (place: Place, address: string, bytes: number): void => {
    const tab = tabs.get(place) ?? { parts: new Map<string, number>(), until: 0 }
    tab.parts.set(address, (tab.parts.get(address) ?? 0) + bytes)
    // Put at the end, so that the first is the one to which nothing was added for longest.
    tabs.delete(place)
    tabs.set(place, tab)
    const [quietest] = tabs.keys()
    if (tabs.size > SHARES_REMEMBERED_MAX && quietest !== undefined) free(quietest, Infinity)
  }
  const extend = (place: Place, until: number): void => {
    const tab = tabs.get(place)
    if (tab) tab.until = Math.max(tab.until, until)
  }
  const sweep = (now: number): void => {
    for (const [place, { until }] of tabs) if (until <= now) free(place, Infinity)
  }
  return { heldBy, hold, free, note, extend, sweep }
}
