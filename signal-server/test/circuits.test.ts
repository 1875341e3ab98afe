// Circuits through a real relay process, byte by byte: what one device may have open, on either side of a circuit.

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { concatBytes, toHex } from '@kith/protocol'
import { HOP_STREAMS_PER_CONNECTION_MAX } from '../src/limits.ts'
import { dialRelay } from './relay-client.ts'
import { startRelay } from './start-relay.ts'
import type { Connection, PeerId, Stream } from '@libp2p/interface'
import type { StartedRelay } from './start-relay.ts'

// Each relay is a process, and on a busy machine several of them take their time to start.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const HOP = '/libp2p/circuit/relay/0.2.0/hop'
const STOP = '/libp2p/circuit/relay/0.2.0/stop'
/** Of the test's own devices, so that only the relay ever says no. */
const STREAMS = { maxInboundStreams: 1_000, maxOutboundStreams: 1_000 }

/** Messages of circuit relay v2 as protobuf, each after its length. The last field of an answer is its status. */
const message = (...bytes: readonly number[]): Uint8Array => Uint8Array.of(bytes.length, ...bytes)
const RESERVE = message(0x08, 0)
const connectTo = (peer: PeerId): Uint8Array => {
  const id = peer.toMultihash().bytes
  return message(0x08, 1, 0x12, id.length + 2, 0x0a, id.length, ...id)
}
const STOP_OK = message(0x08, 1, 0x20, 100)
const HOP_OK = '2864'

type Device = { readonly peer: PeerId; readonly connection: Connection; readonly stop: () => Promise<void> }
type Circuit = { readonly stream: Stream; readonly heard: () => string; readonly until: (end: string) => Promise<void> }

function listenTo(stream: Stream): Circuit {
  let all = new Uint8Array()
  const over = Promise.withResolvers<never>()
  over.promise.catch(() => {})
  const waiting = new Set<() => void>()
  stream.addEventListener('message', ({ data }) => {
    all = concatBytes(all, data.subarray())
    for (const look of waiting) look()
  })
  stream.addEventListener('close', () => over.reject(new Error('the relay ended the stream')))
  const heard = (): string => toHex(all)
  const arrived = (end: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!heard().endsWith(end)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return { stream, heard, until: (end) => Promise.race([arrived(end), over.promise]) }
}

async function openHop({ connection }: Device): Promise<Circuit> {
  return listenTo(await connection.newStream(HOP, STREAMS))
}
async function reserve(device: Device): Promise<void> {
  const hop = await openHop(device)
  hop.stream.send(RESERVE)
  await hop.until(HOP_OK)
}
async function openCircuit(from: Device, to: Device): Promise<Circuit> {
  const hop = await openHop(from)
  hop.stream.send(connectTo(to.peer))
  await hop.until(HOP_OK)
  return hop
}
async function expectEcho({ stream, until }: Circuit): Promise<void> {
  stream.send(Uint8Array.of(1, 2, 3))
  await until('010203')
}

describe('circuits through a relay', () => {
  /** So that a few devices could take every reservation, if they kept them. */
  const DEVICES_MAX = 10
  let relay: StartedRelay
  const devices: Device[] = []
  beforeAll(async () => void (relay = await startRelay({ args: ['--max-connections', String(DEVICES_MAX)] })))
  afterAll(async () => {
    await Promise.all(devices.map(({ stop }) => stop()))
    await relay.stop()
  })

  /** A device that takes every circuit and says back what it hears there. */
  async function arrive(): Promise<Device> {
    const { node, connection } = await dialRelay(relay)
    const answer = (stream: Stream): void => {
      let isMet = false
      stream.addEventListener('message', ({ data }) => {
        stream.send(isMet ? data : STOP_OK)
        isMet = true
      })
    }
    await node.handle(STOP, answer, { ...STREAMS, runOnLimitedConnection: true })
    const device = { peer: node.peerId, connection, stop: async () => await node.stop() }
    devices.push(device)
    return device
  }

  test('a device may ask for so many at once; one more ends, those before it work, and nobody else notices', async () => {
    const [mallory, alice, bob] = await Promise.all([arrive(), arrive(), arrive()])
    // A stream of the connection's own beginning may still count.
    const open = () => vi.waitFor(() => openHop(mallory), { timeout: 10_000 })
    const asked = await Promise.all(Array.from({ length: HOP_STREAMS_PER_CONNECTION_MAX }, open))
    await expect(reserve(mallory)).rejects.toThrow()
    expect(asked.map(({ stream }) => stream.status)).toEqual(asked.map(() => 'open'))
    const [first, second] = asked
    first?.stream.send(RESERVE)
    await first?.until(HOP_OK)
    await reserve(alice)
    await expectEcho(await openCircuit(bob, alice))
    second?.stream.abort(new Error('no longer wanted'))
    await vi.waitFor(() => reserve(mallory), { timeout: 10_000 })
  })
  test('so many lead to one device; one more is refused, the others work on, and other devices can be reached', async () => {
    const [alice, bob, carol, dave] = await Promise.all([arrive(), arrive(), arrive(), arrive()])
    await Promise.all([reserve(alice), reserve(dave)])
    const circuits = await Promise.all(Array.from({ length: HOP_STREAMS_PER_CONNECTION_MAX }, () => openCircuit(bob, alice)))
    await expect(openCircuit(carol, alice)).rejects.toThrow()
    await Promise.all(circuits.map(expectEcho))
    await expectEcho(await openCircuit(carol, dave))
    circuits[0]?.stream.abort(new Error('no longer wanted'))
    await expectEcho(await vi.waitFor(() => openCircuit(carol, alice), { timeout: 10_000 }))
  })
  test('a device that leaves takes its reservation along, so that whoever comes back under ever new names gains nothing', async () => {
    for (let n = 0; n < 5 * DEVICES_MAX; n++) {
      const mallory = await arrive()
      await reserve(mallory)
      await mallory.stop()
    }
    await expect(reserve(await arrive())).resolves.toBeUndefined()
  })
})
