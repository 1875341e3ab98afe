// AES-256-CBC and truncated HMACs: what Signal and Olm seal messages with, and Kith does not.

import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'

export function sealCbc(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  return Uint8Array.from(Buffer.concat([cipher.update(plaintext), cipher.final()]))
}

export function openCbc(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-cbc', key, iv)
  return Uint8Array.from(Buffer.concat([decipher.update(ciphertext), decipher.final()]))
}

/** The first 8 bytes of HMAC-SHA-256. */
export const shortMac = (key: Uint8Array, message: Uint8Array): Uint8Array =>
  Uint8Array.from(createHmac('sha256', key).update(message).digest().subarray(0, 8))

export const hmac = (key: Uint8Array, message: Uint8Array): Uint8Array =>
  Uint8Array.from(createHmac('sha256', key).update(message).digest())

export const hkdf = (secret: Uint8Array, salt: Uint8Array, info: string, length: number): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, salt, info, length))
