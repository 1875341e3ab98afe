// What the relay does differently from libp2p for those who come (src/transport/newcomers.ts, identity.ts, gathered-sends.ts), on real connections.

import { noise } from '@chainsafe/libp2p-noise'
import { RELAY_PROTOCOL } from '@kith/protocol'
import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { randomBytes } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { portOf } from '../src/address.ts'
import { toRelayKey } from '../src/key.ts'
import { createMemoryStorage, createRelay } from '../src/relay/index.ts'
import { startRelayNode } from '../src/transport/node.ts'
import { connectClient } from './relay-client.ts'
import type { RelayClient } from './relay-client.ts'

vi.setConfig({ testTimeout: 30_000 })
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

async function start(connectionsMax = 100) {
  const { seed, publicKey: key, sign } = toRelayKey(new Uint8Array(randomBytes(32)))
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))
  const relay = createRelay({ storage: createMemoryStorage(), clock: Date.now, random, key, sign })
  const crowd = { connectionsMax: 100, forwardedFor: 'ignore', onRefused: () => {} } as const
  const onRequest = (): void => {}
  const node = await startRelayNode({ seed, listen: '/ip4/127.0.0.1/tcp/0/ws', announce: [], connectionsMax, relay, onRequest, crowd })
  ends.push(() => node.stop())
  return { node, key, port: portOf(node) }
}

async function stranger() {
  const parts = { transports: [webSockets()], connectionEncrypters: [noise()], streamMuxers: [yamux()] }
  const node = await createLibp2p({
    ...parts,
    connectionMonitor: { enabled: false },
    services: { identify: identify({ runOnConnectionOpen: false }) },
  })
  ends.push(() => node.stop())
  return node
}

test('whoever asks who the relay is gets its key, what it speaks and where it is', async () => {
  const { node, key, port } = await start()
  const peer = peerIdFromPublicKey(publicKeyFromRaw(key))
  const asking = await stranger()
  const connection = await asking.dial(multiaddr(`/ip4/127.0.0.1/tcp/${port}/ws/p2p/${peer}`))
  const said = await asking.services.identify.identify(connection)
  expect(said.peerId.equals(peer)).toBe(true)
  expect(said.protocols).toEqual(node.getProtocols())
  expect(said.protocols).toEqual(expect.arrayContaining([RELAY_PROTOCOL, '/libp2p/circuit/relay/0.2.0/hop']))
  expect(said.listenAddrs.map(String)).toEqual([`/ip4/127.0.0.1/tcp/${port}/ws`])
  expect(said.agentVersion).toBe('kith-relay')
  // Another one hears the same.
  const next = await stranger()
  const again = await next.services.identify.identify(await next.dial(connection.remoteAddr))
  expect(again.protocols).toEqual(said.protocols)
})

test('the relay asks nobody who they are, and writes nobody down', async () => {
  const relay = await start()
  const alice = await connectClient(relay)
  ends.push(() => alice.close())
  expect(await alice.ask({ kind: 'ping' })).toEqual({ kind: 'done' })
  // Itself apart.
  expect(await relay.node.peerStore.all()).toEqual([])
})

test('the list of connections is right whoever comes and goes in whatever order', async () => {
  const { node, key, port } = await start()
  const table = (node as unknown as { components: { connectionManager: { getConnections(): readonly { id: string }[] } } }).components
    .connectionManager
  const inTable = (): string[] => table.getConnections().map(({ id }) => id)
  // libp2p's own list, which is made from its connections by peer.
  const open = (): string[] => [...node.getPeers()].flatMap((peer) => node.getConnections(peer).map(({ id }) => id))
  const agree = (count: number): Promise<void> =>
    vi.waitFor(() => {
      expect(inTable()).toHaveLength(count)
      expect(inTable().toSorted()).toEqual(open().toSorted())
    }, 10_000)
  const clients: RelayClient[] = []
  for (let n = 0; n < 6; n += 1) clients.push(await connectClient({ port, key }))
  ends.push(() => Promise.all(clients.map((client) => client.close())))
  await agree(6)
  await clients[2]?.close()
  await agree(5)
  // As libp2p does when there are too many.
  ;(table.getConnections() as { id: string }[]).reverse()
  await clients[0]?.close()
  await clients[5]?.close()
  await agree(3)
  clients.push(await connectClient({ port, key }))
  await agree(4)
})

test('as many devices as there may be get in, and no more', async () => {
  const relay = await start(2)
  const first = await connectClient(relay)
  const second = await connectClient(relay)
  await expect(connectClient(relay)).rejects.toThrow()
  await first.close()
  await vi.waitFor(() => expect(relay.node.getConnections()).toHaveLength(1), 10_000)
  const third = await connectClient(relay)
  ends.push(() => Promise.all([second.close(), third.close()]))
  expect(await third.ask({ kind: 'ping' })).toEqual({ kind: 'done' })
})
