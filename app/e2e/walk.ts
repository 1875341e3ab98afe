// The test function of every walk. A walk fails, whatever it asserts, when a page errs, breaks its content security policy, asks another
// host for anything or tells its own what only a user should know.

import { test as base, expect } from '@playwright/test'
import { createWorld, type World } from './world.ts'

export const test = base.extend<{ world: World }>({
  world: async ({ browser }, provide, testInfo) => {
    const world = await createWorld(browser)
    await provide(world)
    if (testInfo.status !== testInfo.expectedStatus) await world.attachScreens(testInfo)
    const problems = await world.close()
    expect(problems, 'no page may err, break its policy or reach another host').toEqual([])
  },
})

export { expect }
