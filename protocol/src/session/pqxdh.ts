// The handshake (docs/protocol.md §4.2): X25519 and ML-KEM-768, always both. Everything that the two sides must agree on enters the key
// derivation, so a difference of opinion about who speaks with whom gives unrelated keys.

import { concatBytes, equalBytes, fromHex } from '../bytes/bytes.ts'
import { encode, fixed, optional, struct, u32, u8 } from '../bytes/codec.ts'
import { agree, agreementKeyOf } from '../crypto/agree.ts'
import { labelHash } from '../crypto/hash.ts'
import { derive } from '../crypto/kdf.ts'
import { decapsulate, encapsulate, KEM_CIPHERTEXT_BYTES, kemKeysOf } from '../crypto/kem.ts'
import { isGenuineBundle } from './prekey-bundle.ts'
import { prekeySecretsOf } from './prekeys.ts'
import type { Codec } from '../bytes/codec.ts'
import type { AccountId } from '../bytes/ids.ts'
import type { Random } from '../crypto/random.ts'
import type { DevicePublic, DeviceSecret } from '../identity/device.ts'
import type { PrekeyBundle } from './prekey-bundle.ts'
import type { PrekeyStore } from './prekeys.ts'
import type { RatchetStart } from './ratchet.ts'
import type { KeyPair } from './ratchet-state.ts'

export const SUITE = 1

/** `listHash`: of the device list that the account is believed to have. `earlier`: those of lists before it, which others may still believe in. */
type End = { readonly account: AccountId; readonly listHash: Uint8Array; readonly earlier?: () => readonly Uint8Array[] }
export type SelfEnd = End & { readonly device: DeviceSecret & DevicePublic }
export type PeerEnd = End & { readonly device: DevicePublic }
export type PairingEnds = { readonly self: SelfEnd; readonly peer: PeerEnd }

/** The initial part of an envelope. `from`, `to`: the device lists that the initiator believes in. */
export type Initial = {
  readonly suite: number
  readonly generation: number
  readonly reusable: number
  readonly oneTime: number | undefined
  readonly from: Uint8Array
  readonly to: Uint8Array
  readonly ephemeral: Uint8Array
  readonly kemCiphertext: Uint8Array
}

/** `theirs`: the first ratchet key of the responder. */
export type StartedHandshake = {
  readonly initial: Initial
  readonly start: RatchetStart
  readonly associated: Uint8Array
  readonly theirs: Uint8Array
}
export type AnsweredHandshake = { readonly start: RatchetStart; readonly associated: Uint8Array; readonly ours: KeyPair }

export const initial: Codec<Initial> = struct({
  suite: u8,
  generation: u32,
  reusable: u32,
  oneTime: optional(u32),
  from: fixed(32),
  to: fixed(32),
  ephemeral: fixed(32),
  kemCiphertext: fixed(KEM_CIPHERTEXT_BYTES),
})

/** What the initiator derives, or why the bundle is refused: `device` when it is another device's, `bundle` when it is not genuine. */
export function startHandshake(
  ends: PairingEnds,
  bundle: PrekeyBundle,
  { generation, random }: { readonly generation: number; readonly random: Random },
): StartedHandshake | 'device' | 'bundle' {
  const { self, peer } = ends
  if (!isBundleOf(peer.device, bundle) || self.device.id === peer.device.id) return 'device'
  if (!isGenuineBundle(bundle)) return 'bundle'
  const { reusable, oneTime } = bundle
  const secret = random(32)
  const kemKey = (oneTime ?? reusable).kemKey
  const encapsulated = encapsulate(kemKey, random(32))
  const agreed = agreeAll([
    [self.device.agreeSecret, reusable.agreementKey],
    [secret, peer.device.agreementKey],
    [secret, reusable.agreementKey],
    ...(oneTime === undefined ? [] : [[secret, oneTime.agreementKey] as const]),
  ])
  if (encapsulated === undefined || agreed === undefined) return 'bundle'
  const value: Initial = {
    suite: SUITE,
    generation,
    reusable: reusable.id,
    oneTime: oneTime?.id,
    from: self.listHash,
    to: peer.listHash,
    ephemeral: agreementKeyOf(secret),
    kemCiphertext: encapsulated.ciphertext,
  }
  const associated = contextOf({ initiator: self, responder: peer }, value, {
    reusable: reusable.agreementKey,
    oneTime: oneTime?.agreementKey,
    kemKey,
  })
  return { initial: value, associated, start: startFrom(agreed, encapsulated.shared, associated), theirs: reusable.agreementKey }
}

/** What the responder derives; undefined when a prekey is unknown, used or let go, or the initiator's keys are not to be admitted. */
export function answerHandshake(ends: PairingEnds, prekeys: PrekeyStore, value: Initial): AnsweredHandshake | undefined {
  const { self, peer } = ends
  const heldReusable = prekeys.reusable.find((held) => held.id === value.reusable)
  const heldOneTime = value.oneTime === undefined ? undefined : prekeys.oneTime.find((held) => held.id === value.oneTime)
  if (heldReusable === undefined || (value.oneTime !== undefined && heldOneTime === undefined)) return undefined
  const reusable = prekeySecretsOf(heldReusable)
  const oneTime = heldOneTime && prekeySecretsOf(heldOneTime)
  const kem = kemKeysOf((oneTime ?? reusable).kemSeed)
  const shared = decapsulate(kem.secret, value.kemCiphertext)
  const agreed = agreeAll([
    [reusable.agreeSecret, peer.device.agreementKey],
    [self.device.agreeSecret, value.ephemeral],
    [reusable.agreeSecret, value.ephemeral],
    ...(oneTime === undefined ? [] : [[oneTime.agreeSecret, value.ephemeral] as const]),
  ])
  if (shared === undefined || agreed === undefined) return undefined
  const keys = { reusable: reusable.agreementKey, oneTime: oneTime?.agreementKey, kemKey: kem.publicKey }
  const associated = contextOf({ initiator: peer, responder: self }, value, keys)
  const ours = { secret: reusable.agreeSecret, publicKey: reusable.agreementKey }
  return { associated, start: startFrom(agreed, shared, associated), ours }
}

const isBundleOf = (device: DevicePublic, bundle: PrekeyBundle): boolean =>
  equalBytes(device.signingKey, bundle.signingKey) && equalBytes(device.agreementKey, bundle.agreementKey)

function agreeAll(pairs: readonly (readonly [mine: Uint8Array, theirs: Uint8Array])[]): Uint8Array | undefined {
  const shared: Uint8Array[] = []
  for (const [mine, theirs] of pairs) {
    const one = agree(mine, theirs)
    if (one === undefined) return undefined
    shared.push(one)
  }
  return concatBytes(...shared)
}

type PrekeysUsed = { readonly reusable: Uint8Array; readonly oneTime: Uint8Array | undefined; readonly kemKey: Uint8Array }

function contextOf(ends: { readonly initiator: PeerEnd; readonly responder: PeerEnd }, value: Initial, prekeys: PrekeysUsed): Uint8Array {
  const parts = [ends.initiator, ends.responder].flatMap(({ account, device }) => [
    fromHex(account),
    fromHex(device.id),
    device.signingKey,
    device.agreementKey,
  ])
  const oneTime = encode(optional(fixed(32)), prekeys.oneTime)
  return labelHash('kith/1/session-context', ...parts, prekeys.reusable, prekeys.kemKey, oneTime, encode(initial, value))
}

// 32 bytes of 0xff in front, as in X3DH, keep this input apart from one of a signature scheme over the same curve.
function startFrom(agreed: Uint8Array, kemShared: Uint8Array, associated: Uint8Array): RatchetStart {
  const input = concatBytes(new Uint8Array(32).fill(0xff), agreed, kemShared)
  const bytes = derive(input, associated, 'kith/1/pqxdh', 96)
  agreed.fill(0)
  kemShared.fill(0)
  input.fill(0)
  return { root: bytes.slice(0, 32), initiatorHeader: bytes.slice(32, 64), responderHeader: bytes.slice(64) }
}
