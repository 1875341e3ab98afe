// The relay's libp2p node: WebSockets, Noise, yamux, circuit relay, an answer to identify, and /kith/relay/1 on top.

import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { RELAY_PROTOCOL } from '@kith/protocol'
import {
  HOP_STREAMS_PER_CONNECTION_MAX,
  RELAY_STREAMS_PER_CONNECTION_MAX,
  RESERVATION_MS,
  STREAM_WINDOW_BYTES_MAX,
  UNSENT_BYTES_MAX,
} from '../limits.ts'
import { NETWORK_BOUNDS } from './bounds.ts'
import { createCrowd, groupOf } from './crowd.ts'
import { answerWhoItIs } from './identity.ts'
import { keepListOfConnections, noiseForMany, rememberNobody, SILENT } from './newcomers.ts'
import { createQueues } from './queues.ts'
import { forgetWhoLeft, holdWindowUpdates } from './repairs.ts'
import { serveStream } from './stream.ts'
import { webSocketsWithPage } from './websockets.ts'
import type { Libp2p, StreamHandler } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { RequestListener } from 'node:http'
import type { Relay } from '../relay/index.ts'
import type { NetworkBounds } from './bounds.ts'
import type { CrowdOptions } from './crowd.ts'

export type RelayNodeOptions = {
  readonly seed: Uint8Array
  readonly listen: string
  readonly announce: readonly string[]
  readonly connectionsMax: number
  readonly relay: Relay
  readonly onRequest: RequestListener
  readonly crowd: CrowdOptions
  readonly bounds?: Partial<NetworkBounds>
}

/** Listening when it resolves. Rejects with the listener's own error (`EADDRINUSE`, `EACCES`) when the port cannot be had. */
export async function startRelayNode(options: RelayNodeOptions): Promise<Libp2p> {
  const { seed, listen, announce, connectionsMax, relay, onRequest } = options
  const bounds = { ...NETWORK_BOUNDS, ...options.bounds }
  const queues = createQueues(UNSENT_BYTES_MAX)
  const socketsMax = connectionsMax + bounds.pendingConnectionsMax
  const { connectionsMax: ofOneAddress, onTooFast = () => {} } = options.crowd
  const sharedPort = { onRequest, socketsMax, crowd: createCrowd(options.crowd), connectionsMax: ofOneAddress, onTooFast, bounds }
  const privateKey = await generateKeyPairFromSeed('Ed25519', seed)
  const node = await createLibp2p({
    privateKey,
    start: false,
    ...(process.env['DEBUG'] === undefined ? { logger: SILENT } : {}),
    addresses: { listen: [listen], announce: [...announce] },
    transports: [webSocketsWithPage(sharedPort)],
    connectionEncrypters: [noiseForMany()],
    streamMuxers: [yamux({ enableKeepAlive: false, streamOptions: { maxStreamWindowSize: STREAM_WINDOW_BYTES_MAX } })],
    connectionManager: {
      maxConnections: connectionsMax,
      maxIncomingPendingConnections: bounds.pendingConnectionsMax,
      inboundUpgradeTimeout: bounds.upgradeMs,
      // The crowd counts instead: this would count everybody behind a reverse proxy as one.
      inboundConnectionThreshold: Infinity,
    },
    // Pings from the relay cut off devices that are merely slow; silences.ts ends those that are gone.
    connectionMonitor: { enabled: false },
    // A relay answers and never dials, whatever address a peer claims to have.
    connectionGater: { denyDialMultiaddr: () => true },
    services: {
      circuit: circuitRelayServer({
        maxInboundHopStreams: HOP_STREAMS_PER_CONNECTION_MAX,
        maxOutboundStopStreams: HOP_STREAMS_PER_CONNECTION_MAX,
        reservations: { maxReservations: connectionsMax, reservationTtl: RESERVATION_MS },
      }),
    },
  })
  keepListOfConnections(node)
  rememberNobody(node)
  forgetWhoLeft(node)
  const serve: StreamHandler = (stream, { remoteAddr }) => {
    holdWindowUpdates(stream)
    serveStream(stream, { relay, queues, address: groupOf(hostOf(remoteAddr)) })
  }
  await node.handle(RELAY_PROTOCOL, serve, { maxInboundStreams: RELAY_STREAMS_PER_CONNECTION_MAX })
  await answerWhoItIs(node, privateKey.publicKey)
  await node.start()
  return node
}

export const hostOf = (address: Multiaddr): string =>
  address.getComponents().find(({ name }) => name === 'ip4' || name === 'ip6')?.value ?? ''
