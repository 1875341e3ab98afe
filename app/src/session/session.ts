// A tab's session: its client of the engine, its place in the line for the lead, and what erasing everything means.

import { createEngineClient } from './engine-client.ts'
import { LEAD_WAIT_MS } from './limits.ts'
import { joinLeadership } from './leader.ts'
import { whenPutAway } from './put-away.ts'
import { createSwitchboard } from './switchboard.ts'
import { toEngine } from './remote-engine.ts'
import { EngineError } from './status.ts'
import { trustedScript } from './trusted-types.ts'
import { onWiped } from './wiped.ts'
import { importNetwork } from 'virtual:network'
// oxlint-disable-next-line import/default -- Vite makes the default export.
import engineWorkerUrl from './engine.worker.ts?worker&url'
import type { EngineWorker, LeaderParts } from './leader.ts'
import type { RemoteEngine } from './engine-client.ts'
import type { NetworkIdentity } from './network-messages.ts'

export type EngineClient = RemoteEngine & {
  /** Resolves when the engine of this page starts, or soon where that may be another page's: drawing before that would hold it up. */
  readonly begun: Promise<unknown>
  /** Erases everything that this browser keeps of Kith; afterwards every tab starts anew at `/`. */
  wipe(): Promise<void>
}

/** The engine for this tab, wherever it runs. Never throws: what is missing shows as a failed status. */
export function startSession(): EngineClient {
  if (!isSupported()) return { ...createDeadEngine(), begun: Promise.resolve(), wipe: () => Promise.reject(unsupported()) }
  const { leave, led, ...client } = joinTabs({ startWorker, loadNetwork })
  whenPutAway(leave)
  onWiped(() => location.replace('/'))
  const soon = new Promise((resolve) => setTimeout(resolve, LEAD_WAIT_MS))
  return { ...client, begun: Promise.race([led, soon]), wipe: async () => (await import('./wipe.ts')).wipeDevice() }
}

/** A client of the engine that runs in this tab or in another one: directly, through the service worker, or by name. */
export function joinTabs(
  parts: Omit<LeaderParts, 'switchboard'>,
): RemoteEngine & { readonly leave: () => void; readonly led: Promise<void> } {
  const switchboard = createSwitchboard()
  const leadership = joinLeadership({ ...parts, switchboard })
  const client = createEngineClient(
    (join, port, at) => leadership.handOver(join, port) || (at !== undefined && switchboard.send(at, join, port)),
  )
  return {
    ...client,
    led: leadership.led,
    leave() {
      leadership.leave()
      client.close()
    },
  }
}

const isSupported = (): boolean =>
  isSecureContext &&
  NEEDED.every((name) => Reflect.get(globalThis, name) !== undefined) &&
  [navigator.locks, crypto.subtle].every((one: unknown) => one !== undefined)

const NEEDED = ['crypto', 'BroadcastChannel', 'indexedDB', 'caches', 'Worker'] as const

function startWorker(): EngineWorker {
  return new Worker(trustedScript(engineWorkerUrl), { type: 'module', name: 'kith-engine' })
}

async function loadNetwork(identity: NetworkIdentity) {
  const { createLibp2pNetwork } = await importNetwork()
  return createLibp2pNetwork(identity)
}

function createDeadEngine(): RemoteEngine {
  return {
    ...toEngine(
      () => Promise.reject(unsupported()),
      () => ({ move: () => undefined, stop: () => undefined }),
    ),
    watchStatus(show) {
      show({ kind: 'failed', code: 'unsupported' })
      return () => undefined
    },
    close: () => undefined,
  }
}

const unsupported = () => new EngineError('unsupported', 'this browser cannot run the engine here')
