// Where a device wants to be woken: given by a stranger, so an address that this machine will call, and nothing of its own network.

import { createECDH } from 'node:crypto'
import { isIP } from 'node:net'
import type { PushSubscription } from '@kith/protocol'

/** Push services of the browsers that there are. */
const HOSTS = ['fcm.googleapis.com', 'push.services.mozilla.com', 'push.apple.com', 'notify.windows.com']

/** `hosts`: more push services. `origins`: of tests on this machine, where neither TLS nor another network is asked for. */
export type PushPlaces = { readonly hosts: readonly string[]; readonly origins: readonly string[] }

/** Undefined when it may be called. `malformed`: no subscription at all; `denied`: at a push service that this relay does not know. */
export function judgeSubscription({ endpoint, key }: PushSubscription, places: PushPlaces): 'malformed' | 'denied' | undefined {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url === undefined || url.username !== '' || url.password !== '' || !isPoint(key)) return 'malformed'
  if (places.origins.includes(url.origin)) return undefined
  // By address, or by a name of one label, only something near would be reached.
  const isNear = isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0 || !url.hostname.includes('.')
  if (url.protocol !== 'https:' || url.port !== '' || isNear) return 'malformed'
  const isKnown = [...HOSTS, ...places.hosts].some((known) => url.hostname === known || url.hostname.endsWith(`.${known}`))
  return isKnown ? undefined : 'denied'
}

function isPoint(key: Uint8Array): boolean {
  if (key[0] !== 4) return false
  try {
    const ecdh = createECDH('prime256v1')
    ecdh.generateKeys()
    ecdh.computeSecret(key)
    return true
  } catch {
    return false // Not on the curve.
  }
}
