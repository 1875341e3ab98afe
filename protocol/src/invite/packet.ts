// What an inviter leaves at the relay, so that the invitee needs nobody online (docs/protocol.md §3.3).

import { bytes, encode, list, optional, struct, text, tryDecode, u48 } from '../bytes/codec.ts'
import { conversationId } from '../bytes/ids.ts'
import { fromHex } from '../bytes/bytes.ts'
import { NAMED_NONCE_BYTES, openNamed, sealNamed } from '../crypto/aead.ts'
import { pad, unpad } from '../crypto/pad.ts'
import { chainHandout } from '../group/sender-chain.ts'
import { deviceIdFromKeys } from '../identity/device.ts'
import { acceptDeviceList } from '../identity/device-list.ts'
import { BLOB_BUCKETS, CHAINS_PER_DEVICE_MAX, NAME_BYTES_MAX, RUN_ENTRIES_MAX, SIGNED_DEVICE_LIST_BYTES_MAX } from '../limits.ts'
import { isGenuineBundle, prekeyBundle } from '../session/prekey-bundle.ts'
import { mailboxGrant, relayAddress } from '../wire/capability.ts'
import { wireEntry } from '../wire/entry.ts'
import { packetRecordId } from './secrets.ts'
import type { Codec } from '../bytes/codec.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { Random } from '../crypto/random.ts'
import type { ChainHandout } from '../group/sender-chain.ts'
import type { PinnedDeviceList } from '../identity/device-list.ts'
import type { PrekeyBundle } from '../session/prekey-bundle.ts'
import type { MailboxGrant, RelayAddress } from '../wire/capability.ts'
import type { WireEntry } from '../wire/entry.ts'
import type { Link } from './link.ts'

export type InvitePacket = {
  /** Signed device list of the inviter. */
  readonly deviceList: Uint8Array
  /** Of the inviting device; its one-time prekey is for this invite alone. */
  readonly bundle: PrekeyBundle
  readonly name: string
  /** Where the invitee may deposit. */
  readonly grant: MailboxGrant
  readonly conversation: ConversationId
  /** The inviting device's chains in the conversation. */
  readonly chains: readonly ChainHandout[]
  /** The conversation so far: how it was created, and the welcome. */
  readonly entries: readonly WireEntry[]
  readonly created: number
  /** Where the packet, and the mailbox of that grant, lie a second time. */
  readonly second?: RelayAddress | undefined
}

/** `sealed`: another key or altered. `device-list`: not genuine, or of somebody else than the link says. `bundle`: likewise. */
export type PacketRefusal = 'sealed' | 'malformed' | 'device-list' | 'bundle'

export type PacketOpening =
  | { readonly kind: 'opened'; readonly packet: InvitePacket; readonly inviter: PinnedDeviceList }
  | { readonly kind: 'refused'; readonly reason: PacketRefusal }

/** The bytes to put at the relay. Throws RangeError where the packet is larger than the largest bucket. */
export function sealPacket(packet: InvitePacket, key: Uint8Array, token: Uint8Array, random: Random): Uint8Array {
  const padded = pad(encode(invitePacket, packet), BLOB_BUCKETS)
  return sealNamed(key, random(NAMED_NONCE_BYTES), padded, fromHex(packetRecordId(token)))
}

/** Opens what lies under `packetRecordId(link.token)` and checks that it comes from the account that the link names. */
export function openPacket(link: Pick<Link, 'account' | 'token' | 'key'>, sealed: Uint8Array): PacketOpening {
  const padded = openNamed(link.key, sealed, fromHex(packetRecordId(link.token)))
  if (padded === undefined) return refused('sealed')
  const content = unpad(padded, BLOB_BUCKETS)
  const packet = content && tryDecode(invitePacket, content)
  if (packet === undefined) return refused('malformed')
  const acceptance = acceptDeviceList(undefined, packet.deviceList, link.account)
  if (acceptance.kind === 'refused') return refused('device-list')
  const device = deviceIdFromKeys(packet.bundle)
  const isListed = acceptance.pinned.devices.some((listed) => listed.id === device)
  if (!isListed || !isGenuineBundle(packet.bundle)) return refused('bundle')
  return { kind: 'opened', packet, inviter: acceptance.pinned }
}

export const invitePacket: Codec<InvitePacket> = struct({
  deviceList: bytes(SIGNED_DEVICE_LIST_BYTES_MAX),
  bundle: prekeyBundle,
  name: text(NAME_BYTES_MAX),
  grant: mailboxGrant,
  conversation: conversationId,
  chains: list(chainHandout, CHAINS_PER_DEVICE_MAX),
  entries: list(wireEntry, RUN_ENTRIES_MAX),
  created: u48,
  second: optional(relayAddress),
}) as Codec<InvitePacket>

const refused = (reason: PacketRefusal): PacketOpening => ({ kind: 'refused', reason })
