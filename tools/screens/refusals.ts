// Links that do not lead anywhere, and what is said about each.

import type { Page } from '@playwright/test'
import { untilOfflineReady } from '../../app/e2e/offline-ready.ts'
import { heading, meet, signLink, WELCOME } from './people.ts'
import type { Camera } from './camera.ts'

export async function shootRefusals(camera: Camera): Promise<void> {
  const { take, world } = camera
  const { ana, link } = await meet(camera)
  const late = await camera.person('Mallory')
  const page = await late.open(`${world.url}#i/not-a-link`)
  await take(late, 'link-malformed', heading(page, 'This link is incomplete'))
  await openAnew(page, link)
  await take(late, 'link-used', heading(page, 'This link was already used'))
  await openAnew(ana.page, link)
  await take(ana, 'link-own', heading(ana.page, 'This is your own link'))
  // Only an address of earlier versions leads to it.
  await ana.page.goto(`${world.url}c/${'0'.repeat(64)}`)
  await take(ana, 'chat-missing', heading(ana.page, 'This chat isn’t on this device'))
}

/** Two answered one link while its maker was away; the second learns it. */
export async function shootLate(camera: Camera): Promise<void> {
  const ana = await camera.person('Ana')
  await ana.open()
  const link = await ana.newChat(WELCOME)
  await ana.expectState(WELCOME, 'relay')
  await signLink(ana, 'Ana Novak')
  await ana.closeSheet()
  await ana.closeTab()
  // Both have read it before anybody touched anything: the first touch keeps the link, and the second one comes too late.
  const [ben, carol] = [await camera.person('Ben'), await camera.person('Carol')]
  for (const guest of [ben, carol]) {
    await guest.open(link)
    await guest.expectMessage(WELCOME, 'them')
  }
  await ben.send('Saturday works. Morning or evening?')
  await ben.expectState('Saturday works. Morning or evening?', 'relay')
  await carol.composer.fill('I would love to')
  await camera.take(carol, 'chat-late', carol.page.getByText('already been opened in another browser'))
}

/** Only the part behind # may differ, and then a browser would not load anything. */
async function openAnew(page: Page, address: string): Promise<void> {
  await page.goto('about:blank')
  await page.goto(address)
}

export async function shootUnreachable(camera: Camera): Promise<void> {
  const { take, world } = camera
  const ana = await camera.person('Ana')
  await ana.open()
  const link = await ana.newChat(WELCOME)
  const ben = await camera.person('Ben')
  const page = await ben.open()
  await untilOfflineReady(page)
  await world.stopRelay()
  await page.goto(link)
  await take(ben, 'link-opening', page.getByText('Fetching the sealed message from the relay'))
  await take(ben, 'link-opening-slow', page.getByText('The relay is slow to answer'))
  await take(ben, 'link-unreachable', heading(page, 'The invitation can’t be fetched right now'))
}
