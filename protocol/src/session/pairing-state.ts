// All sessions with one device of somebody else, and their stored form (docs/protocol.md §4.4).

import { toHex, fromHex } from '../bytes/bytes.ts'
import { bytes, decode, encode, fixed, list, mapped, optional, struct, u32, u48 } from '../bytes/codec.ts'
import { SESSIONS_PER_PAIR_MAX } from '../limits.ts'
import { INITIAL_BYTES_MAX } from './limits.ts'
import { ratchetState } from './ratchet-state.ts'
import type { Codec } from '../bytes/codec.ts'
import type { Ratchet } from './ratchet-state.ts'

export type Session = {
  /** Hex of the hash of its initial part: the same on both sides. */
  readonly id: string
  readonly generation: number
  readonly created: number
  /** Hash of everything that both sides agreed on. */
  readonly associated: Uint8Array
  /** Put in front of every message until the peer has answered. */
  readonly initial: Uint8Array | undefined
  /** Messages in both directions. */
  readonly messages: number
  readonly ratchet: Ratchet
}

/** Best first: the first one is written to, all are read from. */
export type Pairing = { readonly sessions: readonly Session[] }

const session: Codec<Session> = struct({
  id: mapped(fixed(32), toHex, fromHex),
  generation: u32,
  created: u48,
  associated: fixed(32),
  initial: optional(bytes(INITIAL_BYTES_MAX)),
  messages: u32,
  ratchet: ratchetState,
})

const pairing: Codec<Pairing> = struct({ sessions: list(session, SESSIONS_PER_PAIR_MAX) })

/** For the device's own store; holds secrets. */
export const encodePairing = (value: Pairing): Uint8Array => encode(pairing, value)
export const decodePairing = (stored: Uint8Array): Pairing => decode(pairing, stored)
