// ML-KEM-768 (FIPS 203): the post-quantum half of every handshake.

import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'

export const KEM_PUBLIC_BYTES = 1_184
export const KEM_CIPHERTEXT_BYTES = 1_088
const Q = 3_329
/** At the end of a public key. */
const SEED_BYTES = 32

/** Key pair of a 64-byte seed; `secret` has 2,400 bytes. */
export const kemKeysOf = (seed: Uint8Array): { readonly publicKey: Uint8Array; readonly secret: Uint8Array } => {
  const { publicKey, secretKey } = ml_kem768.keygen(seed)
  return { publicKey, secret: secretKey }
}

/** True when `key` has the length and holds numbers below q only (FIPS 203, 7.2): nothing can be encapsulated for another one. */
export function isKemKey(key: Uint8Array): boolean {
  if (key.length !== KEM_PUBLIC_BYTES) return false
  for (let at = 0; at < KEM_PUBLIC_BYTES - SEED_BYTES; at += 3) {
    const [low = 0, middle = 0, high = 0] = key.subarray(at, at + 3)
    if ((low | ((middle & 15) << 8)) >= Q || ((middle >> 4) | (high << 4)) >= Q) return false
  }
  return true
}

/** A shared secret and its ciphertext for `publicKey`, from 32 random bytes; undefined when the key is not valid. */
export function encapsulate(
  publicKey: Uint8Array,
  random: Uint8Array,
): { readonly shared: Uint8Array; readonly ciphertext: Uint8Array } | undefined {
  if (publicKey.length !== KEM_PUBLIC_BYTES) return undefined
  try {
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, random)
    return { shared: sharedSecret, ciphertext: cipherText }
  } catch {
    return undefined
  }
}

/** The shared secret; an altered ciphertext gives an unrelated one (implicit rejection), a wrong length gives undefined. */
export function decapsulate(secret: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
  return ciphertext.length === KEM_CIPHERTEXT_BYTES ? ml_kem768.decapsulate(ciphertext, secret) : undefined
}
