// The ratchet profile of Kith, suite 1 (docs/protocol.md §4.3): HKDF and HMAC with SHA-256, headers sealed with XChaCha20-Poly1305,
// bodies with ChaCha20-Poly1305.

import { concatBytes } from '../bytes/bytes.ts'
import { encode, fixed, struct, tryDecode, u32 } from '../bytes/codec.ts'
import { NAMED_NONCE_BYTES, open, openNamed, seal, sealNamed, TAG_BYTES } from '../crypto/aead.ts'
import { mac } from '../crypto/hash.ts'
import { derive } from '../crypto/kdf.ts'
import type { Codec } from '../bytes/codec.ts'
import type { OpenMessage, RatchetProfile, SealMessage } from './ratchet.ts'

type KithHeader = { readonly ratchetKey: Uint8Array; readonly previous: number; readonly step: number }

const header: Codec<KithHeader> = struct({ ratchetKey: fixed(32), previous: u32, step: u32 })
const NONE = new Uint8Array(0)
const SEALED_HEADER_BYTES = NAMED_NONCE_BYTES + 40 + TAG_BYTES

/** A message is the sealed header, then the sealed body. */
export const kithProfile: RatchetProfile = {
  rootStep: (root, shared, mixed) => {
    const bytes =
      mixed === undefined
        ? derive(shared, root, 'kith/1/ratchet-root', 96)
        : derive(concatBytes(shared, mixed), root, 'kith/1/ratchet-root-healed', 96)
    return { root: bytes.slice(0, 32), chain: bytes.slice(32, 64), headerKey: bytes.slice(64) }
  },
  chainStep: (chain) => ({ chain: mac(chain, Uint8Array.of(2)), messageKey: mac(chain, Uint8Array.of(1)) }),
  seal: ({ messageKey, headerKey, header: value, plaintext, associated, random }: SealMessage) => {
    const encoded = encode(header, { ...value, previous: value.previous ?? 0 })
    const sealedHeader = sealNamed(headerKey, random(NAMED_NONCE_BYTES), encoded, NONE)
    const { key, nonce } = bodyKey(messageKey, sealedHeader)
    return concatBytes(sealedHeader, seal(key, nonce, plaintext, concatBytes(associated, sealedHeader)))
  },
  readHeader: (headerKey, message) => {
    if (message.length < SEALED_HEADER_BYTES + TAG_BYTES) return undefined
    const encoded = openNamed(headerKey, message.subarray(0, SEALED_HEADER_BYTES), NONE)
    return encoded && tryDecode(header, encoded)
  },
  open: ({ messageKey, message, associated }: OpenMessage) => {
    const sealedHeader = message.subarray(0, SEALED_HEADER_BYTES)
    const { key, nonce } = bodyKey(messageKey, sealedHeader)
    return open(key, nonce, message.subarray(SEALED_HEADER_BYTES), concatBytes(associated, sealedHeader))
  },
}

// The header's nonce is fresh for every message: so a state that was restored from a copy and writes again under an old message key
// still never uses a key and nonce twice.
function bodyKey(messageKey: Uint8Array, sealedHeader: Uint8Array): { readonly key: Uint8Array; readonly nonce: Uint8Array } {
  const bytes = derive(messageKey, sealedHeader.subarray(0, NAMED_NONCE_BYTES), 'kith/1/ratchet-message', 44)
  return { key: bytes.slice(0, 32), nonce: bytes.slice(32) }
}
