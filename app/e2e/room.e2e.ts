// What has to share a screen leaves room for what people came to see.

import type { Locator } from '@playwright/test'
import { expect, test } from './walk.ts'

test('a header has a line below it while something lies above what is shown', async ({ friends: { ana } }) => {
  const { page } = ana
  const expectLine = async (scroller: Locator, header: Locator): Promise<void> => {
    const line = () => header.evaluate((bar) => getComputedStyle(bar).borderBlockEndColor)
    const clear = 'rgba(0, 0, 0, 0)'
    expect(await line()).toBe(clear)
    await scroller.evaluate((pane) => pane.scrollTo(0, 60))
    await expect.poll(line).not.toBe(clear)
    await scroller.evaluate((pane) => pane.scrollTo(0, 0))
    await expect.poll(line).toBe(clear)
  }
  await page.setViewportSize({ width: 1280, height: 300 })
  await page.getByRole('button', { name: 'Details' }).first().click()
  const details = page.getByRole('complementary')
  await expectLine(details.locator('.scroll'), details.locator('.bar'))
  await page.setViewportSize({ width: 390, height: 420 })
  await page.goto(`${ana.home}settings`)
  await expectLine(page.locator('main .scroll'), page.locator('header.bar'))
})

test('the filters of the list stand in one line beside the details too, with chats to read', async ({ friends: { ana } }) => {
  const { page } = ana
  await page.setViewportSize({ width: 1280, height: 800 })
  const count = page.locator('[data-filter="unread"] b')
  // What Ben has said last may be read only after that, and takes the mark along.
  await expect(async () => {
    if (await count.isHidden()) {
      await page.getByTestId('conversation-item').click({ button: 'right' })
      await page.getByTestId('conversation-unread').click()
    }
    await expect(count).toHaveText('1', { timeout: 2_000 })
  }).toPass({ timeout: 15_000 })
  await page.getByRole('button', { name: 'Details', exact: true }).click()
  await expect(page.getByRole('complementary')).toBeVisible()
  const tops = () => page.getByTestId('filter').evaluateAll((all) => [...new Set(all.map((one) => one.getBoundingClientRect().top))])
  expect(await tops()).toHaveLength(1)
})

test('what lies over the list goes with it where a chat takes its place, and leaves the page to its reader', async ({
  friends: { ana },
}) => {
  const { page } = ana
  const over = page.locator('dialog')
  for (const hook of ['chat-menu', 'conversation-remove']) {
    await page.getByTestId('conversation-item').click({ button: 'right' })
    await expect(page.getByTestId('chat-menu')).toBeVisible()
    if (hook !== 'chat-menu') {
      await page.getByTestId(hook).click()
      await expect(page.getByTestId('confirm')).toBeVisible()
    }
    await page.setViewportSize({ width: 390, height: 844 })
    await expect(over).toHaveCount(0)
    await ana.composer.click()
    await expect(ana.composer).toBeFocused()
    await page.setViewportSize({ width: 1200, height: 800 })
  }
})

test('the list beside the settings follows where somebody scrolls, and names what they chose', async ({ friends: { ana } }) => {
  const { page } = ana
  await page.setViewportSize({ width: 1280, height: 560 })
  await page.goto(`${ana.home}settings`)
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

test('on a phone a name is shown before the title of the chat, and an invitation has no way back to a list that is not there', async ({
  world,
}) => {
  const phone = { viewport: { width: 390, height: 844 } }
  const [ana, ben] = [await world.person('Ana'), await world.person('Ben', phone)]
  await ana.open()
  const link = await ana.newChat('Hello Ben')
  const name = ana.page.getByLabel(/^Your name/)
  await name.fill('Ana Novak of the allotments')
  await name.press('Enter')
  await ana.closeSheet()
  await ana.page.getByRole('button', { name: 'Details' }).first().click()
  await ana.page.getByLabel('Chat title').fill('Everything that has to be done before the winter')
  await ana.page.getByLabel('Chat title').press('Enter')
  await ben.open(link)
  await ben.expectMessage('Hello Ben', 'them')
  const back = ben.page.getByRole('button', { name: 'Back to chats' })
  await expect(back).toBeHidden()
  await ben.send('Hello Ana')
  await ana.expectMessage('Hello Ana', 'them')
  await back.click()
  const row = ben.page.getByTestId('conversation-item')
  await expect(row).toContainText('before the winter', { timeout: 30_000 })
  const shown = row.locator('.nm > span').first()
  expect(await shown.evaluate((part) => part.scrollWidth - part.clientWidth), 'the name is not cut').toBeLessThanOrEqual(0)
  await expect(shown, 'what is read is not bold').toHaveCSS('font-weight', '400')
  await ana.send('Are you there?')
  await expect(row.getByRole('img', { name: '1 unread' })).toBeVisible()
  await expect(shown, 'what is unread is').toHaveCSS('font-weight', '600')
})
