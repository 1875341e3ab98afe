// One relay, or one command that changes things, on a folder at a time.

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StorageError } from './storage.ts'

/** SQLITE_BUSY. */
const BUSY = 5
/** SQLite's own, without its details. */
export const codeOf = (error: unknown): number => (error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0)

/** Two relays on one folder would each push only half of what arrives. The lock goes with the process, however it ends. */
export function lockFolder(folder: string): DatabaseSync {
  const lock = new DatabaseSync(join(folder, 'relay.lock'))
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (cause) {
    if (codeOf(cause) !== BUSY) throw cause
    const message = `another relay already uses the folder ${folder}; stop it, or set KITH_DATA_DIR to another folder`
    throw new StorageError('disk', message, { cause })
  }
  return lock
}
