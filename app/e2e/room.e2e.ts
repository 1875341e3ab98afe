// What has to share a screen leaves room for what people came to see.

import type { Locator } from '@playwright/test'
import { twoFriends } from './pair.ts'
import { expect, test } from './walk.ts'

/** A phone whose keyboard is open. */
const LOW = { width: 390, height: 420 }
const TIMELINE_PX_MIN = 80

test('a long draft leaves room for the timeline, also under the question for a name', async ({ world }) => {
  const { ana, ben } = await twoFriends(world)
  await ben.page.setViewportSize(LOW)
  await expect(ben.page.getByRole('heading', { name: 'What should they call you?' })).toBeVisible()
  await expect(ana.page.getByTestId('display-name'), 'who was asked beside the link is not asked again').toHaveCount(0)
  await ben.composer.fill('one more line\n'.repeat(60))
  const { height } = await boxOf(ben.page.getByRole('log').locator('..'))
  expect(height).toBeGreaterThan(TIMELINE_PX_MIN)
})

test('a toast covers neither the newest message nor the message box', async ({ world }) => {
  const { ana, ben } = await twoFriends(world)
  await ben.closeTab()
  await world.stopRelay()
  await ana.expectRoute('offline')
  for (let at = 0; at < 15; at += 1) await ana.send(`Written offline ${at}`)
  // Nothing is said of messages that leave within five seconds.
  await ana.page.waitForTimeout(6_000)
  await world.startRelay()
  const toast = ana.page.getByText(/^Back online/)
  await expect(toast).toBeVisible({ timeout: 45_000 })
  const { y, height } = await boxOf(toast)
  for (const below of [ana.message('Written offline 14'), ana.composer]) expect((await boxOf(below)).y).toBeGreaterThan(y + height)
})

test('the list beside the settings follows where somebody scrolls, and names what they chose', async ({ world }) => {
  const ana = await world.person('Ana', { viewport: { width: 1280, height: 560 } })
  const page = await ana.open(`${world.url}settings`)
  const current = page.locator('nav [aria-current="true"]')
  await expect(current).toHaveText('You')
  await page.getByTestId('wipe-device').hover()
  await page.mouse.wheel(0, 5_000)
  await expect(current).toHaveText('Erase')
  await page.getByRole('button', { name: 'About', exact: true }).click()
  await expect(current).toHaveText('About')
  await page.getByTestId('wipe-device').hover()
  await page.mouse.wheel(0, -5_000)
  await expect(current).toHaveText('You')
})

async function boxOf(target: Locator): Promise<{ readonly y: number; readonly height: number }> {
  const box = await target.boundingBox()
  if (box === null) throw new Error('it is not on the screen')
  return box
}
