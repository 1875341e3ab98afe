// Somebody who has copied the sessions of both sides of a pair, and can compute the secret of every X25519 key: all that is kept from this thief is
// what comes of ML-KEM after the copy was made. It listens, and changes nothing.

import { openFrom } from '../../src/session/opening.ts'
import { sealTo } from '../../src/session/pairing.ts'
import type { Pairing, Session } from '../../src/session/pairing-state.ts'
import type { PairingEnds } from '../../src/session/pqxdh.ts'
import type { PrekeyStore } from '../../src/session/prekeys.ts'

export type Thief = {
  /** What an envelope says, or undefined. `secret`: of the key with which its writer's turn began, as a quantum computer finds it. */
  readonly hear: (from: string, envelope: Uint8Array, secret?: Uint8Array) => Uint8Array | undefined
}

/** Sessions are never begun by it, so it needs neither. */
const NO_ENDS = undefined as unknown as PairingEnds
const NO_PREKEYS = undefined as unknown as PrekeyStore
const INITIAL = 1
const HEALING = 3
const NOW = 0

/** `copies`: by whose they are. */
export function createThief(copies: ReadonlyMap<string, Pairing>): Thief {
  const held = new Map(copies)
  return {
    hear: (from, envelope, secret) => {
      let [said, heard]: [Uint8Array | undefined, Session | undefined] = [undefined, undefined]
      for (const [whose, pairing] of held) {
        // Another session is not followed.
        if (whose === from || envelope[0] === INITIAL || (envelope[0] === HEALING && envelope[1] === 1)) continue
        const opening = openFrom(pairing, NO_ENDS, NO_PREKEYS, envelope, { now: NOW, random: (length) => new Uint8Array(length) })
        if (opening.kind === 'refused') continue
        held.set(whose, opening.pairing)
        said = opening.plaintext
        heard = opening.pairing.sessions[0]
      }
      const own = held.get(from)
      if (own === undefined || secret === undefined) return said
      // What its writer did, done again; only what came of ML-KEM is guessed.
      const random = (length: number): Uint8Array => (length === secret.length ? secret : new Uint8Array(length).fill(7))
      const offers = envelope[0] === HEALING && offersIn(envelope)
      const [session, ...others] = sealTo(own, said ?? new Uint8Array(0), { now: NOW, random, offers }).pairing.sessions
      if (session !== undefined) held.set(from, { sessions: [heard === undefined ? session : inLineWith(session, heard), ...others] })
      return said
    },
  }
}

// Whoever can open what was sealed knows the root of both sides, whatever went into it.
function inLineWith(session: Session, heard: Session): Session {
  const { root, receiving, nextReceivingHeader } = heard.ratchet
  const { sending } = session.ratchet
  const key = receiving[0]?.key
  if (sending === undefined || key === undefined) return session
  return { ...session, ratchet: { ...session.ratchet, root, sending: { ...sending, key }, nextSendingHeader: nextReceivingHeader } }
}

/** Behind the tag: a flag, what begins a session, a flag, the answer, a flag, the offer. */
function offersIn(envelope: Uint8Array): boolean {
  const initial = envelope[1] === 1 ? 2 + ((envelope[2] as number) << 8) + (envelope[3] as number) : 0
  const answer = envelope[2 + initial] === 1 ? 4 + 1_088 : 0
  return envelope[3 + initial + answer] === 1
}
