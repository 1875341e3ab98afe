// One relay, for as long as it is configured: connects, holds a stream and a reservation, notices when they are gone, and begins again
// (docs/protocol.md §8). libp2p's own reconnecting gives up over WebSockets, so the loop is here.

import { NetworkError, RELAY_PROTOCOL } from '@kith/protocol'
import { createBackoff, randomFraction } from './backoff.ts'
import {
  RELAY_DIAL_MS_MAX,
  RELAY_HEARTBEAT_MS,
  RELAY_LOST_JITTER_MS,
  RELAY_PROBE_MS_MAX,
  RELAY_RETRY_MS_FIRST,
  RELAY_RETRY_MS_MAX,
  RELAY_SETTLED_MS,
  RESERVE_ATTEMPTS_MAX,
  RESERVE_RETRY_MS,
} from './limits.ts'
import { RelayStream } from './relay-stream.ts'
import { TurnServers } from './turn-servers.ts'
import { repairWindowUpdates } from './window-update-repair.ts'
import type { PushedBlob, Random, RelayAnswer, RelayRequest } from '@kith/protocol'
import type { Connection, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Backoff } from './backoff.ts'
import type { KithNode } from './node.ts'

export type RelayLinkOptions = {
  readonly node: KithNode
  readonly address: Multiaddr
  readonly peerId: PeerId
  readonly random: Random
  readonly listener: RelayLinkListener
}

export type RelayLinkListener = {
  readonly up: () => void
  readonly down: () => void
  readonly blobs: (blobs: readonly PushedBlob[]) => void
  /** Other devices can reach this one through the relay. */
  readonly reserved: () => void
}

type OpenRelayStream = {
  readonly stream: RelayStream
  readonly connection: Connection
  readonly ended: Promise<void>
  /** Once mailboxes of this device were opened on it. */
  turn?: TurnServers
}

export class RelayLink {
  readonly address: Multiaddr
  private readonly options: RelayLinkOptions
  private readonly backoff: Backoff
  private readonly closing = new AbortController()
  private open: OpenRelayStream | undefined
  private wake: () => void = () => {}

  constructor(options: RelayLinkOptions) {
    this.options = options
    this.address = options.address
    this.backoff = createBackoff({ firstMs: RELAY_RETRY_MS_FIRST, maxMs: RELAY_RETRY_MS_MAX, random: options.random })
  }

  start(): void {
    void this.run()
  }

  get isUp(): boolean {
    return this.open !== undefined
  }

  request(request: RelayRequest): Promise<RelayAnswer> {
    const { open } = this
    if (open === undefined) return Promise.reject(new NetworkError('disconnected', 'the relay is not connected'))
    const answer = open.stream.request(request)
    if (request.kind === 'open-mailboxes') askForTurn(open)
    return answer
  }

  /** Those of a relay of this device's own, at which it has mailboxes; undefined for any other, whose word is not asked for. */
  turnServers(): Promise<RTCIceServer[]> | undefined {
    return this.open?.turn?.current()
  }

  /** Forgets the backoff and tries now. */
  retry(): void {
    this.backoff.reset()
    this.wake()
  }

  /** Drops the connection unless the relay answers soon. */
  probe(): void {
    if (this.open !== undefined) void this.ping(this.open, RELAY_PROBE_MS_MAX)
  }

  close(): void {
    this.closing.abort()
    this.wake()
    this.open?.stream.close()
    this.open?.connection.abort(new Error('the relay is not configured any more'))
    this.lose()
  }

  /** Connects, stays, begins again. Ends with `close`; never rejects. */
  private async run(): Promise<void> {
    while (!this.closing.signal.aborted) {
      const startedAt = Date.now()
      const open = await this.connect()
      if (open !== undefined) await this.stay(open)
      const wasSettled = open !== undefined && Date.now() - startedAt > RELAY_SETTLED_MS
      if (wasSettled) this.backoff.reset()
      const jitter = wasSettled ? RELAY_LOST_JITTER_MS * randomFraction(this.options.random) : 0
      await this.rest(this.backoff.next() + jitter)
    }
  }

  private async connect(): Promise<OpenRelayStream | undefined> {
    const { node, address } = this.options
    let connection: Connection | undefined
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(RELAY_DIAL_MS_MAX), this.closing.signal])
      connection = await node.libp2p.dial(address, { signal })
      const stream = await connection.newStream(RELAY_PROTOCOL, { signal })
      repairWindowUpdates(stream)
      const { blobs } = this.options.listener
      let relayStream: RelayStream | undefined
      const ended = new Promise<void>((resolve) => {
        relayStream = new RelayStream(stream, { blobs, ended: resolve })
        connection?.addEventListener('close', () => resolve())
      })
      return relayStream && { stream: relayStream, connection, ended }
    } catch {
      // Whatever the reason (offline, refused, wrong key): the only thing to do is to try again later. Half a connection is not kept.
      connection?.abort(new Error('the relay gave no stream'))
      return undefined
    }
  }

  private async stay(open: OpenRelayStream): Promise<void> {
    if (this.closing.signal.aborted) return open.connection.abort(new Error('the relay is not configured any more'))
    this.open = open
    this.options.listener.up()
    const heartbeat = setInterval(() => this.beat(open), RELAY_HEARTBEAT_MS)
    void this.reserve(open)
    await open.ended
    clearInterval(heartbeat)
    open.stream.close()
    open.connection.abort(new Error('the stream to the relay ended'))
    this.lose()
  }

  private lose(): void {
    if (this.open === undefined) return
    this.open = undefined
    this.options.listener.down()
  }

  private beat(open: OpenRelayStream): void {
    if (!this.options.node.isReserved(this.options.peerId)) void this.reserve(open)
    // Before the engine has greeted the relay, a ping would be out of order.
    if (open.stream.isGreeted) void this.ping(open, RELAY_HEARTBEAT_MS / 2)
  }

  /** Never rejects: silence ends the connection. */
  private async ping(open: OpenRelayStream, ms: number): Promise<void> {
    const startedAt = Date.now()
    const heardBefore = open.stream.heardCount
    if (open.stream.isGreeted) open.stream.request({ kind: 'ping' }).catch(() => undefined) // Judged below by what was heard.
    await new Promise((resolve) => setTimeout(resolve, ms))
    if (this.open !== open || !open.stream.isGreeted || open.stream.heardCount !== heardBefore) return
    if (Date.now() - startedAt > 2 * ms) return this.ping(open, ms) // The page slept through the wait.
    open.connection.abort(new Error('the relay does not answer'))
  }

  /** Never rejects: without a reservation messages still flow, and the next heartbeat asks again. */
  private async reserve(open: OpenRelayStream): Promise<void> {
    const { node, peerId, listener } = this.options
    for (let attempt = 0; attempt < RESERVE_ATTEMPTS_MAX && this.open === open; attempt++) {
      try {
        await node.reserve(peerId)
        if (this.open === open) listener.reserved()
        return
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RESERVE_RETRY_MS))
      }
    }
  }

  private async rest(ms: number): Promise<void> {
    if (this.closing.signal.aborted) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.wake = () => {}
  }
}

/** Behind the call that opens mailboxes, which the relay answers first: it names its servers to whoever has one. */
function askForTurn(open: OpenRelayStream): void {
  if (open.turn !== undefined) return
  open.turn = new TurnServers({ ask: () => open.stream.request({ kind: 'get-turn' }) })
  void open.turn.current()
}
