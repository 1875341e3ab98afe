// Mailboxes and their blobs in SQLite. Runs in the storage thread; the caller opens and commits the transaction.

import { equalBytes, fromHex, toBlobId } from './sqlite-bytes.ts'
import type { DatabaseSync } from 'node:sqlite'
import type { Ask, StorageOperations } from './storage.ts'

type MailboxRow = { read_key: Uint8Array; send_key: Uint8Array; seq: number; blobs: number; bytes: number }
type BlobRow = { seq: number; id: Uint8Array; body: Uint8Array }
type Place = { mailbox: Uint8Array; seq: number; size: number }

type MailboxOperations = Pick<
  StorageOperations,
  'createMailbox' | 'mailboxKeys' | 'markOpened' | 'deposit' | 'readBlobs' | 'deleteBlobs' | 'check'
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
    check: checkOf(database),
  }
}

function blobOperations(database: DatabaseSync, mailboxOf: (id: Uint8Array) => MailboxRow | undefined) {
  const bySeq = database.prepare('SELECT seq, id, body FROM blob WHERE mailbox = ? AND seq > ? AND expires > ? ORDER BY seq LIMIT ?')
  const byId = database.prepare('SELECT seq, size FROM blob WHERE mailbox = ? AND id = ?')
  const insert = database.prepare('INSERT INTO blob VALUES (?, ?, ?, ?, ?, ?)')
  const keepLonger = database.prepare('UPDATE blob SET expires = max(expires, ?) WHERE mailbox = ? AND seq = ?')
  const count = database.prepare('UPDATE mailbox SET seq = ?, blobs = blobs + 1, bytes = bytes + ? WHERE id = ?')
  const drop = dropOf(database)

  return {
    deposit({ mailbox, id, blob, expires, quota }: Ask<'deposit'>) {
      const mailboxBytes = fromHex(mailbox)
      const idBytes = fromHex(id)
      const row = mailboxOf(mailboxBytes)
      if (!row) return { kind: 'unknown' } as const
      const old = byId.get(mailboxBytes, idBytes) as Place | undefined
      if (old) {
        keepLonger.run(expires, mailboxBytes, old.seq)
        return { kind: 'stored', seq: old.seq, fresh: false } as const
      }
      if (row.blobs >= quota.blobs || row.bytes + blob.length > quota.bytes) return { kind: 'full' } as const
      const seq = row.seq + 1
      insert.run(mailboxBytes, seq, idBytes, expires, blob.length, blob)
      count.run(seq, blob.length, mailboxBytes)
      return { kind: 'stored', seq, fresh: true } as const
    },
    readBlobs({ mailbox, after, limit, now }: Ask<'readBlobs'>) {
      const rows = bySeq.all(fromHex(mailbox), after, now, limit) as unknown as readonly BlobRow[]
      return rows.map((row) => ({ seq: row.seq, id: toBlobId(row.id), blob: row.body }))
    },
    deleteBlobs({ mailbox, blobs }: Ask<'deleteBlobs'>) {
      const mailboxBytes = fromHex(mailbox)
      return blobs.flatMap((blob) => {
        const found = byId.get(mailboxBytes, fromHex(blob)) as Place | undefined
        if (!found) return []
        drop({ mailbox: mailboxBytes, seq: found.seq, size: found.size })
        return [found.size]
      })
    },
    sweepMailboxes: sweepOf(database, drop),
  }
}

/** In the table that grows, under a name that no mailbox has. */
function checkOf(database: DatabaseSync) {
  const insert = database.prepare("INSERT INTO blob VALUES (x'', 0, x'', 0, ?1, zeroblob(?1))")
  const remove = database.prepare("DELETE FROM blob WHERE mailbox = x''")
  return ({ bytes }: Ask<'check'>): undefined => {
    insert.run(bytes)
    remove.run()
  }
}

function dropOf(database: DatabaseSync) {
  const remove = database.prepare('DELETE FROM blob WHERE mailbox = ? AND seq = ?')
  const count = database.prepare('UPDATE mailbox SET blobs = blobs - 1, bytes = bytes - ? WHERE id = ?')
  return ({ mailbox, seq, size }: Place): void => {
    remove.run(mailbox, seq)
    count.run(size, mailbox)
  }
}

function sweepOf(database: DatabaseSync, drop: (place: Place) => void) {
  const expired = database.prepare('SELECT mailbox, seq, size FROM blob WHERE expires <= ? LIMIT ?')
  const idle = database.prepare('SELECT id FROM mailbox WHERE opened < ? LIMIT ?')
  const removeBlobs = database.prepare('DELETE FROM blob WHERE mailbox = ?')
  const removeMailbox = database.prepare('DELETE FROM mailbox WHERE id = ?')
  return ({ now, idleBefore, rows }: Ask<'sweep'>): boolean => {
    const places = expired.all(now, rows) as unknown as readonly Place[]
    for (const place of places) drop(place)
    const mailboxes = idle.all(idleBefore, rows) as unknown as readonly { id: Uint8Array }[]
    for (const { id } of mailboxes) {
      removeBlobs.run(id)
      removeMailbox.run(id)
    }
    return places.length === rows || mailboxes.length === rows
  }
}
