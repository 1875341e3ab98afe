// The relay's Web Push, put together: a key, a sender and timers of this process.

import { createPost } from './post.ts'
import { createSender } from './sender.ts'
import { createVapidKey, vapidSecretOf } from './vapid.ts'
import { createWakeUps } from './wake-ups.ts'
import type { PushConfig } from '../config.ts'
import type { Storage } from '../storage/storage.ts'
import type { PushResult } from './sender.ts'
import type { WakeUps } from './wake-ups.ts'

export type WebPush = { readonly wakeUps: WakeUps; readonly stop: () => void }
type Parts = {
  readonly storage: Storage
  readonly relaySeed: Uint8Array
  readonly clock: () => number
  readonly report: (error: unknown) => void
  readonly onResult: (result: PushResult, host: string) => void
}

export function startWebPush(config: PushConfig, { storage, relaySeed, clock, report, onResult }: Parts): WebPush {
  const timers = new Set<NodeJS.Timeout>()
  const later = (ms: number, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, ms)
    timers.add(timer)
  }
  const vapid = createVapidKey(vapidSecretOf(relaySeed), config.contact)
  const sender = createSender({ vapid, post: createPost({ origins: config.origins }), clock, later, onResult })
  const wakeUps = createWakeUps({ storage, sender, publicKey: vapid.publicKey, places: config, pageUrl: config.pageUrl, later, report })
  return { wakeUps, stop: () => timers.forEach((timer) => clearTimeout(timer)) }
}
