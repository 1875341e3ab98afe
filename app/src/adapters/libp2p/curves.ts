// What libp2p takes of `@noble/curves/ed25519.js`, in its place (tools/instead.ts): the same two algorithms as the protocol computes them, so that no
// second Ed25519 is loaded.

import { agree, agreementKeyOf, isSigningKey, sign, signingKeyOf, verify } from '@kith/protocol'

const KEY_BYTES = 32

const randomSecretKey = (): Uint8Array => crypto.getRandomValues(new Uint8Array(KEY_BYTES))

export const ed25519 = {
  utils: { randomSecretKey },
  getPublicKey: signingKeyOf,
  sign: (message: Uint8Array, secret: Uint8Array): Uint8Array => sign(secret, message),
  verify: (signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean => isSigningKey(key) && verify(key, message, signature),
}

export const x25519 = {
  utils: { randomSecretKey },
  getPublicKey: agreementKeyOf,
  getSharedSecret(mine: Uint8Array, theirs: Uint8Array): Uint8Array {
    const shared = agree(mine, theirs)
    if (shared === undefined) throw new Error('not a key to agree with')
    return shared
  },
}
