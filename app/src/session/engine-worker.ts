// The composition root of the engine's worker: vault, store, documents, surroundings and the network's proxy, handed to the engine.

import { createDocumentStore } from '../adapters/documents/documents.ts'
import { openDatabase } from '../adapters/indexeddb/database.ts'
import { createIndexedDbStore } from '../adapters/indexeddb/store.ts'
import { loadVaultKey } from '../adapters/vault/vault.ts'
import { ENGINE_LOCK } from './channel.ts'
import { toEngineFailure } from './engine-failure.ts'
import { createEngineHost } from './engine-host.ts'
import { FIRST_VIEW_MS_MAX } from './limits.ts'
import { logLine } from './log.ts'
import { createNetworkProxy } from './network-proxy.ts'
import { loadRelays } from './relay-list.ts'
import { browserClock, browserRandom, browserTimer } from './surroundings.ts'
import type { EngineParts, RunningEngine, Store } from '@kith/protocol'
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
  scope.onmessage = ({ data }) => {
    scope.onmessage = null
    const firstView = createFirstView()
    const host = createEngineHost({ onFirstView: firstView.happened })
    const stop = stopOnce(scope, host)
    navigator.locks
      .request(ENGINE_LOCK, async () => {
        host.serve(await compose({ scope, openEngine, port: data.network, mayOpen: firstView.promise, stop }))
        // For as long as this worker lives.
        await new Promise<never>(() => undefined)
      })
      .catch(stop)
  }
}

type Composition = {
  readonly scope: WorkerScope
  readonly openEngine: OpenEngine
  readonly port: MessagePort
  readonly mayOpen: Promise<void>
  readonly stop: (error: unknown) => void
}

async function compose({ scope, openEngine, port, mayOpen, stop }: Composition): Promise<RunningEngine> {
  const database = await openDatabase({ onLost: () => stop(new Error('the database was taken away')) })
  const vaultKey = await loadVaultKey(database)
  const { origin } = scope.location
  return openEngine({
    store: watched(createIndexedDbStore({ database, vaultKey, random: browserRandom }), stop),
    documents: createDocumentStore({ vaultKey, random: browserRandom }),
    network: (identity) => createNetworkProxy({ port, identity, mayOpen }),
    clock: browserClock,
    random: browserRandom,
    timer: browserTimer,
    relays: () => loadRelays(origin),
    origin,
    log: logLine,
    failed: stop,
  })
}

/**
 * Stops the host before the engine's own rejections reach any page, so that pages repeat their commands instead of giving them up.
 * Without room the engine goes on: it shows what is there, and tells each command.
 */
function watched(store: Store, stop: (error: unknown) => void): Store {
  return {
    ...store,
    async commit(writes) {
      try {
        await store.commit(writes)
      } catch (error) {
        if (toEngineFailure(error) !== 'storage-full') stop(error)
        throw error
      }
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
    scope.postMessage({ kind: 'stopped', code, detail: String(error) })
  }
}

function createFirstView(): { readonly promise: Promise<void>; readonly happened: () => void } {
  let happened: () => void = () => undefined
  const promise = new Promise<void>((resolve) => {
    happened = resolve
    setTimeout(resolve, FIRST_VIEW_MS_MAX)
  })
  return { promise, happened }
}
