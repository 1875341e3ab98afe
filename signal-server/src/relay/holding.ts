// What is held back until a date and becomes a deposit then (docs/protocol.md §8.7). Whoever may write to a mailbox leaves it there and takes it back;
// nobody is told that there is anything. In a full mailbox there is room for it all the same, since a mailbox has so few.

import { blobIdOf, HELD_BYTES_MAX, HELD_MS_MAX } from '@kith/protocol'
import { BLOB_MS_MAX, ITEM_ROW_BYTES, MAILBOX_HELD_MAX, RELEASE_ROWS_MAX } from '../limits.ts'
import { MAILBOX_QUOTA } from './deposits.ts'
import { refused, refusedBy, shareUsedUp } from './ports.ts'
import { bodyBytesOf, bodyPlaceOf } from './shares.ts'
import type { BlobId, HeldBlob, MailboxId, RelayRequestOf, Verdict } from '@kith/protocol'
import type { HeldPlace } from '../storage/storage.ts'
import type { FreshBlob } from './deposits.ts'
import type { Outcome, Ports } from './ports.ts'
import type { Item, Share } from './shares.ts'

type HoldParts = { readonly ports: Ports; readonly share: Share; readonly isBound: (mailbox: MailboxId) => boolean }

/** What it counts under: told by its name in each mailbox. */
const placeOf = ({ mailbox, name }: HeldBlob) => bodyPlaceOf({ copies: 'each' }, mailbox, name as string as BlobId)

const DONE: Verdict = { kind: 'done' }
const BYTES = bodyBytesOf(HELD_BYTES_MAX) + ITEM_ROW_BYTES
const QUOTA = { blobs: MAILBOX_QUOTA.blobs + MAILBOX_HELD_MAX, bytes: MAILBOX_QUOTA.bytes + MAILBOX_HELD_MAX * HELD_BYTES_MAX }

export async function holdBack({ ports, share, isBound }: HoldParts, { at, held }: RelayRequestOf<'hold'>): Promise<Outcome> {
  if (at > ports.clock() + HELD_MS_MAX) return refused('too-large')
  const own = held.filter(({ mailbox }) => isBound(mailbox))
  const [back, kept] = [own.filter(({ blob }) => blob.length === 0), own.filter(({ blob }) => blob.length > 0)]
  const bytes = kept.length * BYTES
  if (!share.reserve(bytes)) return shareUsedUp(ports)
  let items: readonly Item[] = []
  try {
    const places = kept.length === 0 ? [] : await ports.storage.hold({ held: kept, at, most: MAILBOX_HELD_MAX })
    items = kept.flatMap((one, index) =>
      places[index] === 'stored' ? [{ place: placeOf(one), bytes: BYTES, until: Math.max(at, ports.clock()) + BLOB_MS_MAX }] : [],
    )
    if (back.length > 0) await ports.storage.dropHeld({ held: back })
    for (const one of back) share.release(placeOf(one), Infinity)
    const verdictOfOne = (one: HeldBlob): Verdict => (one.blob.length === 0 ? DONE : verdictOf(places[kept.indexOf(one)]))
    const verdicts = held.map((one) => (isBound(one.mailbox) ? verdictOfOne(one) : refused('denied').answer))
    return { answer: { kind: 'held', verdicts } }
  } catch (error) {
    ports.report(error)
    return refusedBy(error)
  } finally {
    share.charge(bytes, items)
  }
}

const verdictOf = (place: HeldPlace | undefined): Verdict =>
  place === 'stored' || place === 'kept' ? DONE : refused(place ?? 'denied').answer

/**
 * Deposits what is due. A crash after that and before it is dropped deposits it once more, which changes nothing, or brings its owner something that it
 * knows already.
 */
export async function releaseHeld({ storage, clock, hash }: Ports, stored: (fresh: readonly FreshBlob[]) => void): Promise<void> {
  for (let isMore = true; isMore;) {
    const now = clock()
    const due = await storage.dueHeld({ now, rows: RELEASE_ROWS_MAX })
    if (due.length === 0) return
    const deposits = due.map(({ mailbox, blob }) => ({ id: blobIdOf(hash(blob)), blob, mailboxes: [mailbox] }))
    const outcomes = await storage.deposit({ deposits, expires: now + BLOB_MS_MAX, quota: QUOTA })
    const fresh = due.flatMap(({ mailbox, wakes, blob }, at): readonly FreshBlob[] => {
      const place = outcomes[at]?.places[0]
      const id = deposits[at]?.id
      return place?.kind === 'stored' && place.fresh && id !== undefined ? [{ mailbox, blob: { seq: place.seq, id, blob }, wakes }] : []
    })
    await storage.dropHeld({ held: due })
    stored(fresh)
    isMore = due.length === RELEASE_ROWS_MAX
  }
}
