// The list of chats in the hands of two people: what is pinned, muted, archived and marked, and messages with a star.

import type { Locator, Page } from '@playwright/test'
import { axeFaults } from '../../audits/axe.ts'
import { picture } from './picture.ts'
import { expectDrawn } from './surface.ts'
import { expect, test } from './walk.ts'

const rows = (page: Page): Locator => page.getByTestId('conversation-item')
const menu = (page: Page): Locator => page.getByTestId('chat-menu')
const filter = (page: Page, by: string): Locator => page.locator(`[data-testid="filter"][data-filter="${by}"]`)

async function choose(row: Locator, hook: string): Promise<void> {
  await row.click({ button: 'right' })
  await row.page().getByTestId(hook).click()
  await expect(menu(row.page())).toHaveCount(0)
}

/** Runs in the page: each sound of a message is two tones. */
function countTones(): void {
  const { start } = OscillatorNode.prototype
  OscillatorNode.prototype.start = function (when?: number) {
    Reflect.set(window, '__tones', Number(Reflect.get(window, '__tones') ?? 0) + 1)
    start.call(this, when)
  }
}

/** Whoever goes through all controls has opened it. */
const leaveSearch = (page: Page): Promise<void> => page.getByTestId('search').press('Escape')

async function expectAccessible(page: Page, screen: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `${screen}, ${scheme}`).toEqual([])
}

test('a chat is pinned, muted, marked and put away, and comes back with a message, unless it is muted', async ({
  friends: { ana, ben },
}) => {
  test.setTimeout(120_000)
  const { page } = ana
  const chat = rows(page).filter({ hasText: /Hello Ana|news|quiet/ })
  await ana.newChat()
  await ana.share()
  await ana.closeSheet()
  await ana.send('The other chat')
  await expect(rows(page)).toHaveCount(2)
  await expect(rows(page).first()).toContainText('The other chat')

  await test.step('pinned by hand, it stands first, also after a reload', async () => {
    await chat.click({ button: 'right' })
    await expectAccessible(page, 'menu of a chat')
    await expectDrawn(page, 'menu of a chat')
    await page.getByTestId('conversation-pin').click()
    await expect(rows(page).first()).toContainText('Hello Ana')
    await page.reload()
    await expect(rows(page).first()).toContainText('Hello Ana')
    await expect(chat.getByRole('img', { name: 'Pinned' })).toBeVisible()
    await choose(chat, 'conversation-pin')
    await expect(rows(page).first()).toContainText('The other chat')
  })

  await test.step('marked as unread by key, it is counted until it is opened', async () => {
    await chat.focus()
    await page.keyboard.press('Shift+F10')
    await expect(menu(page).getByRole('menuitem').first()).toBeFocused()
    await page.keyboard.press('m')
    await page.keyboard.press('Enter')
    await expect(menu(page)).toHaveCount(0)
    await expect(chat).toBeFocused()
    await expect(chat.getByTestId('unread')).toHaveAttribute('data-count', '1')
    await expect(page).toHaveTitle(/^\(1\)/)
    await expect(filter(page, 'unread'), 'it is called what it shows').toHaveAccessibleName('Unread 1')
    await filter(page, 'unread').click()
    await expect(rows(page).first(), 'the open chat stays beside it').toContainText(/The other chat|Hello Ana/)
    await chat.click()
    await expect(page.getByTestId('unread')).toHaveCount(0)
    await expect(page).not.toHaveTitle(/^\(/)
    await filter(page, 'all').click()
    await rows(page).filter({ hasText: 'The other chat' }).click()
  })

  await test.step('put away, it is not on the list until somebody writes', async () => {
    await choose(chat, 'conversation-archive')
    await expect(rows(page)).toHaveCount(1)
    await filter(page, 'archived').click()
    await expect(rows(page)).toHaveText(/Hello Ana/)
    await expectAccessible(page, 'archive')
    await filter(page, 'all').click()
    await ben.send('news')
    await expect(page.getByRole('status', { name: 'Notices' }), 'said, since another chat is in front').toContainText('news')
    await expect(chat.getByTestId('unread')).toHaveAttribute('data-count', '1')
    await page.reload()
    await expect(rows(page)).toHaveCount(2)
  })

  await test.step('muted, it is not counted, and stays away', async () => {
    await choose(chat, 'conversation-mute')
    await expect(chat.getByRole('img', { name: 'Muted' })).toBeVisible()
    await expect(page).not.toHaveTitle(/^\(/)
    await choose(chat, 'conversation-archive')
    await expect(page.getByText('It stays there, since it’s muted.')).toBeVisible()
    await ben.send('quiet')
    await filter(page, 'archived').click()
    await expect(rows(page)).toContainText(['quiet'])
    await expect(page.getByRole('status', { name: 'Notices' })).not.toContainText('quiet')
    await expect(rows(page).getByTestId('unread')).toHaveAttribute('data-count', '2')
    await page.getByRole('button', { name: 'Undo' }).click()
    await filter(page, 'all').click()
    await expect(rows(page)).toHaveCount(2)
    await expectDrawn(page, 'list with filters')
    await leaveSearch(page)
  })

  await test.step('a chat calls as its own rule says: for good, for a while, or with a sound', async () => {
    const rule = page.getByTestId('notify')
    const other = rows(page).filter({ hasText: 'The other chat' })
    const sounds = () => page.evaluate(() => Number(Reflect.get(window, '__tones') ?? 0) / 2)
    await page.evaluate(countTones)
    await chat.click()
    await page.getByRole('button', { name: 'Details' }).filter({ visible: true }).first().click()
    await expect(rule).toHaveValue('never')
    await expectAccessible(page, 'details with a rule')
    await picture(page, 'details with a rule')
    await rule.focus()
    await rule.selectOption('hour')
    await expect(rule).toHaveValue('until')
    await expect(chat.getByRole('img', { name: 'Muted' })).toBeVisible()
    await rule.selectOption('settings')
    await expect(chat.getByRole('img', { name: 'Muted' })).toHaveCount(0)

    await other.click()
    await ben.send('loud news')
    await expect(page.getByRole('status', { name: 'Notices' })).toContainText('loud news')
    await expect.poll(sounds, 'one sound').toBe(1)
    await chat.click()
    await ben.send('seen news')
    await ana.expectMessage('seen news', 'them')

    await page.getByTestId('settings').filter({ visible: true }).click()
    await page.getByTestId('sound-play').click()
    await expect.poll(sounds, 'that of the button, and none for what was looked at').toBe(2)
    await expectDrawn(page, 'settings with sounds')
    await picture(page, 'settings with sounds')
    await page.getByTestId('sounds').press('Enter')
    await expect(page.getByTestId('sound-play')).toHaveCount(0)
    await page.goBack()
    await other.click()
    await ben.send('silent news')
    await expect(page.getByRole('status', { name: 'Notices' })).toContainText('silent news')
    await page.waitForTimeout(1_000)
    expect(await sounds()).toBe(2)
    await page.getByTestId('settings').filter({ visible: true }).click()
    await page.getByTestId('sounds').press('Enter')
    await expect(page.getByTestId('sound-play')).toBeVisible()
    await page.goBack()
    await chat.click()
  })

  await test.step('a message that was starred by key opens at its place from the list of stars', async () => {
    await chat.click()
    await ana.message('Hello Ana').focus()
    await page.keyboard.press('Shift+Tab')
    await ana.message('Hello Ana').focus()
    await page.keyboard.press('s')
    await expect(ana.message('Hello Ana').getByTestId('starred')).toBeVisible()
    await rows(page).filter({ hasText: 'The other chat' }).click()
    await filter(page, 'starred').click()
    await page.getByTestId('starred-message').click()
    await expect(ana.message('Hello Ana')).toBeFocused()
  })

  await test.step('the other chat goes, and the first one is heard again', async () => {
    await filter(page, 'all').click()
    await choose(rows(page).filter({ hasText: 'The other chat' }), 'conversation-remove')
    await page.getByTestId('confirm').click()
    await expect(rows(page)).toHaveCount(1)
    await expect(chat.getByRole('img', { name: 'Muted' })).toHaveCount(0)
  })
})
