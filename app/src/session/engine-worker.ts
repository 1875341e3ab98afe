// The composition root of the engine's worker: vault, store, documents, surroundings and the network's proxy, handed to the engine.

import { StoreError } from '@kith/protocol'
import { createDocumentStore } from '../adapters/documents/documents.ts'
import { openDatabase } from '../adapters/indexeddb/database.ts'
import { openIndexedDbStore } from '../adapters/indexeddb/store.ts'
import { openGround } from '../adapters/room/ground.ts'
import { createRoom, readyToOpen } from '../adapters/room/room.ts'
import { openEpochFile } from '../adapters/vault/epoch-file.ts'
import { holdingOf, loadVaultKey } from '../adapters/vault/vault.ts'
import { ENGINE_LOCK } from './channel.ts'
import { detailOf, LostError, toEngineFailure } from './engine-failure.ts'
import { createEngineHost } from './engine-host.ts'
import { DRAW_MS, FIRST_CHAT_MS, FIRST_VIEW_MS_MAX } from './limits.ts'
import { logLine } from './log.ts'
import { createNetworkProxy } from './network-proxy.ts'
import { loadRelays } from './relay-list.ts'
import { browserClock, browserRandom, browserTimer } from './surroundings.ts'
import type { EngineParts, LoadedAttachments, RunningEngine, Store } from '@kith/protocol'
import type { Ground } from '../adapters/room/ground.ts'
import type { WatchName } from './channel.ts'
import type { EngineHost } from './engine-host.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

export type OpenEngine = (parts: EngineParts) => Promise<RunningEngine>

/** What of the worker's global is used. */
export type WorkerScope = {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null
  postMessage(message: FromWorker): void
  readonly location: { readonly origin: string }
}

/** Waits for the page's first message, then runs one engine until the worker ends or the engine's ground is taken away. */
export function runEngineWorker(scope: WorkerScope, openEngine: OpenEngine): void {
  scope.onmessage = ({ data: start }) => {
    if (start.kind !== 'start') return
    const firstView = createFirstView()
    const host = createEngineHost({ onFirstView: firstView.happened })
    const stop = stopOnce(scope, host)
    scope.onmessage = ({ data }) => {
      if (data.kind === 'join') host.join(data.join, data.line)
      if (data.kind === 'address') host.setAddress(data.at)
    }
    navigator.locks
      .request(ENGINE_LOCK, async () => {
        host.serve(await compose({ scope, openEngine, start, mayOpen: firstView.promise, stop }))
        // For as long as this worker lives.
        await new Promise<never>(() => undefined)
      })
      .catch(stop)
  }
}

type Composition = {
  readonly scope: WorkerScope
  readonly openEngine: OpenEngine
  readonly start: Extract<ToWorker, { kind: 'start' }>
  readonly mayOpen: Promise<void>
  readonly stop: (error: unknown) => void
}

async function compose({ scope, openEngine, start, mayOpen, stop }: Composition): Promise<RunningEngine> {
  const ground = await openGround()
  const onFull = () => scope.postMessage({ kind: 'waits', code: 'storage-full' })
  const found = await readyToOpen({ ground, clock: browserClock, mend, onFull })
  const room = createRoom({ ground, clock: browserClock, found, onFailed: stop })
  const onLost = (how: 'asked' | 'cut') => {
    const error = new Error('the database was taken away')
    // A connection that the browser cuts may have been cut by a write.
    if (how === 'cut') room.failed(error)
    stop(error)
  }
  const database = await openDatabase({ onLost })
  await assertNotLost({ database, ground, begun: start.begun })
  const vaultKey = await loadVaultKey(database)
  const surroundings = { vaultKey, random: browserRandom, timer: browserTimer, room }
  const rows = await openIndexedDbStore({ ...surroundings, database, file: await openEpochFile() })
  const store = watched(rows, { ground, stop })
  const { origin } = scope.location
  return openEngine({
    store,
    documents: createDocumentStore({ ...surroundings, store }),
    network: (identity) => createNetworkProxy({ port: start.network, identity, mayOpen }),
    clock: browserClock,
    random: browserRandom,
    timer: browserTimer,
    verify: async () => (await import('@kith/protocol/later')).loadPlatformVerify(crypto.subtle),
    migrations: async () => (await import('@kith/protocol/migrations')).MIGRATIONS,
    later: () => import('@kith/protocol/later'),
    search: async () => (await import('@kith/protocol/search')).openIndexer,
    attachments: loadAttachments,
    relays: () => loadRelays(origin),
    origin,
    drawn: mayOpen,
    log: logLine,
    failed: stop,
  })
}

async function loadAttachments(): Promise<LoadedAttachments> {
  const [{ createFileStore }, { openFileDesk }] = await Promise.all([
    import('../adapters/files/file-store.ts'),
    import('@kith/protocol/attachments'),
  ])
  return { files: createFileStore(), open: openFileDesk }
}

/** Loaded when needed, which is hardly ever. */
async function mend(): Promise<void> {
  const { mendDatabases } = await import('../adapters/indexeddb/mend.ts')
  await mendDatabases()
}

type StartCheck = { readonly database: IDBDatabase; readonly ground: Ground; readonly begun: boolean }

/** A browser that has lost its database opens an empty one. Whoever had chats here gets no new key unasked. */
async function assertNotLost({ database, ground, begun }: StartCheck): Promise<void> {
  const holding = await holdingOf(database)
  if (holding === 'chats') ground.set('begun', 'on')
  if (holding === 'parts') throw new StoreError('corrupt', 'the key or the rows of the database are missing')
  if (holding === 'nothing' && (begun || ground.has('begun'))) throw new LostError('the chats that were here are gone')
}

/**
 * Stops the host before the engine's own rejections reach any page, so that pages repeat their commands instead of giving them up.
 * Without room the engine goes on: it shows what is there, and tells each command.
 */
function watched(store: Store, { ground, stop }: { readonly ground: Ground; readonly stop: (error: unknown) => void }): Store {
  return {
    ...store,
    async commit(writes) {
      try {
        await store.commit(writes)
      } catch (error) {
        if (!(error instanceof StoreError && error.code === 'quota')) stop(error)
        throw error
      }
      if (writes.some((write) => write.kind === 'put' && write.table === 'conversations')) ground.set('begun', 'on')
    },
  }
}

function stopOnce(scope: WorkerScope, host: EngineHost): (error: unknown) => void {
  let isStopped = false
  return (error) => {
    if (isStopped) return
    isStopped = true
    const code = toEngineFailure(error)
    // A command that found the disk full would find it full again; anything else is worth repeating to the next engine.
    host.stop(code === 'storage-full' ? code : undefined)
    scope.postMessage({ kind: 'stopped', code, detail: detailOf(error) })
  }
}

/** What comes after the first screen would be in the way of whoever draws it: a chat is drawn when it has come, and there may be none. */
function createFirstView(): { readonly promise: Promise<void>; readonly happened: (of: WatchName) => void } {
  let within: (ms: number) => void = () => undefined
  const promise = new Promise<void>((resolve) => {
    within = (ms) => void setTimeout(resolve, ms)
  })
  within(FIRST_VIEW_MS_MAX)
  return { promise, happened: (of) => within(of === 'watchConversation' ? DRAW_MS : FIRST_CHAT_MS) }
}
