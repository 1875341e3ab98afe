// Every bound of the libp2p adapter, named with its unit. A test crosses each one. Bounds of the wire grammar are in @kith/protocol.

import { FRAME_BYTES_MAX } from '@kith/protocol'

// Relays
export const RELAYS_MAX = 16
export const RELAY_DIAL_MS_MAX = 10_000
export const RELAY_RETRY_MS_FIRST = 300
export const RELAY_RETRY_MS_MAX = 8_000
/** A lost relay was probably lost by everybody: the first new attempt is spread over this time. */
export const RELAY_LOST_JITTER_MS = 1_500
/** A stream that lived this long counts as established, and its loss starts the backoff anew. */
export const RELAY_SETTLED_MS = 5_000
export const RELAY_HEARTBEAT_MS = 25_000
/** After sleep or a change of network the relay must answer a ping within this time. */
export const RELAY_PROBE_MS_MAX = 5_000
export const REQUEST_MS_MAX = 20_000
/** Fewer than the relay allows per stream (128), so that a heartbeat always finds room. */
export const REQUESTS_IN_FLIGHT_MAX = 96
export const REQUESTS_WAITING_MAX = 2_048
export const RESERVE_RETRY_MS = 1_000
export const RESERVE_ATTEMPTS_MAX = 5

// TURN servers
/** For credentials to come, before a connection is begun without a server. */
export const TURN_WAIT_MS_MAX = 1_000
/** After own relays named none, or did not answer. */
export const TURN_AGAIN_MS = 300_000
/** For which credentials are used, however long a relay says. */
export const TURN_MS_MAX = 3_600_000

// Direct links
export const DIRECT_LINKS_MAX = 30
/** Links of one peer that have not been chosen yet. */
export const CANDIDATES_PER_PEER_MAX = 4
export const HANDSHAKES_MAX = 16
export const HANDSHAKE_MS_MAX = 5_000
export const DIALS_AT_ONCE_MAX = 4
export const DIAL_MS_MAX = 12_000
export const DIAL_RETRY_MS_FIRST = 2_000
export const DIAL_RETRY_MS_MAX = 300_000
/** Attempts that follow one call of `dial`, one loss of a link, or one `retry`. */
export const DIAL_ATTEMPTS_MAX = 6
/** A link that ended earlier is dialled again with backoff, not at once. */
export const LINK_SETTLED_MS = 10_000
/** How long the smaller device id waits for its own attempt before it takes the other's link. */
export const GLARE_MS_MAX = 2_000
/** From the end of the handshake to the answered ping. */
export const PROOF_MS_MAX = 10_000
/** After a loss the smaller device id dials first; the other one waits this much longer. */
export const REDIAL_MS_FIRST = 250
export const REDIAL_MS_SECOND = 2_500
/** Connections that carry no link are closed this long after a link was chosen. */
export const TIDY_MS = 1_000
export const HEARTBEAT_MS = 10_000
/** Nothing heard for this many heartbeats: the peer is gone. */
export const HEARTBEATS_MISSED_MAX = 2
export const PROBE_MS_MAX = 3_000
/** Beyond a probe, before a second link of the same device is refused. */
export const DOUBT_MS = 250
/** Sent but not yet credited bytes of one link. */
export const CREDIT_BYTES_MAX = 1_048_576
/** The receiver returns credit in portions of at least this size. */
export const CREDIT_GRANT_BYTES = 32_768
/** Frames that wait for credit on one link. */
export const SEND_QUEUE_BYTES_MAX = 16 * 1_048_576
export const SEND_QUEUE_FRAMES_MAX = 4_096
/** A frame and its tag. */
export const DIRECT_MESSAGE_BYTES_MAX = FRAME_BYTES_MAX + 1
/** With Noise (18 bytes) and the transport's wrapping (10 bytes) this fits one WebRTC message of 16 KiB. */
export const CHUNK_BYTES_MAX = 16_320

// The page
/** Wall-clock time between two ticks beyond which the device must have slept. */
export const CLOCK_JUMP_MS = 30_000
export const CLOCK_TICK_MS = 5_000

// libp2p
export const CONNECTIONS_MAX = 100
/** Of one device, of every kind: two for each side's dial, and some that are on their way out. */
export const CONNECTIONS_PER_PEER_MAX = 6
/** Per circuit. Each one costs a WebRTC connection. */
export const SIGNALLING_STREAMS_MAX = 2
/** A device's connection that still carries no link after this time is closed. */
export const UNUSED_CONNECTION_MS_MAX = 20_000
