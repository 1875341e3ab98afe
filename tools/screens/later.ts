// Messages with a date: choosing it, what waits above the message box, and the list.

import { meet, toList } from './people.ts'
import type { Camera } from './camera.ts'

export async function shootLater(camera: Camera): Promise<void> {
  const { take } = camera
  const { ana } = await meet(camera)
  const { page } = ana
  await toList(ana)
  await page.getByTestId('conversation-item').first().click()
  const open = async (text: string) => {
    await page.getByTestId('composer').fill(text)
    await page.getByTestId('attach').click()
    await page.getByTestId('send-later').click()
  }
  await page.getByTestId('attach').click()
  await take(ana, 'later-menu', page.getByTestId('send-later'))
  await page.keyboard.press('Escape')
  await open('Happy birthday! I hope the cake got there before the candles did.')
  await take(ana, 'later-when', page.getByTestId('schedule-send'))
  await page.getByTestId('schedule-pick').check()
  await take(ana, 'later-pick', page.getByTestId('schedule-when'))
  await page.getByTestId('schedule-when').fill('2020-01-01T09:00')
  await page.getByTestId('schedule-send').click()
  await take(ana, 'later-past', page.getByTestId('schedule').getByRole('alert'))
  await page.getByTestId('schedule-morning').check()
  await page.getByTestId('schedule-send').click()
  await take(ana, 'later-line', page.getByTestId('scheduled-line'))
  await open('Don’t forget the keys.')
  await page.getByTestId('schedule-morning').check()
  await page.getByTestId('schedule-send').click()
  await page.getByTestId('scheduled-line').filter({ hasText: '2' }).click()
  await take(ana, 'later-list', page.locator('[data-testid="scheduled-one"][data-left="true"]').first())
  await page.emulateMedia({ forcedColors: 'active' })
  await take(ana, 'later-forced', page.getByTestId('scheduled-one').first())
}
