// How long the network waits for a device, and for how many at once. Tests cross these with small values; a relay runs with what is here.

import { HTTP_CHECK_MS, HTTP_HEAD_MS_MAX, HTTP_IDLE_MS_MAX, PENDING_CONNECTIONS_MAX, SILENCE_CHECK_MS, UPGRADE_MS_MAX } from '../limits.ts'

export type NetworkBounds = {
  /** WebSockets that have not yet become libp2p connections. */
  readonly pendingConnectionsMax: number
  /** For a WebSocket to become a libp2p connection. */
  readonly upgradeMs: number
  /** For the head of a request, and for the first byte of a socket. */
  readonly headMs: number
  /** For a whole request, and between two requests on one socket. */
  readonly idleMs: number
  /** How often requests that take too long are looked for. */
  readonly checkMs: number
  /** How often is looked who is silent. */
  readonly silenceCheckMs: number
}

export const NETWORK_BOUNDS: NetworkBounds = {
  pendingConnectionsMax: PENDING_CONNECTIONS_MAX,
  upgradeMs: UPGRADE_MS_MAX,
  headMs: HTTP_HEAD_MS_MAX,
  idleMs: HTTP_IDLE_MS_MAX,
  checkMs: HTTP_CHECK_MS,
  silenceCheckMs: SILENCE_CHECK_MS,
}
