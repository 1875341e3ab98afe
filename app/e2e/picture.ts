// Pictures of what a walk comes by, phone and desktop, light and dark.

import type { Page } from '@playwright/test'

/** Pictures of each screen, for whoever wants to look at them: KITH_PICTURES names a folder. */
export async function picture(page: Page, screen: string): Promise<void> {
  const folder = process.env['KITH_PICTURES']
  if (folder === undefined) return
  const before = page.viewportSize()
  for (const [kind, size] of [
    ['phone', { width: 390, height: 844 }],
    ['desktop', { width: 1280, height: 800 }],
  ] as const)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(size)
      await page.emulateMedia({ colorScheme })
      await page.waitForTimeout(400)
      await page.screenshot({ path: `${folder}/${screen.replaceAll(' ', '-')}-${kind}-${colorScheme}.png` })
    }
  await page.emulateMedia({ colorScheme: null })
  if (before !== null) await page.setViewportSize(before)
}
