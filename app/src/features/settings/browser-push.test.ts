import { afterEach, describe, expect, it, vi } from 'vitest'
import { PUSH_READY_MS_MAX } from '../limits.ts'
import { browserPush } from './browser-push.ts'

const KEY = new Uint8Array(65).fill(4)
const OTHER = new Uint8Array(65).fill(5)
type Page = NonNullable<Parameters<typeof browserPush>[0]>

/** A browser whose page has subscribed with `key`, if any. */
function pageWith({ key, ready }: { readonly key?: Uint8Array; readonly ready?: Promise<never> } = {}) {
  const did: string[] = []
  const subscriptionWith = (own: Uint8Array) => ({
    endpoint: `https://push.example.org/${own[0]}`,
    options: { applicationServerKey: new Uint8Array(own).buffer },
    getKey: (name: string) => new Uint8Array(name === 'auth' ? 16 : 65).buffer,
    unsubscribe: async () => did.push('unsubscribe'),
  })
  const shown = [{ close: () => did.push('closed') }]
  const registration = {
    pushManager: {
      getSubscription: async () => (key ? subscriptionWith(key) : null),
      subscribe: async (asked: { readonly applicationServerKey: Uint8Array }) => {
        did.push(JSON.stringify({ ...asked, applicationServerKey: asked.applicationServerKey[0] }))
        return subscriptionWith(asked.applicationServerKey)
      },
    },
    getNotifications: async () => shown,
  }
  const page = {
    Notification: { permission: 'default' },
    PushManager: class {},
    navigator: { serviceWorker: { ready: ready ?? Promise.resolve(registration) } },
  } as unknown as Page
  return { page, did }
}
afterEach(() => {
  vi.useRealTimers()
})

describe('Web Push of this browser', () => {
  it('is nothing where there is none', () => {
    for (const lack of [{ Notification: undefined }, { PushManager: undefined }, { navigator: {} }])
      expect(browserPush({ ...pageWith().page, ...lack } as unknown as Page)).toBeUndefined()
  })
  it('has a subscription only for the key that it was made with, and ends that of another key before it makes one', async () => {
    const { page, did } = pageWith({ key: KEY })
    const push = browserPush(page)
    expect(await push?.current(KEY)).toEqual({ endpoint: 'https://push.example.org/4', key: new Uint8Array(65), auth: new Uint8Array(16) })
    expect(await push?.current(OTHER)).toBeUndefined()
    expect(await push?.subscribe(OTHER)).toMatchObject({ endpoint: 'https://push.example.org/5' })
    expect(did).toEqual(['unsubscribe', '{"userVisibleOnly":true,"applicationServerKey":5}'])
    expect(await browserPush(pageWith().page)?.current(KEY)).toBeUndefined()
  })
  it('takes away what is shown', async () => {
    const { page, did } = pageWith()
    await browserPush(page)?.clear()
    expect(did).toEqual(['closed'])
  })
  it('gives up a service worker that does not come', async () => {
    vi.useFakeTimers()
    const waiting = browserPush(pageWith({ ready: new Promise<never>(() => undefined) }).page)?.subscribe(KEY)
    const outcome = waiting?.catch(String)
    await vi.advanceTimersByTimeAsync(PUSH_READY_MS_MAX)
    expect(await outcome).toMatch('no service worker')
  })
})
