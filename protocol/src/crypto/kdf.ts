// HKDF-SHA-256 (RFC 5869).

import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '../bytes/bytes.ts'

/** `length` bytes from `secret`; `salt` may be empty, `info` is a label. */
export const derive = (secret: Uint8Array, salt: Uint8Array, info: string, length: number): Uint8Array =>
  hkdf(sha256, secret, salt, utf8ToBytes(info), length)
