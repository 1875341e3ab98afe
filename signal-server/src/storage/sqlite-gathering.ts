// What waits in a mailbox, put together in SQLite. Runs in the storage thread.

import { fromHex } from './sqlite-bytes.ts'
import type { DatabaseSync } from 'node:sqlite'
import type { BlobId, MailboxId } from '@kith/protocol'
import type { Drop } from './sqlite-mailboxes.ts'
import type { MailboxRow } from './sqlite-deposits.ts'
import type { Ask, Deleted, GatherPlace, StorageOperations } from './storage.ts'

type GatherParts = { readonly mailboxOf: (id: Uint8Array) => MailboxRow | undefined; readonly drop: Drop }
type Waiting = { readonly id: BlobId; readonly body: number; readonly seq: number; readonly size: number }
type Gathered = { readonly place: GatherPlace; readonly deleted: Deleted }

const NOTHING: Deleted = { blobs: [], gone: [] }

export function gatherOf(database: DatabaseSync, { mailboxOf, drop }: GatherParts): StorageOperations['gather'] {
  const placeOf = database.prepare(
    'SELECT key AS body, seq, size FROM body JOIN place ON place.body = body.key WHERE body.id = ? AND place.mailbox = ?',
  )
  const keyOf = database.prepare('SELECT key FROM body WHERE id = ?')
  const insertBody = database.prepare('INSERT INTO body (id, bytes) VALUES (?, ?)')
  const insertPlace = database.prepare('INSERT INTO place VALUES (?, ?, ?, ?, ?)')
  const keepLonger = database.prepare('UPDATE place SET expires = max(expires, ?) WHERE mailbox = ? AND seq = ?')
  const count = database.prepare('UPDATE mailbox SET blobs = blobs + 1, bytes = bytes + ? WHERE id = ?')

  const waitingAs = (mailbox: Uint8Array, id: BlobId): readonly Waiting[] => {
    const row = placeOf.get(fromHex(id), mailbox) as { body: number; seq: number; size: number } | undefined
    return row ? [{ id, ...row }] : []
  }
  const bodyOf = (id: BlobId, blob: Uint8Array): number => {
    const known = keyOf.get(fromHex(id)) as { key: number } | undefined
    return known?.key ?? Number(insertBody.run(fromHex(id), blob).lastInsertRowid)
  }

  function gatherIn(named: MailboxId, { blobs, id, blob, expires, quota }: Omit<Ask<'gather'>, 'mailboxes'>): Gathered {
    const mailbox = fromHex(named)
    const [old] = waitingAs(mailbox, id)
    if (old) {
      keepLonger.run(expires, mailbox, old.seq)
      return { place: 'gathered', deleted: NOTHING }
    }
    const row = mailboxOf(mailbox)
    const waiting = blobs.flatMap((each) => waitingAs(mailbox, each))
    if (!row || waiting.length < blobs.length) return { place: 'unknown', deleted: NOTHING }
    const freed = waiting.reduce((sum, { size }) => sum + size, 0)
    if (row.bytes - freed + blob.length > quota.bytes) return { place: 'full', deleted: NOTHING }
    const dropped = waiting.flatMap((each) => {
      const one = drop.take(mailbox, each.body)
      return one ? [{ id: each.id, ...one }] : []
    })
    drop.count(mailbox, dropped)
    insertPlace.run(mailbox, Math.max(...waiting.map(({ seq }) => seq)), bodyOf(id, blob), expires, blob.length)
    count.run(blob.length, mailbox)
    return {
      place: 'gathered',
      deleted: { blobs: dropped.map((each) => each.id), gone: dropped.flatMap((each) => (each.isLast ? [each.id] : [])) },
    }
  }

  return ({ mailboxes, blobs, ...rest }) => {
    const isKnown = keyOf.get(fromHex(rest.id)) !== undefined
    const outcomes = mailboxes.map((mailbox) => gatherIn(mailbox, { ...rest, blobs: [...new Set(blobs)] }))
    return {
      isNew: !isKnown && outcomes.some(({ place }) => place === 'gathered'),
      places: outcomes.map(({ place }) => place),
      deleted: outcomes.map(({ deleted }) => deleted),
    }
  }
}
