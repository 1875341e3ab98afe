// Messages that are sent on to another chat, one and several, and several that are chosen to be copied or deleted.

import { axeFaults } from '../../audits/axe.ts'
import { twoFriends } from './pair.ts'
import { picture } from './picture.ts'
import { expect, test } from './walk.ts'

test('messages are sent on, one and several, by mouse and by key, and several are deleted', async ({ world }) => {
  test.setTimeout(120_000)
  const { ana, ben } = await twoFriends(world)
  const { page } = ana
  const menu = page.getByRole('menu')
  const bar = page.getByTestId('selection')
  const ask = async (text: string, hook: string) => {
    await ana.message(text).click({ button: 'right' })
    await menu.getByTestId(hook).click()
  }
  const sheet = page.getByRole('dialog')

  await test.step('where there is no other chat, it says so', async () => {
    await ask('Hello Ana', 'action-forward')
    await expect(sheet.getByTestId('no-targets')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(sheet).toHaveCount(0)
    await expect(ana.message('Hello Ana')).toBeFocused()
  })

  await test.step('several are chosen by a press each, and by keys', async () => {
    await ben.send('The address is Mill Lane 4')
    await expect(ana.message('The address is Mill Lane 4')).toBeVisible()
    await ask('Hello Ana', 'action-select')
    await expect(bar.getByTestId('selected')).toHaveText('1 selected')
    await ana.message('The address is Mill Lane 4').click()
    await expect(bar.getByTestId('selected')).toHaveText('2 selected')
    await expect(ana.message('The address is Mill Lane 4')).toHaveAccessibleName(/selected/)
    await picture(page, 'messages chosen')
    for (const scheme of ['light', 'dark'] as const) expect(await axeFaults(page, scheme)).toEqual([])
    await ana.message('The address is Mill Lane 4').focus()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Space')
    await expect(bar.getByTestId('selected')).toHaveText('1 selected')
    await page.keyboard.press('Escape')
    await expect(bar).toHaveCount(0)
  })

  await test.step('they go to another chat as messages of whoever sends them on', async () => {
    await ana.newChat()
    await ana.closeSheet()
    await ana.send('Somebody else')
    await page.getByTestId('conversation-item').last().click()
    await expect(ana.message('Hello Ana')).toBeVisible()
    await ask('Hello Ana', 'action-select')
    await ana.message('The address is Mill Lane 4').click()
    await bar.getByTestId('selection-forward').click()
    await expect(sheet).toContainText('Forward 2 messages')
    await sheet.getByTestId('confirm').click()
    await expect(sheet.getByRole('alert')).toContainText('Choose at least one chat.')
    await sheet.getByTestId('forward-to').check()
    await expect(sheet.getByRole('alert')).toHaveCount(0)
    await picture(page, 'forward to')
    for (const scheme of ['light', 'dark'] as const) expect(await axeFaults(page, scheme)).toEqual([])
    await sheet.getByTestId('confirm').click()
    await expect(sheet).toHaveCount(0)
    await expect(bar).toHaveCount(0)
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await expect(ana.message('The address is Mill Lane 4')).toHaveAttribute('data-mine', 'true')
    await expect(ana.message('Hello Ana')).toHaveAttribute('data-mine', 'true')
  })

  await test.step('several are deleted after one question', async () => {
    await ask('Hello Ana', 'action-select')
    await ana.message('The address is Mill Lane 4').click()
    await bar.getByTestId('selection-delete-here').click()
    await expect(sheet).toContainText('Delete 2 messages here?')
    await sheet.getByTestId('confirm').click()
    await expect(ana.message('The address is Mill Lane 4')).toHaveCount(0)
    await expect(ana.message('Hello Ana')).toHaveCount(0)
    await expect(bar).toHaveCount(0)
  })
})
