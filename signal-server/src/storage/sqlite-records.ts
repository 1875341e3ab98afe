// Records and prekeys in SQLite. Runs in the storage thread; the caller opens and commits the transaction.

import { equalBytes, fromHex } from './sqlite-bytes.ts'
import type { DatabaseSync } from 'node:sqlite'
import type { Ask, PutOutcome, StorageOperations, StoredRecord } from './storage.ts'

type RecordRow = {
  owner: Uint8Array
  serial: number
  expires: number
  ended: number
  body: Uint8Array
  claimant: Uint8Array | null
  claim_proof: Uint8Array | null
}
type PrekeysRow = { owner: Uint8Array; serial: number; reusable: Uint8Array }

type RecordOperations = Pick<StorageOperations, 'putRecord' | 'getRecord' | 'claimRecord' | 'endRecord'>

export function recordOperations(database: DatabaseSync): RecordOperations {
  const one = database.prepare('SELECT owner, serial, expires, ended, body, claimant, claim_proof FROM record WHERE id = ? AND expires > ?')
  const put = database.prepare('INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, 0, ?, ?, ?)')
  const claim = database.prepare(
    'UPDATE record SET claimant = ?, claim_proof = ? WHERE id = ? AND expires > ? AND ended = 0 AND claimant IS NULL',
  )
  const end = database.prepare('UPDATE record SET ended = 1, body = ?, claimant = NULL, claim_proof = NULL WHERE id = ? AND expires > ?')
  const owned = database.prepare('SELECT count(*) AS n FROM record WHERE owner = ? AND expires > ?')
  const recordOf = (id: Uint8Array, now: number): RecordRow | undefined => one.get(id, now) as RecordRow | undefined

  return {
    putRecord({ record, owner, serial, expires, blob, now, perOwner }): PutOutcome {
      const id = fromHex(record)
      const old = recordOf(id, now)
      if (old) {
        if (!equalBytes(old.owner, owner)) return 'denied'
        if (old.ended === 1) return 'ended'
        if (serial <= old.serial) return serial === old.serial && equalBytes(old.body, blob) ? 'stored' : 'stale'
      } else if (Number(owned.get(owner, now)?.['n']) >= perOwner) return 'full'
      put.run(id, owner, serial, expires, blob, old?.claimant ?? null, old?.claim_proof ?? null)
      return 'stored'
    },
    getRecord: ({ record, now }) => storedOf(recordOf(fromHex(record), now)),
    claimRecord({ record, claimant, proof, now }) {
      const id = fromHex(record)
      claim.run(claimant, proof, id, now)
      return storedOf(recordOf(id, now))
    },
    endRecord({ record, word, now }) {
      end.run(word, fromHex(record), now)
      return undefined
    },
  }
}

function storedOf(row: RecordRow | undefined): StoredRecord | undefined {
  if (!row) return undefined
  const { owner, serial, expires, body, claimant, claim_proof: proof } = row
  if (row.ended === 1) return { kind: 'ended', owner, word: body }
  return { kind: 'record', owner, serial, expires, blob: body, claim: claimant && proof ? { claimant, proof } : undefined }
}

export function prekeyOperations(database: DatabaseSync): Pick<StorageOperations, 'putPrekeys' | 'takePrekeys'> {
  const one = database.prepare('SELECT owner, serial, reusable FROM prekeys WHERE id = ? AND expires > ?')
  const put = database.prepare('INSERT OR REPLACE INTO prekeys VALUES (?, ?, ?, ?, ?)')
  const last = database.prepare('SELECT coalesce(max(seq), 0) AS n FROM one_time WHERE record = ?')
  const count = database.prepare('SELECT count(*) AS n FROM one_time WHERE record = ?')
  const add = database.prepare('INSERT INTO one_time VALUES (?, ?, ?)')
  const first = database.prepare('SELECT seq, body FROM one_time WHERE record = ? ORDER BY seq LIMIT 1')
  const remove = database.prepare('DELETE FROM one_time WHERE record = ? AND seq = ?')
  const removeAll = database.prepare('DELETE FROM one_time WHERE record = ?')
  const removeOldest = database.prepare(
    'DELETE FROM one_time WHERE record = ?1 AND seq <= (SELECT seq FROM one_time WHERE record = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)',
  )

  return {
    putPrekeys({ record, owner, serial, reusable, oneTime, expires, now, kept }): PutOutcome {
      const id = fromHex(record)
      const old = one.get(id, now) as PrekeysRow | undefined
      if (old && !equalBytes(old.owner, owner)) return 'denied'
      if (old && serial <= old.serial) return serial === old.serial && equalBytes(old.reusable, reusable) ? 'stored' : 'stale'
      // Expired and not yet swept: what is left of it must not be mixed with the new owner's.
      if (!old) removeAll.run(id)
      put.run(id, owner, serial, expires, reusable)
      const from = Number(last.get(id)?.['n'])
      for (const [index, key] of oneTime.entries()) add.run(id, from + index + 1, key)
      removeOldest.run(id, kept)
      return 'stored'
    },
    takePrekeys({ record, now }) {
      const id = fromHex(record)
      const row = one.get(id, now) as PrekeysRow | undefined
      if (!row) return undefined
      const key = first.get(id) as { seq: number; body: Uint8Array } | undefined
      if (key) remove.run(id, key.seq)
      return { reusable: row.reusable, oneTime: key?.body, left: Number(count.get(id)?.['n']) }
    },
  }
}

export function sweepRecordsOf(database: DatabaseSync): (ask: Ask<'sweep'>) => boolean {
  const records = database.prepare('DELETE FROM record WHERE id IN (SELECT id FROM record WHERE expires <= ? LIMIT ?)')
  const expired = database.prepare('SELECT id FROM prekeys WHERE expires <= ? LIMIT ?')
  const removePrekeys = database.prepare('DELETE FROM prekeys WHERE id = ?')
  const removeKeys = database.prepare('DELETE FROM one_time WHERE record = ?')
  return ({ now, rows }) => {
    const { changes } = records.run(now, rows)
    const sets = expired.all(now, rows) as unknown as readonly { id: Uint8Array }[]
    for (const { id } of sets) {
      removeKeys.run(id)
      removePrekeys.run(id)
    }
    return Number(changes) === rows || sets.length === rows
  }
}
