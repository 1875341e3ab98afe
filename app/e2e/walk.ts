// The test function of every walk. A walk fails, whatever it asserts, when a page errs, breaks its content security policy, asks another
// host for anything or tells its own what only a user should know.

import { test as base, expect } from '@playwright/test'
import { PAGE_FAULT } from '../../tools/browser-report.ts'
import { Friends } from './friends.ts'
import type { Pair } from './pair.ts'
import { openStageRelay, type StageRelay } from './stage-relay.ts'
import { createWorld, type World } from './world.ts'

/** Of a walk that stops its relay, or has it serve another build. All others share one: to start it costs as much as a whole walk of a page. */
export const OWN_RELAY = '@own-relay'

/** `friends`: two who have met, in a chat that says no more than that. For walks that only add to a chat, and leave no other behind. */
export const test = base.extend<{ world: World; friends: Pair }, { sharedRelay: StageRelay; sharedFriends: Friends }>({
  sharedRelay: [
    async ({ browserName: _ }, provide) => {
      const relay = await openStageRelay()
      await provide(relay)
      await relay.close()
    },
    { scope: 'worker' },
  ],
  sharedFriends: [
    async ({ browser, sharedRelay }, provide) => {
      const friends = new Friends(browser, sharedRelay)
      await provide(friends)
      expect(await friends.close(), PAGE_FAULT).toEqual([])
    },
    { scope: 'worker' },
  ],
  friends: async ({ sharedFriends }, provide, testInfo) => {
    await provide(await sharedFriends.justMet())
    if (testInfo.status !== testInfo.expectedStatus) await sharedFriends.attachScreens(testInfo)
    expect(sharedFriends.problems(), PAGE_FAULT).toEqual([])
  },
  world: async ({ browser, sharedRelay }, provide, testInfo) => {
    const world = await createWorld(browser, testInfo.tags.includes(OWN_RELAY) ? undefined : sharedRelay)
    await provide(world)
    if (testInfo.status !== testInfo.expectedStatus) await world.attachScreens(testInfo)
    expect(await world.close(), PAGE_FAULT).toEqual([])
  },
})

/**
 * Prepares a world once for the walks around the call, which go through it in their order; a walk that fails leaves those after it a new one. For
 * walks to which it does not matter what the ones before have written. `relay`: one that they may stop, and start again, is its own.
 */
export function once<T>(
  prepare: (world: World) => Promise<T>,
  { relay = 'shared' }: { readonly relay?: 'shared' | 'its own' } = {},
): () => T {
  let stage: { readonly world: World; readonly prepared: T } | undefined
  test.describe.configure({ mode: 'default' })
  test.beforeAll(async ({ browser, sharedRelay }) => {
    const world = await createWorld(browser, relay === 'shared' ? sharedRelay : undefined)
    stage = { world, prepared: await prepare(world) }
  })
  test.afterEach(async ({ browserName: _ }, testInfo) => {
    if (testInfo.status !== testInfo.expectedStatus) await stage?.world.attachScreens(testInfo)
    expect(stage?.world.problems(), PAGE_FAULT).toEqual([])
  })
  test.afterAll(async () => {
    expect(await stage?.world.close(), PAGE_FAULT).toEqual([])
  })
  return () => {
    if (stage === undefined) throw new Error('A walk asks for what is prepared only when it begins.')
    return stage.prepared
  }
}

export { expect }
