// What a device publishes so that others can start a session while it is away (docs/protocol.md §4.1).
// One prekey is always a pair, X25519 and ML-KEM-768, under one id and one signature of the device.

import { encode, fixed, optional, struct, u32, u48 } from '../bytes/codec.ts'
import { isAgreementKey } from '../crypto/agree.ts'
import { labelHash } from '../crypto/hash.ts'
import { isKemKey, KEM_PUBLIC_BYTES } from '../crypto/kem.ts'
import { verify } from '../crypto/sign.ts'
import { areDeviceKeys } from '../identity/device.ts'
import { BUNDLE_MS_MAX } from '../limits.ts'
import type { Codec } from '../bytes/codec.ts'
import type { DeviceKeys } from '../identity/device.ts'

/** Used by many; replaced every week. Its ML-KEM key is the last resort where no one-time prekey is left. */
export type ReusablePrekey = {
  readonly id: number
  readonly created: number
  readonly agreementKey: Uint8Array
  readonly kemKey: Uint8Array
  readonly signature: Uint8Array
}

/** Used by one session at most. */
export type OneTimePrekey = Omit<ReusablePrekey, 'created'>

export type PrekeyBundle = DeviceKeys & { readonly reusable: ReusablePrekey; readonly oneTime: OneTimePrekey | undefined }

/** True while their owner has these prekeys, by the clock of `now`. */
export const isFresh = ({ reusable }: PrekeyBundle, now: number): boolean => Math.abs(now - reusable.created) < BUNDLE_MS_MAX

/** True when the device's own keys may be admitted and signed every prekey in the bundle. */
export function isGenuineBundle({ signingKey, agreementKey, reusable, oneTime }: PrekeyBundle): boolean {
  const device = { signingKey, agreementKey }
  if (!areDeviceKeys(device) || !areKeys(reusable) || (oneTime !== undefined && !areKeys(oneTime))) return false
  if (!verify(signingKey, reusableStatement(device, reusable), reusable.signature)) return false
  return oneTime === undefined || verify(signingKey, oneTimeStatement(device, oneTime), oneTime.signature)
}

// A handshake with them can be computed: who opens a link must not find out with the answer that it cannot.
const areKeys = ({ agreementKey, kemKey }: Pick<ReusablePrekey, 'agreementKey' | 'kemKey'>): boolean =>
  isAgreementKey(agreementKey) && isKemKey(kemKey)

/** Signed by the device. Names the agreement key too, so that prekeys of one device never serve another. */
export const reusableStatement = (device: DeviceKeys, prekey: Omit<ReusablePrekey, 'signature'>): Uint8Array =>
  labelHash(
    'kith/1/reusable-prekey',
    device.signingKey,
    device.agreementKey,
    encode(u32, prekey.id),
    encode(u48, prekey.created),
    prekey.agreementKey,
    prekey.kemKey,
  )

/** Likewise. */
export const oneTimeStatement = (device: DeviceKeys, prekey: Omit<OneTimePrekey, 'signature'>): Uint8Array =>
  labelHash('kith/1/one-time-prekey', device.signingKey, device.agreementKey, encode(u32, prekey.id), prekey.agreementKey, prekey.kemKey)

export const reusablePrekey: Codec<ReusablePrekey> = struct({
  id: u32,
  created: u48,
  agreementKey: fixed(32),
  kemKey: fixed(KEM_PUBLIC_BYTES),
  signature: fixed(64),
})

export const oneTimePrekey: Codec<OneTimePrekey> = struct({
  id: u32,
  agreementKey: fixed(32),
  kemKey: fixed(KEM_PUBLIC_BYTES),
  signature: fixed(64),
})

export const prekeyBundle: Codec<PrekeyBundle> = struct({
  signingKey: fixed(32),
  agreementKey: fixed(32),
  reusable: reusablePrekey,
  oneTime: optional(oneTimePrekey),
})
