// What libp2p does for each device that comes, and what a relay has no use for: it dials nobody, so it asks nobody who they are and remembers nobody's
// addresses. `npm run bench -- relay` prints what a newcomer costs (docs/decisions/0080-what-a-newcomer-costs.md).

import { noise } from '@chainsafe/libp2p-noise'
import { equalBytes } from '@kith/protocol'
import { KEYS_READ_ONCE } from './noise-crypto.ts'
import type { ComponentLogger, Connection, ConnectionEncrypter, Libp2p, Logger, Peer, PeerId, PrivateKey } from '@libp2p/interface'
import type { NoiseComponents } from '@chainsafe/libp2p-noise'

const silent: Logger = Object.assign(() => {}, { enabled: false, error: () => {}, trace: () => {}, newScope: () => silent })
/** libp2p makes four loggers for each connection and each stream, whether anybody reads them or not, and each asks the terminal for its colours. */
export const SILENT: ComponentLogger = { forComponent: () => silent }

/**
 * libp2p counts its connections by listing them all, twice for each newcomer: with ten thousand devices that would be the larger part of what a newcomer
 * costs. Here the list is kept.
 */
export function keepListOfConnections(node: Libp2p): void {
  const { connectionManager: table, events } = (node as unknown as Open).components
  const list: Connection[] = []
  const places = new Map<Connection, number>()
  const placeOf = (connection: Connection): number => {
    const place = places.get(connection) ?? -1
    // libp2p sorts the list when there are too many.
    return list[place] === connection ? place : list.indexOf(connection)
  }
  const byPeer = table.getConnections.bind(table)
  table.getConnections = (peer) => (peer ? byPeer(peer) : list)
  events.addEventListener('connection:open', ({ detail: connection }) => {
    if (connection.status === 'open') places.set(connection, list.push(connection) - 1)
  })
  events.addEventListener('connection:close', ({ detail: connection }) => {
    const place = placeOf(connection)
    places.delete(connection)
    const last = list.at(-1)
    if (place < 0 || last === undefined) return
    list[place] = last
    places.set(last, place)
    list.pop()
    if (last === connection) places.delete(connection)
  })
}

type Open = {
  readonly components: {
    readonly connectionManager: { getConnections: (peer?: PeerId) => Connection[] }
    readonly events: Pick<Libp2p, 'addEventListener'>
  }
}

/**
 * libp2p writes down what each device speaks, anew with each of its streams: six reads and writes of a database in memory for a newcomer, and an entry
 * that stays when the device has left.
 */
export function rememberNobody(node: Libp2p): void {
  const { peerId, peerStore } = node
  const nobody = (id: PeerId): Peer => ({ id, addresses: [], protocols: [], metadata: new Map(), tags: new Map() })
  for (const method of ['save', 'patch', 'merge'] as const) {
    const write = peerStore[method].bind(peerStore)
    peerStore[method] = async (id, data, options) => (peerId.equals(id) ? await write(id, data, options) : nobody(id))
  }
  const read = peerStore.get.bind(peerStore)
  peerStore.get = async (id, options) => (peerId.equals(id) ? await read(id, options) : nobody(id))
}

/** Noise, without signing the same key for each newcomer, without reading the same key for each message, and without an error with its stack for each message that has been read to its end. */
export function noiseForMany(): (components: NoiseComponents) => ConnectionEncrypter {
  return (components) => {
    const privateKey = signOnce(components.privateKey)
    const encrypter = noise({ crypto: KEYS_READ_ONCE })(Object.create(components, { privateKey: { value: privateKey } }) as NoiseComponents)
    const secure = encrypter.secureInbound.bind(encrypter)
    encrypter.secureInbound = async (connection, options) => {
      const secured = await secure(connection, options)
      const { decoder } = secured.connection as unknown as { readonly decoder?: { lengthDecoder: (data: Bytes) => number } }
      if (decoder === undefined) throw new Error('this version of @chainsafe/libp2p-noise reads its messages in another way')
      decoder.lengthDecoder = lengthOf
      return secured
    }
    return encrypter
  }
}

type Bytes = { readonly byteLength: number; readonly getUint8: (at: number) => number }
/** What libp2p takes for "not there yet". Made once: its stack costs more than reading the message. */
const NOT_YET = new RangeError('the length is not there yet')
function lengthOf(data: Bytes): number {
  if (data.byteLength < 2) throw NOT_YET
  return data.getUint8(0) * 256 + data.getUint8(1)
}

/** A signature of Ed25519 over the same bytes is the same, and each handshake asks for that over the relay's one Noise key. */
function signOnce(key: PrivateKey): PrivateKey {
  let last: { readonly data: Uint8Array; readonly signature: Uint8Array } | undefined
  const sign: PrivateKey['sign'] = async (data, options) => {
    const bytes = data.subarray()
    if (last === undefined || !equalBytes(last.data, bytes)) last = { data: bytes.slice(), signature: await key.sign(bytes, options) }
    return last.signature
  }
  return Object.create(key, { sign: { value: sign } }) as PrivateKey
}
