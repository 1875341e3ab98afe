// Our ratchet as one side of a conversation. `sending` and `receiving` are the associated data of the two directions.

import { openRatchet, sealRatchet } from '../protocol/src/session/ratchet.ts'
import { seededRandom } from '../protocol/test/vectors/seeded-random.ts'
import type { RatchetProfile } from '../protocol/src/session/ratchet.ts'
import type { Ratchet } from '../protocol/src/session/ratchet-state.ts'
import type { Side } from './conversation.ts'

export type OurRatchet = {
  readonly profile: RatchetProfile
  readonly ratchet: Ratchet
  readonly sending: Uint8Array
  readonly receiving: Uint8Array
  readonly seed: string
}

export function ourSide({ profile, ratchet, sending, receiving, seed }: OurRatchet): Side {
  const random = seededRandom(seed)
  let state = ratchet
  return {
    seal: async (text) => {
      const sealed = sealRatchet(profile, state, { plaintext: new TextEncoder().encode(text), associated: sending, random })
      state = sealed.ratchet
      return sealed.message
    },
    open: async (message) => {
      const opening = openRatchet(profile, state, { message, associated: receiving })
      if (opening.kind === 'refused') throw new Error(`refused: ${opening.reason}`)
      state = opening.ratchet
      return new TextDecoder().decode(opening.plaintext)
    },
  }
}
