// All direct links of one device over a stand-in for the libp2p node: who gets in, and how much of anything there may be.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { streamPair } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { deviceIdOf, signingKeyOf, SYNC_PROTOCOL } from '@kith/protocol'
import { peerIdOf } from './addresses.ts'
import { DirectLinks } from './direct-links.ts'
import {
  CONNECTIONS_PER_PEER_MAX,
  DIAL_MS_MAX,
  DIALS_AT_ONCE_MAX,
  DIRECT_LINKS_MAX,
  HANDSHAKE_MS_MAX,
  HANDSHAKES_MAX,
  TIDY_MS,
  UNUSED_CONNECTION_MS_MAX,
} from './limits.ts'
import { openNoise, prologueOf } from './noise-stream.ts'
import type { Connection, Ed25519PrivateKey, MessageStream, PeerId, StreamHandler } from '@libp2p/interface'
import type { DeviceId, DirectPeer, NetworkEvent } from '@kith/protocol'
import type { KithNode } from './node.ts'

const settle = (ms = 50): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
const seedOf = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const deviceOf = (n: number): DeviceId => deviceIdOf(seedOf(n))
const relay = { key: signingKeyOf(seedOf(255)), url: 'ws://127.0.0.1:1' }
const way = multiaddr('/ip4/127.0.0.1/tcp/1/ws')
const peerOf = (n: number): DirectPeer => ({ device: deviceOf(n), signingKey: signingKeyOf(seedOf(n)), relays: [relay] })
const SELF = 100

function nameOf(n: number): PeerId {
  const id = peerIdOf(signingKeyOf(seedOf(n)))
  if (id === undefined) throw new Error('a key has a peer id')
  return id
}

type StandIn = Connection & { readonly isClosed: () => boolean }

describe('direct links', () => {
  let links: DirectLinks
  let events: string[]
  let handler: StreamHandler
  let open: (connection: Connection) => void
  let connections: StandIn[]
  let dials: { readonly address: string; readonly signal: AbortSignal }[]

  function connect(n: number, shape: Partial<Connection> = {}): StandIn {
    let isClosed = false
    const connection = Object.assign(new EventTarget(), {
      id: String(connections.length),
      remotePeer: nameOf(n),
      direct: true,
      multiplexer: '/webrtc',
      limits: undefined,
      direction: 'inbound',
      timeline: { open: Date.now() },
      abort: () => (isClosed = true),
      isClosed: () => isClosed,
      ...shape,
    }) as unknown as StandIn
    connections.push(connection)
    open(connection)
    return connection
  }

  /** A device opens its stream and shakes hands with its own key. Returns its end, or undefined when it was refused. */
  async function call(n: number, connection: Connection, key = n): Promise<MessageStream | undefined> {
    const [far, near] = await streamPair()
    void handler(near, connection)
    const privateKey: Ed25519PrivateKey = await generateKeyPairFromSeed('Ed25519', seedOf(key))
    const logger = { forComponent: () => far.log }
    const prologue = prologueOf(deviceOf(SELF), deviceOf(n))
    const shake = openNoise({
      stream: far,
      privateKey,
      logger,
      remotePeer: nameOf(SELF),
      prologue,
      side: 'opener',
      signal: new AbortController().signal,
    })
    const secured = await Promise.race([shake.catch(() => undefined), settle(100).then(() => undefined)])
    await settle(100)
    return far.status === 'open' ? secured : undefined
  }

  /** Comes, opens and answers the first ping. */
  async function link(n: number): Promise<MessageStream | undefined> {
    const stream = await call(n, connect(n))
    stream?.send(Uint8Array.of(0, 0, 0, 1, 2))
    await settle()
    return stream
  }

  beforeEach(async () => {
    vi.useFakeTimers()
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const late = new AbortController()
      setTimeout(() => late.abort(new DOMException('too late', 'TimeoutError')), ms)
      return late.signal
    })
    events = []
    connections = []
    dials = []
    const emit = (event: NetworkEvent): void =>
      void events.push('device' in event ? `${event.kind} ${event.device.slice(0, 2)}` : event.kind)
    links = new DirectLinks({ self: deviceOf(SELF), random: (length) => new Uint8Array(length), emit, connectedRelay: () => way })
    const libp2p = {
      handle: (protocol: string, given: StreamHandler) => Promise.resolve(void (protocol === SYNC_PROTOCOL && (handler = given))),
      addEventListener: (_: string, listener: (event: { readonly detail: Connection }) => void) =>
        (open = (detail) => listener({ detail })),
      getConnections: (peer: PeerId) => connections.filter((one) => one.remotePeer.equals(peer) && !one.isClosed()),
      dial: (address: unknown, { signal }: { readonly signal: AbortSignal }) => {
        dials.push({ address: String(address), signal })
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('too late'))))
      },
      logger: { forComponent: () => ({}) },
    }
    const privateKey = await generateKeyPairFromSeed('Ed25519', seedOf(SELF))
    await links.start({ libp2p, privateKey } as unknown as KithNode)
  })

  afterEach(() => {
    links.close()
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  it('take the stream of an allowed device', async () => {
    links.setPeers([peerOf(1)])
    expect(await link(1)).toBeDefined()
    expect(events).toEqual(['peer-up 01'])
  })

  it.each([
    ['comes over a circuit', { direct: false }],
    ['comes over a limited connection', { limits: {} }],
    ['comes over a WebSocket', { multiplexer: '/yamux/1.0.0' }],
    ['comes from a device that is not allowed', { remotePeer: nameOf(2) }],
  ] as const)('refuse a stream that %s', async (_, shape) => {
    links.setPeers([peerOf(1)])
    expect(await call(1, connect(1, shape))).toBeUndefined()
    expect(await call(1, connect(1))).toBeDefined()
  })

  it('refuse a device that proves another key, and drop its connection', async () => {
    links.setPeers([peerOf(1)])
    const connection = connect(1)
    expect(await call(1, connection, 3)).toBeUndefined()
    expect(connection.isClosed()).toBe(true)
  })

  it('end a handshake that is not finished in time', async () => {
    links.setPeers([peerOf(1)])
    const [far, near] = await streamPair()
    void handler(near, connect(1))
    await settle(HANDSHAKE_MS_MAX - 100)
    expect(far.status).toBe('open')
    await settle(200)
    expect(far.status).toBe('reset')
  })

  it('shake no more hands at once than the bound', async () => {
    links.setPeers([peerOf(1), peerOf(2)])
    const connection = connect(1)
    for (let i = 0; i < HANDSHAKES_MAX; i++) void handler((await streamPair())[1], connection)
    expect(await call(2, connect(2))).toBeUndefined()
    await settle(HANDSHAKE_MS_MAX)
    expect(await call(2, connect(2))).toBeDefined()
  })

  it('have no room for a device beyond the bound, and room for those that are there', async () => {
    const all = Array.from({ length: DIRECT_LINKS_MAX + 1 }, (_, i) => i + 1)
    links.setPeers(all.map(peerOf))
    for (const n of all.slice(0, -1)) expect(await link(n)).toBeDefined()
    expect(links.hasRoom(nameOf(1))).toBe(true)
    expect(links.hasRoom(nameOf(DIRECT_LINKS_MAX + 1))).toBe(false)
    expect(await link(DIRECT_LINKS_MAX + 1)).toBeUndefined()
    links.setPeers(all.slice(1).map(peerOf))
    expect(links.hasRoom(nameOf(DIRECT_LINKS_MAX + 1))).toBe(true)
  })

  it('let no device pile up connections', () => {
    links.setPeers([peerOf(1), peerOf(2)])
    for (let i = 0; i < CONNECTIONS_PER_PEER_MAX; i++) connect(1)
    expect(links.hasRoom(nameOf(1))).toBe(true)
    connect(1)
    expect(links.hasRoom(nameOf(1))).toBe(false)
    expect(links.hasRoom(nameOf(2))).toBe(true)
  })

  it('close a connection over which no link comes', async () => {
    links.setPeers([peerOf(1)])
    const [idle, used] = [connect(1), connect(1)]
    expect(await call(1, used)).toBeDefined()
    await settle(UNUSED_CONNECTION_MS_MAX - 1_000)
    expect(idle.isClosed()).toBe(false)
    await settle(1_000)
    expect(idle.isClosed()).toBe(true)
  })

  it('close what is left beside the chosen connection, after a while', async () => {
    links.setPeers([peerOf(1)])
    const circuit = connect(1, { direct: false, limits: {} })
    await link(1)
    expect(circuit.isClosed()).toBe(false)
    await settle(TIDY_MS)
    expect(circuit.isClosed()).toBe(true)
    expect(connections.filter((connection) => !connection.isClosed())).toHaveLength(1)
  })

  it('close everything of a device that is not allowed any more, and refuse what it had under way', async () => {
    links.setPeers([peerOf(1)])
    await link(1)
    links.setPeers([])
    expect(events).toEqual(['peer-up 01', 'peer-down 01'])
    expect(connections.every((connection) => connection.isClosed())).toBe(true)
    expect(connect(1).isClosed()).toBe(true)
    await expect(links.send(deviceOf(1), Uint8Array.of(1))).rejects.toMatchObject({ code: 'disconnected' })
  })

  it('keep the link of a device whose relays changed, and drop it when its key did', async () => {
    links.setPeers([peerOf(1)])
    await link(1)
    links.setPeers([{ ...peerOf(1), relays: [] }])
    expect(events).toEqual(['peer-up 01'])
    links.setPeers([{ ...peerOf(1), signingKey: signingKeyOf(seedOf(7)) }])
    expect(events).toEqual(['peer-up 01', 'peer-down 01'])
  })

  it('dial through a connected relay, no more devices at once than the bound, and no longer than the bound', async () => {
    const all = Array.from({ length: DIALS_AT_ONCE_MAX + 1 }, (_, i) => i + 1)
    links.setPeers(all.map(peerOf))
    for (const n of all) links.dial(deviceOf(n))
    await settle()
    expect(dials).toHaveLength(DIALS_AT_ONCE_MAX)
    expect(dials[0]?.address).toBe(`${way.toString()}/p2p-circuit/webrtc/p2p/${nameOf(1).toString()}`)
    await settle(DIAL_MS_MAX - 200)
    expect(dials).toHaveLength(DIALS_AT_ONCE_MAX)
    await settle(400)
    expect(dials.slice(0, DIALS_AT_ONCE_MAX).every(({ signal }) => signal.aborted)).toBe(true)
    expect(dials.length).toBeGreaterThan(DIALS_AT_ONCE_MAX)
  })

  it('dial nobody who is not allowed', async () => {
    links.setPeers([peerOf(1)])
    links.dial(deviceOf(2))
    links.dial(deviceOf(SELF))
    await settle()
    expect(dials).toEqual([])
  })
})
