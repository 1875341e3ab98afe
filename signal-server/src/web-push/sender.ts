// Wakes devices through their browsers' push services: one push for all that comes within a while, so many an hour; again later when a service is
// busy, and never again where it says that nobody is there any more.

import {
  PUSH_EVERY_MS,
  PUSH_RATE,
  PUSH_RETRIES_MAX,
  PUSH_RETRY_MS,
  PUSH_RETRY_MS_MAX,
  PUSH_TTL_S,
  PUSHES_RETRIED_MAX,
  PUSHES_UNDER_WAY_MAX,
  PUSHES_WAITING_MAX,
} from '../limits.ts'
import { createAddressRates } from '../relay/addresses.ts'
import { sealPush } from './encrypt.ts'
import type { PushSubscription } from '@kith/protocol'
import type { VapidKey } from './vapid.ts'

export type Push = { readonly url: URL; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }
/** The status, and what `Retry-After` says in milliseconds. Rejects when the service cannot be reached: with the code ENOTFOUND where there is none. */
export type Post = (push: Push) => Promise<{ readonly status: number; readonly retryAfterMs: number | undefined }>
/** `busy`: tried again. `lost`: let be after many tries, or because of how many wait. `refused`: for good, by a service that knows the device. */
export type PushResult = 'sent' | 'busy' | 'lost' | 'gone' | 'refused'
export type SenderParts = {
  readonly vapid: VapidKey
  readonly post: Post
  readonly clock: () => number
  readonly later: (ms: number, work: () => void) => void
  readonly onResult: (result: PushResult, host: string) => void
  /** How many may wait for services that failed. */
  readonly retriedMax?: number
}
export type PushFor = {
  /** What is put together: pushes with the same name. */
  readonly name: string
  readonly subscription: PushSubscription
  /** The same for everybody: nothing of what waits. */
  readonly text: Uint8Array
  /** Nobody is there any more: the subscription is to be forgotten. */
  readonly onGone: () => void
}
export type Sender = {
  /** Something waits for this device. False when so many wait that this one is let go: the device finds what waits when it comes. */
  wake(push: PushFor): boolean
}
type Waiting = PushFor & { readonly url: URL; tries: number }

const GONE: ReadonlySet<number> = new Set([404, 410])
/** Whoever registers a host that does not exist would otherwise hold a place for hours. */
const isOfNobody = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOTFOUND'
const isPassing = (status: number): boolean => status === 429 || status >= 500

async function outcomeOf(answer: ReturnType<Post>): Promise<{ readonly result: PushResult; readonly retryAfterMs?: number | undefined }> {
  try {
    const { status, retryAfterMs } = await answer
    if (isPassing(status)) return { result: 'busy', retryAfterMs }
    if (GONE.has(status)) return { result: 'gone' }
    return { result: status >= 200 && status < 300 ? 'sent' : 'refused' }
  } catch (error) {
    return { result: isOfNobody(error) ? 'lost' : 'busy' }
  }
}

export function createSender({ vapid, post, clock, later, onResult, retriedMax = PUSHES_RETRIED_MAX }: SenderParts): Sender {
  /** Devices for which a push is on its way, waits, or was sent just now. */
  const known = new Set<string>()
  const again = new Map<string, PushFor>()
  const waiting: Waiting[] = []
  /** By endpoint: whoever names one that is another's only slows it down. */
  const rates = createAddressRates(PUSH_RATE)
  let underWay = 0
  let retried = 0

  const settle = ({ name }: Waiting): void => {
    later(PUSH_EVERY_MS, () => {
      known.delete(name)
      const next = again.get(name)
      again.delete(name)
      if (next) wake(next)
    })
  }
  const queue = (one: Waiting): void => {
    waiting.push(one)
    next()
  }
  const retry = (one: Waiting, retryAfterMs = 0): void => {
    const wanted = Math.max(retryAfterMs, PUSH_RETRY_MS * 4 ** one.tries)
    one.tries += 1
    retried += 1
    later(Math.min(wanted, PUSH_RETRY_MS_MAX), () => {
      retried -= 1
      queue(one)
    })
  }
  const send = async (one: Waiting): Promise<void> => {
    const { url, name, tries } = one
    const { result, retryAfterMs } = await outcomeOf(post(toPush(one, vapid.authorization(url.origin, clock()))))
    const isLost = result === 'busy' && (tries >= PUSH_RETRIES_MAX || retried >= retriedMax)
    onResult(isLost ? 'lost' : result, url.hostname)
    if (result === 'busy' && !isLost) return retry(one, retryAfterMs)
    if (result !== 'gone') return settle(one)
    known.delete(name)
    again.delete(name)
    one.onGone()
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
  const wake = (push: PushFor): boolean => {
    const { name, subscription } = push
    if (known.has(name)) {
      again.set(name, push)
      return true
    }
    const url = new URL(subscription.endpoint)
    if (known.size >= PUSHES_WAITING_MAX) {
      onResult('lost', url.hostname)
      return false
    }
    known.add(name)
    const retryMs = rates.take(subscription.endpoint, clock())
    if (retryMs === 0) queue({ ...push, url, tries: 0 })
    else
      later(retryMs, () => {
        known.delete(name)
        wake(push)
      })
    return true
  }
  return { wake }
}

const toPush = ({ url, subscription, text }: Waiting, authorization: string): Push => ({
  url,
  headers: {
    authorization,
    'content-encoding': 'aes128gcm',
    // Of what is sealed: by this a browser knows the declarative form before it looks inside.
    'content-type': 'application/notification+json',
    ttl: String(PUSH_TTL_S),
    urgency: 'high',
    // What was not delivered yet is replaced: one is enough.
    topic: 'kith',
  },
  body: sealPush(text, subscription),
})
