// What is held back until a moment, in SQLite: a row for each mailbox and name. Runs in the storage thread; the caller opens and commits the transaction.

import { fromHex, toHeldName, toMailboxId } from './sqlite-bytes.ts'
import type { DatabaseSync } from 'node:sqlite'
import type { HeldPlace, StorageOperations } from './storage.ts'

type Row = { readonly mailbox: Uint8Array; readonly name: Uint8Array; readonly wakes: number; readonly bytes: Uint8Array }

export function heldOperations(database: DatabaseSync): Pick<StorageOperations, 'hold' | 'dueHeld' | 'dropHeld'> {
  const isKnown = database.prepare('SELECT 1 FROM mailbox WHERE id = ?')
  const isHeld = database.prepare('SELECT 1 FROM held WHERE mailbox = ? AND name = ?')
  const count = database.prepare('SELECT count(*) AS held FROM held WHERE mailbox = ?')
  const insert = database.prepare('INSERT INTO held VALUES (?, ?, ?, ?, ?)')
  const due = database.prepare('SELECT mailbox, name, wakes, bytes FROM held WHERE at <= ? ORDER BY at LIMIT ?')
  const remove = database.prepare('DELETE FROM held WHERE mailbox = ? AND name = ?')

  return {
    hold: ({ held, at, most }) =>
      held.map(({ mailbox, name, wakes, blob }): HeldPlace => {
        const [id, named] = [fromHex(mailbox), fromHex(name)]
        if (isKnown.get(id) === undefined) return 'unknown'
        if (isHeld.get(id, named) !== undefined) return 'kept'
        if ((count.get(id) as { held: number }).held >= most) return 'full'
        insert.run(id, named, at, wakes ? 1 : 0, blob)
        return 'stored'
      }),
    dueHeld: ({ now, rows }) =>
      (due.all(now, rows) as unknown as readonly Row[]).map(({ mailbox, name, wakes, bytes }) => ({
        mailbox: toMailboxId(mailbox),
        name: toHeldName(name),
        wakes: wakes === 1,
        blob: bytes,
      })),
    dropHeld: ({ held }) => held.map(({ mailbox, name }) => remove.run(fromHex(mailbox), fromHex(name)).changes === 1),
  }
}

/** All of a mailbox that goes. */
export function forgetHeldOf(database: DatabaseSync): (mailbox: Uint8Array) => void {
  const remove = database.prepare('DELETE FROM held WHERE mailbox = ?')
  return (mailbox) => void remove.run(mailbox)
}
