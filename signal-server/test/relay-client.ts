// A device of the tests: a Node libp2p client with one stream of /kith/relay/1 to a real relay.

import { noise } from '@chainsafe/libp2p-noise'
import { decode, encode, RELAY_PROTOCOL, relayCall, relayMessage } from '@kith/protocol'
import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { createFrameReader, toFrame } from '../src/transport/frames.ts'
import { SILENT } from '../src/transport/newcomers.ts'
import { holdWindowUpdates } from '../src/transport/repairs.ts'
import type { PushedBlob, RelayAnswer, RelayRequest } from '@kith/protocol'
import type { Stream } from '@libp2p/interface'
import type { Greeting } from './mailbox-keys.ts'

export type RelayClient = {
  readonly greeting: Greeting
  readonly stream: Stream
  /** Rejects when the stream ends before the answer. */
  ask(request: RelayRequest): Promise<RelayAnswer>
  /** The next blob that the relay pushes. */
  nextBlob(): Promise<PushedBlob>
  /** The next one, and all that came with it or since. */
  nextBlobs(): Promise<readonly PushedBlob[]>
  /** The next answer to a call that this client did not make. */
  nextStray(): Promise<RelayAnswer>
  readonly ended: Promise<void>
  close(): Promise<void>
}

export async function dialRelay(relay: { readonly port: number; readonly key: Uint8Array }) {
  const node = await createLibp2p({
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
    logger: SILENT,
    // As the app: it answers who it is, and asks nobody.
    services: { identify: identify({ runOnConnectionOpen: false }) },
  })
  const peer = peerIdFromPublicKey(publicKeyFromRaw(relay.key))
  const connection = await node.dial(multiaddr(`/ip4/127.0.0.1/tcp/${relay.port}/ws/p2p/${peer}`))
  return { node, connection }
}

export async function connectClient(relay: { readonly port: number; readonly key: Uint8Array }): Promise<RelayClient> {
  const client = await connectSilently(relay)
  const answer = await client.ask({ kind: 'hello', version: 1 })
  if (answer.kind !== 'welcome') throw new Error(`no welcome but ${answer.kind}`)
  return { ...client, greeting: { key: relay.key, challenge: answer.challenge } }
}

/** Nothing has been said on the stream. */
export async function connectSilently(relay: { readonly port: number; readonly key: Uint8Array }): Promise<Omit<RelayClient, 'greeting'>> {
  const { node, connection } = await dialRelay(relay)
  try {
    const stream = await connection.newStream(RELAY_PROTOCOL)
    holdWindowUpdates(stream)
    return { ...createExchange(stream), stream, close: async () => await node.stop() }
  } catch (error) {
    await node.stop()
    throw error
  }
}

function createExchange(stream: Stream) {
  const reader = createFrameReader(1 << 20)
  const calls = new Map<number, { readonly resolve: (answer: RelayAnswer) => void; readonly reject: (error: Error) => void }>()
  const blobs = createQueue<PushedBlob>()
  const strays = createQueue<RelayAnswer>()
  const ended = Promise.withResolvers<void>()
  let lastId = 0

  const receive = (frame: Uint8Array): void => {
    const message = decode(relayMessage, frame)
    if (message.kind === 'push') return message.blobs.forEach(blobs.put)
    const call = calls.get(message.id)
    calls.delete(message.id)
    if (call) call.resolve(message.answer)
    else strays.put(message.answer)
  }
  const end = (): void => {
    for (const { reject } of calls.values()) reject(new Error('the stream ended'))
    calls.clear()
    ended.resolve()
  }
  stream.addEventListener('message', ({ data }) => reader.push(data.subarray())?.forEach(receive))
  stream.addEventListener('close', end)
  stream.addEventListener('remoteCloseWrite', end)

  const ask = (request: RelayRequest): Promise<RelayAnswer> =>
    new Promise((resolve, reject) => {
      lastId += 1
      calls.set(lastId, { resolve, reject })
      try {
        stream.send(toFrame(encode(relayCall, { id: lastId, request })))
      } catch (cause) {
        reject(new Error('the stream ended', { cause }))
      }
    })
  return {
    ask,
    nextBlob: blobs.next,
    nextBlobs: async () => [await blobs.next(), ...blobs.takeAll()],
    nextStray: strays.next,
    ended: ended.promise,
  }
}

function createQueue<T>() {
  const items: T[] = []
  const waiting: ((item: T) => void)[] = []
  return {
    put(item: T): void {
      const first = waiting.shift()
      if (first) first(item)
      else items.push(item)
    },
    takeAll: (): readonly T[] => items.splice(0),
    next: (): Promise<T> => {
      const [item] = items.splice(0, 1)
      return item === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(item)
    },
  }
}
