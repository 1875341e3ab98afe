// What is to be read from a date on: words and date under a key that is made for them alone and handed out at that date (docs/protocol.md §5.16).

import { concatBytes, equalBytes, fromHex } from '../bytes/bytes.ts'
import { bytes, encode, struct, tryDecode, u48 } from '../bytes/codec.ts'
import { heldNameOf } from '../bytes/ids.ts'
import { open, seal } from '../crypto/aead.ts'
import { labelHash } from '../crypto/hash.ts'
import { derive } from '../crypto/kdf.ts'
import { SCHEDULED_BYTES_MAX, TIME_MS_MAX } from '../limits.ts'
import { content as contentCodec } from '../wire/content.ts'
import type { ConversationId, DeviceId, HeldName } from '../bytes/ids.ts'
import type { Content, ScheduledAct } from '../wire/content.ts'

export type ScheduledSaid = Extract<Content, { kind: 'text' | 'reply' }>
/** `said`: the bytes of a content. */
type Scheduled = { readonly due: number; readonly said: Uint8Array; readonly content: ScheduledSaid }
type Sealed = Extract<ScheduledAct, { kind: 'sealed' }>
type Place = { readonly conversation: ConversationId; readonly device: DeviceId; readonly key: Uint8Array }

const NO_SALT = new Uint8Array(0)
const plaintext = struct({ due: u48, said: bytes(SCHEDULED_BYTES_MAX) })

const keysOf = (key: Uint8Array): readonly [Uint8Array, Uint8Array] => {
  const both = derive(key, NO_SALT, 'kith/1/scheduled', 44)
  return [both.subarray(0, 32), both.subarray(32)]
}
const associated = ({ conversation, device }: Place): Uint8Array =>
  labelHash('kith/1/scheduled', concatBytes(fromHex(conversation), fromHex(device)))
const hashOf = (key: Uint8Array): Uint8Array => labelHash('kith/1/scheduled-key', key)

/** What the key is called at the relays that hold it back. */
export const heldNameFor = (key: Uint8Array): HeldName => heldNameOf(derive(key, NO_SALT, 'kith/1/scheduled-name', 32))

/** `key` 32 random bytes, for this alone. */
export function sealScheduled(place: Place, said: { readonly due: number; readonly content: ScheduledSaid }): Sealed {
  const inside = encode(plaintext, { due: said.due, said: encode(contentCodec, said.content) })
  return { kind: 'sealed', keyHash: hashOf(place.key), sealed: seal(...keysOf(place.key), inside, associated(place)) }
}

/** Undefined with another key, in another place, and for what is neither a text nor a reply. */
export function openScheduled(place: Place, { keyHash, sealed }: Sealed): Scheduled | undefined {
  if (!equalBytes(hashOf(place.key), keyHash)) return undefined
  const inside = open(...keysOf(place.key), sealed, associated(place))
  const read = inside && tryDecode(plaintext, inside)
  const content = read && tryDecode(contentCodec, read.said)
  if (read === undefined || read.due > TIME_MS_MAX || (content?.kind !== 'text' && content?.kind !== 'reply')) return undefined
  return { ...read, content }
}
