// A device of the tests: a Node libp2p client with one stream of /kith/relay/1 to a real relay.

import { noise } from '@chainsafe/libp2p-noise'
import { decode, encode, RELAY_PROTOCOL, relayCall, relayMessage } from '@kith/protocol'
import { generateKeyPair, publicKeyFromRaw } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import { peerIdFromPrivateKey, peerIdFromPublicKey } from '@libp2p/peer-id'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { createFrameReader, toFrame } from '../src/transport/frames.ts'
import { keepListOfConnections, rememberNobody, SILENT } from '../src/transport/newcomers.ts'
import { holdWindowUpdates } from '../src/transport/repairs.ts'
import type { PushedBlob, RelayAnswer, RelayRequest } from '@kith/protocol'
import type { NoiseComponents } from '@chainsafe/libp2p-noise'
import type { Connection, ConnectionEncrypter, Stream } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
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

type Where = { readonly port: number; readonly key: Uint8Array }
const addressOf = ({ port, key }: Where): Multiaddr =>
  multiaddr(`/ip4/127.0.0.1/tcp/${port}/ws/p2p/${peerIdFromPublicKey(publicKeyFromRaw(key))}`)

const createNode = (encrypter: (components: NoiseComponents) => ConnectionEncrypter, connectionsMax = 300) =>
  createLibp2p({
    transports: [webSockets()],
    connectionEncrypters: [encrypter],
    streamMuxers: [yamux()],
    connectionManager: { maxConnections: connectionsMax },
    connectionMonitor: { enabled: false },
    logger: SILENT,
    // As the app: it answers who it is, and asks nobody.
    services: { identify: identify({ runOnConnectionOpen: false }) },
  })

export async function dialRelay(relay: Where) {
  const node = await createNode(noise())
  const connection = await node.dial(addressOf(relay))
  return { node, connection }
}

/**
 * Thousands of devices of one process. To the relay each is one of its own, with its own key, socket and handshake; what libp2p keeps beside these, and what is
 * no part of a connection, is there once for all of them.
 */
export async function createCrowdOfClients() {
  const node = await createNode(noiseWithKeysOfTheirOwn, Number.MAX_SAFE_INTEGER)
  keepListOfConnections(node)
  rememberNobody(node)
  const { transportManager } = (node as unknown as Insides).components
  return {
    async connect(relay: Where): Promise<RelayClient> {
      // Past libp2p's own dialling, which has one connection for each peer.
      const connection = await transportManager.dial(addressOf(relay), { signal: AbortSignal.timeout(DIAL_MS_MAX) })
      return greet(relay, await openExchange(connection, () => connection.close()))
    },
    close: () => node.stop(),
  }
}

type Insides = {
  readonly components: {
    readonly transportManager: { dial(address: Multiaddr, options: { readonly signal: AbortSignal }): Promise<Connection> }
  }
}
const DIAL_MS_MAX = 30_000

function noiseWithKeysOfTheirOwn(components: NoiseComponents): ConnectionEncrypter {
  const encrypter = noise()(components)
  encrypter.secureOutbound = async (connection, options) => {
    const privateKey = await generateKeyPair('Ed25519')
    const own = { privateKey: { value: privateKey }, peerId: { value: peerIdFromPrivateKey(privateKey) } }
    return await noise()(Object.create(components, own) as NoiseComponents).secureOutbound(connection, options)
  }
  return encrypter
}

export const connectClient = async (relay: Where): Promise<RelayClient> => greet(relay, await connectSilently(relay))

async function greet(relay: Where, client: Omit<RelayClient, 'greeting'>): Promise<RelayClient> {
  const answer = await client.ask({ kind: 'hello', version: 1 })
  if (answer.kind !== 'welcome') throw new Error(`no welcome but ${answer.kind}`)
  return { ...client, greeting: { key: relay.key, challenge: answer.challenge } }
}

/** Nothing has been said on the stream. */
export async function connectSilently(relay: Where): Promise<Omit<RelayClient, 'greeting'>> {
  const { node, connection } = await dialRelay(relay)
  return openExchange(connection, async () => await node.stop())
}

async function openExchange(connection: Connection, close: () => Promise<void>): Promise<Omit<RelayClient, 'greeting'>> {
  try {
    const stream = await connection.newStream(RELAY_PROTOCOL)
    holdWindowUpdates(stream)
    return { ...createExchange(stream), stream, close }
  } catch (error) {
    await close()
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
