// RFC 8291: what a push carries, sealed for one browser (aes128gcm of RFC 8188, one record).

import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'
import { PUSH_RECORD_BYTES } from '../limits.ts'

/** `key` (P-256, uncompressed) and `auth` are the browser's, as its subscription names them. */
export type PushKeys = { readonly key: Uint8Array; readonly auth: Uint8Array }
type Fresh = { readonly salt: Uint8Array; readonly secret: Uint8Array }

const CURVE = 'prime256v1'
const LAST_RECORD = 2
const freshly = (): Fresh => {
  const ecdh = createECDH(CURVE)
  ecdh.generateKeys()
  return { salt: randomBytes(16), secret: ecdh.getPrivateKey() }
}

/** Throws when the browser's key is no point of the curve. */
export function sealPush(plaintext: Uint8Array, { key, auth }: PushKeys, { salt, secret }: Fresh = freshly()): Uint8Array {
  const ecdh = createECDH(CURVE)
  ecdh.setPrivateKey(secret)
  const own = ecdh.getPublicKey()
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), key, own])
  const ikm = hkdf(ecdh.computeSecret(key), auth, info, 32)
  const contentKey = hkdf(ikm, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = hkdf(ikm, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
  const cipher = createCipheriv('aes-128-gcm', contentKey, nonce)
  const sealed = [cipher.update(plaintext), cipher.update(Uint8Array.of(LAST_RECORD)), cipher.final(), cipher.getAuthTag()]
  const head = Buffer.alloc(5)
  head.writeUInt32BE(PUSH_RECORD_BYTES)
  head.writeUInt8(own.length, 4)
  return new Uint8Array(Buffer.concat([salt, head, own, ...sealed]))
}

const hkdf = (secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, length))
