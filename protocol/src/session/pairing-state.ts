// All sessions with one device of somebody else (docs/protocol.md §4.4).

import { OLD_SESSION_MS_MAX, SESSIONS_PER_PAIR_MAX, SKIPPED_KEYS_PER_PAIR_MAX } from '../limits.ts'
import { skippedIn, trimSkipped } from './ratchet.ts'
import type { Healing } from './healing-state.ts'
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

export const sessionsOf = (pairing: Pairing | undefined): readonly Session[] => pairing?.sessions ?? []

/** Both sides sort alike, so after two simultaneous initiations both write in the same session. */
export function withSession(pairing: Pairing | undefined, session: Session, now: number): Pairing {
  const alive = sessionsOf(pairing).filter((other) => now - other.created < OLD_SESSION_MS_MAX)
  const sessions = [...alive, session].sort((a, b) => b.generation - a.generation || (a.id < b.id ? -1 : 1))
  return { sessions: withinSkipped(sessions.slice(0, SESSIONS_PER_PAIR_MAX)) }
}

/** The same with no more skipped keys than one pair keeps, those of the preferred session first. */
export function withinSkipped(sessions: readonly Session[]): readonly Session[] {
  let room = SKIPPED_KEYS_PER_PAIR_MAX
  return sessions.map((session) => {
    const held = skippedIn(session.ratchet)
    const ratchet = held > room ? trimSkipped(session.ratchet, room) : session.ratchet
    room -= Math.min(held, room)
    return ratchet === session.ratchet ? session : { ...session, ratchet }
  })
}
