// Mailboxes and their blobs in SQLite. Runs in the storage thread; the caller opens and commits the transaction.

import { equalBytes, fromHex, toBlobId, toMailboxId } from './sqlite-bytes.ts'
import type { DatabaseSync } from 'node:sqlite'
import type { BlobId } from '@kith/protocol'
import type { Ask, Deleted, StorageOperations, StoredBlob, Usage } from './storage.ts'

type MailboxRow = { read_key: Uint8Array; send_key: Uint8Array; seq: number; blobs: number; bytes: number }
type BlobRow = { seq: number; id: Uint8Array; bytes: Uint8Array }
type PlaceRow = { mailbox: Uint8Array; seq: number; body: number; size: number }

type MailboxOperations = Pick<
  StorageOperations,
  | 'createMailbox'
  | 'mailboxKeys'
  | 'markOpened'
  | 'deposit'
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
  const held = database.prepare('SELECT mailbox, seq, body, place.size, id FROM place JOIN body ON key = body WHERE mailbox = ?')
  const remove = database.prepare('DELETE FROM mailbox WHERE id = ?')
  const drop = dropOf(database)
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
      const places = held.all(id) as unknown as readonly (PlaceRow & { id: Uint8Array })[]
      const gone = places.filter((place) => drop(place)).map((place) => toBlobId(place.id))
      remove.run(id)
      return { blobs: places.map((place) => toBlobId(place.id)), gone }
    },
  }
}

function expiryOperations(database: DatabaseSync) {
  const shift = database.prepare('UPDATE place SET expires = expires + ?')
  const cap = database.prepare('UPDATE place SET expires = ? WHERE expires > ?')
  const newest = database.prepare('SELECT max(expires) AS newest FROM place')
  return {
    shiftBlobs({ by }: Ask<'shiftBlobs'>): undefined {
      shift.run(by)
    },
    capBlobs({ latest }: Ask<'capBlobs'>): undefined {
      cap.run(latest, latest)
    },
    newestExpiry: () => ({ newest: (newest.get() as { newest: number | null }).newest ?? undefined }),
  }
}

function blobOperations(database: DatabaseSync, mailboxOf: (id: Uint8Array) => MailboxRow | undefined) {
  const bySeq = database.prepare(
    'SELECT seq, id, bytes FROM place JOIN body ON key = body WHERE mailbox = ? AND seq > ? AND expires > ? ORDER BY seq LIMIT ?',
  )
  const byBody = database.prepare('SELECT seq, size FROM place WHERE body = ? AND mailbox = ?')
  const keyOf = database.prepare('SELECT key FROM body WHERE id = ?')
  const drop = dropOf(database)

  return {
    deposit: depositOf(database, mailboxOf),
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
        const held: BlobId[] = []
        const gone: BlobId[] = []
        for (const id of blobs) {
          const body = keyOf.get(fromHex(id)) as { key: number } | undefined
          const place = body && (byBody.get(body.key, mailboxBytes) as { seq: number; size: number } | undefined)
          if (body === undefined || place === undefined) continue
          held.push(id)
          if (drop({ mailbox: mailboxBytes, body: body.key, ...place })) gone.push(id)
        }
        return { blobs: held, gone }
      }),
    sweepMailboxes: sweepOf(database, drop),
  }
}

function depositOf(database: DatabaseSync, mailboxOf: (id: Uint8Array) => MailboxRow | undefined): StorageOperations['deposit'] {
  const keyOf = database.prepare('SELECT key FROM body WHERE id = ?')
  const byBody = database.prepare('SELECT seq FROM place WHERE body = ? AND mailbox = ?')
  const insertBody = database.prepare('INSERT INTO body (id, bytes) VALUES (?, ?)')
  const insertPlace = database.prepare('INSERT INTO place VALUES (?, ?, ?, ?, ?)')
  const keepLonger = database.prepare('UPDATE place SET expires = max(expires, ?) WHERE mailbox = ? AND seq = ?')
  const count = database.prepare('UPDATE mailbox SET seq = ?, blobs = blobs + 1, bytes = bytes + ? WHERE id = ?')

  return ({ deposits, expires, quota }) =>
    deposits.map(({ id, blob, mailboxes }) => {
      const idBytes = fromHex(id)
      const known = (keyOf.get(idBytes) as { key: number } | undefined)?.key
      let body = known
      const places = mailboxes.map((mailbox) => {
        const mailboxBytes = fromHex(mailbox)
        const row = mailboxOf(mailboxBytes)
        if (!row) return { kind: 'unknown' } as const
        const old = body === undefined ? undefined : (byBody.get(body, mailboxBytes) as { seq: number } | undefined)
        if (old) {
          keepLonger.run(expires, mailboxBytes, old.seq)
          return { kind: 'stored', seq: old.seq, fresh: false } as const
        }
        if (row.blobs >= quota.blobs || row.bytes + blob.length > quota.bytes) return { kind: 'full' } as const
        body ??= Number(insertBody.run(idBytes, blob).lastInsertRowid)
        const seq = row.seq + 1
        insertPlace.run(mailboxBytes, seq, body, expires, blob.length)
        count.run(seq, blob.length, mailboxBytes)
        return { kind: 'stored', seq, fresh: true } as const
      })
      return { isNew: body !== known, places }
    })
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

/** True when no other mailbox holds the body, which is gone then. */
type Drop = (place: PlaceRow) => boolean

function dropOf(database: DatabaseSync): Drop {
  const remove = database.prepare('DELETE FROM place WHERE mailbox = ? AND seq = ?')
  const count = database.prepare('UPDATE mailbox SET blobs = blobs - 1, bytes = bytes - ? WHERE id = ?')
  const other = database.prepare('SELECT 1 FROM place WHERE body = ? LIMIT 1')
  const removeBody = database.prepare('DELETE FROM body WHERE key = ?')
  return ({ mailbox, seq, body, size }) => {
    remove.run(mailbox, seq)
    count.run(size, mailbox)
    const isLast = other.get(body) === undefined
    if (isLast) removeBody.run(body)
    return isLast
  }
}

function sweepOf(database: DatabaseSync, drop: Drop) {
  const expired = database.prepare('SELECT mailbox, seq, body, size FROM place WHERE expires <= ? LIMIT ?')
  const idle = database.prepare('SELECT id FROM mailbox WHERE opened < ? LIMIT ?')
  const heldBy = database.prepare('SELECT mailbox, seq, body, size FROM place WHERE mailbox = ?')
  const removeMailbox = database.prepare('DELETE FROM mailbox WHERE id = ?')
  return ({ now, idleBefore, rows }: Ask<'sweep'>): boolean => {
    const places = expired.all(now, rows) as unknown as readonly PlaceRow[]
    for (const place of places) drop(place)
    const mailboxes = idle.all(idleBefore, rows) as unknown as readonly { id: Uint8Array }[]
    for (const { id } of mailboxes) {
      for (const place of heldBy.all(id) as unknown as readonly PlaceRow[]) drop(place)
      removeMailbox.run(id)
    }
    return places.length === rows || mailboxes.length === rows
  }
}
