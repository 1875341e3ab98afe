// Parts of files that lie with a mailbox until its owner asks for them (docs/protocol.md §8.6). What one stream may do there follows from what it has
// proven for the mailbox itself: its writer puts and takes back, its owner gets and drops, and nobody else is told whether there is anything.

import { blobIdOf, PARCEL_BYTES, PARCEL_MS_MAX } from '@kith/protocol'
import { ITEM_ROW_BYTES, MAILBOX_PARCELS_MAX, PARCELS_PERCENT_MAX } from '../limits.ts'
import { DONE, refused, refusedBy, shareUsedUp } from './ports.ts'
import { bodyBytesOf, bodyPlaceOf } from './shares.ts'
import type { BlobId, MailboxId, ParcelName, RelayRequestOf, Verdict } from '@kith/protocol'
import type { ParcelPlace } from '../storage/storage.ts'
import type { Outcome, Ports } from './ports.ts'
import type { Item, Share } from './shares.ts'

/** Of so many bytes of a store, those that parcels may take in all. */
export const bytesForParcels = (storeBytes: number): number => (storeBytes * PARCELS_PERCENT_MAX) / 100

type ParcelParts = {
  readonly ports: Ports
  readonly share: Share
  readonly opened: ReadonlySet<MailboxId>
  readonly bound: ReadonlySet<MailboxId>
}

export function createParcels({ ports, share, opened, bound }: ParcelParts) {
  const { storage } = ports
  /** What it counts under: where each mailbox has a copy, a parcel is told by its name. */
  const placeOf = (mailbox: MailboxId, name: ParcelName, id: BlobId) =>
    bodyPlaceOf(storage, mailbox, storage.copies === 'one' ? id : (name as string as BlobId))

  return {
    async put({ mailboxes: named, name, parcel }: RelayRequestOf<'put-parcel'>): Promise<Outcome> {
      const mailboxes = [...new Set(named)].filter((mailbox) => bound.has(mailbox))
      if (mailboxes.length === 0) return { answer: { kind: 'put', verdicts: named.map(() => refused('denied').answer) } }
      const copies = storage.copies === 'one' ? 1 : mailboxes.length
      const bytes = copies * bodyBytesOf(PARCEL_BYTES) + mailboxes.length * ITEM_ROW_BYTES
      if (!share.reserve(bytes)) return shareUsedUp(ports)
      const id = blobIdOf(ports.hash(parcel))
      const until = ports.clock() + PARCEL_MS_MAX
      let kept: readonly Item[] = []
      try {
        const quota = { parcels: MAILBOX_PARCELS_MAX, bytes: ports.parcelBytesMax }
        const { isNew, places } = await storage.putParcel({ mailboxes, name, id, parcel, expires: until, quota })
        const fresh = mailboxes.filter((_, at) => places[at] === 'stored')
        const bodies = storage.copies === 'each' ? fresh : isNew ? fresh.slice(0, 1) : []
        kept = [
          ...bodies.map((mailbox) => ({ place: placeOf(mailbox, name, id), bytes: bodyBytesOf(PARCEL_BYTES), until })),
          ...fresh.map((mailbox) => ({ place: `mailbox ${mailbox}`, bytes: ITEM_ROW_BYTES, until }) as const),
        ]
        return { answer: { kind: 'put', verdicts: named.map((mailbox) => verdictOf(places[mailboxes.indexOf(mailbox)])) } }
      } catch (error) {
        ports.report(error)
        return refusedBy(error)
      } finally {
        share.charge(bytes, kept)
      }
    },

    async get({ mailbox, name }: RelayRequestOf<'get-parcel'>): Promise<Outcome> {
      if (!opened.has(mailbox)) return refused('denied')
      const parcel = await storage.getParcel({ mailbox, name, now: ports.clock() })
      return parcel === undefined ? refused('unknown') : { answer: { kind: 'parcel', parcel } }
    },

    async find({ mailbox, name }: RelayRequestOf<'find-parcel'>): Promise<Outcome> {
      if (!opened.has(mailbox) && !bound.has(mailbox)) return refused('denied')
      return (await storage.getParcel({ mailbox, name, now: ports.clock() })) === undefined ? refused('unknown') : DONE
    },

    async drop({ mailbox, names }: RelayRequestOf<'drop-parcels'>): Promise<Outcome> {
      if (!opened.has(mailbox) && !bound.has(mailbox)) return refused('denied')
      const { blobs, gone } = await storage.dropParcels({ mailbox, names: [...new Set(names)] })
      share.release(`mailbox ${mailbox}`, blobs.length * ITEM_ROW_BYTES)
      for (const id of gone) share.release(bodyPlaceOf(storage, mailbox, id), Infinity)
      return DONE
    },
  }
}

function verdictOf(place: ParcelPlace | undefined): Verdict {
  if (place === 'stored' || place === 'kept') return { kind: 'done' }
  return refused(place ?? 'denied').answer
}
