// All sessions with one device of somebody else (docs/protocol.md §4.4).

import type { Healing } from './healing.ts'
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
  /** Undefined as long as nobody has offered a key. */
  readonly healing: Healing | undefined
}

/** Best first: the first one is written to, all are read from. */
export type Pairing = { readonly sessions: readonly Session[] }
