// The door to sessions (docs/protocol.md §4.4), on the way out: plaintext in, envelope out; opening.ts is the way back. Pure: a refusal changes nothing,
// and the caller stores the new pairing before an envelope leaves.

import { encode } from '../bytes/codec.ts'
import { SESSION_MESSAGES_MAX, SESSION_MS_MAX } from '../limits.ts'
import { associatedOf, envelopeCodec, envelopeOf, sessionIdOf } from './envelope.ts'
import { healOnSeal, mayOffer } from './healing.ts'
import { kithProfile } from './kith-profile.ts'
import { GENERATION_MAX, OFFERED_PLAINTEXT_BYTES_MAX, SESSION_PLAINTEXT_BYTES_MAX } from './limits.ts'
import { sessionsOf, withSession } from './pairing-state.ts'
import { initial as initialPart, startHandshake } from './pqxdh.ts'
import { sealRatchet, startAsInitiator } from './ratchet.ts'
import type { Random } from '../crypto/random.ts'
import type { Pairing, Session } from './pairing-state.ts'
import type { PairingEnds } from './pqxdh.ts'
import type { PrekeyBundle } from './prekey-bundle.ts'

export type NowAndRandom = { readonly now: number; readonly random: Random }
/** `leap`: generations to leave out, for a device that does not know how many it has forgotten. */
type Start = NowAndRandom & { readonly leap?: number }

/** `bundle`: not signed by the device. `device`: of another device. `generation`: no higher one is left. */
export type Initiation =
  | { readonly kind: 'initiated'; readonly pairing: Pairing }
  | { readonly kind: 'refused'; readonly reason: 'bundle' | 'device' | 'generation' }

/** A new session towards the owner of `bundle`. It is preferred from now on. */
export function initiate(
  pairing: Pairing | undefined,
  ends: PairingEnds,
  bundle: PrekeyBundle,
  { now, random, leap = 0 }: Start,
): Initiation {
  const generation = 1 + leap + Math.max(0, ...sessionsOf(pairing).map((session) => session.generation))
  if (generation > GENERATION_MAX) return { kind: 'refused', reason: 'generation' }
  const started = startHandshake(ends, bundle, { generation, random })
  if (typeof started === 'string') return { kind: 'refused', reason: started }
  const initial = encode(initialPart, started.initial)
  const ratchet = startAsInitiator(started.start, started.theirs)
  const session: Session = {
    id: sessionIdOf(initial),
    generation,
    created: now,
    associated: started.associated,
    initial,
    messages: 0,
    ratchet,
    healing: undefined,
  }
  return { kind: 'initiated', pairing: withSession(pairing, session, now) }
}

/**
 * Seals in the preferred session; in front stands the initial part until the peer has answered. `offers`: with a key for healing. A key of the
 * peer's is answered with the first message that can. Store `pairing` before sending.
 */
export function sealTo(
  pairing: Pairing,
  plaintext: Uint8Array,
  { now, random, offers = false }: NowAndRandom & { readonly offers?: boolean },
): { readonly pairing: Pairing; readonly envelope: Uint8Array } {
  const [session, ...others] = pairing.sessions
  if (session === undefined) throw new Error('a pairing without a session')
  if (plaintext.length > SESSION_PLAINTEXT_BYTES_MAX) throw new RangeError('the payload does not fit into an envelope')
  const { initial } = session
  const isRoom = plaintext.length <= OFFERED_PLAINTEXT_BYTES_MAX
  const { healing, part, mixed } = healOnSeal(session, { now, random, offers: offers && isRoom })
  const associated = associatedOf(session, part)
  const { ratchet, message } = sealRatchet(kithProfile, session.ratchet, { plaintext, associated, random, mixed })
  return {
    pairing: { sessions: [{ ...session, messages: session.messages + 1, ratchet, healing }, ...others] },
    envelope: encode(envelopeCodec, envelopeOf({ initial, part, message })),
  }
}

/** True when a key for healing may go with the next message: see {@link mayOffer}. */
export const offersHealing = (pairing: Pairing, when: Parameters<typeof mayOffer>[1]): boolean => {
  const [session] = pairing.sessions
  return session !== undefined && mayOffer(session, when)
}

/** True when the preferred session is 7 days old (or younger than now, by a clock that was put back) or has carried 1,000 messages, or there is none. */
export function needsRekey(pairing: Pairing, now: number): boolean {
  const [session] = pairing.sessions
  return session === undefined || Math.abs(now - session.created) >= SESSION_MS_MAX || session.messages >= SESSION_MESSAGES_MAX
}
