// Every screen as people with other colours, larger letters or a small window have it, and those of beginners as axe sees them. The timeline has a walk of
// its own.

import type { Page } from '@playwright/test'
import { axeFaults } from '../../audits/axe.ts'
import { expectDrawn, expectReachable } from './surface.ts'
import { expect, test } from './walk.ts'

async function expectAccessible(page: Page, screen: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `${screen}, ${scheme}`).toEqual([])
  await page.emulateMedia({ colorScheme: null })
}

test('every control can be seen in forced colours, and reached where there is hardly any room, and axe finds nothing', async ({
  world,
}) => {
  test.setTimeout(180_000)
  const ana = await world.person('Ana')
  const page = await ana.open()
  const sheet = page.getByRole('dialog')
  const button = (name: string | RegExp) => page.getByRole('button', { name }).filter({ visible: true }).first()

  await expect(ana.composer).toBeVisible()
  await expectAccessible(page, 'first start')
  await expectDrawn(page, 'first start')
  await expectReachable(page, 'first start', [ana.composer, page.getByTestId('new-chat')])
  await page.setViewportSize({ width: 320, height: 440 })
  for (const one of [ana.composer, page.getByTestId('new-chat')])
    await expect(one, 'above the keyboard, together').toBeInViewport({ ratio: 0.99 })

  await button('Paste a link you were given').click()
  await expect(sheet).toBeVisible()
  await expectAccessible(page, 'paste sheet')
  await sheet.getByRole('textbox').fill('no link')
  await sheet.getByRole('button', { name: 'Open', exact: true }).click()
  await expectDrawn(page, 'paste sheet')
  await expectReachable(page, 'paste sheet', [sheet.getByRole('textbox'), sheet.getByRole('button', { name: 'Open', exact: true })])
  await ana.closeSheet()

  const link = await ana.newChat('Hello')
  await expectAccessible(page, 'invite sheet')
  await expectDrawn(page, 'invite sheet')
  await expectReachable(page, 'invite sheet', [page.getByTestId('invite-share'), sheet.getByLabel(/^Your name/)])
  await button('Cancel the link').click()
  await expectDrawn(page, 'question before a link is cancelled')
  await ana.closeSheet()

  await expectAccessible(page, 'a chat that nobody has joined')
  await expectDrawn(page, 'list and conversation')
  await expectReachable(page, 'conversation', [ana.composer])
  await page.getByTestId('route').click()
  await expectDrawn(page, 'route sheet')
  await expectReachable(page, 'route sheet', [button('Test the connection')])
  await ana.closeSheet()

  await button('Details').click()
  await expect(page.getByRole('complementary')).toBeVisible()
  await expectDrawn(page, 'details')
  await expectReachable(page, 'details', [page.getByLabel('Chat title'), button(/^Remove this chat/)])
  await page
    .getByRole('complementary')
    .getByRole('button', { name: /^Remove this chat/ })
    .click()
  await expectDrawn(page, 'question before a chat is removed')
  await expectReachable(page, 'question before a chat is removed', [button('Keep the chat'), button('Remove the chat')])
  await ana.closeSheet()

  await page.goto(`${world.url}settings`)
  await expect(page.getByTestId('wipe-device')).toBeVisible()
  await expectAccessible(page, 'settings')
  await expectDrawn(page, 'settings')
  await expectReachable(page, 'settings', [page.getByTestId('display-name'), page.getByTestId('wipe-device')])
  await page.getByTestId('wipe-device').click()
  await expect(sheet).toBeVisible()
  await expectAccessible(page, 'question before everything is erased')
  await expectDrawn(page, 'question before everything is erased')
  await expectReachable(page, 'question before everything is erased', [button('Keep everything'), page.getByTestId('wipe-confirm')])
  await ana.closeSheet()
  await page.keyboard.press('?')
  await expect(sheet).toBeVisible()
  await expectAccessible(page, 'keys')
  await ana.closeSheet()

  const ben = await world.person('Ben')
  await ben.open(link)
  await ben.expectMessage('Hello', 'them')
  await expectAccessible(ben.page, 'invitation')
  await expectDrawn(ben.page, 'invitation')
  await expectReachable(ben.page, 'invitation', [ben.composer])
  await ben.send('Hello Ana')
  await expect(ben.page.getByTestId('display-name')).toBeVisible()
  await expectAccessible(ben.page, 'name card')
  await expectDrawn(ben.page, 'name card')
  await expectReachable(ben.page, 'name card', [ben.page.getByTestId('display-name'), ben.composer])
})
