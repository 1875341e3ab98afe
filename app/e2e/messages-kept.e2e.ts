// What is half done with a message is not lost, what is deleted is quoted nowhere, and a finger does what it means.

import { twoFriends } from './pair.ts'
import { expect, test } from './walk.ts'

test('a half-written edit is there again, and a reply strip keeps nothing of what was deleted here', async ({ world }) => {
  const { ana } = await twoFriends(world)
  const { page } = ana
  const ask = async (text: string, hook: string) => {
    await ana.message(text).click({ button: 'right' })
    await page.getByRole('menu').getByTestId(hook).click()
  }
  await ana.send('Seven o’clock')
  await ask('Seven o’clock', 'action-edit')
  await ana.composer.fill('Eight o’cl')
  await ana.composer.press('Escape')
  await expect(ana.composer).toHaveValue('')
  await ask('Seven o’clock', 'action-edit')
  await expect(ana.composer, 'after Escape').toHaveValue('Eight o’cl')
  await ask('Hello Ana', 'action-reply')
  await expect(page.getByTestId('composer-strip')).toHaveAttribute('data-kind', 'reply')
  await expect(ana.composer).toHaveAccessibleDescription(/Hello Ana/)
  await ask('Seven o’clock', 'action-edit')
  await expect(ana.composer, 'after a reply').toHaveValue('Eight o’cl')
  await ana.composer.fill('Eight o’clock')
  await ana.composer.press('Enter')
  await expect(ana.message('Eight o’clock').getByTestId('edited')).toBeVisible()

  await expect(page.getByTestId('composer-strip')).toHaveAttribute('data-kind', 'reply')
  await ask('Hello Ana', 'action-delete')
  await page.getByTestId('confirm').click()
  await expect(ana.message('Hello Ana')).toHaveCount(0)
  await expect(page.getByTestId('composer-strip')).toHaveCount(0)
})

test('the edge of the menu is no way out of it, and the finger of a long press chooses nothing', async ({ world }) => {
  const ana = await world.person('Ana', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  const page = await ana.open()
  await ana.newChat('Hello Ben')
  await ana.closeSheet()
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
