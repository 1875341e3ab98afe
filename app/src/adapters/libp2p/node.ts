// The libp2p node of this device: WebSockets to relays, WebRTC to devices where the browser has it, nothing else (docs/protocol.md §8). Its key is the device's
// signing key, so a peer id is a device. It listens nowhere by itself: places at relays are reserved one by one, when a relay is connected.

import { noise } from '@chainsafe/libp2p-noise'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import { webRTC } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { UnexpectedPeerError } from '@libp2p/interface'
import { createLibp2p } from 'libp2p'
import { createGate } from './gate.ts'
import { CONNECTIONS_MAX, DIAL_MS_MAX, SIGNALLING_STREAMS_MAX } from './limits.ts'
import { repairWebRtc } from './webrtc-init-repair.ts'
import { repairWebSocketClose } from './websocket-close-repair.ts'
import type {
  Connection,
  ConnectionEncrypter,
  Ed25519PrivateKey,
  Libp2p,
  PeerId,
  Stream,
  StreamHandler,
  StreamHandlerOptions,
  Transport,
} from '@libp2p/interface'
import type { Admission } from './gate.ts'

export type KithNode = {
  readonly libp2p: Libp2p
  readonly privateKey: Ed25519PrivateKey
  /** Asks a connected relay to let others reach this device through it. Rejects when it would not. */
  readonly reserve: (relay: PeerId) => Promise<void>
  readonly isReserved: (relay: PeerId) => boolean
}

export type NodeOptions = {
  readonly signSeed: Uint8Array
  readonly admission: Admission
  /** Whoever was found where `peer` was looked for has not proven to be it. */
  readonly impostor: (peer: PeerId) => void
  /** For a WebRTC connection that is about to begin, whoever began it. */
  readonly iceServers: () => Promise<RTCIceServer[]>
}

export async function createNode(options: NodeOptions): Promise<KithNode> {
  // Hardened browsers take WebRTC away. Everything then goes through relays.
  const hasWebRtc = 'RTCPeerConnection' in globalThis
  if (hasWebRtc) repairWebRtc()
  repairWebSocketClose()
  const privateKey = await generateKeyPairFromSeed('Ed25519', options.signSeed)
  let reservations: Reservations | undefined
  const libp2p = await createLibp2p({
    privateKey,
    addresses: { listen: [] },
    // Neither the browser's name nor the software's version is anybody's business.
    nodeInfo: { name: 'kith', version: '1', userAgent: 'kith/1' },
    transports: [webSockets(), circuit((store) => (reservations = store)), ...(hasWebRtc ? [guardedWebRtc(options)] : [])],
    connectionEncrypters: [watchedNoise(options.impostor)],
    streamMuxers: [yamux()],
    connectionGater: createGate(options.admission),
    // The adapter has heartbeats of its own, which know about sleep and slow links; libp2p's aborts after one late answer.
    connectionMonitor: { enabled: false },
    connectionManager: {
      maxConnections: CONNECTIONS_MAX,
      // All circuits of one relay count as one host here. Devices are bounded one by one, in direct-links.ts.
      inboundConnectionThreshold: Infinity,
      addressDialTimeout: DIAL_MS_MAX,
      // Relays are reconnected by relay-link.ts; libp2p's own loop gives up over WebSockets.
      reconnectRetries: 0,
    },
    // WebRTC needs the service to be there; nothing here needs its answers, so it never asks.
    services: { identify: identify({ runOnConnectionOpen: false }) },
  })
  return {
    libp2p,
    privateKey,
    reserve: async (relay) => void (await storeOf(reservations).addRelay(relay, 'configured')),
    isReserved: (relay) => storeOf(reservations).hasReservation(relay),
  }
}

/** libp2p hides why a handshake failed in the words of another error. */
function watchedNoise(impostor: NodeOptions['impostor']): ReturnType<typeof noise> {
  const create = noise()
  return (components) => {
    const inner = create(components)
    const secureOutbound: ConnectionEncrypter['secureOutbound'] = async (connection, options) => {
      try {
        return await inner.secureOutbound(connection, options)
      } catch (error) {
        if (error instanceof UnexpectedPeerError && options?.remotePeer !== undefined) impostor(options.remotePeer)
        throw error
      }
    }
    return new Proxy(inner, {
      get: (target, key) => (key === 'secureOutbound' ? secureOutbound : (Reflect.get(target, key, target) as unknown)),
    })
  }
}

/** The part of the circuit transport's reservation store that is used here; the transport offers it publicly, its factory's type does not. */
type Reservations = {
  readonly addRelay: (relay: PeerId, type: 'configured') => Promise<unknown>
  readonly hasReservation: (relay: PeerId) => boolean
}

function storeOf(store: Reservations | undefined): Reservations {
  if (store === undefined) throw new Error('the circuit transport was not created')
  return store
}

function circuit(found: (store: Reservations) => void): ReturnType<typeof circuitRelayTransport> {
  const create = circuitRelayTransport()
  return (components) => {
    const transport = create(components) as Transport & { readonly reservationStore: Reservations }
    found(transport.reservationStore)
    return transport
  }
}

/**
 * WebRTC whose signalling answers allowed devices only. The gate keeps strangers' circuits out, but the relay itself could open a signalling
 * stream on its own connection and would be answered with this device's addresses. (`libp2p.use` is no way: version 3.3 runs the handler
 * of a protocol with middleware once more for every earlier stream.)
 */
function guardedWebRtc({ admission, iceServers }: NodeOptions): ReturnType<typeof webRTC> {
  // Always a list, an empty one included: without it libp2p asks STUN servers of its own choice.
  const create = webRTC({ rtcConfiguration: async () => ({ iceServers: await iceServers() }) })
  return (components) => {
    const registrar = new Proxy(components.registrar, {
      get: (target, key) => (key === 'handle' ? handleGuarded : (Reflect.get(target, key) as unknown)),
    })
    const handleGuarded = (protocol: string, handler: StreamHandler, options?: StreamHandlerOptions): Promise<void> =>
      components.registrar.handle(protocol, guard(handler, admission), { ...options, maxInboundStreams: SIGNALLING_STREAMS_MAX })
    return create(
      new Proxy(components, { get: (target, key) => (key === 'registrar' ? registrar : (Reflect.get(target, key) as unknown)) }),
    )
  }
}

const guard =
  (handler: StreamHandler, admission: Admission): StreamHandler =>
  (stream: Stream, connection: Connection) => {
    if (admission.hasRoom(connection.remotePeer)) return handler(stream, connection)
    stream.abort(new Error('signalling is for allowed devices'))
  }
