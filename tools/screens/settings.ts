// The settings from top to bottom, and what opens from them.

import { meet, openSettings } from './people.ts'
import type { Camera } from './camera.ts'

const SECTIONS = ['you', 'keeping', 'look', 'notifications', 'connection', 'leaving'] as const

export async function shootSettings({ take, ...camera }: Camera): Promise<void> {
  const { ana } = await meet({ take, ...camera })
  const { page } = ana
  await openSettings(ana)
  for (const section of SECTIONS) {
    const place = page.locator(`#settings-${section}`)
    await place.evaluate((element) => element.scrollIntoView({ block: 'start', behavior: 'instant' }))
    await take(ana, `settings-${section}`, place)
  }
  await page.getByTestId('text-size').locator('[data-choice="larger"]').click()
  await take(ana, 'settings-larger', page.locator('#settings-leaving'))
  await page.locator('#settings-you').evaluate((element) => element.scrollIntoView({ block: 'start', behavior: 'instant' }))
  await take(ana, 'settings-larger-top', page.locator('#settings-you'))
  await page.goBack()
  await take(ana, 'talk-larger', page.getByTestId('conversation-item').or(page.getByTestId('route')))
  await page.goForward()
  await page.getByTestId('text-size').locator('[data-choice="normal"]').click()
  await page.getByRole('button', { name: 'Keyboard' }).click()
  await take(ana, 'keys', page.getByRole('dialog', { name: 'Keyboard shortcuts' }))
  await ana.closeSheet()
  await page.getByTestId('wipe-device').click()
  await take(ana, 'wipe', page.getByTestId('wipe-confirm'))
}
