// Two people search what they have written: in the list and within the chat, in several scripts, offline, while messages come and go.

import type { Locator, Page } from '@playwright/test'
import { twoFriends } from './pair.ts'
import { expectDrawn, expectReachable } from './surface.ts'
import { expect, test } from './walk.ts'

test.use({ serviceWorkers: 'allow' })

const results = (page: Page): Locator => page.getByTestId('search-result')
const field = (page: Page): Locator => page.getByTestId('search')

test('everything on the device is found in the list, opens at its place, and what is deleted is found no more', async ({ world }) => {
  test.setTimeout(180_000)
  const { ana, ben } = await twoFriends(world)
  const { page } = ana
  for (const text of [
    'The ferry leaves at seven',
    'Café zum Löwen',
    '明日の船は九時に出ます',
    'السفينة تغادر عند التاسعة',
    'https://example.org/plan',
  ])
    await ana.send(text)
  for (let at = 0; at < 40; at += 1) await ana.send(`line ${at}, nothing in it`)
  await ben.expectMessage('line 39, nothing in it', 'them')

  await test.step('the key leads to the field, and a word in any form finds its message', async () => {
    await page.keyboard.press('Control+k')
    await expect(field(page)).toBeFocused()
    await page.keyboard.type('ferr')
    await expect(results(page)).toHaveCount(1)
    await expect(results(page)).toContainText('The ferry leaves')
    await expect(results(page).locator('mark')).toHaveText('ferr')
    await expectDrawn(page, 'search')
    for (const [asked, found] of [
      ['CAFE', 'Café zum Löwen'],
      ['船', '明日の船'],
      ['السفينة', 'السفينة تغادر'],
    ] as const) {
      await field(page).fill(asked)
      await expect(results(page)).toHaveCount(1)
      await expect(results(page)).toContainText(found)
    }
  })

  await test.step('a result opens at its place, and there is a way back', async () => {
    await field(page).fill('ferry')
    await page.keyboard.press('ArrowDown')
    await expect(results(page).first()).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(ana.message('The ferry leaves at seven')).toBeFocused()
    await expect(ana.message('The ferry leaves at seven')).toBeInViewport()
    await page.getByTestId('jump-back').click()
    await expect(ana.message('line 39, nothing in it')).toBeInViewport()
  })

  await test.step('it is narrowed down by person, kind and day', async () => {
    await field(page).fill('hello')
    await expect(results(page)).toHaveCount(2)
    await page.getByTestId('search-person').selectOption({ label: 'You' })
    await expect(results(page)).toHaveCount(1)
    await expect(results(page)).toContainText('Hello Ben')
    await page.getByTestId('search-person').selectOption('')
    await field(page).fill('')
    await page.getByTestId('search-kind').selectOption('link')
    await expect(results(page)).toContainText(['https://example.org/plan'])
    await page.getByTestId('search-date').selectOption('own')
    await page.getByTestId('search-to').fill('2001-01-01')
    await expect(page.getByTestId('search-nothing')).toBeVisible()
    await field(page).press('Escape')
    await expect(page.getByTestId('search-results')).toHaveCount(0)
    await expect(page.getByTestId('conversation-item')).toBeVisible()
  })

  await test.step('what comes is found, and what is deleted is gone within a second, without a network too', async () => {
    await field(page).fill('kayak')
    await expect(page.getByTestId('search-nothing')).toBeVisible()
    await ben.send('The kayak stays here')
    await expect(results(page)).toHaveCount(1)
    const note = ben.message('The kayak stays here')
    await note.click({ button: 'right' })
    await ben.page.getByTestId('action-delete-everyone').click()
    await ben.page.getByTestId('confirm').click()
    await expect(page.getByTestId('removed')).toBeVisible()
    await expect(results(page), 'within a second of the timeline').toHaveCount(0, { timeout: 1_000 })
    await ana.context.setOffline(true)
    await field(page).fill('löwen')
    await expect(results(page)).toHaveCount(1)
    await ana.context.setOffline(false)
  })
})

test('the matches of one chat are gone through by key and by hand, and the chat is left where it was', async ({ world }) => {
  test.setTimeout(120_000)
  const { ana } = await twoFriends(world)
  const { page } = ana
  const find = page.getByTestId('find')
  const count = page.getByTestId('find-count')
  for (let at = 0; at < 45; at += 1) await ana.send(at % 20 === 0 ? `apple ${at}` : `line ${at}`)
  await ana.expectState('line 44', 'relay')

  await page.keyboard.press('Control+f')
  await expect(find).toBeFocused()
  await page.keyboard.type('apple')
  await expect(count).toHaveText('1 of 3')
  await expect(ana.message('apple 40')).toBeInViewport()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await expect(count).toHaveText('3 of 3')
  await expect(ana.message('apple 0')).toBeInViewport()
  await expect(page.getByTestId('jump-back')).toBeVisible()
  await expect(find, 'the keys stay with the field').toBeFocused()
  await page.getByTestId('find-newer').click()
  await expect(count).toHaveText('2 of 3')
  await expect(ana.message('apple 20')).toBeInViewport()
  await find.press('Escape')
  await expect(find).toHaveCount(0)
  await expect(ana.message('apple 20')).toBeFocused()
  await page.getByTestId('jump-back').click()
  await expect(ana.message('line 44')).toBeInViewport()

  await page.getByRole('button', { name: 'Details' }).filter({ visible: true }).first().click()
  await page.getByTestId('find-in-chat').click()
  await expect(find).toBeFocused()
  await find.fill('nowhere')
  await expect(count).toHaveText('No match')
  await expectDrawn(page, 'search in a chat')
  await expectReachable(page, 'search in a chat', [find, page.getByTestId('find-close')])
  await page.getByTestId('find-close').click()
  await expect(ana.composer).toBeFocused()
})

test('on a phone, search stands over the list, and back leads to what was found', async ({ world }) => {
  const ana = await world.person('Ana', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  const page = await ana.open()
  await ana.newChat('Meet at the old mill')
  await ana.closeSheet()
  await ana.expectState('Meet at the old mill', 'relay')
  await page.getByRole('button', { name: 'Back to chats' }).click()
  await field(page).tap()
  await field(page).fill('mill')
  await expect(results(page)).toHaveCount(1)
  await results(page).tap()
  await expect(ana.message('Meet at the old mill')).toBeInViewport()
  await page.goBack()
  await expect(field(page)).toHaveValue('mill')
  await expect(results(page)).toBeVisible()
  await page.getByTestId('search-date').selectOption('own')
  await expectReachable(page, 'search', [field(page), page.getByTestId('search-kind'), page.getByTestId('search-to')])
})
