// The settings from top to bottom, and what opens from them.

import { meet, openSettings } from './people.ts'
import type { Camera } from './camera.ts'

const SECTIONS = ['you', 'look', 'connection', 'leaving'] as const

export async function shootSettings({ take, ...camera }: Camera): Promise<void> {
  const { ana } = await meet({ take, ...camera })
  const { page } = ana
  await openSettings(ana)
  for (const section of SECTIONS) {
    const place = page.locator(`#settings-${section}`)
    await place.evaluate((element) => element.scrollIntoView({ block: 'start', behavior: 'instant' }))
    await take(ana, `settings-${section}`, place)
  }
  await page.getByRole('button', { name: 'Keyboard' }).click()
  await take(ana, 'keys', page.getByRole('dialog', { name: 'Keyboard shortcuts' }))
  await ana.closeSheet()
  await page.getByTestId('wipe-device').click()
  await take(ana, 'wipe', page.getByTestId('wipe-confirm'))
}
