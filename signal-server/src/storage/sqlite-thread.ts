// The storage thread: the only place that touches the database. Writes are collected for a few milliseconds and committed together
// (group commit); answers leave after the commit. Reads run between transactions, so they see committed rows only.

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { GROUP_COMMIT_MS, GROUP_COMMIT_WRITES_MAX } from '../limits.ts'
import { handleOperations, sweepHandlesOf } from './sqlite-handles.ts'
import { heldOperations } from './sqlite-held.ts'
import { mailboxOperations } from './sqlite-mailboxes.ts'
import { parcelOperations } from './sqlite-parcels.ts'
import { pushOperations } from './sqlite-pushes.ts'
import { prekeyOperations, recordOperations, sweepRecordsOf } from './sqlite-records.ts'
import { codeOf, lockFolder } from './sqlite-lock.ts'
import { openReserve } from './reserve.ts'
import { migrate } from './sqlite-schema.ts'
import { openWritable } from './writable.ts'
import { isRead, StorageError } from './storage.ts'
import type { Ask, OperationName, StorageOperations } from './storage.ts'

export type ThreadOptions = {
  readonly folder: string
  readonly bytesMax: number
  /** How long a write waits for others to share its commit. */
  readonly groupMs?: number
}
export type ThreadCall = { readonly id: number; readonly name: OperationName; readonly ask: unknown } | 'close'
export type ThreadReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'results'; readonly results: readonly CallResult[] }
export type CallResult =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string; readonly isDamage: boolean }
type Call = Exclude<ThreadCall, 'close'>
const makesRoom = ({ name }: Call): boolean => MAKES_ROOM.has(name)

const PAGE_BYTES = 4_096
/** For which somebody else, such as a backup, may hold the database up. */
const BUSY_MS = 5_000
/** Of the store, kept free for what makes room: even a deletion needs pages first. */
const RESERVED_PART = 1 / 64
const MAKES_ROOM: ReadonlySet<OperationName> = new Set([
  'markOpened',
  'deleteBlobs',
  'dropParcels',
  'dropHeld',
  'endRecord',
  'shiftBlobs',
  'capBlobs',
  'purgeMailbox',
  'sweep',
])

/** SQLITE_FULL and SQLITE_IOERR, either of which a full disk may give; SQLITE_CORRUPT and SQLITE_NOTADB. */
const NO_ROOM: ReadonlySet<number> = new Set([13, 10])
const DAMAGE: ReadonlySet<number> = new Set([11, 26])

/** Every reason not to start names the setting to change. */
function explained({ folder }: ThreadOptions, error: unknown): string {
  if (error instanceof StorageError) return error.message
  const why = error instanceof Error ? error.message : String(error)
  return `cannot open ${join(folder, 'relay.db')} (${why}); put back a copy of it, or set KITH_DATA_DIR to another folder`
}

function openDatabase({ folder }: ThreadOptions): DatabaseSync {
  const database = new DatabaseSync(join(folder, 'relay.db'), { timeout: BUSY_MS })
  database.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = FAST`)
  migrate(database)
  return database
}

function operationsOf(database: DatabaseSync): StorageOperations {
  const { sweepMailboxes, ...mailboxes } = mailboxOperations(database)
  const sweepRecords = sweepRecordsOf(database)
  const sweepHandles = sweepHandlesOf(database)
  const sweep = (ask: Ask<'sweep'>) => {
    const more = [sweepMailboxes(ask), sweepRecords(ask), sweepHandles(ask)]
    return { more: more.includes(true) }
  }
  return {
    ...mailboxes,
    ...parcelOperations(database),
    ...heldOperations(database),
    ...pushOperations(database),
    ...handleOperations(database),
    ...recordOperations(database),
    ...prekeyOperations(database),
    sweep,
  }
}

const failureOf = (id: number, error: unknown): CallResult => ({ id, error: String(error), isDamage: DAMAGE.has(codeOf(error)) })

function serve(options: ThreadOptions, post: (reply: ThreadReply) => void): (call: ThreadCall) => void {
  const lock = lockFolder(options.folder)
  const database = openDatabase(options)
  const reserve = openReserve(options.folder)
  const writable = openWritable(options.folder)
  const operations = operationsOf(database)
  const pageCount = database.prepare('PRAGMA page_count')
  let waiting: Call[] = []
  let timer: NodeJS.Timeout | undefined

  const pagesMax = Math.floor(options.bytesMax / PAGE_BYTES)
  const pagesForGrowth = Math.floor(pagesMax * (1 - RESERVED_PART))
  const growthMax = (): number => (reserve.isGone ? Number(pageCount.get()?.['page_count']) : pagesForGrowth)
  const perform = ({ id, name, ask }: Call): CallResult => ({ id, value: (operations[name] as (ask: unknown) => unknown)(ask) })
  const inTransaction = (calls: readonly Call[]): readonly CallResult[] => {
    writable.demand()
    database.exec(`PRAGMA max_page_count = ${calls.every(makesRoom) ? pagesMax : growthMax()}`)
    database.exec('BEGIN IMMEDIATE')
    try {
      const results = calls.map(perform)
      database.exec('COMMIT')
      return results
    } catch (error) {
      // A full disk may already have ended the transaction.
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }
  /** What makes room is tried again with the reserve, and with SQLite's log begun anew. */
  const insist = (calls: readonly Call[], error: unknown): readonly CallResult[] => {
    if (!calls.every(makesRoom) || !NO_ROOM.has(codeOf(error))) throw error
    reserve.giveUp()
    database.exec('PRAGMA wal_checkpoint(RESTART)')
    return inTransaction(calls)
  }
  const tryAll = (calls: readonly Call[]): readonly CallResult[] => {
    try {
      return inTransaction(calls)
    } catch (error) {
      return insist(calls, error)
    }
  }
  /** One write that cannot be done must not take the others of its group along: they are tried again one by one. */
  const commit = (calls: readonly Call[]): readonly CallResult[] => {
    try {
      if (calls.some(({ name }) => name === 'check' || name === 'sweep')) reserve.restore()
      return tryAll(calls)
    } catch (error) {
      if (calls.length > 1) return calls.flatMap((call) => commit([call]))
      return calls.map(({ id }) => failureOf(id, error))
    }
  }
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const calls = waiting
    waiting = []
    if (calls.length > 0) post({ kind: 'results', results: commit(calls) })
  }
  const read = (call: Call): CallResult => {
    try {
      writable.demand()
      return perform(call)
    } catch (error) {
      return failureOf(call.id, error)
    }
  }
  const close = (): void => {
    flush()
    database.close()
    writable.close()
    lock.close()
    post({ kind: 'closed' })
  }

  return (call) => {
    if (call === 'close') return close()
    if (isRead(call.name)) return post({ kind: 'results', results: [read(call)] })
    waiting.push(call)
    if (waiting.length >= GROUP_COMMIT_WRITES_MAX) flush()
    else timer ??= setTimeout(flush, options.groupMs ?? GROUP_COMMIT_MS)
  }
}

const port = parentPort
if (port) {
  const post = (reply: ThreadReply): void => port.postMessage(reply)
  try {
    const onCall = serve(workerData as ThreadOptions, post)
    port.on('message', (calls: readonly ThreadCall[]) => calls.forEach(onCall))
    post({ kind: 'ready' })
  } catch (error) {
    post({ kind: 'failed', message: explained(workerData as ThreadOptions, error) })
  }
}
