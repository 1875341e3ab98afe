// The relay dies and returns: a direct conversation does not notice, and the rest mends itself without a reload.

import type { Page } from '@playwright/test'
import { bothDirect, twoFriends } from './pair.ts'
import { expect, test } from './walk.ts'

test('a direct conversation outlives the relay, and the mailbox comes back with it', async ({ world }) => {
  const { ana, ben } = await twoFriends(world)
  await bothDirect({ ana, ben })
  await stampPages([ana, ben])

  await world.killRelay()
  await ana.send('The relay is gone')
  await ben.expectMessage('The relay is gone', 'them')
  await ben.send('I did not notice')
  await ana.expectMessage('I did not notice', 'them')
  await ana.expectState('The relay is gone', 'read')
  await ana.expectRoute('direct')

  await ben.closeTab()
  await expect(ana.route).not.toHaveAttribute('data-route', 'direct', { timeout: 20_000 })
  await ana.send('For later')
  await ana.expectMessage('For later', 'me')
  await expect(ana.message('For later')).toHaveAttribute('data-state', 'saved')

  await world.startRelay()
  await ana.expectState('For later', 'relay', 30_000)
  await ben.open()
  await ben.openConversation()
  await ben.expectMessage('For later', 'them')
  await bothDirect({ ana, ben })
  await ana.expectState('For later', 'read')
  expect(await stampOf(ana), 'Ana never reloaded').toBe('Ana')
  expect(new Set(await ben.texts()).size).toBe((await ben.texts()).length)
})

test('people who were only connected through the relay find each other after it returns', async ({ world }) => {
  const { ana, ben } = await twoFriends(world)
  await world.killRelay()
  await ben.closeTab()
  await world.startRelay()
  await ben.open()
  await ben.openConversation()
  await bothDirect({ ana, ben })
  await ben.send('Back again')
  await ana.expectMessage('Back again', 'them')
  await ana.send('Good')
  await ben.expectMessage('Good', 'them')
})

test('the page says that the relay does not answer, and stops saying so when it does', async ({ world }) => {
  const { ana } = await twoFriends(world)
  const sentence = ana.page.getByText(/relay does not answer/i)
  await expect(sentence).toHaveCount(0)
  await world.killRelay()
  await expect(sentence.first()).toBeVisible({ timeout: 20_000 })
  await world.startRelay()
  await expect(sentence).toHaveCount(0, { timeout: 30_000 })
})

type Stamped = { readonly name: string; readonly page: Page }

async function stampPages(people: readonly Stamped[]): Promise<void> {
  for (const { name, page } of people) await page.evaluate((stamp) => Reflect.set(window, '__stamp', stamp), name)
}

async function stampOf({ page }: Stamped): Promise<unknown> {
  return page.evaluate(() => Reflect.get(window, '__stamp') as unknown)
}
