// Parcels of the storage that lives in memory: the bytes once, and under a name in each mailbox.

import type { BlobId, MailboxId, ParcelName } from '@kith/protocol'
import type { Ask, Deleted, ParcelPlace, StorageOperations } from './storage.ts'

type Body = { readonly parcel: Uint8Array; places: number }
type Place = { readonly id: BlobId; expires: number }

export type MemoryParcels = Pick<StorageOperations, 'putParcel' | 'getParcel' | 'dropParcels'> & {
  readonly forget: (mailbox: MailboxId) => Deleted
  readonly sweep: (now: number) => void
  /** Each expiry becomes what `by` makes of it. */
  readonly move: (by: (expires: number) => number) => void
  readonly bytes: () => number
}

/** `isKnown`: there is such a mailbox. */
export function createMemoryParcels(isKnown: (mailbox: MailboxId) => boolean): MemoryParcels {
  const shelves = new Map<MailboxId, Map<ParcelName, Place>>()
  const bodies = new Map<BlobId, Body>()
  let bytes = 0

  function drop(mailbox: MailboxId, name: ParcelName): Deleted {
    const shelf = shelves.get(mailbox)
    const place = shelf?.get(name)
    if (shelf === undefined || place === undefined) return { blobs: [], gone: [] }
    shelf.delete(name)
    if (shelf.size === 0) shelves.delete(mailbox)
    const body = bodies.get(place.id) as Body
    body.places -= 1
    if (body.places > 0) return { blobs: [place.id], gone: [] }
    bodies.delete(place.id)
    bytes -= body.parcel.length
    return { blobs: [place.id], gone: [place.id] }
  }

  function put(mailbox: MailboxId, { name, id, parcel, expires, quota }: Ask<'putParcel'>): ParcelPlace {
    if (!isKnown(mailbox)) return 'unknown'
    const shelf = shelves.get(mailbox) ?? new Map<ParcelName, Place>()
    const old = shelf.get(name)
    if (old !== undefined) {
      old.expires = Math.max(old.expires, expires)
      return 'kept'
    }
    const body = bodies.get(id) ?? { parcel, places: 0 }
    const more = body.places === 0 ? parcel.length : 0
    if (shelf.size >= quota.parcels || bytes + more > quota.bytes) return 'full'
    bytes += more
    body.places += 1
    bodies.set(id, body)
    shelves.set(mailbox, shelf.set(name, { id, expires }))
    return 'stored'
  }

  const dropAll = (mailbox: MailboxId, names: Iterable<ParcelName>): Deleted => {
    const dropped = [...names].map((name) => drop(mailbox, name))
    return { blobs: dropped.flatMap(({ blobs }) => blobs), gone: dropped.flatMap(({ gone }) => gone) }
  }
  const all = () => [...shelves].flatMap(([mailbox, shelf]) => [...shelf].map(([name, place]) => ({ mailbox, name, place })))

  return {
    putParcel(ask) {
      const isKept = bodies.has(ask.id)
      const places = ask.mailboxes.map((mailbox) => put(mailbox, ask))
      return { isNew: !isKept && bodies.has(ask.id), places }
    },
    getParcel({ mailbox, name, now }) {
      const place = shelves.get(mailbox)?.get(name)
      return place === undefined || place.expires <= now ? undefined : bodies.get(place.id)?.parcel
    },
    dropParcels: ({ mailbox, names }) => dropAll(mailbox, names),
    forget: (mailbox) => dropAll(mailbox, shelves.get(mailbox)?.keys() ?? []),
    sweep(now) {
      for (const { mailbox, name, place } of all()) if (place.expires <= now) drop(mailbox, name)
    },
    move(by) {
      for (const { place } of all()) place.expires = by(place.expires)
    },
    bytes: () => bytes,
  }
}
