// Two people search what they have written: in the list and within the chat, in several scripts, offline, while messages come and go.

import type { Locator, Page } from '@playwright/test'
import { expectDrawn, expectReachable } from './surface.ts'
import { expect, test } from './walk.ts'

const results = (page: Page): Locator => page.getByTestId('search-result')
const field = (page: Page): Locator => page.getByTestId('search')

/** Together higher than the window. */
const LINES = 18
const lineOf = (at: number): string => `line ${at}\nwith nothing in it\nbut its height`
const END = 'the last line'

test('everything on the device is found in the list, opens at its place, and what is deleted is found no more', async ({
  friends: { ana, ben },
}) => {
  test.setTimeout(180_000)
  const { page } = ana
  for (const text of [
    'The ferry leaves at seven',
    'Café zum Löwen',
    '明日の船は九時に出ます',
    'السفينة تغادر عند التاسعة',
    'https://example.org/plan',
  ])
    await ana.send(text)
  for (let at = 0; at < LINES; at += 1) await ana.send(lineOf(at))
  await ana.send(END)
  await ben.expectMessage(END, 'them')

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
    await expect(ana.message(END)).toBeInViewport()
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
    // What was deleted is not written anew when a history is erased, so of walks before this one there may be some.
    const removed = await page.getByTestId('removed').count()
    await note.click({ button: 'right' })
    await ben.page.getByTestId('action-delete-everyone').click()
    await ben.page.getByTestId('confirm').click()
    await expect(page.getByTestId('removed')).toHaveCount(removed + 1)
    await expect(results(page), 'within a second of the timeline').toHaveCount(0, { timeout: 1_000 })
    await ana.context.setOffline(true)
    await field(page).fill('löwen')
    await expect(results(page)).toHaveCount(1)
    await ana.context.setOffline(false)
  })
})

test('the matches of one chat are gone through by key and by hand, and the chat is left where it was', async ({ friends: { ana } }) => {
  test.setTimeout(120_000)
  const { page } = ana
  const find = page.getByTestId('find')
  const count = page.getByTestId('find-count')
  for (let at = 0; at < LINES; at += 1) await ana.send(at % 7 === 0 ? `apple ${at}` : lineOf(at))
  await ana.send(END)
  await ana.expectState(END, 'relay')

  await page.keyboard.press('Control+f')
  await expect(find).toBeFocused()
  await page.keyboard.type('apple')
  await expect(count).toHaveText('1 of 3')
  await expect(ana.message('apple 14')).toBeInViewport()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await expect(count).toHaveText('3 of 3')
  await expect(ana.message('apple 0')).toBeInViewport()
  await expect(page.getByTestId('jump-back')).toBeVisible()
  await expect(find, 'the keys stay with the field').toBeFocused()
  await page.getByTestId('find-newer').click()
  await expect(count).toHaveText('2 of 3')
  await expect(ana.message('apple 7')).toBeInViewport()
  await find.press('Escape')
  await expect(find).toHaveCount(0)
  await expect(ana.message('apple 7')).toBeFocused()
  await page.getByTestId('jump-back').click()
  await expect(ana.message(END)).toBeInViewport()

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
