// Where the browser's own ways lead: its address bar, its back button, and addresses of an earlier Kith.

import type { Page } from '@playwright/test'
import { untilOfflineReady } from './offline-ready.ts'
import { expect, test } from './walk.ts'

const PHONE = { viewport: { width: 390, height: 844 } } as const
const list = (page: Page) => page.getByRole('navigation').filter({ visible: true })

test('on a phone each step back takes off one thing, and a chat that was removed does not come back by the browser’s history', async ({
  world,
}) => {
  const ana = await world.person('Ana', PHONE)
  const page = await ana.open()

  await test.step('a chat that was removed does not come back', async () => {
    await ana.newChat('For nobody after all')
    const address = page.url()
    await page.getByRole('button', { name: 'Cancel the link' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the link' }).click()
    await expect(page.locator('[data-invite-state="revoked"]')).toBeVisible()
    await ana.closeSheet()
    await page.getByRole('button', { name: 'Remove this chat' }).click()
    await page.getByTestId('confirm').click()
    await expect(ana.composer, 'the first screen').toBeVisible()
    await expect(ana.route).toHaveCount(0)
    await page.goBack()
    await expect(ana.composer).toBeVisible()
    await expect(ana.route).toHaveCount(0)
    await page.goto(address)
    await expect(ana.composer).toBeVisible()
    await expect(ana.route).toHaveCount(0)
  })

  await test.step('each step back takes off one thing, from a chat that was just made too', async () => {
    await ana.newChat('Hello Ben')
    const sheet = page.getByRole('dialog')
    await expect(page, 'the address says which chat by a name of this device').toHaveURL(/\/chat\/invite#c-[\w-]{11}$/)
    await page.goBack()
    await expect(sheet).toHaveCount(0)
    await expect(ana.route).toBeVisible()
    await page.goBack()
    await expect(list(page)).toBeVisible()
    await page.goForward()
    await expect(ana.route).toBeVisible()
    await page.getByRole('button', { name: 'Back' }).click()
    await expect(list(page)).toBeVisible()
    await page.getByTestId('new-chat').filter({ visible: true }).click()
    await expect(sheet).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(sheet).toHaveCount(0)
    // Its own step back is on its way: another one at the same moment would be the same one.
    await expect(page).toHaveURL(/\/chat#c-[\w-]{11}$/)
    await page.goBack()
    await expect(list(page), 'the sheet that was closed by hand left no step').toBeVisible()
  })
})

test(
  'a reload without the service worker tells the relay which pane is in front, and nothing else',
  { tag: '@alone' },
  async ({ world }) => {
    const ana = await world.person('Ana')
    const page = await ana.open()
    await ana.newChat('Hello Ben')
    await ana.expectState('Hello Ben', 'relay')
    await untilOfflineReady(page)
    const before = world.asked().length
    await page.evaluate(async () => {
      for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister()
    })
    for (const pane of ['/chat/invite', '/chat']) {
      await page.reload()
      await ana.expectMessage('Hello Ben', 'me')
      const asked = world.asked().slice(before)
      expect(asked, 'the relay was really asked').toContainEqual({ path: pane })
      for (const { path } of asked)
        expect(path).toMatch(
          /^\/(?:chat(?:\/invite)?|assets\/[\w.-]+|[a-z0-9-]+\.(?:js|json|html|svg|png|txt|webmanifest)|\.well-known\/kith\/relays\.json)$/,
        )
      // One that is still on its way would be there for the next reload.
      await untilOfflineReady(page)
      await page.evaluate(async () => {
        for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister()
      })
      // The sheet is loaded once its pane is there.
      if (pane === '/chat/invite') await expect(page.getByRole('dialog')).toBeVisible()
      await ana.closeSheet()
    }
  },
)
