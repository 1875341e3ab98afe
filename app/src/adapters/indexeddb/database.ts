// The one database of this app: its shape, its migrations, and how it is opened.

import { BLOCKED_MS_MAX } from './limits.ts'
import { DATABASE_NAME } from './names.ts'
import { isNoRoom, nameOf } from './requests.ts'

/** Append only: the version of a database is the number of migrations that it has seen. */
export const MIGRATIONS: readonly ((database: IDBDatabase) => void)[] = [
  (database) => {
    for (const name of ['vault', 'shreds', 'state', 'conversations', 'peers', 'invites', 'entries', 'timeline', 'sent'])
      database.createObjectStore(name)
  },
  (database) => void database.createObjectStore('bodies'),
  (database) => database.deleteObjectStore('invites'),
  (database) => {
    for (const name of ['index', 'relations']) database.createObjectStore(name)
  },
  (database) => {
    for (const name of ['tree', 'unneeded']) database.createObjectStore(name)
    database.createObjectStore('keys').createIndex('owner', 'owner')
  },
]

export type DatabaseOptions = {
  readonly name?: string
  readonly migrations?: typeof MIGRATIONS
  /**
   * Called once when the connection ends without our asking. `asked`: another tab deletes or upgrades the database. `cut`: the user clears
   * the site, or the browser met an error.
   */
  readonly onLost?: (how: 'asked' | 'cut') => void
}

/** Rejects with {@link DatabaseOpenError}. */
export function openDatabase({ name = DATABASE_NAME, migrations = MIGRATIONS, onLost }: DatabaseOptions = {}): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = startOpening(name, migrations.length)
    let patience: ReturnType<typeof setTimeout> | undefined
    let gaveUp = false
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const migrate of migrations.slice(oldVersion)) migrate(request.result)
    }
    request.onblocked = () => {
      patience = setTimeout(() => {
        gaveUp = true
        reject(new DatabaseOpenError('blocked', 'another tab keeps an older form of the database open'))
      }, BLOCKED_MS_MAX)
    }
    request.onerror = () => {
      clearTimeout(patience)
      reject(toOpenError(request.error))
    }
    request.onsuccess = () => {
      clearTimeout(patience)
      if (gaveUp) request.result.close()
      else resolve(guarded(request.result, onLost))
    }
  })
}

/** `code`: unavailable (denied, private mode), blocked by another tab, outdated (the data is newer than this page), or full. */
export class DatabaseOpenError extends Error {
  override readonly name = 'DatabaseOpenError'
  readonly code: 'unavailable' | 'blocked' | 'outdated' | 'full'

  constructor(code: DatabaseOpenError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

function startOpening(name: string, version: number): IDBOpenDBRequest {
  try {
    return indexedDB.open(name, version)
  } catch (cause) {
    throw toOpenError(cause)
  }
}

function guarded(database: IDBDatabase, onLost: DatabaseOptions['onLost']): IDBDatabase {
  database.onversionchange = () => {
    // Closing at once lets the other tab go on; whoever uses this connection learns through its StoreError and through onLost.
    database.close()
    onLost?.('asked')
  }
  database.onclose = () => onLost?.('cut')
  return database
}

function toOpenError(cause: unknown): DatabaseOpenError {
  if (isNoRoom(cause)) return new DatabaseOpenError('full', 'the browser gives no space for the database', { cause })
  switch (nameOf(cause)) {
    case 'VersionError':
      return new DatabaseOpenError('outdated', 'the database was written by a newer version', { cause })
    default:
      return new DatabaseOpenError('unavailable', 'the browser does not open the database', { cause })
  }
}
