// An envelope as it travels (docs/protocol.md §4.4): a message of a session, and what goes with it.

import { toHex } from '../bytes/bytes.ts'
import { bytes, encode, optional, struct, union } from '../bytes/codec.ts'
import { labelHash } from '../crypto/hash.ts'
import { ENVELOPE_BYTES_MAX } from '../limits.ts'
import { healingPart } from './healing.ts'
import { INITIAL_BYTES_MAX } from './limits.ts'
import type { Codec } from '../bytes/codec.ts'
import type { HealingPart } from './healing-state.ts'
import type { Session } from './pairing-state.ts'

type Envelope =
  | { readonly kind: 'initial'; readonly initial: Uint8Array; readonly message: Uint8Array }
  | { readonly kind: 'ordinary'; readonly message: Uint8Array }
  | { readonly kind: 'healing'; readonly initial: Uint8Array | undefined; readonly part: HealingPart; readonly message: Uint8Array }

export type Carried = { readonly initial: Uint8Array | undefined; readonly part: HealingPart | undefined; readonly message: Uint8Array }

export const envelopeCodec: Codec<Envelope> = union<Envelope>({
  initial: [1, struct({ initial: bytes(INITIAL_BYTES_MAX), message: bytes(ENVELOPE_BYTES_MAX) })],
  ordinary: [2, struct({ message: bytes(ENVELOPE_BYTES_MAX) })],
  healing: [3, struct({ initial: optional(bytes(INITIAL_BYTES_MAX)), part: healingPart, message: bytes(ENVELOPE_BYTES_MAX) })],
})

export function envelopeOf({ initial, part, message }: Carried): Envelope {
  if (part !== undefined) return { kind: 'healing', initial, part, message }
  return initial === undefined ? { kind: 'ordinary', message } : { kind: 'initial', initial, message }
}

export const sessionIdOf = (initial: Uint8Array): string => toHex(labelHash('kith/1/session', initial))

/** What rides on a message is authenticated with it: without its part, or with another one, it does not open. */
export const associatedOf = ({ associated }: Pick<Session, 'associated'>, part: HealingPart | undefined): Uint8Array =>
  part === undefined ? associated : labelHash('kith/1/session-healing', associated, encode(healingPart, part))
