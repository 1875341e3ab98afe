// Erases what this browser keeps of Kith: databases, files, caches, settings, the service worker. All tabs begin anew afterwards.

import { DOCUMENT_DATABASE_PREFIX } from '../adapters/documents/names.ts'
import { DATABASE_NAME, MENDING_DATABASE } from '../adapters/indexeddb/names.ts'
import { GROUND_FILE } from '../adapters/room/names.ts'
import { FILES_FOLDER } from '../adapters/files/names.ts'
import { EPOCH_FILE } from '../adapters/vault/names.ts'
import { ENGINE_CHANNEL, ENGINE_LOCK } from './channel.ts'
import { kept, keptByTab } from './kept.ts'
import { WIPE_WAIT_MS_MAX } from './limits.ts'
import { EngineError } from './status.ts'
import type { Announcement } from './channel.ts'

/** Resolves when nothing is left; tabs are told to begin anew in any case. Rejects with {@link EngineError} `failed` when something could not be erased. */
export async function wipeDevice(): Promise<void> {
  const channel = new BroadcastChannel(ENGINE_CHANNEL)
  const announce = (message: Announcement) => channel.postMessage(message)
  announce({ kind: 'wipe' })
  try {
    await withoutEngine(eraseAll)
  } finally {
    announce({ kind: 'wiped' })
    channel.close()
  }
}

/** Under the engine's lock, so that none runs meanwhile; one that does not end loses the lock by force. */
async function withoutEngine(act: () => Promise<void>): Promise<void> {
  try {
    await navigator.locks.request(ENGINE_LOCK, { signal: AbortSignal.timeout(WIPE_WAIT_MS_MAX) }, act)
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    await navigator.locks.request(ENGINE_LOCK, { steal: true }, act)
  }
}

async function eraseAll(): Promise<void> {
  // What says that there were chats goes before them: without them it would be told as a loss.
  eraseAreas()
  // The keys of rows rest on one of them, and on the vault key: whatever a failure leaves behind is unreadable from then on.
  const areFilesErased = (await Promise.all([EPOCH_FILE, GROUND_FILE, FILES_FOLDER].map(eraseFile))).every((isErased) => isErased)
  await eraseDatabase(DATABASE_NAME)
  const outcomes = await Promise.allSettled([
    ...[MENDING_DATABASE, ...(await documentDatabases())].map(eraseDatabase),
    eraseCaches(),
    eraseRegistrations(),
  ])
  eraseAreas()
  const failure = outcomes.find((outcome) => outcome.status === 'rejected')
  if (!areFilesErased) throw new EngineError('failed', 'a file could not be erased')
  if (failure !== undefined) throw new EngineError('failed', 'something could not be erased', { cause: failure.reason })
}

/** Browsers that cannot list databases keep sealed bytes whose key is gone. */
async function documentDatabases(): Promise<readonly string[]> {
  const databases = 'databases' in indexedDB ? await indexedDB.databases() : []
  return databases.flatMap(({ name }) => (name?.startsWith(DOCUMENT_DATABASE_PREFIX) === true ? [name] : []))
}

/** Whether it is gone. An engine that has just ended may hold it for a moment longer. */
async function eraseFile(name: string): Promise<boolean> {
  for (const until = Date.now() + WIPE_WAIT_MS_MAX; ;) {
    try {
      await (await navigator.storage.getDirectory()).removeEntry(name, { recursive: true })
      return true
    } catch (error) {
      // Where it was never made, or cannot be, there is nothing to erase.
      const isHeld = error instanceof DOMException && error.name === 'NoModificationAllowedError'
      if (!isHeld) return true
      if (Date.now() > until) return false
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

function eraseDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new EngineError('failed', 'a database does not let go')), WIPE_WAIT_MS_MAX)
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => {
      clearTimeout(patience)
      resolve()
    }
    request.onerror = () => {
      clearTimeout(patience)
      reject(new EngineError('failed', 'a database could not be erased', { cause: request.error }))
    }
  })
}

async function eraseCaches(): Promise<void> {
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)))
}

async function eraseRegistrations(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  await Promise.all((await navigator.serviceWorker.getRegistrations()).map((registration) => registration.unregister()))
}

function eraseAreas(): void {
  kept.clear()
  keptByTab.clear()
}
