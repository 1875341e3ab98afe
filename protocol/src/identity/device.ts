// One device of a person: a signing key, which is also its libp2p identity, and an agreement key (docs/protocol.md §2.2).

import { deviceIdOf } from '../bytes/ids.ts'
import { agreementKeyOf, isAgreementKey } from '../crypto/agree.ts'
import { labelHash } from '../crypto/hash.ts'
import { isSigningKey, signingKeyOf } from '../crypto/sign.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { Random } from '../crypto/random.ts'

/** Never copied to another device: a restored backup makes a new one. */
export type DeviceSecret = { readonly signSeed: Uint8Array; readonly agreeSecret: Uint8Array }

export type DeviceKeys = { readonly signingKey: Uint8Array; readonly agreementKey: Uint8Array }
export type DevicePublic = DeviceKeys & { readonly id: DeviceId }

export const createDevice = (random: Random): DeviceSecret => ({ signSeed: random(32), agreeSecret: random(32) })

export function devicePublicOf(secret: DeviceSecret): DevicePublic {
  return devicePublicFromKeys({ signingKey: signingKeyOf(secret.signSeed), agreementKey: agreementKeyOf(secret.agreeSecret) })
}

export const deviceIdFromKeys = (keys: DeviceKeys): DeviceId => deviceIdOf(labelHash('kith/1/device', keys.signingKey, keys.agreementKey))

export const devicePublicFromKeys = ({ signingKey, agreementKey }: DeviceKeys): DevicePublic => ({
  id: deviceIdFromKeys({ signingKey, agreementKey }),
  signingKey,
  agreementKey,
})

/** True when both keys may be admitted: canonical, and neither of small order nor torsioned. */
export const areDeviceKeys = (keys: DeviceKeys): boolean => isSigningKey(keys.signingKey) && isAgreementKey(keys.agreementKey)
