// A relay that is told to stop answers what is under way, and takes no more.

import { expect, test } from 'vitest'
import { connectCore, createWorld, meet, settle } from '../../test/core-client.ts'
import { depositOf, randomBlob, shortOf } from '../../test/mailbox-keys.ts'
import { DRAIN_MS_MAX, STOP_MS_MAX } from '../limits.ts'
import { createMemoryStorage } from '../storage/memory.ts'
import { watchStorage } from '../storage/storage.ts'
import type { Storage } from '../storage/storage.ts'

/** Deposits wait until they are let go. */
function slowStorage() {
  const gate = Promise.withResolvers<void>()
  const inner = watchStorage(createMemoryStorage(), () => {})
  const storage: Storage = {
    ...inner,
    deposit: async (ask) => {
      await gate.promise
      return inner.deposit(ask)
    },
  }
  return { storage, letGo: gate.resolve }
}

test('what is under way is answered first, and what comes later is told to come back', async () => {
  const { storage, letGo } = slowStorage()
  const world = createWorld({ storage })
  const { kit, bob } = await meet(world)
  const deposit = bob.ask(depositOf(kit.mailbox, randomBlob()))
  await settle()
  let isDrained = false
  const drained = world.relay.drain().then(() => (isDrained = true))
  await settle()
  expect(isDrained).toBe(false)
  expect(shortOf(await bob.ask({ kind: 'ping' }))).toBe('busy')
  letGo()
  expect(shortOf(await deposit)).toBe('deposited')
  await drained
})
test('a relay to which nobody speaks is drained at once', async () => {
  const world = createWorld()
  await connectCore(world)
  await world.relay.drain()
  // Whatever hangs, there is time left to stop in order.
  expect(DRAIN_MS_MAX).toBeLessThan(STOP_MS_MAX)
})
test('each call is reported with its outcome, and nothing of whom it concerns', async () => {
  const world = createWorld()
  const { kit, bob } = await meet(world)
  world.answered.length = 0
  await bob.ask(depositOf(kit.mailbox, randomBlob()))
  await bob.ask(depositOf([], randomBlob()))
  await bob.ask({ kind: 'hello', version: 9 })
  expect(world.answered).toEqual([
    { kind: 'deposit', result: 'deposited', ms: 0, verdicts: ['done'] },
    { kind: 'deposit', result: 'deposited', ms: 0, verdicts: [] },
    { kind: 'hello', result: 'version', ms: 0, verdicts: [] },
  ])
})
