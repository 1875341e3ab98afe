// `kith-relay backup FOLDER` and `restore FOLDER`: key and store, as they were at one moment. A backup is taken while the relay runs: SQLite reads its
// own snapshot, and no write waits for it.

import { chmodSync, closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SCHEMA_VERSION } from '../storage/sqlite-schema.ts'
import { RESTORED_FILES } from '../folder.ts'
import { refuseStranger, withFolderLocked } from './lock.ts'
import type { CommandInput } from './run.ts'

const DATABASE = 'relay.db'
const KEY = 'relay.key'
/** What the old database left beside it: with another database it would be taken for that one's own. */
const BESIDE = ['relay.db-wal', 'relay.db-shm']

export async function backup({ config, words: [to] }: CommandInput): Promise<string> {
  if (to === undefined) throw new Error('name the folder for the copy')
  refuseShared(config)
  const folder = resolve(to)
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new Error(`${folder} is not empty; name another folder`)
  const from = join(config.dataDir, DATABASE)
  if (!existsSync(from)) throw new Error(`there is no ${DATABASE} in ${config.dataDir}; set KITH_DATA_DIR to the relay's folder`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const copy = join(folder, DATABASE)
  const source = new DatabaseSync(from, { timeout: 5_000 })
  try {
    source.prepare('VACUUM INTO ?').run(copy)
  } finally {
    source.close()
  }
  copySecretly(join(config.dataDir, KEY), join(folder, KEY))
  chmodSync(copy, 0o600)
  const { mailboxes, blobs } = examine(copy)
  return `${folder} holds the key and ${mailboxes} mailboxes with ${blobs} blobs. Keep it secret: whoever has the key can pass for this relay.`
}

export async function restore({ config, words: [from] }: CommandInput): Promise<string> {
  if (from === undefined) throw new Error('name the folder of the copy')
  refuseShared(config)
  refuseStranger(config.dataDir, 'restore')
  const folder = resolve(from)
  const copies = [DATABASE, KEY].map((file) => join(folder, file))
  const missing = copies.find((file) => !existsSync(file))
  if (missing !== undefined) throw new Error(`${missing} is not there`)
  const { mailboxes, blobs } = examine(join(folder, DATABASE))
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const aside = join(config.dataDir, `before-restore-${new Date().toISOString().replaceAll(/[^0-9]/g, '')}`)
  withFolderLocked(config.dataDir, () => {
    // Copied first: should the disk be full, what is there stays.
    try {
      for (const file of [DATABASE, KEY]) copySecretly(join(folder, file), join(config.dataDir, `${file}.new`))
    } catch (error) {
      for (const file of RESTORED_FILES) rmSync(join(config.dataDir, file), { force: true })
      throw error
    }
    // From here on to the end the relay does not start, whatever ends this: see `refuseHalfRestored`.
    mkdirSync(aside, { mode: 0o700 })
    for (const file of [DATABASE, KEY, ...BESIDE])
      if (existsSync(join(config.dataDir, file))) renameSync(join(config.dataDir, file), join(aside, file))
    for (const file of [DATABASE, KEY]) renameSync(join(config.dataDir, `${file}.new`), join(config.dataDir, file))
    if (readdirSync(aside).length === 0) rmSync(aside, { recursive: true })
  })
  const old = existsSync(aside) ? ` What was there lies in ${aside}.` : ''
  return `${config.dataDir} has ${mailboxes} mailboxes with ${blobs} blobs.${old} Blobs that were fetched since the copy come once more; devices ignore them.`
}

function refuseShared({ store }: CommandInput['config']): void {
  if (store === undefined) return
  throw new Error(`what waits lies in KITH_STORE: copy its append-only files there, and ${KEY} from the data folder`)
}

/** For the relay's own user only, who must be able to write it, whatever the rights of what is copied. On the disk before anything is moved. */
function copySecretly(from: string, to: string): void {
  rmSync(to, { force: true })
  copyFileSync(from, to)
  chmodSync(to, 0o600)
  const file = openSync(to, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Every page is read: a copy that cannot be used is no copy. */
function examine(name: string): { readonly mailboxes: number; readonly blobs: number } {
  const database = new DatabaseSync(name, { readOnly: true })
  try {
    const said = String(database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'])
    if (said !== 'ok') throw new Error(`${name} is damaged (${said})`)
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
    if (version > SCHEMA_VERSION) throw new Error(`${name} was written by a newer version of Kith; update Kith first`)
    const table = version < 3 ? 'blob' : 'place'
    const row = database.prepare(`SELECT (SELECT count(*) FROM mailbox) AS mailboxes, (SELECT count(*) FROM ${table}) AS blobs`).get()
    return { mailboxes: Number(row?.['mailboxes']), blobs: Number(row?.['blobs']) }
  } finally {
    database.close()
  }
}
