import { describe, expect, test } from 'vitest'
import { CLOCK_DISTRUST_MS, CLOCK_STEP_MS_MIN, QUIET_MS_MAX, SWEEP_MS, BLOB_MS_MAX } from './limits.ts'
import { createMemoryStorage } from './relay/index.ts'
import { createSweeper } from './sweeping.ts'
import { connectCore, createWorld, meet, openMailbox, settle } from '../test/core-client.ts'
import { depositOf, randomBlob, shortOf } from '../test/mailbox-keys.ts'
import type { MailboxKit } from '../test/mailbox-keys.ts'
import type { World } from '../test/core-client.ts'

const YEAR_MS = 365 * 86_400_000

async function start() {
  const storage = createMemoryStorage()
  const world = createWorld({ storage })
  const lines: string[] = []
  let steadyMs = 0
  const make = () =>
    createSweeper({ relay: world.relay, storage, clock: () => world.now, steady: () => steadyMs, log: (line) => void lines.push(line) })
  const { kit, bob } = await meet(world)
  return {
    world,
    kit,
    lines,
    sweeper: make(),
    restart: make,
    /** Time goes by, and the clock with it. */
    pass: (ms: number) => {
      steadyMs += ms
      world.now += ms
    },
    deposit: async () => expect(shortOf(await bob.ask(depositOf(kit.mailbox, randomBlob())))).toBe('deposited'),
  }
}

/** As a device finds it that comes back. */
async function waitingIn(world: World, kit: MailboxKit): Promise<number> {
  const device = await connectCore(world)
  await openMailbox(device, kit)
  await settle()
  return device.blobs.length
}

describe('what has expired', () => {
  test('is forgotten after its time, as long as the clock only goes on', async () => {
    const { world, kit, sweeper, pass, deposit, lines } = await start()
    await deposit()
    for (let at = 0; at < BLOB_MS_MAX - SWEEP_MS; at += CLOCK_STEP_MS_MIN * 1_000) {
      pass(Math.min(CLOCK_STEP_MS_MIN * 1_000, BLOB_MS_MAX - SWEEP_MS - at))
      await sweeper.tick()
    }
    expect(await waitingIn(world, kit)).toBe(1)
    pass(2 * SWEEP_MS)
    await sweeper.tick()
    world.now -= 2 * SWEEP_MS
    expect(await waitingIn(world, kit)).toBe(0)
    expect(lines).toEqual([])
  })
  test.each([
    ['forward', YEAR_MS],
    ['back', -YEAR_MS],
  ])('keeps the time that it had left when the clock is set %s by a year, and nothing is forgotten for a day', async (word, by) => {
    const { world, kit, sweeper, pass, deposit, lines } = await start()
    await deposit()
    await sweeper.tick()
    world.now += by
    await sweeper.tick()
    expect(lines).toEqual([expect.stringMatching(new RegExp(`the clock was set ${word} by 8760 hours; .*NTP.*24 hours`))])
    expect(await waitingIn(world, kit)).toBe(1)
    pass(CLOCK_DISTRUST_MS + 1)
    await sweeper.tick()
    expect(await waitingIn(world, kit)).toBe(1)
    // And it still ends: a month of the relay's own time after it came.
    pass(BLOB_MS_MAX)
    await sweeper.tick()
    expect(await waitingIn(world, kit)).toBe(0)
    expect(lines).toHaveLength(1)
  })
  test('is not touched by a clock that is set by less than counts', async () => {
    const { world, sweeper, lines } = await start()
    world.now += CLOCK_STEP_MS_MIN - 1
    await sweeper.tick()
    expect(lines).toEqual([])
    world.now += 1
    await sweeper.tick()
    expect(lines).toHaveLength(1)
  })
  test('is kept for a day after a start that finds nothing newer than some weeks', async () => {
    const { world, kit, restart, pass, deposit, lines } = await start()
    await deposit()
    pass(QUIET_MS_MAX)
    const soon = restart()
    await soon.begin()
    expect(lines).toEqual([])
    pass(YEAR_MS)
    const late = restart()
    await late.begin()
    expect(lines).toEqual([expect.stringMatching(/nothing was brought for \d+ hours.*NTP/)])
    await late.tick()
    world.now -= YEAR_MS
    expect(await waitingIn(world, kit)).toBe(1)
    world.now += YEAR_MS
    pass(CLOCK_DISTRUST_MS)
    await late.tick()
    world.now -= YEAR_MS
    expect(await waitingIn(world, kit)).toBe(0)
  })
})
