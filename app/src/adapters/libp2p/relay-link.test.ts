// A link to one relay over a stand-in for the libp2p node: the test decides what connects, answers and breaks.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { streamPair } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { decode, encode, RELAY_FRAME_BYTES_MAX, relayCall, relayMessage, signingKeyOf } from '@kith/protocol'
import { peerIdOf } from './addresses.ts'
import { FrameReader, toFrame } from './framing.ts'
import {
  RELAY_DIAL_MS_MAX,
  RELAY_HEARTBEAT_MS,
  RELAY_PROBE_MS_MAX,
  RELAY_RETRY_MS_FIRST,
  RELAY_RETRY_MS_MAX,
  RELAY_SETTLED_MS,
  RESERVE_ATTEMPTS_MAX,
  RESERVE_RETRY_MS,
} from './limits.ts'
import { RelayLink } from './relay-link.ts'
import type { Connection, MessageStream } from '@libp2p/interface'
import type { KithNode } from './node.ts'

const settle = (ms = 50): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
const peerId = peerIdOf(signingKeyOf(new Uint8Array(32).fill(9)))
if (peerId === undefined) throw new Error('a key has a peer id')
const address = multiaddr(`/ip4/127.0.0.1/tcp/1/ws/p2p/${peerId.toString()}`)

describe('a link to a relay', () => {
  let relay: 'here' | 'away' | 'hanging'
  let isAnswering: boolean
  let reserving: 'grants' | 'refuses'
  let log: string[]
  let dials: number[]
  let reservations: number
  let asked: string[]
  let last: { readonly far: MessageStream; readonly connection: Connection } | undefined
  let link: RelayLink

  async function dial(_: unknown, { signal }: { readonly signal: AbortSignal }): Promise<Connection> {
    dials.push(Date.now())
    if (relay === 'away') throw new Error('refused')
    if (relay === 'hanging') await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('too late'))))
    const [near, far] = await streamPair()
    answerPings(far)
    const connection = Object.assign(new EventTarget(), {
      newStream: () => Promise.resolve(near),
      abort: (error: Error) => {
        near.abort(error)
        connection.dispatchEvent(new Event('close'))
      },
    }) as unknown as Connection
    last = { far, connection }
    return connection
  }

  function answerPings(far: MessageStream): void {
    const reader = new FrameReader(RELAY_FRAME_BYTES_MAX)
    far.addEventListener('message', ({ data }) => {
      for (const chunk of data instanceof Uint8Array ? [data] : data) {
        for (const bytes of reader.push(chunk)) {
          const { id, request } = decode(relayCall, bytes)
          asked.push(request.kind)
          if (isAnswering) far.send(toFrame(encode(relayMessage, { kind: 'answer', id, answer: { kind: 'done' } })))
        }
      }
    })
  }

  const reserve = (): Promise<void> => {
    reservations += 1
    return reserving === 'grants' ? Promise.resolve() : Promise.reject(new Error('full'))
  }

  beforeEach(() => {
    vi.useFakeTimers()
    // The native one ignores the fake clock.
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const late = new AbortController()
      setTimeout(() => late.abort(new DOMException('too late', 'TimeoutError')), ms)
      return late.signal
    })
    relay = 'here'
    isAnswering = true
    reserving = 'grants'
    log = []
    dials = []
    reservations = 0
    asked = []
    const node = { libp2p: { dial }, reserve, isReserved: () => reserving === 'grants' } as unknown as KithNode
    const listener = {
      up: () => log.push('up'),
      down: () => log.push('down'),
      blobs: () => log.push('blobs'),
      reserved: () => log.push('reserved'),
    }
    link = new RelayLink({ node, address, peerId: peerId as never, random: (length) => new Uint8Array(length), listener })
  })

  afterEach(() => {
    link.close()
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  it('comes up, reserves a place, and carries requests', async () => {
    link.start()
    await settle()
    expect(log).toEqual(['up', 'reserved'])
    const answer = link.request({ kind: 'ping' })
    await settle()
    expect(await answer).toEqual({ kind: 'done' })
  })

  it('asks a relay for TURN servers once mailboxes were opened there, right behind that, and once on each stream', async () => {
    link.start()
    await settle()
    void link.request({ kind: 'hello', version: 1 })
    void link.request({ kind: 'bind-mailboxes', proofs: [] })
    await settle()
    expect(link.turnServers(), 'at the relay of somebody else').toBeUndefined()
    for (let n = 0; n < 2; n++) void link.request({ kind: 'open-mailboxes', proofs: [] })
    await settle()
    expect(asked).toEqual(['hello', 'bind-mailboxes', 'open-mailboxes', 'get-turn', 'open-mailboxes'])
    expect(await link.turnServers()).toEqual([])
    last?.far.abort(new Error('restart'))
    await settle(RELAY_RETRY_MS_FIRST)
    expect(link.turnServers()).toBeUndefined()
    void link.request({ kind: 'open-mailboxes', proofs: [] })
    await settle()
    expect(asked.slice(-2)).toEqual(['open-mailboxes', 'get-turn'])
  })

  it('refuses requests at once while the relay is away', async () => {
    relay = 'away'
    link.start()
    await settle()
    await expect(link.request({ kind: 'ping' })).rejects.toMatchObject({ code: 'disconnected' })
  })

  it('tries again at growing distances up to the bound, and at once when told', async () => {
    relay = 'away'
    link.start()
    await settle(10 * RELAY_RETRY_MS_MAX)
    const pauses = dials.slice(1).map((time, i) => time - (dials[i] ?? 0))
    expect(pauses[0]).toBe(RELAY_RETRY_MS_FIRST / 2)
    expect(Math.max(...pauses)).toBe(RELAY_RETRY_MS_MAX / 2)
    const before = dials.length
    relay = 'here'
    link.retry()
    await settle()
    expect(dials).toHaveLength(before + 1)
    expect(log).toEqual(['up', 'reserved'])
  })

  it('gives up a dial that hangs, and begins anew', async () => {
    relay = 'hanging'
    link.start()
    await settle(RELAY_DIAL_MS_MAX - 100)
    relay = 'here'
    expect(dials).toHaveLength(1)
    await settle(100 + RELAY_RETRY_MS_FIRST)
    expect(dials).toHaveLength(2)
    expect(log).toEqual(['up', 'reserved'])
  })

  it('comes back when the stream ends', async () => {
    link.start()
    await settle(RELAY_SETTLED_MS + 100)
    last?.far.abort(new Error('restart'))
    await settle(RELAY_RETRY_MS_FIRST)
    expect(log).toEqual(['up', 'reserved', 'down', 'up', 'reserved'])
  })

  it('does not hurry back to a relay that ends each stream at once', async () => {
    link.start()
    for (let i = 0; i < 8; i++) {
      await settle()
      last?.far.abort(new Error('go away'))
      await settle(RELAY_RETRY_MS_MAX)
    }
    const pauses = dials.slice(1).map((time, i) => time - (dials[i] ?? 0))
    expect(pauses.at(-1)).toBeGreaterThan(10 * (pauses[0] ?? 0))
  })

  it('drops a relay that does not answer a heartbeat, once it was greeted', async () => {
    link.start()
    isAnswering = false
    await settle(4 * RELAY_HEARTBEAT_MS)
    expect(log).toEqual(['up', 'reserved'])
    isAnswering = true
    const greeting = link.request({ kind: 'hello', version: 1 })
    await settle()
    await greeting
    await settle(2 * RELAY_HEARTBEAT_MS)
    expect(log).toEqual(['up', 'reserved'])
    isAnswering = false
    await settle(2 * RELAY_HEARTBEAT_MS)
    expect(log.slice(0, 3)).toEqual(['up', 'reserved', 'down'])
  })

  it('drops a relay that does not answer a probe in time', async () => {
    link.start()
    await settle()
    const greeting = link.request({ kind: 'hello', version: 1 })
    await settle()
    await greeting
    link.probe()
    await settle(RELAY_PROBE_MS_MAX + 50)
    expect(log).toEqual(['up', 'reserved'])
    isAnswering = false
    link.probe()
    await settle(RELAY_PROBE_MS_MAX - 50)
    expect(log).toEqual(['up', 'reserved'])
    await settle(100)
    expect(log).toEqual(['up', 'reserved', 'down'])
  })

  it('asks for a place a bounded number of times, and again with the next heartbeat', async () => {
    reserving = 'refuses'
    link.start()
    await settle(RESERVE_ATTEMPTS_MAX * RESERVE_RETRY_MS + 100)
    expect(reservations).toBe(RESERVE_ATTEMPTS_MAX)
    expect(log).toEqual(['up'])
    await settle(RELAY_HEARTBEAT_MS)
    expect(reservations).toBe(2 * RESERVE_ATTEMPTS_MAX)
  })

  it('says down once when it is closed, and never dials again', async () => {
    link.start()
    await settle()
    link.close()
    link.close()
    await settle(10 * RELAY_RETRY_MS_MAX)
    expect(log).toEqual(['up', 'reserved', 'down'])
    expect(dials).toHaveLength(1)
  })
})
