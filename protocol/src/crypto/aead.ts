// Authenticated encryption. Two forms, and which one is right depends on how the key lives:
// `seal`/`open` for keys used once (ChaCha20-Poly1305, RFC 8439), `sealNamed`/`openNamed` for keys used often (XChaCha20-Poly1305).

import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { concatBytes } from '../bytes/bytes.ts'

export const TAG_BYTES = 16
export const NAMED_NONCE_BYTES = 24

/** `key` 32 B, `nonce` 12 B; the pair must never be used for another plaintext. */
export const seal = (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associated: Uint8Array): Uint8Array =>
  chacha20poly1305(key, nonce, associated).encrypt(plaintext)

/** The plaintext, or undefined when the ciphertext is not whole or belongs elsewhere. */
export const open = (key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array, associated: Uint8Array): Uint8Array | undefined =>
  ciphertext.length < TAG_BYTES ? undefined : attempt(() => chacha20poly1305(key, nonce, associated).decrypt(ciphertext))

/** nonce (24 B) ‖ ciphertext. `nonce` must be random, or a MAC over the plaintext. */
export const sealNamed = (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associated: Uint8Array): Uint8Array =>
  concatBytes(nonce, xchacha20poly1305(key, nonce, associated).encrypt(plaintext))

/** The plaintext of {@link sealNamed}'s bytes, or undefined. */
export const openNamed = (key: Uint8Array, sealed: Uint8Array, associated: Uint8Array): Uint8Array | undefined => {
  if (sealed.length < NAMED_NONCE_BYTES + TAG_BYTES) return undefined
  const nonce = sealed.subarray(0, NAMED_NONCE_BYTES)
  return attempt(() => xchacha20poly1305(key, nonce, associated).decrypt(sealed.subarray(NAMED_NONCE_BYTES)))
}

// noble throws on a wrong tag; to us a wrong tag is an ordinary outcome.
function attempt(decrypt: () => Uint8Array): Uint8Array | undefined {
  try {
    return decrypt()
  } catch {
    return undefined
  }
}
