// Being told while Kith is closed: from the switch in the settings to the notification. Pushes go to an endpoint of the walk's own, which opens them as a
// browser does, and from there into the service worker through the browser's debugging protocol.

import type { BrowserContext, CDPSession, Page } from '@playwright/test'
import { createPushBrowser, openPushEndpoint } from '../../signal-server/test/push-browser.ts'
import { untilOfflineReady } from './offline-ready.ts'
import { introduce } from './pair.ts'
import { expect, OWN_RELAY, test } from './walk.ts'

test.use({ serviceWorkers: 'allow' })

type Given = { readonly endpoint: string; readonly key: readonly number[]; readonly auth: readonly number[] }

test('what is written while Kith is closed wakes the device, and says nothing of what it is', { tag: OWN_RELAY }, async ({ world }) => {
  const browser = createPushBrowser()
  const push = await openPushEndpoint(browser)
  await world.stopRelay()
  const settings = { KITH_PUBLIC_URL: world.url.slice(0, -1), KITH_PUSH_CONTACT: 'mailto:walk@example.org', KITH_PUSH_HOSTS: push.origin }
  await world.startRelay({ settings })
  const ana = await world.personOnDisk('Ana', { allowed: ['notifications'] })
  const given = { endpoint: push.endpoint, key: [...browser.keys.key], auth: [...browser.keys.auth] }
  await ana.context.addInitScript(subscribeAt, given)
  const ben = await world.person('Ben')
  await introduce({ ana, ben })
  await untilOfflineReady(ana.page)

  await ana.page.goto(`${world.url}settings`)
  const card = () => ana.page.getByTestId('notifications')
  await expect(card()).toHaveAttribute('data-state', 'off')
  await ana.page.getByTestId('notify-closed').click()
  await expect(card()).toHaveAttribute('data-state', 'on')
  await expect(ana.page.getByTestId('notify-closed')).toHaveAttribute('aria-checked', 'true')

  await ana.page.getByTestId('notify-test').click()
  const tried = await push.next()
  expect(JSON.parse(tried.text)).toMatchObject({ kith: 'test', web_push: 8030 })
  await deliver(ana.context, { origin: new URL(world.url).origin, data: tried.text })
  await expect.poll(() => shownIn(ana.page)).toEqual(['Notifications work'])

  // At the settings it was turned on, so it is so after a start too.
  await ana.page.reload()
  await expect(card()).toHaveAttribute('data-state', 'on')
  await ana.closeTab()
  await ben.send('Are you asleep?')
  const news = await push.next()
  expect(news.text).not.toMatch(/asleep|Ben|Ana/)
  expect(JSON.parse(news.text)).toMatchObject({ web_push: 8030, notification: { title: 'New messages', navigate: world.url } })
  await deliver(ana.context, { origin: new URL(world.url).origin, data: news.text })
  const look = await ana.context.newPage()
  await look.goto(`${world.url}third-party.txt`)
  await expect.poll(() => shownIn(look)).toContain('New messages')
  await look.close()

  await ana.open()
  await ana.openConversation()
  await ana.expectMessage('Are you asleep?', 'them')
  await expect.poll(() => shownIn(ana.page), 'whoever looks at Kith is told no more').toEqual([])

  await ana.page.goto(`${world.url}settings`)
  await expect(card()).toHaveAttribute('data-state', 'on')
  await ana.page.getByTestId('notify-closed').click()
  await expect(card()).toHaveAttribute('data-state', 'off')
  await expect(ana.page.getByTestId('notify-test')).toHaveCount(0)
  push.close()
})

const shownIn = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration('/')
    return ((await registration?.getNotifications()) ?? []).map(({ title }) => title)
  })

async function deliver(context: BrowserContext, { origin, data }: { readonly origin: string; readonly data: string }): Promise<void> {
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  const registrationId = await registrationOf(session, origin)
  await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data })
  await page.close()
}

function registrationOf(session: CDPSession, origin: string): Promise<string> {
  return new Promise((done, fail) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const found = registrations.find(({ scopeURL, isDeleted }) => scopeURL.startsWith(origin) && !isDeleted)
      if (found) done(found.registrationId)
    })
    session.send('ServiceWorker.enable').catch(fail)
  })
}

/** Runs in the page: without the maker's push service no browser subscribes, so this one has subscribed at the walk's endpoint. */
function subscribeAt({ endpoint, key, auth }: Given): void {
  const KEPT = 'walk.subscribed-with'
  const bytes = { p256dh: new Uint8Array(key).buffer, auth: new Uint8Array(auth).buffer }
  const subscription = () => ({
    endpoint,
    options: { applicationServerKey: new Uint8Array(JSON.parse(localStorage.getItem(KEPT) ?? '[]') as number[]).buffer },
    getKey: (name: 'p256dh' | 'auth') => bytes[name],
    unsubscribe: () => Promise.resolve(localStorage.removeItem(KEPT)),
  })
  Object.assign(PushManager.prototype, {
    subscribe({ applicationServerKey }: { readonly applicationServerKey: Uint8Array }) {
      localStorage.setItem(KEPT, JSON.stringify([...applicationServerKey]))
      return Promise.resolve(subscription())
    },
    getSubscription: () => Promise.resolve(localStorage.getItem(KEPT) === null ? null : subscription()),
  })
}
