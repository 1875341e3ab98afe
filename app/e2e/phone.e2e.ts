// On a phone: one pane at a time, a finger instead of a pointer, and the ways between list, chat and search.

import type { Locator, Page } from '@playwright/test'
import { axeFaults } from '../../audits/axe.ts'
import { introduce } from './pair.ts'
import { expectDrawn, expectReachable } from './surface.ts'
import { expect, once, test } from './walk.ts'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const
const rows = (page: Page): Locator => page.getByTestId('conversation-item')
const menu = (page: Page): Locator => page.getByTestId('chat-menu')
const filter = (page: Page, by: string): Locator => page.locator(`[data-testid="filter"][data-filter="${by}"]`)
const results = (page: Page): Locator => page.getByTestId('search-result')
const search = (page: Page): Locator => page.getByTestId('search')

/** Whoever goes through all controls has opened it. */
const leaveSearch = (page: Page): Promise<void> => search(page).press('Escape')

async function expectAccessible(page: Page, screen: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `${screen}, ${scheme}`).toEqual([])
}

/** Ana has a phone. */
const friends = once(async (world) => ({
  world,
  ...(await introduce({ ana: await world.person('Ana', PHONE), ben: await world.person('Ben') })),
}))

/** In the chat, without what the walk before has opened. */
async function beginAnew(): Promise<ReturnType<typeof friends>> {
  const { ana } = friends()
  await ana.page.setViewportSize(PHONE.viewport)
  await ana.page.goto(ana.home)
  await ana.openConversation()
  return friends()
}

test('axe finds nothing on a phone', async () => {
  test.setTimeout(120_000)
  const { page } = friends().ana
  await expectAccessible(page, 'chat on a phone')
  await page.getByRole('button', { name: 'Back to chats' }).click()
  await expectAccessible(page, 'list on a phone')
  await page.getByTestId('search').fill('hello')
  await expect(page.getByTestId('search-result')).toHaveCount(2)
  await expectAccessible(page, 'search on a phone')
})

test('the edge of the menu is no way out of it, and the finger of a long press chooses nothing', async () => {
  const { ana } = await beginAnew()
  const { page } = ana
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const note = ana.message('Hello Ben')
  await expect(note.getByTestId('message-actions')).toBeAttached()
  const box = await note.boundingBox()
  if (box === null) throw new Error('no note')
  const session = await ana.context.newCDPSession(page)
  const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] })
  const menu = page.getByTestId('message-menu')
  await expect(menu).toBeVisible()
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await expect(menu, 'the finger is lifted').toBeVisible()
  const around = await menu.boundingBox()
  if (around === null) throw new Error('no menu')
  // A tap would be moved to the button beside it.
  await page.mouse.click(around.x + 3, around.y + around.height / 2)
  await expect(menu, 'a tap on its edge').toBeVisible()
  await page.touchscreen.tap(100, 60)
  await expect(menu).toHaveCount(0)
})

test('on a phone, search stands over the list, and back leads to what was found', async () => {
  const { ana } = await beginAnew()
  const { page } = ana
  await ana.send('Meet at the old mill')
  await ana.expectState('Meet at the old mill', 'relay')
  await page.getByRole('button', { name: 'Back to chats' }).click()
  await search(page).tap()
  await search(page).fill('mill')
  await expect(results(page)).toHaveCount(1)
  await results(page).tap()
  await expect(ana.message('Meet at the old mill')).toBeInViewport()
  await page.goBack()
  await expect(search(page)).toHaveValue('mill')
  await expect(results(page)).toBeVisible()
  await page.getByTestId('search-date').selectOption('own')
  await expectReachable(page, 'search', [search(page), page.getByTestId('search-kind'), page.getByTestId('search-to')])
})

test('starred messages are found in one list and open at their place, on a phone too', async () => {
  test.setTimeout(120_000)
  const { world, ana, ben } = await beginAnew()
  const { page } = ana
  await ana.message('Hello Ana').click({ button: 'right' })
  await page.getByTestId('action-star').click()
  await expect(ana.message('Hello Ana').getByTestId('starred')).toBeVisible()
  for (let at = 0; at < 20; at += 1) await ben.send(`line ${at}`)
  await ana.expectMessage('line 19', 'them')
  await page.reload()
  await page.getByRole('button', { name: 'Back to chats' }).click()
  await filter(page, 'starred').click()
  const star = page.getByTestId('starred-message')
  await expect(star).toContainText('Hello Ana')
  await expectAccessible(page, 'starred messages')
  await expectDrawn(page, 'starred messages')
  await leaveSearch(page)
  await star.click()
  await expect(ana.message('Hello Ana')).toBeInViewport()
  await ana.message('Hello Ana').click({ button: 'right' })
  await page.getByTestId('action-star').click()
  await expect(page.getByTestId('starred')).toHaveCount(0)
  await page.goBack()
  await expect(page.getByText('No starred messages yet.')).toBeVisible()

  await filter(page, 'all').click()
  await expectReachable(page, 'list with filters', [filter(page, 'all'), filter(page, 'starred')])
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(world.url)
  await expect(filter(page, 'all'), 'with it comes the menu').toBeVisible()
  const box = await rows(page).boundingBox()
  if (box === null) throw new Error('there is no row')
  const devtools = await ana.context.newCDPSession(page)
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: box.x + 120, y: box.y + 30 }] })
  await expect(menu(page), 'held down').toBeVisible()
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await expectReachable(page, 'menu of a chat', [page.getByTestId('conversation-pin'), page.getByTestId('conversation-remove')])
  await page.getByTestId('conversation-pin').click()
  await expect(rows(page).getByRole('img', { name: 'Pinned' })).toBeVisible()
})
