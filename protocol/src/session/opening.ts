// The door to sessions (docs/protocol.md §4.4), on the way in: envelope in, plaintext out. Pure: a refusal changes nothing, and the caller stores the new
// pairing and prekeys before a plaintext is acted on.

import { equalBytes } from '../bytes/bytes.ts'
import { tryDecode } from '../bytes/codec.ts'
import { labelHash } from '../crypto/hash.ts'
import { ENVELOPE_BYTES_MAX } from '../limits.ts'
import { associatedOf, envelopeCodec, sessionIdOf } from './envelope.ts'
import { answerSecret, healOnOpen, isAwaited, isHealingPart } from './healed.ts'
import { canAnswer } from './healing.ts'
import { kithProfile } from './kith-profile.ts'
import { GENERATION_MAX, STEPS_LEFT_OUT_FREELY_MAX } from './limits.ts'
import { sessionsOf, withinSkipped, withSession } from './pairing-state.ts'
import { answerHandshake, initial as initialPart, SUITE } from './pqxdh.ts'
import { afterInitial, judgeInitial } from './prekeys.ts'
import { beginsTurn, openRatchet, skippedIn, startAsResponder, stepsBefore } from './ratchet.ts'
import type { Carried } from './envelope.ts'
import type { NowAndRandom } from './pairing.ts'
import type { Pairing, Session } from './pairing-state.ts'
import type { Initial, PairingEnds } from './pqxdh.ts'
import type { PrekeyStore } from './prekeys.ts'

/** `device-list`: the peer believes in other device lists than we do: exchange them. `prekey`: not held any more, or a key that is not
 * admitted. `replayed`, `used`: seen before. `busy`: too many sessions without one-time prekeys. `sealed`: it does not open. */
export type OpenRefusal = 'malformed' | 'suite' | 'device-list' | 'prekey' | 'replayed' | 'busy' | 'used' | 'jump' | 'sealed'

export type PairingOpening =
  | { readonly kind: 'opened'; readonly pairing: Pairing; readonly prekeys: PrekeyStore; readonly plaintext: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: OpenRefusal }

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

/**
 * What finding out whether an envelope opens costs: so many steps, or a handshake. It costs that where it claims to begin a session, to come after many that
 * did not, or to answer a key of ours: whether it does shows only when the key was used.
 */
export function effortOf(pairing: Pairing | undefined, envelopeBytes: Uint8Array): number | 'handshake' {
  const envelope = envelopeBytes.length <= ENVELOPE_BYTES_MAX ? tryDecode(envelopeCodec, envelopeBytes) : undefined
  if (envelope === undefined) return 0
  const known = sessionsOf(pairing)
  const initial = envelope.kind === 'ordinary' ? undefined : envelope.initial
  if (initial !== undefined && known.every((session) => session.id !== sessionIdOf(initial))) return 'handshake'
  const answer = 'part' in envelope ? envelope.part.answer : undefined
  const { message } = envelope
  if (answer && known.some((session) => isAwaited(session, answer) && beginsTurn(kithProfile, session.ratchet, message))) return 'handshake'
  const steps = Math.max(0, ...known.map(({ ratchet }) => stepsBefore(kithProfile, ratchet, message)))
  return steps > STEPS_LEFT_OUT_FREELY_MAX ? 'handshake' : steps
}

/** How many keys a pairing keeps for messages that have not come. */
export const skippedInPairing = (pairing: Pairing | undefined): number =>
  sessionsOf(pairing).reduce((sum, { ratchet }) => sum + skippedIn(ratchet), 0)

/** The session in which the peer waits for an answer to its key that the next message gives. */
export const unanswered = ({ sessions: [session] }: Pairing): Session | undefined =>
  session !== undefined && canAnswer(session) ? session : undefined

const refused = (reason: OpenRefusal): PairingOpening => ({ kind: 'refused', reason })

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
