// HKDF-SHA-256 (RFC 5869).

import { hkdf } from './hash.ts'

/** `length` bytes from `secret`; `salt` may be empty, `info` is a label. */
export const derive = (secret: Uint8Array, salt: Uint8Array, info: string, length: number): Uint8Array => hkdf(secret, salt, info, length)
