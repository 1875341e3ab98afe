// A second device: the code on one, the first screen and the sheet on the other, the number on both, and the list of devices.

import { expect } from '@playwright/test'
import { meet, openSettings } from './people.ts'
import type { Camera } from './camera.ts'

export async function shootDevices(camera: Camera): Promise<void> {
  const { take } = camera
  const { ana } = await meet(camera)
  const laptop = await camera.person('Ana’s laptop')
  await laptop.open()
  await laptop.page.getByTestId('link-enter').waitFor()
  await openSettings(ana)
  const { page } = ana
  const place = page.locator('#settings-devices')
  await place.evaluate((element) => element.scrollIntoView({ block: 'start', behavior: 'instant' }))
  await take(ana, 'devices-one', place)
  await page.getByTestId('link-device').click()
  await expect(page.getByTestId('link-code')).toHaveValue(/^Kith-/)
  await take(ana, 'devices-code', page.getByTestId('link-code'))
  await laptop.page.getByTestId('link-enter').click()
  await take(laptop, 'devices-enter', laptop.page.getByTestId('link-paste'))
  await laptop.page.getByTestId('link-paste').fill(await page.getByTestId('link-code').inputValue())
  await take(laptop, 'devices-digits-new', laptop.page.getByTestId('link-digits'))
  await take(ana, 'devices-digits', page.getByTestId('link-digits'))
  await page.getByTestId('link-confirm').click()
  await take(laptop, 'devices-done', laptop.page.getByTestId('link-done'))
  await page.getByTestId('link-done').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
  await expect(page.getByTestId('device')).toHaveCount(2)
  await take(ana, 'devices-two', place)
}
