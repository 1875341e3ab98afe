// Messages with a date: written by one of two people, who is gone when it has come.

import type { Page } from '@playwright/test'
import { axeFaults } from '../../audits/axe.ts'
import { twoFriends } from './pair.ts'
import { expectDrawn } from './surface.ts'
import { expect, once, test } from './walk.ts'

const AWAY_MS = 12_000

const stage = once(twoFriends)

async function expectAccessible(page: Page, screen: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `${screen}, ${scheme}`).toEqual([])
}

/** As a field for dates and times takes it, to the second. */
const fieldAfter = (ms: number): string => {
  const time = new Date(Date.now() + ms)
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

test('a message is planned by key, and can go now, at another time, or not at all', async () => {
  test.setTimeout(120_000)
  const { ana, ben } = stage()
  const { page } = ana
  const line = page.getByTestId('scheduled-line')
  const waiting = page.getByTestId('scheduled-one')

  await test.step('by key, from the menu beside the message box', async () => {
    await ana.write('see you at noon')
    await page.getByTestId('attach').press('Enter')
    await page.getByTestId('send-later').press('Enter')
    await expect(page.getByTestId('schedule-text')).toHaveValue('see you at noon')
    await expectDrawn(page, 'send later')
    await expectAccessible(page, 'send later')
    await page.getByTestId('schedule-morning').check()
    await page.getByTestId('schedule-send').press('Enter')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(ana.composer).toHaveValue('')
    await expect(line).toContainText('1 message goes out tomorrow at')
  })

  await test.step('by a right click on what sends, for a time that has passed and one that has not', async () => {
    await ana.write('and a cake')
    await page.getByTestId('send').click({ button: 'right' })
    await page.getByTestId('schedule-pick').check()
    await page.getByTestId('schedule-when').fill('2020-01-01T09:00')
    await page.getByTestId('schedule-send').click()
    await expect(page.getByRole('alert').filter({ hasText: 'has passed' })).toBeVisible()
    await page.getByTestId('schedule-morning').check()
    await page.getByTestId('schedule-send').click()
    await expect(line).toContainText('2 messages go out, the next tomorrow at')
  })

  await test.step('each lies with the relay, can go at another time, and now', async () => {
    await line.click()
    await expect(waiting.first()).toHaveAttribute('data-left', 'true')
    await expectAccessible(page, 'scheduled messages')
    await waiting.filter({ hasText: 'see you' }).getByTestId('scheduled-change').click()
    await page.getByTestId('schedule-when').fill(fieldAfter(3 * 86_400_000))
    await page.getByTestId('schedule-text').fill('see you at one')
    await page.getByTestId('schedule-send').click()
    await expect(waiting).toHaveCount(2)
    await expect(waiting.last()).toContainText('see you at one')
    await waiting.filter({ hasText: 'cake' }).getByTestId('scheduled-now').click()
    await expect(waiting).toHaveCount(1)
    await ben.expectMessage('and a cake', 'them')
  })

  await test.step('or not at all, and after all', async () => {
    await waiting.getByTestId('scheduled-delete').click()
    await expect(page.getByTestId('scheduled-none')).toBeVisible()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(line).toContainText('1 message goes out')
    await line.click()
    await waiting.getByTestId('scheduled-delete').click()
    await page.keyboard.press('Escape')
    await expect(line).toHaveCount(0)
    await expect(ben.message('see you at one')).toHaveCount(0)
  })
})

test('it goes out at its date from the relay, with its writer gone, and is one message for both', async () => {
  test.setTimeout(120_000)
  const { ana, ben } = stage()
  const { page } = ana

  await ana.write('happy birthday')
  await page.getByTestId('send').click({ button: 'right' })
  await page.getByTestId('schedule-pick').check()
  await page.getByTestId('schedule-when').fill(fieldAfter(AWAY_MS))
  await page.getByTestId('schedule-send').click()
  await page.getByTestId('scheduled-line').click()
  await expect(page.getByTestId('scheduled-one')).toHaveAttribute('data-left', 'true', { timeout: AWAY_MS - 4_000 })
  await ana.closeTab()
  await expect(ben.message('happy birthday')).toHaveCount(0)
  await ben.expectMessage('happy birthday', 'them', AWAY_MS + 20_000)
  await ben.send('thank you')

  await ana.open()
  await ana.openConversation()
  await ana.expectMessage('happy birthday', 'me')
  await ana.expectMessage('thank you', 'them')
  await ana.expectState('happy birthday', 'read')
  await expect(ana.page.getByTestId('scheduled-line')).toHaveCount(0)
  for (const person of [ana, ben]) await expect(person.message('happy birthday')).toHaveCount(1)
})
