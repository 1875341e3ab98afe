// What libp2p asks for and no device of Kith uses, in the place of those parts (tools/instead.ts): keys of other kinds than Ed25519, lines
// for somebody who debugs libp2p. A peer with such a key is refused with an error.

import { UnsupportedKeyTypeError } from '@libp2p/interface'
import type { ComponentLogger, Logger } from '@libp2p/interface'

const refuse = (): never => {
  throw new UnsupportedKeyTypeError('only Ed25519 keys')
}

/** In the place of `ecdsa`, `rsa` and `secp256k1` of `@libp2p/crypto`. No key is as long as this. */
export const privateKeyLength = -1
export const publicKeyLength = -1
export const ECDSA_P_256_OID = ''
export const ECDSA_P_384_OID = ''
export const ECDSA_P_521_OID = ''
export const RSAES_PKCS1_V1_5_OID = ''
export const decodeDer = refuse
export const ECDSAPrivateKey = refuse
export const generateECDSAKeyPair = refuse
export const generateRSAKeyPair = refuse
export const generateSecp256k1KeyPair = refuse
export const jwkToRSAPrivateKey = refuse
export const pkcs1MessageToRSAPrivateKey = refuse
export const pkcs1ToRSAPrivateKey = refuse
export const pkiMessageToECDSAPrivateKey = refuse
export const pkiMessageToECDSAPublicKey = refuse
export const pkixMessageToRSAPublicKey = refuse
export const pkixToRSAPublicKey = refuse
export const unmarshalECDSAPrivateKey = refuse
export const unmarshalECDSAPublicKey = refuse
export const unmarshalSecp256k1PrivateKey = refuse
export const unmarshalSecp256k1PublicKey = refuse

/** In the place of `@libp2p/logger`. */
export const defaultLogger = (): ComponentLogger => ({ forComponent: () => silent })

const nothing = (): void => undefined
const silent: Logger = Object.assign(nothing, { enabled: false, error: nothing, trace: nothing, newScope: () => silent })
