// From an allowed device's address to a proven sync stream: circuit through a relay, WebRTC signalled over it, a stream on the direct
// connection, Noise inside (docs/protocol.md §6).

import { SYNC_PROTOCOL } from '@kith/protocol'
import { DIAL_MS_MAX, HANDSHAKE_MS_MAX } from './limits.ts'
import { openNoise } from './noise-stream.ts'
import type { Connection, Libp2p, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { KithNode } from './node.ts'
import type { OpenedStream } from './peer-links.ts'

/** The device could not be reached directly. */
export class DirectDialError extends Error {
  override readonly name = 'DirectDialError'
  readonly code = 'unreachable'
}

export type DirectDial = {
  readonly node: KithNode
  readonly peerId: PeerId
  /** Ways through connected relays, tried one after the other. */
  readonly ways: readonly Multiaddr[]
  readonly prologue: Uint8Array
  readonly isUsed: (connection: Connection) => boolean
  readonly signal: AbortSignal
}

export async function dialDirectly(dial: DirectDial): Promise<OpenedStream> {
  dropLeftovers(dial)
  let cause: unknown
  for (const way of dial.ways) {
    dial.signal.throwIfAborted()
    try {
      return await dialOneWay(dial, way)
    } catch (error) {
      cause = error
    }
  }
  throw new DirectDialError('the device was not reached through any connected relay', { cause })
}

/** WebRTC and nothing in between: the other side is bound to the DTLS session, and no relay sees or counts the bytes. */
export const isDirect = (connection: Connection): boolean =>
  connection.limits === undefined && connection.direct && connection.multiplexer === '/webrtc'

async function dialOneWay(dial: DirectDial, way: Multiaddr): Promise<OpenedStream> {
  const connection = await dial.node.libp2p.dial(way, { signal: within(DIAL_MS_MAX, dial.signal) })
  try {
    if (!isDirect(connection) || !connection.remotePeer.equals(dial.peerId))
      throw new DirectDialError('the connection is not a direct one to this device')
    const signal = within(HANDSHAKE_MS_MAX, dial.signal)
    const stream = await connection.newStream(SYNC_PROTOCOL, { signal })
    const { privateKey, libp2p } = dial.node
    const noise = {
      stream,
      privateKey,
      logger: libp2p.logger,
      remotePeer: dial.peerId,
      prologue: dial.prologue,
      side: 'opener',
      signal,
    } as const
    return { stream: await openNoise(noise), connection }
  } catch (error) {
    if (!dial.isUsed(connection)) connection.abort(new Error('the direct connection led to no link'))
    throw error
  }
}

/**
 * libp2p would hand out an old direct connection instead of making a new one, and a browser keeps a dead one for half a minute. One that this
 * side opened and that carries no link is of no use; one that the other side opened may be about to carry its stream.
 */
function dropLeftovers(dial: DirectDial): void {
  for (const connection of dial.node.libp2p.getConnections(dial.peerId)) {
    const isFresh = connection.direction === 'inbound' && Date.now() - connection.timeline.open < DIAL_MS_MAX
    if (isDirect(connection) && !isFresh && !dial.isUsed(connection)) connection.abort(new Error('left over from an earlier link'))
  }
}

export function closeConnections(libp2p: Libp2p, peerId: PeerId, isSpared: (connection: Connection) => boolean): void {
  for (const connection of libp2p.getConnections(peerId)) {
    if (!isSpared(connection)) connection.abort(new Error('the connection carries no link'))
  }
}

function within(ms: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([AbortSignal.timeout(ms), signal])
}
