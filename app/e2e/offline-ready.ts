// The moment from which a page can be opened without its server.

import type { Page } from '@playwright/test'

/** Resolves when the service worker controls the page and has kept everything. */
export async function untilOfflineReady(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
    if (navigator.serviceWorker.controller !== null) return
    await new Promise<void>((controlled) =>
      navigator.serviceWorker.addEventListener('controllerchange', () => controlled(), { once: true }),
    )
  })
}
