// The door to sessions (docs/protocol.md §4.4): plaintext in, envelope out, and back. Pure: a refusal changes nothing, and the caller
// stores the new pairing (and prekeys) before an envelope leaves or a plaintext is acted on.

import { bytes, encode, optional, struct, tryDecode, union } from '../bytes/codec.ts'
import { equalBytes, toHex } from '../bytes/bytes.ts'
import { labelHash } from '../crypto/hash.ts'
import {
  ENVELOPE_BYTES_MAX,
  SESSION_MESSAGES_MAX,
  SESSION_MS_MAX,
  SESSIONS_PER_PAIR_MAX,
  SKIPPED_KEYS_PER_PAIR_MAX,
  OLD_SESSION_MS_MAX,
} from '../limits.ts'
import { kithProfile } from './kith-profile.ts'
import { answerSecret, canAnswer, healingPart, healOnOpen, healOnSeal, isHealingPart, mayOffer } from './healing.ts'
import {
  GENERATION_MAX,
  INITIAL_BYTES_MAX,
  OFFERED_PLAINTEXT_BYTES_MAX,
  SESSION_PLAINTEXT_BYTES_MAX,
  STEPS_LEFT_OUT_FREELY_MAX,
} from './limits.ts'
import { answerHandshake, initial as initialPart, startHandshake, SUITE } from './pqxdh.ts'
import { afterInitial, judgeInitial } from './prekeys.ts'
import { openRatchet, sealRatchet, skippedIn, startAsInitiator, startAsResponder, stepsBefore, trimSkipped } from './ratchet.ts'
import type { Codec } from '../bytes/codec.ts'
import type { Random } from '../crypto/random.ts'
import type { HealingPart } from './healing.ts'
import type { Pairing, Session } from './pairing-state.ts'
import type { Initial, PairingEnds } from './pqxdh.ts'
import type { PrekeyBundle } from './prekey-bundle.ts'
import type { PrekeyStore } from './prekeys.ts'

type NowAndRandom = { readonly now: number; readonly random: Random }
/** `leap`: generations to leave out, for a device that does not know how many it has forgotten. */
type Start = NowAndRandom & { readonly leap?: number }

/** `bundle`: not signed by the device. `device`: of another device. `generation`: no higher one is left. */
export type Initiation =
  | { readonly kind: 'initiated'; readonly pairing: Pairing }
  | { readonly kind: 'refused'; readonly reason: 'bundle' | 'device' | 'generation' }

/** `device-list`: the peer believes in other device lists than we do: exchange them. `prekey`: not held any more, or a key that is not
 * admitted. `replayed`, `used`: seen before. `busy`: too many sessions without one-time prekeys. `sealed`: it does not open. */
export type OpenRefusal = 'malformed' | 'suite' | 'device-list' | 'prekey' | 'replayed' | 'busy' | 'used' | 'jump' | 'sealed'

export type PairingOpening =
  | { readonly kind: 'opened'; readonly pairing: Pairing; readonly prekeys: PrekeyStore; readonly plaintext: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: OpenRefusal }

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

function envelopeOf({ initial, part, message }: Carried): Envelope {
  if (part !== undefined) return { kind: 'healing', initial, part, message }
  return initial === undefined ? { kind: 'ordinary', message } : { kind: 'initial', initial, message }
}

/** True when a key for healing may go with the next message: see {@link mayOffer}. */
export const offersHealing = (pairing: Pairing, when: Parameters<typeof mayOffer>[1]): boolean => {
  const [session] = pairing.sessions
  return session !== undefined && mayOffer(session, when)
}

/** The session in which the peer waits for an answer to its key that the next message gives. */
export const unanswered = ({ sessions: [session] }: Pairing): Session | undefined =>
  session !== undefined && canAnswer(session) ? session : undefined

/** Opens an envelope of the peer, of whichever session. Refusals change nothing. */
export function openFrom(
  pairing: Pairing | undefined,
  ends: PairingEnds,
  prekeys: PrekeyStore,
  envelopeBytes: Uint8Array,
  { now }: NowAndRandom,
): PairingOpening {
  const envelope = envelopeBytes.length <= ENVELOPE_BYTES_MAX ? tryDecode(envelopeCodec, envelopeBytes) : undefined
  if (envelope === undefined) return refused('malformed')
  const known = sessionsOf(pairing)
  const { initial, part, message }: Carried = { initial: undefined, part: undefined, ...envelope }
  if (part !== undefined && !isHealingPart(part)) return refused('malformed')
  if (initial === undefined) return openKnown(known, prekeys, { message, part, now })
  const id = sessionIdOf(initial)
  const same = known.find((session) => session.id === id)
  if (same !== undefined) return openKnown([same], prekeys, { message, part, now }, known)
  return openNew(pairing, ends, prekeys, { id, initial, part, message, now })
}

/** What finding out whether an envelope opens costs: so many steps, or a handshake. It costs that where it claims to begin a session, or to come after many that did not. */
export function effortOf(pairing: Pairing | undefined, envelopeBytes: Uint8Array): number | 'handshake' {
  const envelope = envelopeBytes.length <= ENVELOPE_BYTES_MAX ? tryDecode(envelopeCodec, envelopeBytes) : undefined
  if (envelope === undefined) return 0
  const known = sessionsOf(pairing)
  const initial = envelope.kind === 'ordinary' ? undefined : envelope.initial
  if (initial !== undefined && known.every((session) => session.id !== sessionIdOf(initial))) return 'handshake'
  const steps = Math.max(0, ...known.map(({ ratchet }) => stepsBefore(kithProfile, ratchet, envelope.message)))
  return steps > STEPS_LEFT_OUT_FREELY_MAX ? 'handshake' : steps
}

/** How many keys a pairing keeps for messages that have not come. */
export const skippedInPairing = (pairing: Pairing | undefined): number =>
  sessionsOf(pairing).reduce((sum, { ratchet }) => sum + skippedIn(ratchet), 0)

/** True when the preferred session is 7 days old (or younger than now, by a clock that was put back) or has carried 1,000 messages, or there is none. */
export function needsRekey(pairing: Pairing, now: number): boolean {
  const [session] = pairing.sessions
  return session === undefined || Math.abs(now - session.created) >= SESSION_MS_MAX || session.messages >= SESSION_MESSAGES_MAX
}

type Envelope =
  | { readonly kind: 'initial'; readonly initial: Uint8Array; readonly message: Uint8Array }
  | { readonly kind: 'ordinary'; readonly message: Uint8Array }
  | { readonly kind: 'healing'; readonly initial: Uint8Array | undefined; readonly part: HealingPart; readonly message: Uint8Array }

type Carried = { readonly initial: Uint8Array | undefined; readonly part: HealingPart | undefined; readonly message: Uint8Array }

const envelopeCodec: Codec<Envelope> = union<Envelope>({
  initial: [1, struct({ initial: bytes(INITIAL_BYTES_MAX), message: bytes(ENVELOPE_BYTES_MAX) })],
  ordinary: [2, struct({ message: bytes(ENVELOPE_BYTES_MAX) })],
  healing: [3, struct({ initial: optional(bytes(INITIAL_BYTES_MAX)), part: healingPart, message: bytes(ENVELOPE_BYTES_MAX) })],
})

const refused = (reason: OpenRefusal): PairingOpening => ({ kind: 'refused', reason })
const sessionsOf = (pairing: Pairing | undefined): readonly Session[] => pairing?.sessions ?? []
const sessionIdOf = (initial: Uint8Array): string => toHex(labelHash('kith/1/session', initial))

// What rides on a message is authenticated with it: without its part, or with another one, it does not open.
const associatedOf = ({ associated }: Pick<Session, 'associated'>, part: HealingPart | undefined): Uint8Array =>
  part === undefined ? associated : labelHash('kith/1/session-healing', associated, encode(healingPart, part))

type KnownMessage = Omit<Carried, 'initial'> & { readonly now: number }

/** `all`: the sessions among which those that are tried stand. */
function openKnown(
  tried: readonly Session[],
  prekeys: PrekeyStore,
  { message, part, now }: KnownMessage,
  all: readonly Session[] = tried,
): PairingOpening {
  let reason: OpenRefusal = 'sealed'
  for (const session of tried) {
    const answer = part?.answer
    const mixed = answer && (() => answerSecret(session, answer))
    const opening = openRatchet(kithProfile, session.ratchet, { message, associated: associatedOf(session, part), mixed })
    if (opening.kind === 'refused') {
      if (opening.reason !== 'sealed') reason = opening.reason
      continue
    }
    const { ratchet } = opening
    const isTurn = ratchet.root !== session.ratchet.root
    const healing = part !== undefined || session.healing !== undefined ? healOnOpen(session, part, { now, isTurn }) : undefined
    const answered: Session = { ...session, initial: undefined, messages: session.messages + 1, ratchet, healing }
    const sessions = all.map((other) => (other === session ? answered : other))
    return { kind: 'opened', pairing: { sessions: withinSkipped(sessions) }, prekeys, plaintext: opening.plaintext }
  }
  return refused(reason)
}

type NewSession = Carried & { readonly id: string; readonly initial: Uint8Array; readonly now: number }

function openNew(
  pairing: Pairing | undefined,
  ends: PairingEnds,
  prekeys: PrekeyStore,
  { id, initial, part, message, now }: NewSession,
): PairingOpening {
  const value = tryDecode(initialPart, initial)
  const reason = value === undefined ? 'malformed' : initialRefusal(ends, value)
  if (value === undefined || reason !== undefined) return refused(reason ?? 'malformed')
  const used = {
    peer: ends.peer.device.id,
    initial: labelHash('kith/1/session', initial),
    reusable: value.reusable,
    oneTime: value.oneTime,
  }
  const verdict = judgeInitial(prekeys, used)
  if (verdict !== 'new') return refused(verdict)
  const answered = answerHandshake(ends, prekeys, value)
  if (answered === undefined) return refused('prekey')
  const { associated } = answered
  const mixed = part?.answer && (() => undefined)
  const opening = openRatchet(kithProfile, startAsResponder(answered.start, answered.ours), {
    message,
    associated: associatedOf({ associated }, part),
    mixed,
  })
  if (opening.kind === 'refused') return refused(opening.reason)
  const begun: Session = {
    id,
    generation: value.generation,
    created: now,
    associated,
    initial: undefined,
    messages: 1,
    ratchet: opening.ratchet,
    healing: undefined,
  }
  const session = part === undefined ? begun : { ...begun, healing: healOnOpen(begun, part, { now, isTurn: true }) }
  return { kind: 'opened', pairing: withSession(pairing, session, now), prekeys: afterInitial(prekeys, used), plaintext: opening.plaintext }
}

function initialRefusal({ self, peer }: PairingEnds, value: Initial): OpenRefusal | undefined {
  if (value.suite !== SUITE) return 'suite'
  if (value.generation === 0 || value.generation > GENERATION_MAX) return 'malformed'
  return isListOf(peer, value.from) && isListOf(self, value.to) ? undefined : 'device-list'
}

// Lists change while first messages are under way.
const isListOf = ({ listHash, earlier }: PairingEnds['self' | 'peer'], hash: Uint8Array): boolean =>
  equalBytes(hash, listHash) || (earlier?.() ?? []).some((other) => equalBytes(hash, other))

// Both sides sort alike, so after two simultaneous initiations both write in the same session.
function withSession(pairing: Pairing | undefined, session: Session, now: number): Pairing {
  const alive = sessionsOf(pairing).filter((other) => now - other.created < OLD_SESSION_MS_MAX)
  const sessions = [...alive, session].sort((a, b) => b.generation - a.generation || (a.id < b.id ? -1 : 1))
  return { sessions: withinSkipped(sessions.slice(0, SESSIONS_PER_PAIR_MAX)) }
}

function withinSkipped(sessions: readonly Session[]): readonly Session[] {
  let room = SKIPPED_KEYS_PER_PAIR_MAX
  return sessions.map((session) => {
    const held = skippedIn(session.ratchet)
    const ratchet = held > room ? trimSkipped(session.ratchet, room) : session.ratchet
    room -= Math.min(held, room)
    return ratchet === session.ratchet ? session : { ...session, ratchet }
  })
}
