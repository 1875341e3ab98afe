// Alice and Bob (and Mallory), each with one device, for the tests and vectors of sessions.

import { utf8ToBytes } from '../../src/bytes/bytes.ts'
import { accountIdFromKey, accountKeyOf, createAccount } from '../../src/identity/account.ts'
import { createDevice, devicePublicOf } from '../../src/identity/device.ts'
import { openFrom } from '../../src/session/opening.ts'
import { initiate, sealTo } from '../../src/session/pairing.ts'
import { createPrekeys } from '../../src/session/prekeys.ts'
import { labelHash } from '../../src/crypto/hash.ts'
import { seededRandom } from './seeded-random.ts'
import type { Random } from '../../src/crypto/random.ts'
import type { PairingOpening, OpenRefusal } from '../../src/session/opening.ts'
import type { Pairing } from '../../src/session/pairing-state.ts'
import type { PairingEnds, SelfEnd } from '../../src/session/pqxdh.ts'
import type { PrekeyStore } from '../../src/session/prekeys.ts'
import type { PrekeyBundle } from '../../src/session/prekey-bundle.ts'

export const NOW = 1_800_000_000_000

export type Party = {
  readonly end: SelfEnd
  readonly random: Random
  readonly prekeys: PrekeyStore
  readonly pairing: Pairing | undefined
}

export function createParty(name: string, oneTime = 0): Party {
  const random = seededRandom(name)
  const account = createAccount(random)
  const device = createDevice(random)
  const end: SelfEnd = {
    account: accountIdFromKey(accountKeyOf(account)),
    device: { ...device, ...devicePublicOf(device) },
    listHash: labelHash('test-list', utf8ToBytes(name)),
  }
  return { end, random, prekeys: createPrekeys({ device, now: NOW, random, oneTime }), pairing: undefined }
}

/** How `self` sees itself and `peer`. */
export function endsOf(self: Party, peer: Party): PairingEnds {
  const { id, signingKey, agreementKey } = peer.end.device
  return { self: self.end, peer: { account: peer.end.account, device: { id, signingKey, agreementKey }, listHash: peer.end.listHash } }
}

/** `self` with a new session towards `peer`; throws where it is refused. */
export function initiated(self: Party, peer: Party, bundle: PrekeyBundle, now = NOW): Party {
  const initiation = initiate(self.pairing, endsOf(self, peer), bundle, { now, random: self.random })
  if (initiation.kind === 'refused') throw new Error(`initiation refused: ${initiation.reason}`)
  return { ...self, pairing: initiation.pairing }
}

/** `offers`: with a key for healing. */
export function sealed(
  self: Party,
  text: string,
  { offers = false, now = NOW }: { readonly offers?: boolean; readonly now?: number } = {},
): { readonly self: Party; readonly envelope: Uint8Array } {
  if (self.pairing === undefined) throw new Error('no pairing')
  const { pairing, envelope } = sealTo(self.pairing, utf8ToBytes(text), { now, random: self.random, offers })
  return { self: { ...self, pairing }, envelope }
}

export const tryOpen = (self: Party, peer: Party, envelope: Uint8Array, now = NOW): PairingOpening =>
  openFrom(self.pairing, endsOf(self, peer), self.prekeys, envelope, { now, random: self.random })

/** `self` after it opened the envelope, and the text in it; throws where it is refused. */
export function opened(self: Party, peer: Party, envelope: Uint8Array, now = NOW): { readonly self: Party; readonly text: string } {
  const opening = tryOpen(self, peer, envelope, now)
  if (opening.kind === 'refused') throw new Error(`opening refused: ${opening.reason}`)
  const { pairing, prekeys, plaintext } = opening
  return { self: { ...self, pairing, prekeys }, text: String.fromCodePoint(...plaintext) }
}

export function reasonOf(self: Party, peer: Party, envelope: Uint8Array, now = NOW): OpenRefusal | 'opened' {
  const opening = tryOpen(self, peer, envelope, now)
  return opening.kind === 'opened' ? 'opened' : opening.reason
}
