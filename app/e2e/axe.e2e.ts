// What somebody comes by in a chat, in light and in dark, as axe sees it: it finds nothing. The first screens are in every-screen.e2e.ts.

import type { Page } from '@playwright/test'
import { axeFaults } from '../../audits/axe.ts'
import type { Person } from './person.ts'
import { expect, test } from './walk.ts'

async function expectAccessible(page: Page, screen: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `${screen}, ${scheme}`).toEqual([])
}

/** Looks at what lies over the page, and closes it. */
async function expectSheetAccessible(person: Person, screen: string): Promise<void> {
  await expect(person.page.getByRole('dialog')).toBeVisible()
  await expectAccessible(person.page, screen)
  await person.closeSheet()
}

test('axe finds a fault where there is one', async ({ friends: { ana } }) => {
  await ana.page.evaluate(() => document.body.append(Object.assign(document.createElement('button'), { id: 'planted' })))
  expect((await axeFaults(ana.page, 'light')).join('\n')).toContain('button-name')
  await ana.page.evaluate(() => document.getElementById('planted')?.remove())
})

test('axe finds nothing in a chat, its menus, its sheets and the search', async ({ friends: { ana } }) => {
  test.setTimeout(240_000)
  const { page } = ana
  const act = async (hook: string) => {
    await ana.message('Hello Ana').click({ button: 'right' })
    await page.getByRole('menu').getByTestId(hook).click()
  }
  await ana.send('**bold** `code`\n> said\n- one\nhttps://example.org/a')
  await act('action-pin')
  await expect(page.getByTestId('pinned')).toBeVisible()
  await ana.message('Hello Ana').click({ button: 'right' })
  await page.getByRole('menu').locator('[data-emoji="👍"]').click()
  await act('action-reply')
  await ana.send('An answer')
  await expect(ana.message('An answer').getByTestId('quote')).toBeVisible()
  await expectAccessible(page, 'chat')
  await act('action-reply')
  await expectAccessible(page, 'reply strip')
  await ana.composer.press('Escape')
  await ana.message('Hello Ana').click({ button: 'right' })
  await expectSheetAccessible(ana, 'menu of a message')
  for (const hook of ['action-react', 'action-info', 'action-delete']) {
    await act(hook)
    await expectSheetAccessible(ana, hook)
  }
  await page.getByTestId('route').click()
  await expectSheetAccessible(ana, 'connection')

  await page.keyboard.press('Control+f')
  await page.getByTestId('find').fill('hello')
  await expect(page.getByTestId('find-count')).toHaveText('1 of 2')
  await expectAccessible(page, 'search in a chat')
  await page.getByTestId('find').press('Escape')
  await page.getByTestId('search').fill('hello')
  await expect(page.getByTestId('search-result')).toHaveCount(2)
  await page.getByTestId('search-date').selectOption('own')
  await expectAccessible(page, 'search')
  await page.getByTestId('search').fill('nowhere')
  await expect(page.getByTestId('search-nothing')).toBeVisible()
  await expectAccessible(page, 'search with nothing found')
  await page.getByTestId('search').press('Escape')
  await page.getByRole('button', { name: 'Details' }).filter({ visible: true }).first().click()
  await expect(page.getByRole('complementary')).toBeVisible()
  await expectAccessible(page, 'details')
  await page.setViewportSize({ width: 390, height: 844 })
  // There it is all that is shown.
  await expect(page.getByRole('main').getByRole('heading', { level: 1, name: 'Details' })).toBeVisible()
  await expectAccessible(page, 'details on a phone')
  await page.setViewportSize({ width: 1200, height: 800 })
  await page
    .getByRole('complementary')
    .getByRole('button', { name: /^Remove this chat/ })
    .click()
  await expectSheetAccessible(ana, 'before a chat is removed')
})
