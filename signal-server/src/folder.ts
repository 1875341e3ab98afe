// The data folder before anything is read from it: it must be there, hold plain files only, and keep a few bytes, all of it soon. Otherwise the
// operator gets one line that names the setting.

import { randomBytes } from 'node:crypto'
import { lstat, mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FOLDER_MS_MAX } from './limits.ts'
import { messageOf } from './reports.ts'
import { CLOCK_MARK_FILE } from './clock-mark.ts'
import { RESERVE_FILE } from './storage/reserve.ts'
import { WRITABLE_FILE } from './storage/writable.ts'

/** What the relay opens there. A pipe or a device in such a place would hold it up for ever. */
const FILES = ['relay.key', 'relay.lock', 'relay.db', 'relay.db-wal', 'relay.db-shm', RESERVE_FILE, WRITABLE_FILE, CLOCK_MARK_FILE]

/** The folder has not answered in time. Whatever touched it hangs, and keeps the process from ending in order. */
export class FolderSilentError extends Error {
  override readonly name = 'FolderSilentError'
}

export async function prepareFolder(folder: string, msMax = FOLDER_MS_MAX): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_done, fail) => {
    const message = `the data folder ${folder} has not answered for ${msMax / 1_000} s; look at its disk or mount, or set KITH_DATA_DIR to another folder`
    timer = setTimeout(() => fail(new FolderSilentError(message)), msMax)
  })
  try {
    await Promise.race([tryFolder(folder), silence])
  } finally {
    clearTimeout(timer)
  }
}

async function tryFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await keepSomething(folder).catch((error: unknown) => keepAfterAll(folder, error))
  } catch (cause) {
    const message = `cannot write to the data folder ${folder} (${codeOf(cause)}); set KITH_DATA_DIR to a folder that can be written`
    throw new Error(message, { cause })
  }
  await refuseHalfRestored(folder)
  for (const file of FILES) {
    const found = await lstat(join(folder, file)).catch(() => undefined) // Not there yet.
    if (found && !found.isFile()) throw new Error(`${join(folder, file)} is not a file; remove it, or set KITH_DATA_DIR to another folder`)
  }
}

/** What a restore writes before it moves anything, and takes away last. Started in between, the relay would make a new key or an empty store. */
export const RESTORED_FILES = ['relay.db.new', 'relay.key.new']

export async function refuseHalfRestored(folder: string): Promise<void> {
  for (const file of RESTORED_FILES) {
    const isThere = await lstat(join(folder, file)).catch(() => undefined)
    if (!isThere) continue
    const back = `to go back instead, move what lies in ${join(folder, 'before-restore-…')} back and remove ${RESTORED_FILES.join(' and ')}`
    throw new Error(`a restore into ${folder} was broken off (${file} lies there): say \`kith-relay restore FOLDER\` again; ${back}`)
  }
}

/** A full disk is no reason to stay away: what waits there can be fetched, which makes room. That is what the reserve is for. */
async function keepAfterAll(folder: string, error: unknown): Promise<void> {
  if (codeOf(error) !== 'ENOSPC') throw error
  await rm(join(folder, RESERVE_FILE), { force: true })
  await keepSomething(folder)
}

/** Rights alone say little: a full disk has them, too. */
async function keepSomething(folder: string): Promise<void> {
  const name = join(folder, `try.${randomBytes(8).toString('hex')}`)
  const file = await open(name, 'wx', 0o600)
  try {
    await file.writeFile('kept')
    await file.sync()
  } finally {
    await file.close()
    await rm(name, { force: true })
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : messageOf(error))
