// How much of the store waits from each address, so that one address cannot fill it. Counted in memory only, until what it brought is fetched,
// replaced or over: nothing on disk says which address brought what, and a relay that starts again begins to count again.

import { ITEM_PAGE_BYTES, ITEM_ROW_BYTES, SHARES_REMEMBERED_MAX } from '../limits.ts'
import type { BlobId, MailboxId, RecordId } from '@kith/protocol'
import type { Storage } from '../storage/storage.ts'

/** What things are kept under. */
type ShareKey =
  | `mailbox ${MailboxId}`
  | `blob ${BlobId}`
  | `blob ${BlobId} in ${MailboxId}`
  | `record ${RecordId}`
  | `prekeys ${RecordId}`
  | `handle ${string}`
/** Bytes on disk. What comes to a mailbox is added to what is there; any other takes the place of what was there. */
export type Item = { readonly place: ShareKey; readonly bytes: number; readonly until: number }
/** The share of one address, as one of its streams sees it. */
export type Share = {
  /** Counts so many bytes before they are stored, or many at once would pass together. False when its address has not so many left. */
  reserve(bytes: number): boolean
  /** Of bytes that were reserved these are stored, and count until they are released or over. */
  charge(bytes: number, kept: readonly Item[]): void
  /** What comes again is kept for longer. */
  extend(place: ShareKey, until: number): void
  /** So much is there no more, whoever brought it. */
  release(place: ShareKey, bytes: number): void
}
export type Shares = {
  /** Nobody in particular has all that there is. */
  of(address: string | undefined): Share
  /** Forgets what storage has forgotten. */
  sweep(now: number): void
}
/** The bytes of each address, in the order in which they came. */
type AddressBytes = { readonly parts: Map<string, number>; until: number }

/** The bytes of a blob, of which each mailbox may have a copy. */
export const bodyPlaceOf = ({ copies }: Pick<Storage, 'copies'>, mailbox: MailboxId, blob: BlobId): ShareKey =>
  copies === 'one' ? `blob ${blob}` : `blob ${blob} in ${mailbox}`

/** What bytes and a row for them take on disk, rounded up: a few bytes take a page as well. */
export const bodyBytesOf = (size: number): number => Math.ceil(size / ITEM_PAGE_BYTES) * ITEM_PAGE_BYTES
export const storedBytesOf = (size: number): number => ITEM_ROW_BYTES + bodyBytesOf(size)

export function createShares(bytesMax: number): Shares {
  const ledger = createLedger()
  const { release, extend } = ledger
  const ofAddress = (address: string): Share => ({
    reserve(bytes) {
      if (ledger.heldBy(address) + bytes > bytesMax) return false
      ledger.hold(address, bytes)
      return true
    },
    charge(bytes, kept) {
      ledger.hold(address, -bytes)
      for (const item of kept) {
        if (!item.place.startsWith('mailbox')) release(item.place, Infinity)
        ledger.hold(address, item.bytes)
        ledger.note(item.place, address, item.bytes)
        extend(item.place, item.until)
      }
    },
    extend,
    release,
  })
  const ofNobody: Share = { reserve: () => true, charge: () => {}, extend, release }
  return { of: (address) => (address === undefined ? ofNobody : ofAddress(address)), sweep: ledger.sweep }
}

/** Keeps one thing under its share. Undefined, and not even tried, when its address has nothing left. */
export async function keepWithin<T>(
  share: Share,
  { place, bytes, until }: Item,
  { keep, isKept }: { readonly keep: () => Promise<T>; readonly isKept: (outcome: T) => boolean },
): Promise<T | undefined> {
  if (!share.reserve(bytes)) return undefined
  let kept: readonly Item[] = []
  try {
    const outcome = await keep()
    if (isKept(outcome)) kept = [{ place, bytes, until }]
    return outcome
  } finally {
    share.charge(bytes, kept)
  }
}

function createLedger() {
  const held = new Map<string, number>()
  const charges = new Map<ShareKey, AddressBytes>()

  const heldBy = (address: string): number => held.get(address) ?? 0
  const hold = (address: string, bytes: number): void => {
    const all = heldBy(address) + bytes
    if (all > 0) held.set(address, all)
    else held.delete(address)
  }
  const release = (place: ShareKey, bytes: number): void => {
    const parts = charges.get(place)?.parts
    if (!parts) return
    let left = bytes
    for (const [address, part] of parts) {
      const gone = Math.min(part, left)
      left -= gone
      hold(address, -gone)
      if (gone < part) parts.set(address, part - gone)
      else parts.delete(address)
    }
    if (parts.size === 0) charges.delete(place)
  }
  const note = (place: ShareKey, address: string, bytes: number): void => {
    const charge = charges.get(place) ?? { parts: new Map<string, number>(), until: 0 }
    charge.parts.set(address, (charge.parts.get(address) ?? 0) + bytes)
    // Put at the end, so that the first is the one to which nothing was added for longest.
    charges.delete(place)
    charges.set(place, charge)
    if (charges.size <= SHARES_REMEMBERED_MAX) return
    const [quietest] = charges.keys()
    if (quietest !== undefined) release(quietest, Infinity)
  }
  const extend = (place: ShareKey, until: number): void => {
    const charge = charges.get(place)
    if (charge) charge.until = Math.max(charge.until, until)
  }
  const sweep = (now: number): void => {
    for (const [place, { until }] of charges) if (until <= now) release(place, Infinity)
  }
  return { heldBy, hold, release, note, extend, sweep }
}
