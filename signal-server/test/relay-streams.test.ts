// Devices against a real relay process over libp2p: deposit, push, acknowledge, broken frames, restarts, circuits.

import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { noise } from '@chainsafe/libp2p-noise'
import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  blobIdOf,
  concatBytes,
  depositedStatement,
  signedFor,
  encode,
  hash,
  RELAY_FRAME_BYTES_MAX,
  RELAY_PROTOCOL,
  recordIdOf,
  recordPutStatement,
  relayCall,
  sign,
  signingKeyOf,
  toHex,
  verify,
} from '@kith/protocol'
import { CALLS_WAITING_MAX, RELAY_STREAMS_PER_CONNECTION_MAX, SOCKET_MESSAGE_BYTES_MAX } from '../src/limits.ts'
import { toFrame } from '../src/transport/frames.ts'
import { acknowledgementOf, createMailboxKit, depositOf, randomBlob } from './mailbox-keys.ts'
import { connectClient, dialRelay } from './relay-client.ts'
import { startRelay } from './start-relay.ts'
import type { MailboxKit } from './mailbox-keys.ts'
import type { RelayClient } from './relay-client.ts'
import type { StartedRelay } from './start-relay.ts'

// Each relay is a process, and on a busy machine several of them take their time to start.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const open = (client: RelayClient, kit: MailboxKit) => client.ask({ kind: 'open-mailboxes', proofs: [kit.readProof(client.greeting)] })
const bind = (client: RelayClient, kit: MailboxKit) => client.ask({ kind: 'bind-mailboxes', proofs: [kit.sendProof(client.greeting)] })
/** Resolves when the relay has closed the socket or has had time to choke. */
const sendRaw = (port: number, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.on('error', () => {}).on('close', () => resolve())
    socket.resume()
    socket.setTimeout(100, () => socket.destroy())
  })
const PING = toFrame(encode(relayCall, { id: 0, request: { kind: 'ping' } }))
const idOf = (blob: Uint8Array) => blobIdOf(hash(blob))

describe('devices and a relay process', () => {
  let relay: StartedRelay
  beforeAll(async () => void (relay = await startRelay()))
  afterAll(async () => void (await relay.stop()))

  test('what Bob deposits reaches Alice, is proven by the relay, and is gone once she has it', async () => {
    const kit = createMailboxKit()
    const [alice, bob] = await Promise.all([connectClient(relay), connectClient(relay)])
    await alice.ask(kit.create)
    await open(alice, kit)
    await bind(bob, kit)
    const blobs = Array.from({ length: 100 }, () => randomBlob(4_136))
    const answers = Promise.all(blobs.map((blob) => bob.ask(depositOf(kit.mailbox, blob))))
    for (const blob of blobs) {
      expect(await alice.nextBlob()).toMatchObject({ mailbox: kit.mailbox, blob })
      await alice.ask(acknowledgementOf(kit.mailbox, [idOf(blob)]))
    }
    const [first] = await answers
    const stored = [{ mailbox: kit.mailbox, blob: idOf(blobs[0] ?? randomBlob()) }]
    const statement = depositedStatement(first?.kind === 'deposited' ? first.time : 0, stored)
    expect(first?.kind === 'deposited' && verify(relay.key, signedFor(statement, first.path), first.signature)).toBe(true)
    await bob.ask(depositOf(kit.mailbox, blobs[0] ?? randomBlob()))
    await alice.close()
    const again = await connectClient(relay)
    await open(again, kit)
    expect((await again.nextBlob()).blob).toEqual(blobs[0])
    await Promise.all([again.close(), bob.close()])
  })
  test('a frame too large ends its own stream and nothing else', async () => {
    const [mallory, alice] = await Promise.all([connectClient(relay), connectClient(relay)])
    mallory.stream.send(toFrame(new Uint8Array(RELAY_FRAME_BYTES_MAX + 1)))
    expect(await mallory.nextStray()).toMatchObject({ kind: 'refused', reason: 'too-large' })
    await mallory.ended
    expect((await alice.ask({ kind: 'ping' })).kind).toBe('done')
    await Promise.all([mallory.close(), alice.close()])
  })
  test('more calls at once than anybody needs end their stream, and nobody else notices', async () => {
    const [mallory, alice] = await Promise.all([connectClient(relay), connectClient(relay)])
    mallory.stream.send(concatBytes(...Array.from({ length: 20 * CALLS_WAITING_MAX }, () => PING)))
    await mallory.ended
    expect((await alice.ask({ kind: 'ping' })).kind).toBe('done')
    await Promise.all([mallory.close(), alice.close()])
  })
  test('a frame without grammar ends its stream', async () => {
    const mallory = await connectClient(relay)
    mallory.stream.send(toFrame(Uint8Array.of(0, 0, 0, 1, 255)))
    expect(await mallory.nextStray()).toMatchObject({ kind: 'refused', reason: 'malformed' })
    await mallory.ended
    await mallory.close()
  })
  test('garbage on the port, and on a WebSocket, harms nobody', async () => {
    const alice = await connectClient(relay)
    const handshake = 'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n'
    const upgrade = Buffer.from(`${handshake}Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`)
    const maskedLength = Uint8Array.of(0x82, 0xff, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0)
    const unmasked = Uint8Array.of(0x82, 1, 1)
    const reserved = Uint8Array.of(0xf2, 0x80, 0, 0, 0, 0)
    const garbage = [randomBlob(500), Buffer.from('GET / HTTP/1.1\r\nHo'), Buffer.from(handshake)]
    for (const frame of [maskedLength, unmasked, reserved, randomBlob(500)]) garbage.push(Buffer.concat([upgrade, frame]))
    for (const bytes of garbage) await sendRaw(relay.port, bytes)
    expect((await fetch(`${relay.url}/healthz`)).status).toBe(200)
    expect((await alice.ask({ kind: 'ping' })).kind).toBe('done')
    await alice.close()
  })
  test('a device that asks and does not read loses its stream, and nobody waits for it', async () => {
    const [mallory, alice] = await Promise.all([connectClient(relay), connectClient(relay)])
    const seed = randomBlob(32)
    const [record, expires, blob] = [recordIdOf(randomBlob(32)), Date.now() + 60_000, randomBlob(65_536)]
    const signature = sign(seed, recordPutStatement(record, 1, expires, blob))
    await mallory.ask({ kind: 'put-record', record, owner: signingKeyOf(seed), serial: 1, expires, blob, signature })
    mallory.stream.pause()
    let isOver = false
    void mallory.ended.then(() => (isOver = true))
    while (!isOver) {
      void mallory.ask({ kind: 'get-record', record }).catch(() => {})
      await setTimeout(1)
    }
    expect((await alice.ask({ kind: 'ping' })).kind).toBe('done')
    await Promise.all([mallory.close(), alice.close()])
  })
  test('a WebSocket message over the limit ends its connection', async () => {
    const closed = async (length: number): Promise<number> => {
      const socket = new WebSocket(`ws://127.0.0.1:${relay.port}`)
      const { promise, resolve } = Promise.withResolvers<number>()
      socket.addEventListener('open', () => socket.send(new Uint8Array(length)))
      socket.addEventListener('close', ({ code }) => resolve(code))
      return promise
    }
    // 1009: the message is too big. Within the limit it is merely no libp2p, and the connection ends for that.
    expect(await closed(SOCKET_MESSAGE_BYTES_MAX + 1)).toBe(1009)
    expect(await closed(SOCKET_MESSAGE_BYTES_MAX)).not.toBe(1009)
  })
  test('a relay takes as many connections as it is told to, and works on', async () => {
    const small = await startRelay({ env: { KITH_MAX_CONNECTIONS: '1' } })
    const alice = await connectClient(small)
    await expect(connectClient(small)).rejects.toThrow()
    expect((await alice.ask({ kind: 'ping' })).kind).toBe('done')
    await alice.close()
    await small.stop()
  })
  test('a call that arrives byte by byte is a call', async () => {
    const alice = await connectClient(relay)
    for (const byte of toFrame(encode(relayCall, { id: 9_000, request: { kind: 'ping' } }))) alice.stream.send(Uint8Array.of(byte))
    expect((await alice.nextStray()).kind).toBe('done')
    await alice.close()
  })
  test('a connection gets so many streams and no more', async () => {
    const { node, connection } = await dialRelay(relay)
    const opened = await Promise.all(Array.from({ length: RELAY_STREAMS_PER_CONNECTION_MAX }, () => connection.newStream(RELAY_PROTOCOL)))
    const extra = await connection.newStream(RELAY_PROTOCOL).catch(() => undefined)
    if (extra?.status === 'open') await new Promise((resolve) => extra.addEventListener('close', resolve))
    expect(opened.map(({ status }) => status)).toEqual(opened.map(() => 'open'))
    await node.stop()
  })
  test('two devices find each other through a circuit', async () => {
    const base = {
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionMonitor: { enabled: false },
      services: { identify: identify() },
    }
    const alice = await createLibp2p({
      ...base,
      transports: [webSockets(), circuitRelayTransport()],
      addresses: { listen: ['/p2p-circuit'] },
    })
    const bob = await createLibp2p({ ...base, transports: [webSockets(), circuitRelayTransport()] })
    await alice.handle('/test/1', (stream) => stream.addEventListener('message', ({ data }) => stream.send(data)), {
      runOnLimitedConnection: true,
    })
    const at = `/ip4/127.0.0.1/tcp/${relay.port}/ws/p2p/${peerIdFromPublicKey(publicKeyFromRaw(relay.key))}`
    const listening = new Promise<void>((resolve) =>
      alice.addEventListener('self:peer:update', () => alice.getMultiaddrs().length > 0 && resolve()),
    )
    await alice.dial(multiaddr(at))
    await listening
    const stream = await bob.dialProtocol(multiaddr(`${at}/p2p-circuit/p2p/${alice.peerId}`), '/test/1', { runOnLimitedConnection: true })
    const echo = new Promise<Uint8Array>((resolve) => stream.addEventListener('message', ({ data }) => resolve(data.subarray())))
    stream.send(Uint8Array.of(1, 2, 3))
    expect([...(await echo)]).toEqual([1, 2, 3])
    await Promise.all([alice.stop(), bob.stop()])
  })
})

describe('a relay that is killed while a device deposits', () => {
  test('has every blob that it acknowledged after a restart', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'kith-kill-'))
    const kit = createMailboxKit()
    const before = await startRelay({ dataDir })
    const bob = await connectClient(before)
    await bob.ask(kit.create)
    await bind(bob, kit)
    const acknowledged = new Set<string>()
    const lane = async (): Promise<void> => {
      for (let isOpen = true; isOpen && acknowledged.size < 900;) {
        const blob = randomBlob()
        const answer = await bob.ask(depositOf(kit.mailbox, blob)).catch(() => undefined)
        isOpen = answer?.kind === 'deposited'
        if (isOpen) acknowledged.add(toHex(hash(blob)))
        if (acknowledged.size === 200) void before.kill()
      }
    }
    await Promise.all(Array.from({ length: 32 }, lane))
    await before.kill()
    expect(acknowledged.size).toBeGreaterThanOrEqual(200)

    const after = await startRelay({ dataDir })
    const alice = await connectClient(after)
    await open(alice, kit)
    for (const missing = acknowledged; missing.size > 0;) {
      const { mailbox, blob } = await alice.nextBlob()
      missing.delete(toHex(hash(blob)))
      await alice.ask(acknowledgementOf(mailbox, [idOf(blob)]))
    }
    await Promise.all([bob.close(), alice.close()])
    await after.stop()
    await rm(dataDir, { recursive: true, force: true })
  })
})
