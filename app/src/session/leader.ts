// Of all tabs one leads: it holds the leader's lock, owns the engine's worker and gives it the network. When the tab dies the browser frees
// the lock, and the next one in line leads. A worker that ends is started anew a few times; then all tabs are told why there is none.

import { ENGINE_CHANNEL, LEADER_LOCK, parseAnnouncement, parseCall } from './channel.ts'
import { hasBegun } from './kept.ts'
import { CORRUPT_PAUSES_MS, FAILING_PAUSES_MS, FULL_PAUSES_MS, RESTART_PAUSES_MS, RESTART_WINDOW_MS } from './limits.ts'
import { holdLock } from './locks.ts'
import { logProblem } from './log.ts'
import { connectNetworkPage } from './network-page.ts'
import { isLasting } from './status.ts'
import type { Announcement, Join } from './channel.ts'
import type { NetworkIdentity } from './network-messages.ts'
import type { OwnedNetwork } from './network-page.ts'
import type { Switchboard } from './switchboard.ts'
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
  /** Where ports of other pages come from. */
  readonly switchboard?: Pick<Switchboard, 'listen'>
}

export type Leadership = {
  /** Resolves when this page has the lead and its engine starts; never where another page leads. */
  readonly led: Promise<void>
  /** Gives up the place or the lead. */
  leave(): void
  /** Hands a line of this page to the engine; false when this page has none. */
  handOver(join: Join, line: MessagePort): boolean
}

type Lead = { end(): void; handOver: Leadership['handOver'] }

/** Stands in line for the lead. */
export function joinLeadership(parts: LeaderParts): Leadership {
  let lead: Lead | undefined
  const { promise: led, resolve } = Promise.withResolvers<void>()
  const lock = holdLock(
    LEADER_LOCK,
    () => {
      lead = startLead(parts)
      resolve()
    },
    // The client's own lock is refused as well, and says so.
    () => undefined,
  )
  return {
    led,
    leave() {
      lead?.end()
      lock.release()
    },
    handOver: (join, line) => lead?.handOver(join, line) ?? false,
  }
}

function startLead({ startWorker, loadNetwork, switchboard }: LeaderParts): Lead {
  const channel = new BroadcastChannel(ENGINE_CHANNEL)
  let running: { readonly worker: EngineWorker; end(): void } | undefined
  let at: string | undefined
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
    running = { worker, end }
    worker.onmessage = ({ data }) => (data.kind === 'waits' ? tellWhy(data.code) : stopped(data.code, data.detail))
    worker.onerror = (event) => stopped('crashed', event.message)
    worker.postMessage({ kind: 'start', network: port2, begun: hasBegun() }, [port2])
    tellAddress()
  }

  function tellAddress(): void {
    if (at !== undefined) running?.worker.postMessage({ kind: 'address', at }, [])
  }

  function handOver(join: Join, line: MessagePort): boolean {
    running?.worker.postMessage({ kind: 'join', join, line }, [line])
    return running !== undefined
  }

  function stopped(code: EngineFailure, detail: string): void {
    logProblem(`the engine stopped (${code}): ${detail}`)
    running?.end()
    running = undefined
    const recent = starts.filter((at) => at > Date.now() - RESTART_WINDOW_MS).length
    const ms = pauseBefore(code, recent)
    // Without room nothing is written before there is some, and until then people should know.
    if (isLasting(code) || ms === undefined || code === 'storage-full') tellWhy(code)
    if (!isLasting(code) && ms !== undefined && !isEnded) pause = setTimeout(start, ms)
  }

  function tellWhy(code: EngineFailure): void {
    failure = code
    announce({ kind: 'failed', code })
  }

  const announce = (message: Announcement) => channel.postMessage(message)

  function end(): void {
    isEnded = true
    unlisten?.()
    clearTimeout(pause)
    running?.end()
    channel.close()
  }

  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    // Whoever asks while there is no engine learns why.
    const call = parseCall(data)
    if (call?.kind === 'hello' && failure !== undefined) announce({ kind: 'failed', code: failure })
    const heard = parseAnnouncement(data)?.kind
    if (heard === 'up') failure = undefined
    if (heard === 'wipe') end()
  }
  const unlisten = switchboard?.listen({
    here(address) {
      at = address
      tellAddress()
    },
    joined: handOver,
  })
  start()
  return { end, handOver }
}

/** Undefined: the engine is not started again. `starts`: how many there were within the window. */
function pauseBefore(code: EngineFailure, starts: number): number | undefined {
  if (code === 'storage-full') return FULL_PAUSES_MS[Math.min(starts, FULL_PAUSES_MS.length) - 1]
  if (code === 'storage-corrupt') return CORRUPT_PAUSES_MS[starts - 1]
  return (code === 'storage-failing' ? FAILING_PAUSES_MS : RESTART_PAUSES_MS)[starts - 1]
}
