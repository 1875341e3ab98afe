// Where devices are to be woken, in SQLite: a row for each mailbox of a device that asked for it. Runs in the storage thread.

import { fromHex } from './sqlite-bytes.ts'
import type { DatabaseSync } from 'node:sqlite'
import type { Ask, StorageOperations } from './storage.ts'

export function pushOperations(database: DatabaseSync): Pick<StorageOperations, 'setPush' | 'pushesOf'> {
  // One that is there already is not written again: devices say it whenever they come back.
  const put = database.prepare(
    `INSERT INTO push SELECT id, ?2 FROM mailbox WHERE id = ?1
     ON CONFLICT (mailbox) DO UPDATE SET body = excluded.body WHERE body <> excluded.body`,
  )
  const replace = database.prepare('UPDATE push SET body = ? WHERE mailbox = ? AND body = ?')
  const remove = database.prepare('DELETE FROM push WHERE mailbox = ? AND (?2 IS NULL OR body = ?2)')
  const one = database.prepare('SELECT body FROM push JOIN mailbox ON id = mailbox WHERE mailbox = ? AND blobs > 0')
  return {
    setPush({ mailboxes, push, was }: Ask<'setPush'>): undefined {
      for (const mailbox of mailboxes.map(fromHex)) {
        if (push === undefined) remove.run(mailbox, was ?? null)
        else if (was === undefined) put.run(mailbox, push)
        else replace.run(push, mailbox, was)
      }
    },
    pushesOf: ({ mailboxes }: Ask<'pushesOf'>) =>
      mailboxes.map((mailbox) => (one.get(fromHex(mailbox)) as { body: Uint8Array } | undefined)?.body),
  }
}

/** With its mailbox. */
export function dropPushOf(database: DatabaseSync): (mailbox: Uint8Array) => void {
  const drop = database.prepare('DELETE FROM push WHERE mailbox = ?')
  return (mailbox) => void drop.run(mailbox)
}
