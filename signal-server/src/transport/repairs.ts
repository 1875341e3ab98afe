// Repairs of libp2p 3.3 that a relay cannot do without. Each says what is wrong and how it shows.

import type { Libp2p, PeerId, Stream } from '@libp2p/interface'

type Circuit = {
  readonly reservationStore: {
    get(peer: PeerId): { readonly signal: { clear(): void } } | undefined
    removeReservation(peer: PeerId): void
  }
}

/**
 * A reservation outlives the connection that it leads to. Whoever comes and goes under ever new names could take all of them; like this nobody has
 * more than connections, which are counted for each address.
 */
export function forgetWhoLeft(node: Libp2p): void {
  const { reservationStore } = (node as unknown as { services: { circuit: Circuit } }).services.circuit
  node.addEventListener('peer:disconnect', ({ detail: peer }) => {
    // Or its time would end the reservation that the same device makes when it comes back.
    reservationStore.get(peer)?.signal.clear()
    reservationStore.removeReservation(peer)
  })
}

type Windowed = { readonly recvWindow: number; readonly recvWindowCapacity: number; sendWindowUpdate(): void }

/**
 * yamux 8.0 says after each frame how much more may be sent: a packet for every call, encrypted and written by itself, which was a third of what a call
 * cost. Like this it says so once half of the window is used up, as other implementations do; the sender always has the other half.
 */
export function holdWindowUpdates(stream: Stream): void {
  if (!isWindowed(stream)) return
  const update = stream.sendWindowUpdate.bind(stream)
  let isFirst = true
  stream.sendWindowUpdate = () => {
    // The first one may have to say that the stream is accepted.
    if (isFirst || stream.recvWindowCapacity <= stream.recvWindow / 2) update()
    isFirst = false
  }
}

const isWindowed = (stream: object): stream is Windowed =>
  'sendWindowUpdate' in stream && 'recvWindow' in stream && 'recvWindowCapacity' in stream

/** Errors of one stream or connection that libp2p throws from timers and microtasks, where nobody can catch them. */
const STREAM_ERRORS: ReadonlySet<string> = new Set([
  'StreamStateError',
  'StreamClosedError',
  'StreamResetError',
  'StreamAbortedError',
  'StreamBufferError',
  'ConnectionClosedError',
  'MuxerClosedError',
  'UnexpectedEOFError',
  'InvalidFrameError',
  'AbortError',
  'TimeoutError',
])
const SOCKET_ERRORS: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT'])

/** True when the error ended one device's stream or connection and says nothing about the relay itself. */
export function isOneConnectionsError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return STREAM_ERRORS.has(error.name) || ('code' in error && typeof error.code === 'string' && SOCKET_ERRORS.has(error.code))
}
