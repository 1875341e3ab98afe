// Everything secret about one invite comes from 32 random bytes that its maker keeps (docs/protocol.md §3.1).

import { fromHex } from '../bytes/bytes.ts'
import { recordIdOf } from '../bytes/ids.ts'
import { labelHash, labelMac } from '../crypto/hash.ts'
import { derive } from '../crypto/kdf.ts'
import type { AccountId, RecordId } from '../bytes/ids.ts'
import type { Random } from '../crypto/random.ts'
import type { RelayAddress } from '../wire/capability.ts'

/** `token`: proves to the inviter that one came by this link. `key`: opens the packet. `ownerSeed`: Ed25519 seed of the record's owner. */
export type InviteSecrets = { readonly token: Uint8Array; readonly key: Uint8Array; readonly ownerSeed: Uint8Array }

/** What a link says of its packet. */
export type LinkSecrets = Pick<InviteSecrets, 'token' | 'key'>

export const createInviteSecret = (random: Random): Uint8Array => random(32)

export function inviteSecretsOf(secret: Uint8Array): InviteSecrets {
  const part = (info: string, length: number): Uint8Array => derive(secret, new Uint8Array(0), info, length)
  return { token: part('kith/1/invite-token', 16), key: part('kith/1/invite-key', 32), ownerSeed: part('kith/1/invite-owner', 32) }
}

/** The same at a second relay: the packet lies there under a name, and sealed, as only whoever has the link can relate to the first. */
export const secondLinkOf = ({ token, key }: LinkSecrets, { key: relay }: RelayAddress): LinkSecrets => ({
  token: labelMac(token, 'kith/1/second-token', relay).subarray(0, 16),
  key: labelMac(key, 'kith/1/second-key', relay),
})

/** {@link secondLinkOf}, as the maker of the invite knows it. */
export const secondSecretsOf = (first: InviteSecrets, relay: RelayAddress): InviteSecrets => ({
  ...secondLinkOf(first, relay),
  ownerSeed: labelMac(first.ownerSeed, 'kith/1/second-owner', relay.key),
})

/** Where the relay keeps the packet; the relay learns nothing of the token. */
export const packetRecordId = (token: Uint8Array): RecordId => recordIdOf(labelHash('kith/1/invite-record', token))

/** Ed25519 seed of the key that claims the record for a device: the same whenever that device opens the link. */
export const claimSeed = (deviceSeed: Uint8Array, token: Uint8Array): Uint8Array => derive(deviceSeed, token, 'kith/1/invite-claim', 32)

/** Shows everybody who has the link that the claimant has it too, so the relay cannot invent one. */
export const claimProof = (token: Uint8Array, claimant: Uint8Array): Uint8Array => labelMac(token, 'kith/1/invite-claimed', claimant)

/** Shown by the invitee in its first entry: whoever holds the token can check it, for this account only. */
export const joinProof = (token: Uint8Array, account: AccountId): Uint8Array => labelMac(token, 'kith/1/join', fromHex(account))
