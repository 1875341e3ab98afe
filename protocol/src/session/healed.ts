// What comes of healing (docs/protocol.md §4.7) with a message that is opened.

import { tryDecode } from '../bytes/codec.ts'
import { decapsulate, isKemKey, kemKeysOf } from '../crypto/kem.ts'
import { envelopeCodec } from './envelope.ts'
import { healingOf } from './healing.ts'
import { EMPTY_ANSWER_BYTES } from './limits.ts'
import type { Answer, Healing, HealingPart } from './healing-state.ts'
import type { Session } from './pairing-state.ts'

/** False for a part that nobody makes: an empty one, or a key for which nothing can be encapsulated. */
export const isHealingPart = ({ answer, offer }: HealingPart): boolean =>
  (answer !== undefined || offer !== undefined) && (offer === undefined || (offer.number > 0 && isKemKey(offer.key)))

/** True for an answer to the key that we have offered last, and that was not answered yet. */
export const isAwaited = (session: Session, { number }: Pick<Answer, 'number'>): boolean => {
  const { seed, offers } = healingOf(session)
  return seed !== undefined && number === offers
}

/** What an answer gives with our key; undefined where we have not offered the key that it names, or not in this state. */
export function answerSecret(session: Session, { number, ciphertext }: Answer): Uint8Array | undefined {
  const { seed } = healingOf(session)
  return seed === undefined || !isAwaited(session, { number }) ? undefined : decapsulate(kemKeysOf(seed).secret, ciphertext)
}

/** After a message with `part` was opened. `isTurn`: it was the first of its chain that came. */
export function healOnOpen(session: Session, part: HealingPart | undefined, { now, isTurn }: { now: number; isTurn: boolean }): Healing {
  const before = healingOf(session)
  const turned = isTurn ? { ...before, answer: undefined } : before
  const healed = isTurn && part?.answer !== undefined ? { ...turned, seed: undefined, healed: now } : turned
  const offer = part?.offer
  const isNew = offer !== undefined && offer.number > healed.answered && offer.number > (healed.theirs?.number ?? 0)
  return isNew ? { ...healed, theirs: offer } : healed
}

/** True for an answer to a key with nothing else to say: another envelope may have its length, and another kind or part. */
export function isEmptyAnswer(envelope: Uint8Array): boolean {
  if (envelope.length !== EMPTY_ANSWER_BYTES) return false
  const read = tryDecode(envelopeCodec, envelope)
  return read?.kind === 'healing' && read.initial === undefined && read.part.answer !== undefined && read.part.offer === undefined
}
