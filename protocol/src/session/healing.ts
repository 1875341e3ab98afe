// Healing (docs/protocol.md §4.7): a fresh ML-KEM key and the ciphertext for it ride on messages of a session, and the secret of both goes into the
// root with the turn that answers. So whoever has a copy of either side, and can compute X25519 backwards, reads no further than that.

import { fixed, optional, struct, u32 } from '../bytes/codec.ts'
import { encapsulate, KEM_CIPHERTEXT_BYTES, KEM_PUBLIC_BYTES, kemKeysOf } from '../crypto/kem.ts'
import { HEALING_MS } from '../limits.ts'
import { HEALING_OFFERS_MAX } from './limits.ts'
import type { Codec } from '../bytes/codec.ts'
import type { Random } from '../crypto/random.ts'
import type { Healing, HealingPart } from './healing-state.ts'
import type { Session } from './pairing-state.ts'

export const healingPart: Codec<HealingPart> = struct({
  answer: optional(struct({ number: u32, ciphertext: fixed(KEM_CIPHERTEXT_BYTES) })),
  offer: optional(struct({ number: u32, key: fixed(KEM_PUBLIC_BYTES) })),
})

export const healingOf = ({ healing, created }: Pick<Session, 'healing' | 'created'>): Healing =>
  healing ?? { healed: created, offers: 0, seed: undefined, theirs: undefined, answered: 0, answer: undefined }

/** True when the peer's key can be answered now: with our next message the turn changes. */
export const canAnswer = ({ healing, ratchet }: Session): boolean => healing?.theirs !== undefined && ratchet.sending === undefined

/** True when a key may go with the next message. `isRenewal`: of a chain that was used up or is old. `isWaiting`: what was sealed before has not arrived yet. */
export function mayOffer(
  session: Session,
  { now, isRenewal, isWaiting }: { now: number; isRenewal: boolean; isWaiting: boolean },
): boolean {
  const { healed, seed, offers } = healingOf(session)
  // An answer mixes a fresh secret in as well.
  if (canAnswer(session)) return false
  if (seed !== undefined) return !isWaiting
  return offers < HEALING_OFFERS_MAX && (isRenewal || Math.abs(now - healed) >= HEALING_MS)
}

type Healed = { readonly healing: Healing | undefined; readonly part: HealingPart | undefined; readonly mixed: Uint8Array | undefined }

/** What goes with the next message. `mixed`: what its turn mixes into the root. */
export function healOnSeal(session: Session, { now, random, offers }: { now: number; random: Random; offers: boolean }): Healed {
  if (session.healing === undefined && !offers) return { healing: undefined, part: undefined, mixed: undefined }
  const before = healingOf(session)
  const isTurn = session.ratchet.sending === undefined
  const encapsulated = isTurn && before.theirs !== undefined ? encapsulate(before.theirs.key, random(32)) : undefined
  const turned = isTurn ? { ...before, answer: undefined } : before
  const answered =
    encapsulated === undefined || before.theirs === undefined
      ? turned
      : answeredBy(turned, before.theirs.number, encapsulated.ciphertext, now)
  const offering = !offers || answered.seed !== undefined ? answered : { ...answered, offers: answered.offers + 1, seed: random(64) }
  const offer = offers && offering.seed ? { number: offering.offers, key: kemKeysOf(offering.seed).publicKey } : undefined
  const part = offering.answer === undefined && offer === undefined ? undefined : { answer: offering.answer, offer }
  return { healing: offering, part, mixed: encapsulated?.shared }
}

const answeredBy = (healing: Healing, answered: number, ciphertext: Uint8Array, now: number): Healing => ({
  ...healing,
  healed: now,
  theirs: undefined,
  answered,
  answer: { number: answered, ciphertext },
})
