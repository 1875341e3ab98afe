// RFC 8292: who sends a push. A push service may refuse whoever does not say, and a browser takes pushes only from whom it subscribed to.

import { createECDH, createPrivateKey, hkdfSync, sign } from 'node:crypto'
import { VAPID_MS } from '../limits.ts'

export type VapidKey = {
  /** P-256, uncompressed: what a page subscribes with. */
  readonly publicKey: Uint8Array
  /** For the push service at this origin, from now on for some hours. */
  authorization(origin: string, nowMs: number): string
}

const base64url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url')

/** `contact`: whom a push service may write to, `mailto:` or `https:`. */
export function createVapidKey(secret: Uint8Array, contact: string): VapidKey {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(secret)
  const publicKey = ecdh.getPublicKey()
  const point = { x: base64url(publicKey.subarray(1, 33)), y: base64url(publicKey.subarray(33)) }
  const key = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', ...point, d: base64url(secret) }, format: 'jwk' })
  const head = base64url(JSON.stringify({ typ: 'JWT', alg: 'ES256' }))
  return {
    publicKey: new Uint8Array(publicKey),
    authorization(origin, nowMs) {
      const claims = base64url(JSON.stringify({ aud: origin, exp: Math.floor((nowMs + VAPID_MS) / 1_000), sub: contact }))
      const signature = sign('sha256', Buffer.from(`${head}.${claims}`), { key, dsaEncoding: 'ieee-p1363' })
      return `vapid t=${head}.${claims}.${base64url(signature)}, k=${base64url(publicKey)}`
    },
  }
}

/** Made from the relay's own key, so that relays which share that key wake the same devices, and no backup has one more file. */
export function vapidSecretOf(relaySeed: Uint8Array): Uint8Array {
  for (let count = 0; ; count++) {
    const secret = new Uint8Array(hkdfSync('sha256', relaySeed, new Uint8Array(), `kith/1/vapid ${count}`, 32))
    if (isSecret(secret)) return secret
  }
}

/** Nearly all numbers of 32 bytes are one. */
function isSecret(bytes: Uint8Array): boolean {
  try {
    createECDH('prime256v1').setPrivateKey(bytes)
    return true
  } catch {
    return false
  }
}
