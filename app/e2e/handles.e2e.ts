// Handles: Ana claims one, Ben finds her by it and says a first word, she accepts, and they talk.

import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { axeFaults } from '../../audits/axe.ts'
import { picture } from './picture.ts'
import { expectDrawn } from './surface.ts'
import { expect, test } from './walk.ts'

async function expectAccessible(page: Page, screen: string): Promise<void> {
  await page.mouse.move(0, 0)
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `${screen}, ${scheme}`).toEqual([])
  await picture(page, screen)
}

test('somebody is found by a handle, and is talked with once she has accepted', async ({ world }) => {
  test.setTimeout(120_000)
  const [ana, ben] = [await world.person('Ana'), await world.person('Ben')]
  const handle = `ana.${randomUUID().slice(0, 8)}`
  const page = await ana.open()

  await test.step('Ana reads what a handle gives away, and claims one', async () => {
    await page.getByTestId('settings').first().click()
    await page.getByTestId('own-handle-row').click()
    await expect(page.getByText('The relay learns that the handle is yours.')).toBeVisible()
    await page.getByTestId('handle-field').fill('a b')
    await page.getByTestId('handle-claim').click()
    await expect(page.getByRole('alert')).toContainText('3 to 24 characters')
    await expectAccessible(page, 'claiming a handle')
    await page.getByTestId('handle-field').fill(`@${handle.toUpperCase()}`)
    await page.getByTestId('handle-field').press('Enter')
    await expect(page.getByTestId('own-handle')).toHaveText(`@${handle}`)
    await expect(page.getByRole('switch', { name: 'Found by its beginning' })).toHaveAttribute('aria-checked', 'false')
    await expectAccessible(page, 'own handle')
    await expectDrawn(page, 'own handle')
  })

  await test.step('she is asked before she gives it up, and keeps it', async () => {
    await page.getByTestId('handle-free').click()
    await expect(page.getByText('For 30 days nobody else can have it')).toBeVisible()
    await expectAccessible(page, 'giving a handle up')
    await page.getByRole('button', { name: 'Keep it' }).click()
    await expect(page.getByTestId('own-handle')).toHaveText(`@${handle}`)
    await expect(page.getByTestId('handle-free'), 'whoever has the keys goes on where they were').toBeFocused()
    await ana.closeSheet()
    await page.getByRole('button', { name: 'Back to chats' }).click()
  })

  await test.step('Ben finds her by it, and by its beginning nobody', async () => {
    const theirs = await ben.open()
    await theirs.getByRole('button', { name: 'Paste a link you were given' }).filter({ visible: true }).first().click()
    await theirs.getByTestId('find-handle').click()
    await theirs.getByTestId('find-field').fill(handle.slice(0, 7))
    await theirs.getByTestId('find-go').click()
    await expect(theirs.getByTestId('find-fault')).toContainText('Nobody here is found by that')
    await expectAccessible(theirs, 'finding by handle')
    await theirs.getByTestId('find-field').fill(handle)
    await theirs.getByTestId('find-go').click()
    await theirs.getByTestId('request-text').fill('We met on Friday')
    await expectAccessible(theirs, 'a first word')
    await theirs.getByTestId('request-send').click()
    await expect(theirs.getByTestId('asked')).toContainText(`You asked @${handle} to talk`, { timeout: 20_000 })
  })

  await test.step('she sees how he found her, accepts, and they talk', async () => {
    await expect(page.getByTestId('requests')).toHaveAttribute('data-count', '1', { timeout: 20_000 })
    await expect(page.getByText('All of your chats are in the archive')).toHaveCount(0)
    await page.getByTestId('requests').click()
    const request = page.getByTestId('request')
    await expect(request).toContainText('Found you by your handle')
    await expect(request).toContainText('Not compared')
    await expect(request.getByTestId('request-words')).toHaveText('We met on Friday')
    await expectAccessible(page, 'a request by a handle')
    await page.getByTestId('request-accept').click()
    await ana.send('So we did')
    await ben.expectMessage('So we did', 'them')
    await ben.send('Good')
    await ana.expectMessage('Good', 'them')
    await ana.expectMessage('We met on Friday', 'them')
  })

  await test.step('she gives it up, and nobody finds her by it any more', async () => {
    await page.getByTestId('settings').first().click()
    await page.getByTestId('own-handle-row').click()
    await page.getByTestId('handle-free').click()
    await page.getByTestId('confirm').click()
    await expect(page.getByTestId('handle-field')).toBeVisible()
    await expect(page.getByRole('dialog')).toHaveCount(1)
    await ben.page.getByRole('button', { name: 'Open a link you were given' }).first().click()
    await ben.page.getByTestId('find-handle').click()
    await ben.page.getByTestId('find-field').fill(handle)
    await ben.page.getByTestId('find-go').click()
    await expect(ben.page.getByTestId('find-fault')).toContainText('Nobody here is found by that')
  })
})
