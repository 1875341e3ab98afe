// Where a device wants its pushes: given by a stranger, so an address that this machine will call, and nothing of its own network.

import { createECDH } from 'node:crypto'
import { isIP } from 'node:net'
import { PUSH_ENDPOINT_CHARS_MAX } from '../limits.ts'
import type { PushKeys } from './encrypt.ts'

export type PushSubscription = PushKeys & { readonly endpoint: URL }

const AUTH_BYTES = 16

/** `isAllowed`: which hosts are push services. Undefined for what is no subscription, or leads elsewhere. */
export function parseSubscription(
  { endpoint, key, auth }: { readonly endpoint: string; readonly key: Uint8Array; readonly auth: Uint8Array },
  isAllowed: (host: string) => boolean,
): PushSubscription | undefined {
  if (endpoint.length > PUSH_ENDPOINT_CHARS_MAX || auth.length !== AUTH_BYTES || !isPoint(key)) return undefined
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url === undefined || url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') return undefined
  // By address, or by a name of one label, only something near would be reached.
  if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0 || !url.hostname.includes('.')) return undefined
  return isAllowed(url.hostname) ? { endpoint: url, key, auth } : undefined
}

/** Push services of the browsers that there are. Others are let in by the operator. */
const HOSTS = ['fcm.googleapis.com', 'push.services.mozilla.com', 'push.apple.com', 'notify.windows.com']
export const isPushHost = (host: string): boolean => HOSTS.some((known) => host === known || host.endsWith(`.${known}`))

function isPoint(key: Uint8Array): boolean {
  if (key.length !== 65 || key[0] !== 4) return false
  try {
    const ecdh = createECDH('prime256v1')
    ecdh.generateKeys()
    ecdh.computeSecret(key)
    return true
  } catch {
    return false // Not on the curve.
  }
}
