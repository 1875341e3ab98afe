// What of a browser's Web Push is used: permission, and the subscription of this page's service worker.

import { PUSH_READY_MS_MAX } from '../limits.ts'
import type { CommandInput } from '@kith/protocol'

/** As the relay is told it. */
export type Subscription = NonNullable<CommandInput<'setPush'>['subscription']>

export type BrowserPush = {
  readonly permission: () => NotificationPermission
  /** Only in answer to a click or a key. */
  readonly ask: () => Promise<NotificationPermission>
  /** The subscription that there is, if it was made with this key. */
  readonly current: (key: Uint8Array) => Promise<Subscription | undefined>
  /** Rejects where the push service is out of reach. What was subscribed with another key ends. */
  readonly subscribe: (key: Uint8Array) => Promise<Subscription>
  readonly unsubscribe: () => Promise<void>
  /** What is shown of new messages goes away: they are being looked at. */
  readonly clear: () => Promise<void>
}

type Page = Pick<Window & typeof globalThis, 'navigator'> & { readonly Notification?: typeof Notification; readonly PushManager?: unknown }

/** Undefined where a browser has no Web Push, or no service worker to wake. */
export function browserPush(page: Page = window): BrowserPush | undefined {
  const { Notification: notification, PushManager: manager, navigator } = page
  if (notification === undefined || manager === undefined || !('serviceWorker' in navigator)) return undefined
  const existing = async (): Promise<PushSubscription | null> => (await ready(navigator)).pushManager.getSubscription()
  return {
    permission: () => notification.permission,
    ask: () => notification.requestPermission(),
    async current(key) {
      const subscription = await existing()
      return subscription && hasKey(subscription, key) ? toSubscription(subscription) : undefined
    },
    async subscribe(key) {
      const subscription = await existing()
      if (subscription && !hasKey(subscription, key)) await subscription.unsubscribe()
      const { pushManager } = await ready(navigator)
      const fresh = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: new Uint8Array(key) })
      return toSubscription(fresh)
    },
    async unsubscribe() {
      await (await existing())?.unsubscribe()
    },
    async clear() {
      for (const shown of await (await ready(navigator)).getNotifications()) shown.close()
    },
  }
}

/** A page that was loaded without its service worker would wait for ever. */
const ready = async ({ serviceWorker }: Navigator): Promise<ServiceWorkerRegistration> => {
  const late = new Promise<never>((_, fail) => setTimeout(() => fail(new Error('there is no service worker')), PUSH_READY_MS_MAX))
  return Promise.race([serviceWorker.ready, late])
}

const hasKey = ({ options }: PushSubscription, key: Uint8Array): boolean => {
  const own = options.applicationServerKey
  return own !== null && own.byteLength === key.length && new Uint8Array(own).every((byte, at) => byte === key[at])
}

function toSubscription(subscription: PushSubscription): Subscription {
  const [key, auth] = [subscription.getKey('p256dh'), subscription.getKey('auth')]
  if (key === null || auth === null) throw new Error('a subscription without keys')
  return { endpoint: subscription.endpoint, key: new Uint8Array(key), auth: new Uint8Array(auth) }
}
