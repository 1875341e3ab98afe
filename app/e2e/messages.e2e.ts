// What two people do with single messages: by mouse, by finger and by key, over the real relay, and what the other one sees of it.

import type { Locator, Page } from '@playwright/test'
import type { Person } from './person.ts'
import { expectDrawn } from './surface.ts'
import { expect, test } from './walk.ts'

const reaction = (note: Locator, emoji: string): Locator => note.locator(`[data-testid="reaction"][data-emoji="${emoji}"]`)
const menuOf = (page: Page): Locator => page.getByRole('menu')
/** Of walks before this one there may be some: what was deleted is not written anew when a history is erased. */
const removed = ({ page }: Person): Locator => page.getByTestId('removed')
const act = async ({ page }: Person, note: Locator, hook: string): Promise<void> => {
  await note.click({ button: 'right' })
  await menuOf(page).getByTestId(hook).click()
}

test('a message is answered, reacted to, edited, pinned, looked into and deleted, and the other side sees it', async ({
  friends: { ana, ben },
}) => {
  test.setTimeout(150_000)
  const { page } = ana

  await test.step('the menu opens by right click, by its button, and closes with Escape where it came from', async () => {
    const note = ana.message('Hello Ana')
    await note.click({ button: 'right' })
    await expect(menuOf(page)).toBeVisible()
    await expectDrawn(page, 'menu of a message')
    await page.keyboard.press('Escape')
    await expect(menuOf(page)).toHaveCount(0)
    await expect(note).toBeFocused()
    await note.hover()
    await note.getByTestId('message-actions').click()
    await expect(menuOf(page)).toBeVisible()
    await expect(menuOf(page).getByTestId('action-edit'), 'only what can be done').toHaveCount(0)
    await page.mouse.click(5, 5)
    await expect(menuOf(page)).toHaveCount(0)
  })

  await test.step('a reply quotes what it answers', async () => {
    await act(ana, ana.message('Hello Ana'), 'action-reply')
    await expect(ana.composer).toBeFocused()
    await expect(page.getByTestId('composer-strip')).toContainText('Hello Ana')
    await page.keyboard.press('Escape')
    await expect(page.getByTestId('composer-strip')).toHaveCount(0)
    await act(ana, ana.message('Hello Ana'), 'action-reply')
    await page.keyboard.type('Yes, hello')
    await page.keyboard.press('Enter')
    await expect(page.getByTestId('composer-strip')).toHaveCount(0)
    await expect(ana.message('Yes, hello').getByTestId('quote')).toContainText('Hello Ana')
    await expect(ben.message('Yes, hello').getByTestId('quote')).toContainText('Hello Ana')
    await expect(ben.message('Yes, hello').getByTestId('quote')).toContainText('You')
  })

  await test.step('a reaction is set, seen, and taken back', async () => {
    await ana.message('Hello Ana').click({ button: 'right' })
    await menuOf(page).locator('[data-emoji="👍"]').click()
    for (const { who, mine } of [
      { who: ana, mine: 'true' },
      { who: ben, mine: 'false' },
    ]) {
      await expect(reaction(who.message('Hello Ana'), '👍')).toHaveAttribute('data-count', '1')
      await expect(reaction(who.message('Hello Ana'), '👍')).toHaveAttribute('data-mine', mine)
    }
    await reaction(ben.message('Hello Ana'), '👍').click()
    await expect(reaction(ana.message('Hello Ana'), '👍')).toHaveAttribute('data-count', '2')
    await reaction(ana.message('Hello Ana'), '👍').click()
    await expect(reaction(ben.message('Hello Ana'), '👍')).toHaveAttribute('data-count', '1')
    await expect(reaction(ben.message('Hello Ana'), '👍')).toHaveAttribute('data-mine', 'true')
  })

  await test.step('any emoji is found by its name, in a skin tone', async () => {
    await act(ana, ana.message('Hello Ana'), 'action-react')
    const search = page.getByTestId('emoji-search')
    await expect(search).toBeFocused()
    await expectDrawn(page, 'emoji')
    await search.fill('wav hand')
    await page.getByRole('radio', { name: 'Medium', exact: true }).check()
    await expect(page.getByTestId('emoji-list').locator('[data-emoji="👋🏽"]')).toBeVisible()
    await search.press('Enter')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(reaction(ben.message('Hello Ana'), '👋🏽')).toHaveAttribute('data-count', '1')
  })

  await test.step('an edit takes the place of the text on both sides, and the draft waits', async () => {
    await ana.send('Seven o’clok')
    await ben.expectMessage('Seven o’clok', 'them')
    await ana.composer.fill('half written')
    await act(ana, ana.message('Seven o’clok'), 'action-edit')
    await expect(ana.composer).toHaveValue('Seven o’clok')
    await ana.composer.fill('Eight o’clock')
    await ana.composer.press('Enter')
    await expect(ana.composer).toHaveValue('half written')
    await ana.composer.fill('')
    for (const who of [ana, ben]) await expect(who.message('Eight o’clock').getByTestId('edited')).toBeVisible()
    await ana.composer.press('ArrowUp')
    await expect(ana.composer, 'the last own message').toHaveValue('Eight o’clock')
    await ana.composer.press('Escape')
    await expect(ana.composer).toHaveValue('')
  })

  await test.step('light markup is shown, and copied as it was written', async () => {
    const written = '**bold** *it* ~~no~~ `co*de`\n> said\n- one\n- two\n```\nx = 1\n```\nhttps://example.org/a_b'
    await ana.send(written)
    const note = ben.page.getByTestId('message').filter({ has: ben.page.locator('strong', { hasText: 'bold' }) })
    for (const tag of ['strong', 'em', 'del', 'blockquote', 'li', 'pre', 'code']) await expect(note.locator(tag).first()).toBeVisible()
    await expect(note.getByRole('link')).toHaveAttribute('rel', 'noopener noreferrer nofollow')
    await act(ben, note, 'action-copy')
    await ben.composer.press('Control+V')
    await expect(ben.composer).toHaveValue(written)
    await ben.composer.fill('')
  })

  await test.step('it says where a message is', async () => {
    await ana.expectState('Eight o’clock', 'delivered')
    await act(ana, ana.message('Eight o’clock'), 'action-info')
    const where = page.getByTestId('where')
    await expect(where.locator('[data-step="delivered"]')).toHaveAttribute('data-done', 'true')
    await expect(page.getByTestId('history').getByRole('listitem')).toHaveText(/Seven o’clok$/)
    await expectDrawn(page, 'where a message is')
    await ana.closeSheet()
  })

  await test.step('a pin is over the chat of both, and leads to its message', async () => {
    await act(ana, ana.message('Eight o’clock'), 'action-pin')
    await expect(ben.page.getByTestId('pinned')).toContainText('Eight o’clock')
    await ben.page.getByTestId('pinned').click()
    await expect(ben.message('Eight o’clock')).toBeFocused()
    await act(ben, ben.message('Eight o’clock'), 'action-pin')
    await expect(page.getByTestId('pinned')).toHaveCount(0)
  })

  await test.step('what is deleted for everyone is gone on both sides, its quote as well', async () => {
    await act(ben, ben.message('Hello Ana'), 'action-delete-everyone')
    await expectDrawn(ben.page, 'question before a message is deleted')
    await expect(ben.page.getByRole('button', { name: 'Keep it' })).toBeFocused()
    const before = await removed(ben).count()
    await ben.page.getByTestId('confirm').click()
    for (const who of [ana, ben]) {
      await expect(removed(who)).toHaveCount(before + 1)
      await expect(who.page.getByText('Hello Ana')).toHaveCount(0)
      await expect(who.message('Yes, hello').getByTestId('quote')).toHaveAttribute('data-kind', 'deleted')
    }
    await expect(ben.page.locator('.removed').last()).toBeFocused()
  })

  await test.step('what is deleted here stays with the other', async () => {
    await act(ben, ben.message('Yes, hello'), 'action-delete')
    await ben.page.getByTestId('confirm').click()
    await expect(ben.message('Yes, hello')).toHaveCount(0)
    await ben.page.reload()
    await ben.openConversation()
    await ben.expectMessage('Eight o’clock', 'them')
    await expect(ben.message('Yes, hello')).toHaveCount(0)
    await expect(ana.message('Yes, hello')).toBeVisible()
  })

  await test.step('so does the line that a message was deleted: by the menu, and by key', async () => {
    const before = await removed(ana).count()
    await removed(ben).last().click({ button: 'right' })
    await expect(ben.page.getByRole('menuitem')).toHaveText(['Delete here'])
    await ben.page.getByTestId('action-delete').click()
    await expect(removed(ben)).toHaveCount(before - 1)
    await page.locator('.m.removed').last().focus()
    // A key counts where the focus came by one.
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowDown')
    await expect(page.locator('.m.removed').last()).toBeFocused()
    await page.keyboard.press('Delete')
    await expect(removed(ana)).toHaveCount(before - 1)
    await expect(
      page
        .getByTestId('message')
        .filter({ has: page.locator(':focus') })
        .or(page.locator('[data-testid=message]:focus')),
    ).toHaveCount(1)
  })
})

test.describe('in a chat that grows', () => {
  test('everything about a message is three keys away from it at most', async ({ friends: { ana, ben } }) => {
    const { page } = ana
    const own = ana.message('Hello Ben')
    const reach = async (): Promise<void> => {
      await ana.composer.focus()
      // The button for files stands between.
      await expect(page.getByTestId('attach')).toBeVisible()
      await page.keyboard.press('Shift+Tab')
      await page.keyboard.press('Shift+Tab')
      await page.keyboard.press('End')
      await page.keyboard.press('ArrowUp')
      await expect(own).toBeFocused()
    }

    await reach()
    await page.keyboard.press('Enter')
    await expect(menuOf(page).getByTestId('action-reply')).toBeFocused()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowRight')
    await expect(menuOf(page).locator('[data-emoji="❤️"]')).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('e')
    await expect(menuOf(page).getByTestId('action-edit')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(ana.composer).toHaveValue('Hello Ben')
    await page.keyboard.press('Escape')

    await reach()
    await page.keyboard.press('r')
    await expect(page.getByTestId('composer-strip')).toHaveAttribute('data-kind', 'reply')
    await page.keyboard.press('Escape')

    await reach()
    await page.keyboard.press('e')
    await expect(page.getByTestId('emoji').first()).toBeVisible()
    await page.getByTestId('emoji-search').press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect(ben.message('Hello Ben').getByTestId('reaction')).toHaveCount(1)
    await expect(own).toBeFocused()

    await page.keyboard.press('i')
    await expect(page.getByTestId('where')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(own).toBeFocused()

    await page.keyboard.press('Delete')
    await expect(page.getByTestId('confirm')).toBeVisible()
    const before = await removed(ana).count()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    for (const who of [ana, ben]) await expect(removed(who)).toHaveCount(before + 1)
  })

  test('a hostile text is a text', async ({ friends: { ana, ben } }) => {
    await ana.send('*a **b _c ~~d '.repeat(1_000))
    await ana.send('[x](javascript:alert(1)) <img src=x onerror=alert(1)> **<svg onload=alert(1)>**')
    await ana.send('*a* '.repeat(3_000))
    await ana.send('**\u202Egnp.exe** and `\u202Etxt`')
    await ana.send('still here')
    await ben.expectMessage('still here', 'them')
    const inside = ben.page.getByTestId('message-text')
    await expect(inside.locator('img, svg, script, a')).toHaveCount(0)
    expect(await inside.locator('*').count(), 'a bomb of marks is a text').toBeLessThan(500)
    await expect(inside.filter({ hasText: 'javascript:alert(1)' })).toHaveText(
      '[x](javascript:alert(1)) <img src=x onerror=alert(1)> **<svg onload=alert(1)>**',
    )
  })

  test('a jump to a far message leads back again', async ({ friends: { ana, ben } }) => {
    test.setTimeout(120_000)
    const { page } = ana
    for (let at = 0; at < 18; at += 1) await ana.send(`line ${at}\nof some\nheight`)
    await ana.message('Hello Ana').scrollIntoViewIfNeeded()
    await act(ana, ana.message('Hello Ana'), 'action-reply')
    await page.keyboard.type('At last')
    await page.keyboard.press('Enter')
    await ana.message('At last').getByTestId('quote').click()
    await expect(ana.message('Hello Ana')).toBeFocused()
    await expect(ana.message('Hello Ana')).toBeInViewport({ ratio: 1 })
    await page.getByTestId('jump-back').click()
    await expect(ana.message('At last')).toBeFocused()
    await expect(ana.message('At last')).toBeInViewport({ ratio: 1 })
    await ana.message('At last').getByTestId('quote').click()
    await expect(ana.message('Hello Ana')).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(ana.message('At last')).toBeFocused()
    await expect(ben.message('At last').getByTestId('quote')).toBeVisible()
  })

  test('a finger that rests on a message opens its menu, and one that moves scrolls', async ({ friends: { ana } }) => {
    const { page } = ana
    const note = ana.message('Hello Ana')
    const touch = { pointerType: 'touch', isPrimary: true, bubbles: true, clientX: 400, clientY: 200 }
    await note.dispatchEvent('pointerdown', touch)
    await note.dispatchEvent('pointermove', { ...touch, clientY: 260 })
    await page.waitForTimeout(700)
    await expect(menuOf(page)).toHaveCount(0)
    await note.dispatchEvent('pointerup', touch)
    await note.dispatchEvent('pointerdown', touch)
    await expect(menuOf(page)).toBeVisible()
    await note.dispatchEvent('pointerup', touch)
    await expect(menuOf(page)).toBeVisible()
    await page.setViewportSize({ width: 390, height: 844 })
    const bottom = (): Promise<number> =>
      page.getByTestId('message-menu').evaluate((menu) => Math.round(menu.getBoundingClientRect().bottom))
    await expect.poll(bottom, 'at the bottom of a phone').toBe(844)
  })
})
