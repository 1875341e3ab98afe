// The page's half of the Network port: loads the libp2p adapter when the engine asks for it and does what the engine's proxy says.

import { IDLE_MS_MAX, LOAD_RETRY_MS_MAX, LOAD_RETRY_MS_MIN } from './limits.ts'
import { logProblem } from './log.ts'
import { ownBytes } from './network-messages.ts'
import type { Network, NetworkEvent, RelayAnswer } from '@kith/protocol'
import type { FromNetwork, NetworkIdentity, ToNetwork } from './network-messages.ts'

export type OwnedNetwork = Network & { close(): Promise<void> }

export type NetworkPageOptions = {
  readonly port: MessagePort
  /** Big, so it is asked for late, and again when it could not be fetched. */
  readonly load: (identity: NetworkIdentity) => Promise<OwnedNetwork>
}

export function connectNetworkPage({ port, load }: NetworkPageOptions): { close(): void } {
  let network: OwnedNetwork | undefined
  let isClosed = false
  const waiting: ToNetwork[] = []

  const post = (message: FromNetwork, transfer: Transferable[] = []) => {
    if (!isClosed) port.postMessage(message, transfer)
  }

  async function open(identity: NetworkIdentity): Promise<void> {
    await idle()
    const opened = await loadWithPatience(
      () => load(identity),
      () => isClosed,
    )
    if (opened === undefined) return
    if (isClosed) return void opened.close()
    network = opened
    opened.listen((event) => post(...eventMessage(event)))
    for (const message of waiting.splice(0)) act(opened, message)
  }

  function act(running: OwnedNetwork, message: ToNetwork): void {
    switch (message.kind) {
      case 'open':
        return
      case 'set-relays':
        return running.setRelays(message.relays)
      case 'set-peers':
        return running.setPeers(message.peers)
      case 'dial':
        return running.dial(message.device)
      case 'retry':
        return running.retry()
      case 'request':
        return answerWith(message.id, running.request(message.relay, message.request))
      case 'send':
        return answerWith(
          message.id,
          running.send(message.device, message.frame).then(() => undefined),
        )
      case 'send-file':
        return answerWith(
          message.id,
          running.sendFile?.(message.device, message.frame).then(() => undefined) ??
            Promise.reject(new Error('there are no streams for files')),
        )
    }
  }

  function answerWith(id: number, outcome: Promise<RelayAnswer | undefined>): void {
    outcome.then(
      (answer) => post({ kind: 'done', id, answer }),
      (error: unknown) => post({ kind: 'broken', id, code: codeOf(error), message: String(error) }),
    )
  }

  port.onmessage = ({ data }: MessageEvent<ToNetwork>) => {
    if (data.kind === 'open') void open(data.identity)
    else if (network === undefined) waiting.push(data)
    else act(network, data)
  }

  return {
    close() {
      isClosed = true
      port.close()
      void network?.close() // The page goes on without it; what it still closes by itself is nobody's concern.
    },
  }
}

function eventMessage(event: NetworkEvent): [FromNetwork, Transferable[]] {
  if (event.kind === 'frame' || event.kind === 'file-frame') {
    const frame = ownBytes(event.frame)
    return [{ kind: 'event', event: { ...event, frame } }, [frame.buffer]]
  }
  if (event.kind === 'blobs') {
    const blobs = event.blobs.map((pushed) => ({ ...pushed, blob: ownBytes(pushed.blob) }))
    return [{ kind: 'event', event: { ...event, blobs } }, blobs.map(({ blob }) => blob.buffer)]
  }
  return [{ kind: 'event', event }, []]
}

/** Tries until it works or is not wanted any more; a new attempt comes at once when the browser says that it is online. */
async function loadWithPatience(load: () => Promise<OwnedNetwork>, isUnwanted: () => boolean): Promise<OwnedNetwork | undefined> {
  for (let pause = LOAD_RETRY_MS_MIN; !isUnwanted(); pause = Math.min(pause * 2, LOAD_RETRY_MS_MAX)) {
    try {
      return await load()
    } catch (error) {
      logProblem('the network could not be loaded and is tried again', error)
      await onlineOr(pause)
    }
  }
  return undefined
}

function onlineOr(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      removeEventListener('online', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    addEventListener('online', done)
  })
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: IDLE_MS_MAX })
    else setTimeout(resolve, 0)
  })
}

// By name: importing the class would bring the whole protocol into the page.
function codeOf(error: unknown): 'disconnected' | 'timeout' {
  const isTimeout = error instanceof Error && error.name === 'NetworkError' && 'code' in error && error.code === 'timeout'
  return isTimeout ? 'timeout' : 'disconnected'
}
