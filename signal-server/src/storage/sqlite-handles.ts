// Handles in SQLite: a row for each, which stays for a while after it was given up. Runs in the storage thread; the caller opens and commits the transaction.

import { equalBytes } from './sqlite-bytes.ts'
import type { DatabaseSync } from 'node:sqlite'
import type { Ask, HandleOutcome, StorageOperations } from './storage.ts'

type Row = { readonly account: Uint8Array; readonly issued: number; readonly claim: Uint8Array }
type Others = { readonly all: number; readonly used: number }

/** Behind every key that begins with what is in front of it. */
const LAST = '\u{10ffff}'

export function handleOperations(database: DatabaseSync): Pick<StorageOperations, 'putHandle' | 'getHandle' | 'listHandles'> {
  const one = database.prepare('SELECT account, issued, claim FROM handle WHERE key = ? AND free_at > ?')
  const others = database.prepare(
    'SELECT count(*) AS "all", coalesce(sum(expires > ?1), 0) AS used FROM handle WHERE account = ?2 AND free_at > ?1 AND key <> ?3',
  )
  const put = database.prepare('INSERT OR REPLACE INTO handle VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const used = database.prepare('SELECT claim FROM handle WHERE key = ? AND expires > ?')
  const listed = database.prepare(
    'SELECT handle FROM handle WHERE listed = 1 AND key >= ? AND key < ? AND expires > ? ORDER BY key LIMIT ?',
  )

  return {
    putHandle({ key, handle, account, issued, isListed, claim, expires, freeAt, now, perAccount }): HandleOutcome {
      const old = one.get(key, now) as Row | undefined
      if (old && !equalBytes(old.account, account)) return 'taken'
      if (old && issued < old.issued) return 'stale'
      if (old && issued === old.issued) return equalBytes(claim, old.claim) ? 'stored' : 'stale'
      const beside = others.get(now, account, key) as Others
      if (claim.length > 0 && beside.used > 0) return 'full'
      if (!old && beside.all >= perAccount) return 'full'
      put.run(key, handle, account, issued, isListed ? 1 : 0, claim, expires, freeAt)
      return 'stored'
    },
    getHandle: ({ key, now }) => (used.get(key, now) as { claim: Uint8Array } | undefined)?.claim,
    listHandles: ({ prefix, now, rows }) =>
      (listed.all(prefix, `${prefix}${LAST}`, now, rows) as unknown as readonly { handle: string }[]).map(({ handle }) => handle),
  }
}

export function sweepHandlesOf(database: DatabaseSync): (ask: Ask<'sweep'>) => boolean {
  const remove = database.prepare('DELETE FROM handle WHERE key IN (SELECT key FROM handle WHERE free_at <= ? LIMIT ?)')
  return ({ now, rows }) => Number(remove.run(now, rows).changes) === rows
}
