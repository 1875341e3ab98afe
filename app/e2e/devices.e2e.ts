// Ana on two devices and Ben on one, over a real relay: she links the second, all three see what anybody writes, with the ticks that are due.

import type { Page } from '@playwright/test'
import { axeFaults } from '../../audits/axe.ts'
import type { Person } from './person.ts'
import { expect, test } from './walk.ts'

async function expectAccessible(page: Page, screen: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `${screen}, ${scheme}`).toEqual([])
}

/** The code for a new device, from the settings of one that is there. */
async function codeOf({ page }: Person): Promise<string> {
  await page.getByTestId('settings').filter({ visible: true }).click()
  await page.getByTestId('link-device').click()
  await expect(page.getByTestId('link-code')).toHaveValue(/^Kith-/)
  return page.getByTestId('link-code').inputValue()
}

const digitsOn = async ({ page }: Person): Promise<string> => (await page.getByTestId('link-digits').getAttribute('data-digits')) ?? ''

test('a code that was used, or is none, adds nobody; a second device is linked in two actions, and three devices talk', async ({
  world,
}) => {
  test.setTimeout(240_000)
  const [ana, ben, laptop] = [await world.person('Ana'), await world.person('Ben'), await world.person('Ana’s laptop')]
  await ana.open()
  const link = await ana.newChat('Hello Ben')
  await ana.closeSheet()

  await test.step('a code that was used, or is none, adds nobody, and no address begins a linking', async () => {
    const code = await codeOf(ana)
    await laptop.open(`${world.url}#${code}`)
    await expect(laptop.page.getByTestId('link-enter')).toBeVisible()
    await expect(laptop.page.getByRole('dialog')).toHaveCount(0)
    await laptop.tap(laptop.page.getByTestId('link-enter'))
    const field = laptop.page.getByTestId('link-paste')
    await field.fill('not a code')
    await field.press('Enter')
    await expect(laptop.page.getByRole('alert').filter({ hasText: 'There’s no code in this' })).toBeVisible()
    await field.fill(`My code:\n${code.slice(0, 40)}\n${code.slice(40)}`)
    await expect(laptop.page.getByTestId('link-digits')).toBeVisible()
    // Not Ana's either, and not somebody she knows yet.
    await ben.open()
    await ben.tap(ben.page.getByTestId('link-enter'))
    await ben.page.getByTestId('link-paste').fill(code)
    for (const person of [ben, ana]) await expect(person.page.getByTestId('link-failed')).toContainText('Two devices had this code')
    await expect(laptop.page.getByTestId('link-failed')).toBeVisible()
    await expect(ana.page.getByTestId('device')).toHaveCount(1)
    for (const person of [ben, laptop]) await person.closeTab()
    await ana.closeSheet()
    await ana.page.goBack()
  })

  await ben.open(link)
  await ben.expectMessage('Hello Ben', 'them')
  await ben.send('Hello Ana')
  await ana.openConversation()
  await ana.expectMessage('Hello Ana', 'them')
  await ana.send('before there were two')
  await ben.expectMessage('before there were two', 'them')

  await test.step('the code of one is pasted on the other, and both show one number', async () => {
    const code = await codeOf(ana)
    await expectAccessible(ana.page, 'link code')
    await laptop.open()
    await expect(laptop.page.getByTestId('link-enter')).toBeVisible()
    laptop.startCounting()
    await laptop.tap(laptop.page.getByTestId('link-enter'))
    await laptop.page.getByTestId('link-paste').fill(code)
    laptop.actions += 1
    await expect(laptop.page.getByTestId('link-digits')).toBeVisible()
    expect(laptop.actions).toBeLessThanOrEqual(2)
    await expect(ana.page.getByTestId('link-digits')).toBeVisible()
    expect(await digitsOn(ana)).toMatch(/^\d{6}$/)
    expect(await digitsOn(laptop)).toBe(await digitsOn(ana))
    await expectAccessible(laptop.page, 'link digits')
    await ana.page.getByTestId('link-confirm').click()
    await expect(laptop.page.getByTestId('link-done')).toBeVisible()
    await expect(ana.page.getByTestId('link-done')).toBeVisible()
  })

  await test.step('both list both', async () => {
    await ana.page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
    const rows = ana.page.getByTestId('device')
    await expect(rows).toHaveCount(2)
    await expect(rows.first()).toHaveAttribute('data-this', 'true')
    await expect(rows.last()).toHaveAttribute('data-this', 'false')
    await expectAccessible(ana.page, 'own devices')
  })

  await test.step('what was said before is there', async () => {
    await laptop.page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
    await laptop.openConversation()
    await laptop.expectMessage('Hello Ben', 'me')
    await laptop.expectMessage('Hello Ana', 'them')
    await laptop.expectMessage('before there were two', 'me')
  })

  await test.step('each writes, and all three see it', async () => {
    await ana.page.goBack()
    await ana.openConversation()
    await ben.send('for both of you')
    await ana.expectMessage('for both of you', 'them')
    await laptop.expectMessage('for both of you', 'them')
    await laptop.send('from the laptop')
    await ben.expectMessage('from the laptop', 'them')
    await ana.expectMessage('from the laptop', 'me')
    await ana.send('from the phone')
    await ben.expectMessage('from the phone', 'them')
    await laptop.expectMessage('from the phone', 'me')
    await laptop.expectState('from the laptop', 'delivered')
    await laptop.expectState('from the phone', 'delivered')
    await ana.expectState('from the laptop', 'delivered')
    await ana.expectState('from the phone', 'delivered')
  })

  await test.step('what is half written on one waits on the other, and what was read is not new there', async () => {
    const size = laptop.page.viewportSize()
    await laptop.page.setViewportSize({ width: 390, height: 844 })
    await laptop.page.getByRole('button', { name: 'Back to chats' }).click()
    await ben.send('read on the phone')
    await ana.expectMessage('read on the phone', 'them')
    const chat = laptop.page.getByTestId('conversation-item')
    await ana.page.getByTestId('composer').fill('half a thought')
    await expect(chat).toContainText('half a thought', { timeout: 40_000 })
    await expect(chat.getByTestId('unread')).toHaveCount(0, { timeout: 40_000 })
    await ana.page.getByTestId('composer').fill('')
    await expect(chat).toContainText('read on the phone', { timeout: 40_000 })
    await laptop.openConversation()
    if (size !== null) await laptop.page.setViewportSize(size)
  })

  await test.step('Ana removes the laptop, which is told, and gets nothing more', async () => {
    await ana.page.getByTestId('settings').filter({ visible: true }).click()
    await ana.page.getByTestId('device-revoke').click()
    await expect(ana.page.getByTestId('alone-safe')).toBeVisible()
    await expectAccessible(ana.page, 'remove a device')
    await ana.page.getByTestId('confirm').click()
    await expect(ana.page.getByTestId('device')).toHaveCount(1)
    await expect(laptop.page.getByText('Removed on another of your devices')).toBeVisible()
    await ana.page.goBack()
    await ana.openConversation()
    await ben.send('only for the phone')
    await ana.expectMessage('only for the phone', 'them')
    await ana.send('and back')
    await ben.expectMessage('and back', 'them')
    expect(await laptop.texts()).not.toContain('only for the phone')
    expect(await laptop.texts()).not.toContain('and back')
  })
})
