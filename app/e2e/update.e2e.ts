// A new version that is started at once, by somebody in the middle of a sentence. How one comes is in pwa.e2e.ts.

import { withNextRelease } from './next-release.ts'
import { untilOfflineReady } from './offline-ready.ts'
import { twoFriends } from './pair.ts'
import { expect, OWN_RELAY, test } from './walk.ts'

test.use({ serviceWorkers: 'allow' })

test('"Start it now" starts the new version at once, and what was half written is still there', { tag: OWN_RELAY }, async ({ world }) => {
  test.setTimeout(180_000)
  const { ana, ben } = await twoFriends(world)
  const { page } = ana
  await untilOfflineReady(page)
  await withNextRelease(world.dist, async (next) => {
    await world.stopRelay()
    await world.startRelay({ dist: next })
    await page.reload()
    const start = page.getByRole('button', { name: 'Start it now' })
    await expect(start).toBeVisible({ timeout: 60_000 })
    // Written in the same breath: nothing but the click may have stored it.
    await ana.composer.fill('Half a thought about')
    const reloaded = page.waitForEvent('load', { timeout: 20_000 })
    await start.click()
    await reloaded
    await expect(page.locator('meta[name="release"][content="next"]'), 'the new version runs').toHaveCount(1)
    await expect(ana.composer).toHaveValue('Half a thought about')
    await ana.expectMessage('Hello Ana', 'them')
    await ana.send('Half a thought about a hose')
    await ben.expectMessage('Half a thought about a hose', 'them', 45_000)
  })
})
