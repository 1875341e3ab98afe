// Deposits in SQLite: each mailbox is read and written once for all that one call brings. Runs in the storage thread.

import { fromHex } from './sqlite-bytes.ts'
import type { DatabaseSync } from 'node:sqlite'
import type { MailboxId } from '@kith/protocol'
import type { PlaceOutcome, StorageOperations } from './storage.ts'

export type MailboxRow = { read_key: Uint8Array; send_key: Uint8Array; seq: number; blobs: number; bytes: number }
/** A mailbox as it is within one operation: read once, and written once with all that came. */
type OpenMailbox = MailboxRow & { readonly id: Uint8Array; isChanged: boolean }

/** Most deposits bring a blob that is new for one mailbox: then its bytes and its place are all that is written for it. */
export function depositOf(database: DatabaseSync, mailboxOf: (id: Uint8Array) => MailboxRow | undefined): StorageOperations['deposit'] {
  const keyOf = database.prepare('SELECT key FROM body WHERE id = ?')
  const byBody = database.prepare('SELECT seq FROM place WHERE body = ? AND mailbox = ?')
  const insertBody = database.prepare('INSERT INTO body (id, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const insertPlace = database.prepare('INSERT INTO place VALUES (?, ?, ?, ?, ?)')
  const keepLonger = database.prepare('UPDATE place SET expires = max(expires, ?) WHERE mailbox = ? AND seq = ?')
  const count = database.prepare('UPDATE mailbox SET seq = ?, blobs = ?, bytes = ? WHERE id = ?')

  const place = (mailbox: OpenMailbox, body: number, { size, expires }: { readonly size: number; readonly expires: number }): number => {
    mailbox.seq += 1
    mailbox.blobs += 1
    mailbox.bytes += size
    mailbox.isChanged = true
    insertPlace.run(mailbox.id, mailbox.seq, body, expires, size)
    return mailbox.seq
  }
  const bodyOf = (id: Uint8Array, blob: Uint8Array, mayInsert: boolean): { readonly key: number | undefined; readonly isNew: boolean } => {
    const inserted = mayInsert ? insertBody.run(id, blob) : undefined
    if (inserted?.changes === 1) return { key: Number(inserted.lastInsertRowid), isNew: true }
    return { key: (keyOf.get(id) as { key: number } | undefined)?.key, isNew: false }
  }

  return ({ deposits, expires, quota }) => {
    const { open, all } = openMailboxes(mailboxOf)
    const outcomes = deposits.map(({ id, blob, mailboxes }) => {
      const size = blob.length
      const hasRoom = (mailbox: OpenMailbox): boolean => mailbox.blobs < quota.blobs && mailbox.bytes + size <= quota.bytes
      const opened = mailboxes.map(open)
      const body = bodyOf(
        fromHex(id),
        blob,
        opened.some((mailbox) => mailbox !== undefined && hasRoom(mailbox)),
      )
      const holdsIt = new Set<OpenMailbox>()
      const places = opened.map((mailbox): PlaceOutcome => {
        if (!mailbox) return { kind: 'unknown' }
        const isKnown = body.key !== undefined && (!body.isNew || holdsIt.has(mailbox))
        const old = isKnown ? (byBody.get(body.key as number, mailbox.id) as { seq: number } | undefined) : undefined
        if (old) {
          keepLonger.run(expires, mailbox.id, old.seq)
          return { kind: 'stored', seq: old.seq, fresh: false }
        }
        if (body.key === undefined || !hasRoom(mailbox)) return { kind: 'full' }
        holdsIt.add(mailbox)
        return { kind: 'stored', seq: place(mailbox, body.key, { size, expires }), fresh: true }
      })
      return { isNew: body.isNew, places }
    })
    for (const { id, seq, blobs, bytes, isChanged } of all()) if (isChanged) count.run(seq, blobs, bytes, id)
    return outcomes
  }
}

function openMailboxes(mailboxOf: (id: Uint8Array) => MailboxRow | undefined) {
  const opened = new Map<MailboxId, OpenMailbox | undefined>()
  const open = (mailbox: MailboxId): OpenMailbox | undefined => {
    if (opened.has(mailbox)) return opened.get(mailbox)
    const id = fromHex(mailbox)
    const row = mailboxOf(id)
    const one = row && { ...row, id, isChanged: false }
    opened.set(mailbox, one)
    return one
  }
  return { open, all: () => [...opened.values()].filter((one) => one !== undefined) }
}
