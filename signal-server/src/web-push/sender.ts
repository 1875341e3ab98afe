// Wakes devices through their browsers' push services: one push for all that comes within a while, the next only after that; again later when a service is
// busy, and never again where it says that nobody is there any more.

import {
  PUSH_EVERY_MS,
  PUSH_RETRIES_MAX,
  PUSH_RETRY_MS,
  PUSH_RETRY_MS_MAX,
  PUSH_TTL_S,
  PUSHES_UNDER_WAY_MAX,
  PUSHES_WAITING_MAX,
} from '../limits.ts'
import { sealPush } from './encrypt.ts'
import type { PushSubscription } from './subscription.ts'
import type { VapidKey } from './vapid.ts'

export type Push = { readonly url: URL; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }
/** The status, and what `Retry-After` says in milliseconds. Rejects when the service cannot be reached. */
export type Post = (push: Push) => Promise<{ readonly status: number; readonly retryAfterMs: number | undefined }>
export type SenderParts = {
  readonly vapid: VapidKey
  /** The same for everybody, in each push: nothing of what waits. */
  readonly text: Uint8Array
  readonly post: Post
  readonly clock: () => number
  readonly later: (ms: number, work: () => void) => void
  /** Nobody is there any more: the subscription is to be forgotten. */
  readonly onGone: (device: string) => void
}
export type Sender = {
  /** Something waits for this device. False when so many wait that this one is let go: the device finds what waits when it comes. */
  wake(device: string, subscription: PushSubscription): boolean
}
type Waiting = { readonly device: string; readonly subscription: PushSubscription; tries: number }

const GONE: ReadonlySet<number> = new Set([404, 410])
const isPassing = (status: number): boolean => status === 429 || status >= 500

export function createSender({ vapid, text, post, clock, later, onGone }: SenderParts): Sender {
  /** Devices for which a push is on its way, waits, or was sent just now. */
  const known = new Set<string>()
  const again = new Map<string, PushSubscription>()
  const waiting: Waiting[] = []
  let underWay = 0

  const settle = (one: Waiting): void => {
    later(PUSH_EVERY_MS, () => {
      known.delete(one.device)
      const subscription = again.get(one.device)
      again.delete(one.device)
      if (subscription) wake(one.device, subscription)
    })
  }
  const retry = (one: Waiting, retryAfterMs: number | undefined): void => {
    one.tries += 1
    if (one.tries > PUSH_RETRIES_MAX) return settle(one)
    const wanted = Math.max(retryAfterMs ?? 0, PUSH_RETRY_MS * 4 ** (one.tries - 1))
    later(Math.min(wanted, PUSH_RETRY_MS_MAX), () => {
      waiting.push(one)
      next()
    })
  }
  const send = async (one: Waiting): Promise<void> => {
    const { endpoint } = one.subscription
    const headers = {
      authorization: vapid.authorization(endpoint.origin, clock()),
      'content-encoding': 'aes128gcm',
      'content-type': 'application/octet-stream',
      ttl: String(PUSH_TTL_S),
      urgency: 'high',
      // What was not delivered yet is replaced: one is enough.
      topic: 'kith',
    }
    const said = await post({ url: endpoint, headers, body: sealPush(text, one.subscription) }).catch(() => undefined)
    if (said === undefined || isPassing(said.status)) return retry(one, said?.retryAfterMs)
    if (!GONE.has(said.status)) return settle(one)
    known.delete(one.device)
    again.delete(one.device)
    onGone(one.device)
  }
  const next = (): void => {
    while (underWay < PUSHES_UNDER_WAY_MAX) {
      const one = waiting.shift()
      if (one === undefined) return
      underWay += 1
      void send(one).finally(() => {
        underWay -= 1
        next()
      })
    }
  }
  const wake = (device: string, subscription: PushSubscription): boolean => {
    if (known.has(device)) {
      again.set(device, subscription)
      return true
    }
    if (known.size >= PUSHES_WAITING_MAX) return false
    known.add(device)
    waiting.push({ device, subscription, tries: 0 })
    next()
    return true
  }
  return { wake }
}
