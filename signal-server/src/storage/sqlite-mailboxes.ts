// Mailboxes and their blobs in SQLite. Runs in the storage thread; the caller opens and commits the transaction.

import { equalBytes, fromHex, toBlobId, toMailboxId } from './sqlite-bytes.ts'
import { depositOf } from './sqlite-deposits.ts'
import { gatherOf } from './sqlite-gathering.ts'
import { forgetHeldOf } from './sqlite-held.ts'
import { parcelDropOf } from './sqlite-parcels.ts'
import { dropPushOf } from './sqlite-pushes.ts'
import type { DatabaseSync } from 'node:sqlite'
import type { MailboxRow } from './sqlite-deposits.ts'
import type { Ask, Deleted, StorageOperations, StoredBlob, Usage } from './storage.ts'

type BlobRow = { seq: number; id: Uint8Array; bytes: Uint8Array }

type MailboxOperations = Pick<
  StorageOperations,
  | 'createMailbox'
  | 'mailboxKeys'
  | 'markOpened'
  | 'deposit'
  | 'gather'
  | 'readBlobs'
  | 'deleteBlobs'
  | 'shiftBlobs'
  | 'capBlobs'
  | 'newestExpiry'
  | 'usage'
  | 'purgeMailbox'
  | 'check'
> & {
  sweepMailboxes(ask: Ask<'sweep'>): boolean
}

export function mailboxOperations(database: DatabaseSync): MailboxOperations {
  const one = database.prepare('SELECT read_key, send_key, seq, blobs, bytes FROM mailbox WHERE id = ?')
  const create = database.prepare('INSERT INTO mailbox VALUES (?, ?, ?, ?, 0, 0, 0)')
  const opened = database.prepare('UPDATE mailbox SET opened = ? WHERE id = ? AND opened <= ?')
  const mailboxOf = (id: Uint8Array): MailboxRow | undefined => one.get(id) as MailboxRow | undefined

  return {
    createMailbox({ mailbox, readKey, sendKey, now }) {
      const id = fromHex(mailbox)
      const old = mailboxOf(id)
      if (old) return equalBytes(old.read_key, readKey) && equalBytes(old.send_key, sendKey) ? 'same' : 'taken'
      create.run(id, readKey, sendKey, now)
      return 'created'
    },
    mailboxKeys: ({ mailboxes }) =>
      mailboxes.map((mailbox) => {
        const row = mailboxOf(fromHex(mailbox))
        return row && { readKey: row.read_key, sendKey: row.send_key }
      }),
    markOpened({ mailboxes, now, grainMs }) {
      for (const mailbox of mailboxes) opened.run(now, fromHex(mailbox), now - grainMs)
      return undefined
    },
    ...blobOperations(database, mailboxOf),
    ...expiryOperations(database),
    ...operatorOperations(database),
    check: checkOf(database),
  }
}

function operatorOperations(database: DatabaseSync) {
  const sums = database.prepare('SELECT count(*) AS mailboxes, coalesce(sum(blobs), 0) AS blobs FROM mailbox')
  const records = database.prepare('SELECT count(*) AS records FROM record')
  const fullestFirst = database.prepare('SELECT id, blobs, bytes FROM mailbox ORDER BY bytes DESC LIMIT ?')
  const pages = database.prepare(
    'SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
  )
  const known = database.prepare('SELECT 1 FROM mailbox WHERE id = ?')
  const held = database.prepare('SELECT body, id FROM place JOIN body ON key = body WHERE mailbox = ?')
  const remove = database.prepare('DELETE FROM mailbox WHERE id = ?')
  const drop = dropOf(database)
  const parcels = parcelDropOf(database)
  const dropPush = dropPushOf(database)
  const forgetHeld = forgetHeldOf(database)
  return {
    usage({ fullest }: Ask<'usage'>): Usage {
      const { mailboxes, blobs } = sums.get() as { mailboxes: number; blobs: number }
      const rows = fullestFirst.all(fullest) as unknown as readonly { id: Uint8Array; blobs: number; bytes: number }[]
      return {
        bytes: (pages.get() as { bytes: number }).bytes,
        mailboxes,
        blobs,
        records: (records.get() as { records: number }).records,
        fullest: rows.map((row) => ({ mailbox: toMailboxId(row.id), blobs: row.blobs, bytes: row.bytes })),
      }
    },
    purgeMailbox({ mailbox }: Ask<'purgeMailbox'>): Deleted | undefined {
      const id = fromHex(mailbox)
      if (known.get(id) === undefined) return undefined
      const places = held.all(id) as unknown as readonly { body: number; id: Uint8Array }[]
      const gone = places.filter(({ body }) => drop.take(id, body)?.isLast).map((place) => toBlobId(place.id))
      remove.run(id)
      dropPush(id)
      forgetHeld(id)
      // Those who operate a relay are told of messages.
      return { blobs: places.map((place) => toBlobId(place.id)), gone: [...gone, ...parcels.all(id).gone] }
    },
  }
}

function expiryOperations(database: DatabaseSync) {
  const tables = ['place', 'parcel']
  const shifts = tables.map((table) => database.prepare(`UPDATE ${table} SET expires = expires + ?`))
  const caps = tables.map((table) => database.prepare(`UPDATE ${table} SET expires = ? WHERE expires > ?`))
  const newest = database.prepare('SELECT max(expires) AS newest FROM place')
  return {
    shiftBlobs({ by }: Ask<'shiftBlobs'>): undefined {
      for (const shift of shifts) shift.run(by)
    },
    capBlobs({ latest }: Ask<'capBlobs'>): undefined {
      for (const cap of caps) cap.run(latest, latest)
    },
    newestExpiry: () => ({ newest: (newest.get() as { newest: number | null }).newest ?? undefined }),
  }
}

function blobOperations(database: DatabaseSync, mailboxOf: (id: Uint8Array) => MailboxRow | undefined) {
  const bySeq = database.prepare(
    'SELECT seq, id, bytes FROM place JOIN body ON key = body WHERE mailbox = ? AND seq > ? AND expires > ? ORDER BY seq LIMIT ?',
  )
  const keyOf = database.prepare('SELECT key FROM body WHERE id = ?')
  const drop = dropOf(database)

  return {
    deposit: depositOf(database, mailboxOf),
    gather: gatherOf(database, { mailboxOf, drop }),
    readBlobs({ mailbox, after, limit, bytes, now }: Ask<'readBlobs'>) {
      const blobs: StoredBlob[] = []
      let left = bytes
      for (const row of bySeq.iterate(fromHex(mailbox), after, now, limit) as Iterable<BlobRow>) {
        blobs.push({ seq: row.seq, id: toBlobId(row.id), blob: row.bytes })
        left -= row.bytes.length
        if (left <= 0) break
      }
      return { blobs, more: left <= 0 || blobs.length === limit }
    },
    deleteBlobs: ({ from }: Ask<'deleteBlobs'>) =>
      from.map(({ mailbox, blobs }): Deleted => {
        const mailboxBytes = fromHex(mailbox)
        const dropped = blobs.flatMap((id) => {
          const body = keyOf.get(fromHex(id)) as { key: number } | undefined
          const one = body && drop.take(mailboxBytes, body.key)
          return one ? [{ id, ...one }] : []
        })
        drop.count(mailboxBytes, dropped)
        return { blobs: dropped.map(({ id }) => id), gone: dropped.flatMap(({ id, isLast }) => (isLast ? [id] : [])) }
      }),
    sweepMailboxes: sweepOf(database, drop),
  }
}

/** In the tables that grow, under names that nothing has. */
function checkOf(database: DatabaseSync) {
  const insertBody = database.prepare("INSERT INTO body VALUES (0, x'', zeroblob(?))")
  const insertPlace = database.prepare("INSERT INTO place VALUES (x'', 0, 0, 0, ?)")
  const remove = [database.prepare("DELETE FROM place WHERE mailbox = x''"), database.prepare('DELETE FROM body WHERE key = 0')]
  return ({ bytes }: Ask<'check'>): undefined => {
    insertBody.run(bytes)
    insertPlace.run(bytes)
    for (const statement of remove) statement.run()
  }
}

/** What one mailbox held of a body until now. `isLast`: no other holds it, and it is gone. */
type Dropped = { readonly size: number; readonly isLast: boolean }

function dropOf(database: DatabaseSync) {
  const remove = database.prepare('DELETE FROM place WHERE body = ? AND mailbox = ? RETURNING size')
  const removeBody = database.prepare('DELETE FROM body WHERE key = ? AND NOT EXISTS (SELECT 1 FROM place WHERE place.body = body.key)')
  const count = database.prepare('UPDATE mailbox SET blobs = blobs - ?, bytes = bytes - ? WHERE id = ?')
  const take = (mailbox: Uint8Array, body: number): Dropped | undefined => {
    const place = remove.get(body, mailbox) as { size: number } | undefined
    return place && { size: place.size, isLast: removeBody.run(body).changes === 1 }
  }
  return {
    /** The mailbox counts it until `count` is called. */
    take,
    count: (mailbox: Uint8Array, dropped: readonly Dropped[]): void => {
      if (dropped.length > 0)
        count.run(
          dropped.length,
          dropped.reduce((sum, { size }) => sum + size, 0),
          mailbox,
        )
    },
  }
}
export type Drop = ReturnType<typeof dropOf>

function sweepOf(database: DatabaseSync, drop: Drop) {
  const expired = database.prepare('SELECT mailbox, body FROM place WHERE expires <= ? LIMIT ?')
  const idle = database.prepare('SELECT id FROM mailbox WHERE opened < ? LIMIT ?')
  const heldBy = database.prepare('SELECT body FROM place WHERE mailbox = ?')
  const removeMailbox = database.prepare('DELETE FROM mailbox WHERE id = ?')
  const parcels = parcelDropOf(database)
  const dropPush = dropPushOf(database)
  const forgetHeld = forgetHeldOf(database)
  return ({ now, idleBefore, rows }: Ask<'sweep'>): boolean => {
    const places = expired.all(now, rows) as unknown as readonly { mailbox: Uint8Array; body: number }[]
    for (const { mailbox, body } of places) {
      const dropped = drop.take(mailbox, body)
      if (dropped) drop.count(mailbox, [dropped])
    }
    const mailboxes = idle.all(idleBefore, rows) as unknown as readonly { id: Uint8Array }[]
    for (const { id } of mailboxes) {
      for (const { body } of heldBy.all(id) as unknown as readonly { body: number }[]) drop.take(id, body)
      parcels.all(id)
      removeMailbox.run(id)
      dropPush(id)
      forgetHeld(id)
    }
    const hasMoreParcels = parcels.expired(now, rows)
    return places.length === rows || mailboxes.length === rows || hasMoreParcels
  }
}
