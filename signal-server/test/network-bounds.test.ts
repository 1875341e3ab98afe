// Patience and room of the network, crossed on real sockets. The bounds are small here; the last test says what a relay runs with.

import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { setInterval } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { portOf } from '../src/address.ts'
import { toRelayKey } from '../src/key.ts'
import { HTTP_HEAD_MS_MAX, HTTP_IDLE_MS_MAX, PENDING_CONNECTIONS_MAX, SILENT_CHECKS_MAX, UPGRADE_MS_MAX } from '../src/limits.ts'
import { createMemoryStorage, createRelay } from '../src/relay/index.ts'
import { startRelayNode } from '../src/transport/node.ts'
import { connectClient } from './relay-client.ts'
import { UPGRADE_REQUEST } from './upgrade-request.ts'
import type { Libp2p } from '@libp2p/interface'
import type { Socket } from 'node:net'
import type { NetworkBounds } from '../src/transport/bounds.ts'
import type { RelayClient } from './relay-client.ts'

/** Far more than a busy machine stands still, and far less than a relay really waits. */
const SHORT_MS = 1_000
/** Node's timers may be a little early. */
const SHORTEST_MS = SHORT_MS * 0.9
const CHECK_MS = 50
const PAGE = 'the page'
/** RFC 6455 §5.5.2: whole, a ping, with nothing in it. */
const PING = Buffer.from([0x89, 0])
/** What a browser's WebSocket is told when the other side closes it without a word. */
const CLOSED = { code: 1_005, wasClean: true }

type Started = { readonly port: number; readonly key: Uint8Array; readonly node: Libp2p }
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

async function start(bounds: Partial<NetworkBounds> = {}): Promise<Started> {
  const { seed, publicKey: key, sign } = toRelayKey(new Uint8Array(randomBytes(32)))
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))
  const relay = createRelay({ storage: createMemoryStorage(), clock: Date.now, random, key, sign })
  const node = await startRelayNode({
    seed,
    listen: '/ip4/127.0.0.1/tcp/0/ws',
    announce: [],
    connectionsMax: 100,
    relay,
    onRequest: (request, response) => {
      request.resume()
      response.end(PAGE)
    },
    crowd: { connectionsMax: 100, forwardedFor: 'ignore', onRefused: () => {} },
    bounds,
  })
  ends.push(() => node.stop())
  return { node, key, port: portOf(node) }
}

async function arrive(relay: Started): Promise<RelayClient> {
  const client = await connectClient(relay)
  ends.push(() => client.close())
  return client
}

/** A device that was there before goes on, and so does the page. */
async function expectNothingLost({ port }: Started, alice: RelayClient): Promise<void> {
  expect((await alice.ask({ kind: 'ping' })).kind).toBe('done')
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe(PAGE)
}

/** A WebSocket that says nothing. */
async function openWebSocket({ port }: Started) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  ends.push(() => socket.close())
  const since = performance.now()
  const closed = new Promise<{ readonly code: number; readonly wasClean: boolean; readonly ms: number }>((resolve) =>
    socket.addEventListener('close', ({ code, wasClean }) => resolve({ code, wasClean, ms: performance.now() - since })),
  )
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  return { socket, closed }
}

/** A plain socket that says `first`. Resolves with what it heard until the relay closed it, and how long that took. */
async function openSocket({ port }: Started, first = '') {
  const socket = connect(port, '127.0.0.1')
  ends.push(() => socket.destroy())
  let heard = ''
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1'))).on('error', () => {})
  const since = performance.now()
  const closed = new Promise<{ readonly heard: string; readonly ms: number }>((resolve) =>
    socket.once('close', () => resolve({ heard, ms: performance.now() - since })),
  )
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.write(first)
  return { socket, closed }
}

/** A byte every now and then, for as long as somebody takes them. */
async function drip(socket: Socket): Promise<void> {
  for await (const _ of setInterval(SHORT_MS / 20)) {
    if (!socket.writable) return
    socket.write('a')
  }
}

describe('WebSockets that are not yet a connection', () => {
  test('are so many in all; the next is closed at once, whoever was there stays, and a place that is left can be had', async () => {
    const relay = await start({ pendingConnectionsMax: 3 })
    const alice = await arrive(relay)
    const [first, ...others] = await Promise.all([openWebSocket(relay), openWebSocket(relay), openWebSocket(relay)])
    expect(await (await openWebSocket(relay)).closed).toMatchObject(CLOSED)
    await expect(connectClient(relay)).rejects.toThrow()
    await expectNothingLost(relay, alice)
    expect(others.map(({ socket }) => socket.readyState)).toEqual(others.map(() => WebSocket.OPEN))
    first.socket.close()
    const bob = await vi.waitFor(() => arrive(relay), { timeout: 10_000 })
    expect((await bob.ask({ kind: 'ping' })).kind).toBe('done')
  })
  test('are closed when they have not become one in time, and whoever has stays', async () => {
    const relay = await start({ upgradeMs: SHORT_MS })
    const alice = await arrive(relay)
    const { ms, ...closing } = await (await openWebSocket(relay)).closed
    expect(closing).toEqual(CLOSED)
    expect(ms).toBeGreaterThanOrEqual(SHORTEST_MS)
    await expectNothingLost(relay, alice)
  })
})

describe('a WebSocket on which nothing comes', () => {
  test('is asked, and closed when nobody answers; a device that does not say anything by itself answers and stays', async () => {
    const relay = await start({ silenceCheckMs: CHECK_MS })
    const alice = await arrive(relay)
    const { socket, closed } = await openSocket(relay, UPGRADE_REQUEST)
    const { heard, ms } = await closed
    expect(heard).toMatch(/^HTTP\/1\.1 101 /)
    expect(Buffer.from(heard.split('\r\n\r\n')[1] ?? '', 'latin1').includes(PING)).toBe(true)
    expect(ms).toBeGreaterThanOrEqual(CHECK_MS * (SILENT_CHECKS_MAX - 1))
    expect(socket.destroyed).toBe(true)
    // As long again, in which she says nothing.
    await (
      await openSocket(relay, UPGRADE_REQUEST)
    ).closed
    await expectNothingLost(relay, alice)
  })
})

describe('a socket', () => {
  test('that says nothing is closed in time', async () => {
    const relay = await start({ headMs: SHORT_MS })
    const alice = await arrive(relay)
    const { heard, ms } = await (await openSocket(relay)).closed
    expect(heard).toBe('')
    expect(ms).toBeGreaterThanOrEqual(SHORTEST_MS)
    await expectNothingLost(relay, alice)
  })
  test('whose head comes byte by byte and never ends is told that it took too long', async () => {
    const relay = await start({ headMs: SHORT_MS, checkMs: CHECK_MS })
    const alice = await arrive(relay)
    const { socket, closed } = await openSocket(relay, 'GET / HTTP/1.1\r\nHost: a\r\nX-Long: ')
    void drip(socket)
    const { heard, ms } = await closed
    expect(heard).toMatch(/^HTTP\/1\.1 408 /)
    expect(ms).toBeGreaterThanOrEqual(SHORTEST_MS)
    await expectNothingLost(relay, alice)
  })
  test('whose request has an end that never comes is told so as well', async () => {
    const relay = await start({ headMs: SHORT_MS, idleMs: SHORT_MS, checkMs: CHECK_MS })
    const alice = await arrive(relay)
    const { socket, closed } = await openSocket(relay, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n')
    void drip(socket)
    const { heard, ms } = await closed
    expect(heard).toMatch(/^HTTP\/1\.1 200 [^]*HTTP\/1\.1 408 /)
    expect(ms).toBeGreaterThanOrEqual(SHORTEST_MS)
    await expectNothingLost(relay, alice)
  })
  test('that got its answer and asks nothing more is closed in time', async () => {
    const relay = await start({ headMs: SHORT_MS, idleMs: SHORT_MS })
    const alice = await arrive(relay)
    const { heard, ms } = await (await openSocket(relay, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).closed
    expect(heard).toMatch(/^HTTP\/1\.1 200 [^]*the page$/)
    expect(ms).toBeGreaterThanOrEqual(SHORTEST_MS)
    await expectNothingLost(relay, alice)
  })
})

test('no device is remembered, so that ever new names fill no memory', async () => {
  const relay = await start()
  const alice = await arrive(relay)
  for (let n = 0; n < 5; n++) await (await arrive(relay)).close()
  await vi.waitFor(() => expect(relay.node.getConnections()).toHaveLength(1), { timeout: 10_000 })
  expect(await relay.node.peerStore.all()).toEqual([])
  await expectNothingLost(relay, alice)
})

test('a relay that nobody gave other bounds has those of limits.ts', async () => {
  const { node } = await start()
  const { connectionManager, upgrader, transportManager } = insidesOf(node)
  expect(connectionManager.maxIncomingPendingConnections).toBe(PENDING_CONNECTIONS_MAX)
  expect(upgrader.inboundUpgradeTimeout).toBe(UPGRADE_MS_MAX)
  expect(transportManager.getListeners().map(({ http }) => http)).toMatchObject([
    { headersTimeout: HTTP_HEAD_MS_MAX, requestTimeout: HTTP_IDLE_MS_MAX, keepAliveTimeout: HTTP_IDLE_MS_MAX },
  ])
})

type Insides = {
  readonly connectionManager: { readonly maxIncomingPendingConnections: number }
  readonly upgrader: { readonly inboundUpgradeTimeout: number }
  readonly transportManager: { getListeners(): readonly { readonly http: object }[] }
}
const insidesOf = (node: Libp2p): Insides => (node as unknown as { readonly components: Insides }).components
