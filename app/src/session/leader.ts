// Of all tabs one leads: it holds the leader's lock, owns the engine's worker and gives it the network. When the tab dies the browser frees
// the lock, and the next one in line leads. A worker that ends is started anew a few times; then all tabs are told why there is none.

import { ENGINE_CHANNEL, LEADER_LOCK, parseAnnouncement, parseToEngine } from './channel.ts'
import { RESTART_PAUSES_MS, RESTART_WINDOW_MS } from './limits.ts'
import { holdLock } from './locks.ts'
import { logProblem } from './log.ts'
import { connectNetworkPage } from './network-page.ts'
import { isLasting } from './status.ts'
import type { Announcement } from './channel.ts'
import type { NetworkIdentity } from './network-messages.ts'
import type { OwnedNetwork } from './network-page.ts'
import type { EngineFailure } from './status.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

/** What of a Worker is used. */
export type EngineWorker = {
  postMessage(message: ToWorker, transfer: Transferable[]): void
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  terminate(): void
}

export type LeaderParts = {
  readonly startWorker: () => EngineWorker
  readonly loadNetwork: (identity: NetworkIdentity) => Promise<OwnedNetwork>
}

/** Stands in line for the lead; `leave` gives up the place or the lead. */
export function joinLeadership(parts: LeaderParts): { leave(): void } {
  let lead: { end(): void } | undefined
  const lock = holdLock(LEADER_LOCK, () => {
    lead = startLead(parts)
  })
  return {
    leave() {
      lead?.end()
      lock.release()
    },
  }
}

function startLead({ startWorker, loadNetwork }: LeaderParts): { end(): void } {
  const channel = new BroadcastChannel(ENGINE_CHANNEL)
  let running: { end(): void } | undefined
  let failure: EngineFailure | undefined
  let isEnded = false
  let pause: ReturnType<typeof setTimeout> | undefined
  const starts: number[] = []

  function start(): void {
    if (isEnded) return
    starts.push(Date.now())
    const worker = startWorker()
    const { port1, port2 } = new MessageChannel()
    const network = connectNetworkPage({ port: port1, load: loadNetwork })
    const end = () => {
      worker.terminate()
      network.close()
    }
    running = { end }
    worker.onmessage = ({ data }) => stopped(data.code, data.detail)
    worker.onerror = (event) => stopped('crashed', event.message)
    worker.postMessage({ kind: 'start', network: port2 }, [port2])
  }

  function stopped(code: EngineFailure, detail: string): void {
    logProblem(`the engine stopped (${code}): ${detail}`)
    running?.end()
    running = undefined
    const recent = starts.filter((at) => at > Date.now() - RESTART_WINDOW_MS).length
    const ms = RESTART_PAUSES_MS[recent - 1]
    if (isLasting(code) || ms === undefined) {
      failure = code
      announce({ kind: 'failed', code })
    } else if (!isEnded) {
      pause = setTimeout(start, ms)
    }
  }

  const announce = (message: Announcement) => channel.postMessage(message)

  function end(): void {
    isEnded = true
    clearTimeout(pause)
    running?.end()
    channel.close()
  }

  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    // Whoever asks while there is no engine learns why.
    const call = parseToEngine(data)
    if (call?.kind === 'hello' && failure !== undefined) announce({ kind: 'failed', code: failure })
    if (parseAnnouncement(data)?.kind === 'wipe') end()
  }
  start()
  return { end }
}
