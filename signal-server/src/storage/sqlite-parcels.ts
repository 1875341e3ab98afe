// Parcels in SQLite: the bytes once, and a row for each mailbox in which they lie. Runs in the storage thread; the caller opens and commits the transaction.

import { fromHex, toBlobId } from './sqlite-bytes.ts'
import type { DatabaseSync } from 'node:sqlite'
import type { Ask, Deleted, ParcelPlace, StorageOperations } from './storage.ts'

type ParcelRow = { readonly mailbox: Uint8Array; readonly name: Uint8Array; readonly body: number }

export function parcelOperations(database: DatabaseSync): Pick<StorageOperations, 'putParcel' | 'getParcel' | 'dropParcels'> {
  const isKnown = database.prepare('SELECT 1 FROM mailbox WHERE id = ?')
  const longer = database.prepare('UPDATE parcel SET expires = max(expires, ?) WHERE mailbox = ? AND name = ?')
  const held = database.prepare('SELECT parcels FROM shelf WHERE mailbox = ?')
  const total = database.prepare("SELECT parcels FROM shelf WHERE mailbox = x''")
  const keyOf = database.prepare('SELECT key FROM parcel_body WHERE id = ?')
  const insertBody = database.prepare('INSERT INTO parcel_body (id, bytes) VALUES (?, ?)')
  const insert = database.prepare('INSERT INTO parcel VALUES (?, ?, ?, ?)')
  const one = database.prepare('SELECT bytes FROM parcel JOIN parcel_body ON key = body WHERE mailbox = ? AND name = ? AND expires > ?')
  const count = counting(database)
  const drop = parcelDropOf(database)
  const parcelsIn = (row: unknown): number => (row as { parcels: number } | undefined)?.parcels ?? 0

  function put(named: Uint8Array, { name, id, parcel, expires, quota }: Ask<'putParcel'>): ParcelPlace {
    if (isKnown.get(named) === undefined) return 'unknown'
    if (longer.run(expires, named, fromHex(name)).changes === 1) return 'kept'
    if (parcelsIn(held.get(named)) >= quota.parcels) return 'full'
    let key = (keyOf.get(fromHex(id)) as { key: number } | undefined)?.key
    if (key === undefined) {
      // All are of one size.
      if ((parcelsIn(total.get()) + 1) * parcel.length > quota.bytes) return 'full'
      key = Number(insertBody.run(fromHex(id), parcel).lastInsertRowid)
      count(ALL, 1)
    }
    insert.run(named, fromHex(name), key, expires)
    count(named, 1)
    return 'stored'
  }

  return {
    putParcel(ask) {
      const isKept = keyOf.get(fromHex(ask.id)) !== undefined
      const places = ask.mailboxes.map((mailbox) => put(fromHex(mailbox), ask))
      return { isNew: !isKept && places.includes('stored'), places }
    },
    getParcel: ({ mailbox, name, now }) => (one.get(fromHex(mailbox), fromHex(name), now) as { bytes: Uint8Array } | undefined)?.bytes,
    dropParcels: ({ mailbox, names }) => drop.named(fromHex(mailbox), names.map(fromHex)),
  }
}

/** The row of the counts that stands for all bodies. */
const ALL = new Uint8Array(0)

function counting(database: DatabaseSync): (mailbox: Uint8Array, more: number) => void {
  const add = database.prepare('INSERT INTO shelf VALUES (?1, ?2) ON CONFLICT (mailbox) DO UPDATE SET parcels = parcels + ?2')
  const tidy = database.prepare('DELETE FROM shelf WHERE mailbox = ? AND parcels = 0')
  return (mailbox, more) => {
    add.run(mailbox, more)
    if (more < 0) tidy.run(mailbox)
  }
}

/** Takes parcels away, and bytes with the last mailbox in which they lie. */
export function parcelDropOf(database: DatabaseSync) {
  const remove = database.prepare('DELETE FROM parcel WHERE mailbox = ? AND name = ? RETURNING body')
  const idOf = database.prepare('SELECT id FROM parcel_body WHERE key = ?')
  const removeBody = database.prepare('DELETE FROM parcel_body WHERE key = ? AND NOT EXISTS (SELECT 1 FROM parcel WHERE body = key)')
  const namesIn = database.prepare('SELECT name FROM parcel WHERE mailbox = ?')
  const expired = database.prepare('SELECT mailbox, name, body FROM parcel WHERE expires <= ? LIMIT ?')
  const count = counting(database)

  function named(mailbox: Uint8Array, names: readonly Uint8Array[]): Deleted {
    const bodies = names.flatMap((name) => (remove.get(mailbox, name) as { body: number } | undefined)?.body ?? [])
    if (bodies.length === 0) return { blobs: [], gone: [] }
    count(mailbox, -bodies.length)
    const dropped = bodies.map((body) => {
      const id = toBlobId((idOf.get(body) as { id: Uint8Array }).id)
      return { id, isLast: removeBody.run(body).changes === 1 }
    })
    const gone = dropped.flatMap(({ id, isLast }) => (isLast ? [id] : []))
    if (gone.length > 0) count(ALL, -gone.length)
    return { blobs: dropped.map(({ id }) => id), gone }
  }

  return {
    named,
    all: (mailbox: Uint8Array): Deleted =>
      named(
        mailbox,
        (namesIn.all(mailbox) as unknown as readonly { name: Uint8Array }[]).map(({ name }) => name),
      ),
    /** Whether there may be more. */
    expired(now: number, rows: number): boolean {
      const all = expired.all(now, rows) as unknown as readonly ParcelRow[]
      for (const { mailbox, name } of all) named(mailbox, [name])
      return all.length === rows
    },
  }
}
