// The prompt of a new version.

import { untilOfflineReady } from '../../app/e2e/offline-ready.ts'
import { withNextRelease } from '../../app/e2e/next-release.ts'
import { meet } from './people.ts'
import type { Camera } from './camera.ts'

export async function shootUpdate(camera: Camera): Promise<void> {
  const { take, world } = camera
  const { ana } = await meet(camera)
  await untilOfflineReady(ana.page)
  await withNextRelease(world.dist, async (next) => {
    await world.stopRelay()
    await world.startRelay({ dist: next })
    await ana.page.reload()
    await take(ana, 'update', ana.page.getByText('A new version is ready'))
  })
}
