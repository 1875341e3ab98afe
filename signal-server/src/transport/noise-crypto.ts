// What libp2p's Noise computes with, without reading a key anew for each use. Node takes keys as objects, and to make one of bytes costs as much as what it is used for.

import { createPrivateKey, createPublicKey, createSecretKey, diffieHellman } from 'node:crypto'
import { defaultCrypto, nodeCrypto } from '@chainsafe/libp2p-noise/crypto'
import { fromHex } from '@kith/protocol'
import type { KeyObject } from 'node:crypto'

/** What precedes 32 bytes of an X25519 key in PKCS #8 and SPKI (RFC 8410). */
const PKCS8_PREFIX = fromHex('302e020100300506032b656e04220420')
const SPKI_PREFIX = fromHex('302a300506032b656e032100')
/** From so many bytes on libp2p's Noise asks Node and not its own code. */
const NODE_FROM_BYTES = 1_200

/** Bytes, or those of libp2p that may be in several pieces. */
type Key = Parameters<typeof defaultCrypto.generateX25519SharedKey>[1]

/** A key is read once for as long as somebody has its bytes. */
function readOnce<T extends object>(read: (bytes: T) => KeyObject): (bytes: T) => KeyObject {
  const known = new WeakMap<T, KeyObject>()
  return (bytes) => {
    const key = known.get(bytes) ?? read(bytes)
    known.set(bytes, key)
    return key
  }
}
const der = (prefix: Uint8Array, key: Key): Buffer => Buffer.concat([prefix, key.subarray()])
const secretKeyOf = readOnce<Uint8Array>((bytes) => createSecretKey(bytes))
const privateKeyOf = readOnce<Key>((key) => createPrivateKey({ key: der(PKCS8_PREFIX, key), format: 'der', type: 'pkcs8' }))
const publicKeyOf = readOnce<Key>((key) => createPublicKey({ key: der(SPKI_PREFIX, key), format: 'der', type: 'spki' }))
/** Handed on to Node as it is. */
const asBytes = (key: KeyObject): Uint8Array => key as unknown as Uint8Array

export const KEYS_READ_ONCE: typeof defaultCrypto = {
  ...defaultCrypto,
  // A handshake uses both of its keys of one use twice, and the relay's own key is in all of them.
  generateX25519SharedKey: (privateKey, publicKey) =>
    diffieHellman({ privateKey: privateKeyOf(privateKey), publicKey: publicKeyOf(publicKey) }),
  chaCha20Poly1305Encrypt: (plaintext, nonce, ad, k) =>
    plaintext.byteLength < NODE_FROM_BYTES
      ? defaultCrypto.chaCha20Poly1305Encrypt(plaintext, nonce, ad, k)
      : nodeCrypto.chaCha20Poly1305Encrypt(plaintext, nonce, ad, asBytes(secretKeyOf(k))),
  chaCha20Poly1305Decrypt: (ciphertext, nonce, ad, k, dst) =>
    ciphertext.byteLength < NODE_FROM_BYTES
      ? defaultCrypto.chaCha20Poly1305Decrypt(ciphertext, nonce, ad, k, dst)
      : nodeCrypto.chaCha20Poly1305Decrypt(ciphertext, nonce, ad, asBytes(secretKeyOf(k)), dst),
}
