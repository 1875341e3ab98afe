// A profile that somebody has copied: both copies write, and whoever they write to is told loudly, with what to do about it.

import { cpSync } from 'node:fs'
import { axeFaults } from '../../audits/axe.ts'
import { introduce } from './pair.ts'
import { picture } from './picture.ts'
import { expectDrawn } from './surface.ts'
import { expect, test } from './walk.ts'

test('a device that tells two stories is said loudly, until its person has said that it is cleared up', async ({ world }) => {
  test.setTimeout(180_000)
  const ana = await world.person('Ana')
  const first = await world.personOnDisk('Ben')
  await introduce({ ana, ben: first })
  await first.context.close()
  cpSync(world.profileFolder('Ben'), world.profileFolder('copy'), { recursive: true })

  await test.step('both copies write, and Ana is told', async () => {
    const copies = [await world.personOnDisk('Ben'), await world.personOnDisk('copy')]
    for (const copy of copies) {
      await copy.open()
      await copy.openConversation()
    }
    for (const [at, copy] of copies.entries()) await copy.send(`from copy ${at}`)
    // Both go on with the same keys, and a key opens one text.
    await ana.expectMessage('from copy 0', 'them')
    const alarm = ana.page.locator('main').getByTestId('alarm')
    await expect(alarm).toHaveAttribute('data-kind', 'fork', { timeout: 60_000 })
    await expect(alarm.getByRole('button')).toHaveCount(1)
    for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(ana.page, scheme), `alarm, ${scheme}`).toEqual([])
    await picture(ana.page, 'an alarm above a chat')
    await expectDrawn(ana.page, 'an alarm')
  })

  await test.step('its sheet says what to do, and leads to the safety number, where it stands as well', async () => {
    const { page } = ana
    await page.locator('main').getByTestId('alarm-open').press('Enter')
    await expect(page.getByTestId('alarm-keep')).toBeFocused()
    for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `alarm sheet, ${scheme}`).toEqual([])
    await picture(page, 'what to do about an alarm')
    await expectDrawn(page, 'what to do about an alarm')
    await page.keyboard.press('Escape')
    await expect(page.locator('main').getByTestId('alarm')).toBeVisible()
    await page.locator('main').getByTestId('alarm-open').click()
    await page.getByTestId('alarm-compare').click()
    await expect(page.getByTestId('safety-number')).toBeVisible()
    await expect(page.getByRole('complementary').getByTestId('alarm')).toBeVisible()
    for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `details, ${scheme}`).toEqual([])
    await picture(page, 'an alarm in the details')
  })

  await test.step('it goes when Ana says that it is cleared up, and stays away', async () => {
    const { page } = ana
    await page.locator('main').getByTestId('alarm-open').click()
    await page.getByTestId('alarm-hide').click()
    await expect(page.getByTestId('alarm')).toHaveCount(0)
    await page.reload()
    await ana.openConversation()
    await ana.expectMessage('from copy 0', 'them')
    await expect(page.getByTestId('alarm')).toHaveCount(0)
  })
})
