// The card of a device in a group (docs/protocol.md §12): what another member needs to begin a session with it and to leave the first word. It is
// signed by the device, so it does not matter who hands it on.

import { equalBytes } from '../bytes/bytes.ts'
import { bytes, encode, fixed, optional, struct, tryDecode, u48 } from '../bytes/codec.ts'
import { conversationId } from '../bytes/ids.ts'
import { labelHash } from '../crypto/hash.ts'
import { sign, verify } from '../crypto/sign.ts'
import { acceptDeviceList } from '../identity/device-list.ts'
import { SIGNED_DEVICE_LIST_BYTES_MAX } from '../limits.ts'
import { isGenuineBundle, prekeyBundle } from '../session/prekey-bundle.ts'
import { mailboxGrant, relayAddress } from '../wire/capability.ts'
import type { Codec } from '../bytes/codec.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { PinnedDeviceList } from '../identity/device-list.ts'
import type { DevicePublic } from '../identity/device.ts'
import type { PrekeyBundle } from '../session/prekey-bundle.ts'
import type { MailboxGrant, RelayAddress } from '../wire/capability.ts'

/** `door`: a mailbox for first words in this group alone, which lies at `second` as well. `issued`: of two cards of a device the later one counts, ms. */
export type CardFields = {
  readonly conversation: ConversationId
  readonly issued: number
  readonly list: Uint8Array
  readonly bundle: PrekeyBundle
  readonly door: MailboxGrant
  readonly second?: RelayAddress | undefined
}

export type Card = Omit<CardFields, 'list'> & {
  readonly list: PinnedDeviceList
  readonly device: DevicePublic
  readonly signed: Uint8Array
}

const fields: Codec<CardFields> = struct({
  conversation: conversationId,
  issued: u48,
  list: bytes(SIGNED_DEVICE_LIST_BYTES_MAX),
  bundle: prekeyBundle,
  door: mailboxGrant,
  second: optional(relayAddress),
}) as Codec<CardFields>

const signedCard = struct({ fields, signature: fixed(64) })

const statementOf = (card: CardFields): Uint8Array => labelHash('kith/1/card', encode(fields, card))

export const signCard = (card: CardFields, seed: Uint8Array): Uint8Array =>
  encode(signedCard, { fields: card, signature: sign(seed, statementOf(card)) })

/** The card of a device in this group, with all that it says of itself proven; undefined for anything else. */
export function parseCard(signed: Uint8Array, conversation: ConversationId): Card | undefined {
  const read = tryDecode(signedCard, signed)
  if (read?.fields.conversation !== conversation) return undefined
  const { bundle } = read.fields
  const acceptance = acceptDeviceList(undefined, read.fields.list)
  if (acceptance.kind === 'refused' || !isGenuineBundle(bundle)) return undefined
  const device = acceptance.pinned.devices.find(
    ({ signingKey, agreementKey }) => equalBytes(signingKey, bundle.signingKey) && equalBytes(agreementKey, bundle.agreementKey),
  )
  if (device === undefined || !verify(device.signingKey, statementOf(read.fields), read.signature)) return undefined
  return { ...read.fields, list: acceptance.pinned, device, signed }
}

/** A card that was judged before it was stored. Throws RangeError for anything else. */
export function storedCard(signed: Uint8Array, pinned: (list: Uint8Array) => PinnedDeviceList | undefined): Card {
  const read = tryDecode(signedCard, signed)
  const list = read && pinned(read.fields.list)
  const device = list?.devices.find(({ signingKey }) => read !== undefined && equalBytes(signingKey, read.fields.bundle.signingKey))
  if (read === undefined || list === undefined || device === undefined) throw new RangeError('a stored card is none')
  return { ...read.fields, list, device, signed }
}
