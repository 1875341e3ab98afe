// What yamux says beside the exchange: little, and enough for whatever is sent.

import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { STREAM_CALLS_BYTES_MAX, STREAM_WINDOW_BYTES_MAX } from '../src/limits.ts'
import { createMemoryStorage, createRelay } from '../src/relay/index.ts'
import { toRelayKey } from '../src/key.ts'
import { portOf } from '../src/address.ts'
import { startRelayNode } from '../src/transport/node.ts'
import { createMailboxKit, depositOf, randomBlob, shortOf } from './mailbox-keys.ts'
import { connectClient } from './relay-client.ts'
import type { Libp2p } from '@libp2p/interface'
import type { Storage } from '../src/relay/index.ts'
import type { RelayClient } from './relay-client.ts'

const WINDOW_BYTES = 262_144

describe('between a device and a relay', () => {
  const { seed, publicKey: key, sign } = toRelayKey(new Uint8Array(randomBytes(32)))
  let node: Libp2p
  let client: RelayClient
  let updates = 0
  const memory = createMemoryStorage()
  let gate: Promise<unknown> = Promise.resolve()
  const storage: Storage = { ...memory, deposit: (ask) => gate.then(() => memory.deposit(ask)) }
  beforeAll(async () => {
    const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))
    const relay = createRelay({ storage, clock: Date.now, random, key, sign })
    const crowd = { connectionsMax: 10, forwardedFor: 'ignore', onRefused: () => {} } as const
    const onRequest = (): void => {}
    node = await startRelayNode({ seed, listen: '/ip4/127.0.0.1/tcp/0/ws', announce: [], connectionsMax: 10, relay, onRequest, crowd })
    client = await connectClient({ port: portOf(node), key })
    const stream = client.stream as unknown as { handleWindowUpdate(frame: unknown): void }
    const heard = stream.handleWindowUpdate.bind(stream)
    stream.handleWindowUpdate = (frame) => {
      updates += 1
      heard(frame)
    }
  })
  afterAll(async () => {
    await client.close()
    await node.stop()
  })

  test('small calls cost an answer each, and no packet more', async () => {
    for (let n = 0; n < 200; n++) expect((await client.ask({ kind: 'ping' })).kind).toBe('done')
    expect(updates).toBe(0)
  })
  test('many times the window goes through, all at once, either way', async () => {
    const kit = createMailboxKit()
    const proofs = (of: 'readProof' | 'sendProof') => [kit[of](client.greeting)]
    await client.ask(kit.create)
    await client.ask({ kind: 'bind-mailboxes', proofs: proofs('sendProof') })
    await client.ask({ kind: 'open-mailboxes', proofs: proofs('readProof') })
    const blobs = Array.from({ length: 15 }, () => randomBlob(65_576))
    const answers = await Promise.all(blobs.map((blob) => client.ask(depositOf(kit.mailbox, blob))))
    expect(answers.map(shortOf)).toEqual(blobs.map(() => 'deposited'))
    for (const blob of blobs) expect((await client.nextBlob()).blob).toEqual(blob)
    const sent = blobs.reduce((sum, { length }) => sum + length, 0)
    expect(sent).toBeGreaterThan(3 * WINDOW_BYTES)
    expect(updates).toBeGreaterThan(0)
    expect(updates).toBeLessThanOrEqual(Math.ceil(sent / (WINDOW_BYTES / 2)))
  })
  test('what is not answered holds up what comes after it, which waits at the device, and goes through in the end', async () => {
    const kit = createMailboxKit()
    await client.ask(kit.create)
    await client.ask({ kind: 'bind-mailboxes', proofs: [kit.sendProof(client.greeting)] })
    const hold = Promise.withResolvers<void>()
    gate = hold.promise
    const size = 65_576
    const [taken, count] = [STREAM_CALLS_BYTES_MAX + STREAM_WINDOW_BYTES_MAX + 2 * size, 60]
    const blobs = Array.from({ length: count }, () => randomBlob(size))
    const answers = Promise.all(blobs.map((blob) => client.ask(depositOf(kit.mailbox, blob))))
    // However long nothing is answered: one more that is sent stays here as well.
    for (let looks = 0; looks < 10; looks++) {
      await pause(20)
      expect(client.stream.writeBufferLength).toBeGreaterThanOrEqual(count * size - taken)
    }
    hold.resolve()
    expect((await answers).map(shortOf)).toEqual(blobs.map(() => 'deposited'))
  })
})
