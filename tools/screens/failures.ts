// What stands on the page when there is no engine, and what stands there until there is one.

import type { BrowserContext } from '@playwright/test'
import { heading, unknownChat } from './people.ts'
import type { Camera } from './camera.ts'

const TINY_QUOTA_BYTES = 1

export async function shootFailures(camera: Camera): Promise<void> {
  const { take, world } = camera
  world.allowNetworkErrors()
  const old = await camera.person('Somebody with an old browser')
  await old.context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'locks'))
  await take(old, 'failed-unsupported', heading(await old.open(), /Kith couldn’t start/))

  const full = await camera.person('Somebody without space')
  await full.open('about:blank')
  const devtools = await full.context.newCDPSession(full.page)
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: world.url, quotaSize: TINY_QUOTA_BYTES })
  await full.page.goto(world.url)
  await take(full, 'failed-storage-full', full.page.getByText('This device has no space left'))
}

export async function shootLoading(camera: Camera): Promise<void> {
  const { take, world } = camera
  const ana = await camera.person('Ana')
  await holdBackEngine(ana.context)
  const page = await ana.open(`${world.url}#i/${'x'.repeat(40)}`)
  await take(ana, 'loading-link', heading(page, 'Opening the invitation'))
  await page.evaluate(() => localStorage.setItem('kith.begun', '1'))
  await page.goto(world.url)
  await take(ana, 'loading-list', page.getByText('Opening your chats'))
  await page.goto(unknownChat(world.url))
  await take(ana, 'loading-chat', page.getByText('Opening this chat'))
  await page.goto(`${world.url}settings`)
  await take(ana, 'loading-settings', heading(page, 'Settings'))
}

/** The worker's script never comes. */
async function holdBackEngine(context: BrowserContext): Promise<void> {
  await context.route(/engine\.worker/, () => new Promise(() => undefined))
}
