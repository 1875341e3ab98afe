// The test function of every walk. A walk fails, whatever it asserts, when a page errs, breaks its content security policy, asks another
// host for anything or tells its own what only a user should know.

import { test as base, expect } from '@playwright/test'
import { openStageRelay, type StageRelay } from './stage-relay.ts'
import { createWorld, type World } from './world.ts'

/** Of a walk that stops its relay, or has it serve another build. All others share one: to start it costs as much as a whole walk of a page. */
export const OWN_RELAY = '@own-relay'

export const test = base.extend<{ world: World }, { sharedRelay: StageRelay }>({
  sharedRelay: [
    async ({ browserName: _ }, provide) => {
      const relay = await openStageRelay()
      await provide(relay)
      await relay.close()
    },
    { scope: 'worker' },
  ],
  world: async ({ browser, sharedRelay }, provide, testInfo) => {
    const world = await createWorld(browser, testInfo.tags.includes(OWN_RELAY) ? undefined : sharedRelay)
    await provide(world)
    if (testInfo.status !== testInfo.expectedStatus) await world.attachScreens(testInfo)
    const problems = await world.close()
    expect(problems, 'no page may err, break its policy or reach another host').toEqual([])
  },
})

export { expect }
