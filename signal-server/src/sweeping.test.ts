import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { clockMarksIn } from './clock-mark.ts'
import { BLOB_MS_MAX, CLOCK_DISTRUST_MS, CLOCK_GAP_MS_MAX, CLOCK_STEP_MS_MIN, QUIET_MS_MAX, SWEEP_MS } from './limits.ts'
import { createMemoryStorage, createSharedMemory } from './relay/index.ts'
import { createSweeper } from './sweeping.ts'
import { connectCore, createWorld, meet, openMailbox, settle } from '../test/core-client.ts'
import { depositOf, randomBlob, shortOf } from '../test/mailbox-keys.ts'
import type { ClockMark } from './clock-mark.ts'
import type { MailboxKit } from '../test/mailbox-keys.ts'
import type { World } from '../test/core-client.ts'
import type { Storage } from './storage/storage.ts'

const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS

async function start() {
  const storage = createMemoryStorage()
  const world = createWorld({ storage })
  const lines: string[] = []
  let steadyMs = 0
  let mark: ClockMark | undefined
  const marks = { read: async () => mark, write: async (next: ClockMark) => void (mark = next) }
  /** The relay starts on what the one before has left. */
  const begin = async () => {
    const parts = { relay: world.relay, storage, clock: () => world.now, steady: () => steadyMs, marks }
    const sweeper = createSweeper({ ...parts, log: (line) => void lines.push(line) })
    await sweeper.begin()
    return sweeper
  }
  const { kit, bob } = await meet(world)
  return {
    world,
    kit,
    lines,
    sweeper: await begin(),
    restart: begin,
    forgetMark: () => void (mark = undefined),
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

describe('of relays that share a store', () => {
  test('one follows the clock and forgets what is due, for all of them', async () => {
    const open = createSharedMemory(() => world.now)
    const stores = [open(), open()] as const
    const done: string[] = []
    const world = createWorld({ storage: stores[0] })
    let steadyMs = 0
    const sweepers = stores.map((store, n) => {
      const storage: Storage = {
        ...store,
        shiftBlobs: async ({ by }) => void done.push(`${n} shifts by ${by}`),
        sweep: async () => {
          done.push(`${n} sweeps`)
          return { more: false }
        },
      }
      const relay = createWorld({ storage }).relay
      const marks = { read: async () => ({ seen: world.now, distrustMs: 0 }), write: async () => {} }
      const { takeTurn } = store.shared ?? {}
      const parts = { relay, storage, clock: () => world.now, steady: () => steadyMs, marks, log: () => {} }
      return createSweeper({ ...parts, ...(takeTurn ? { takeTurn } : {}) })
    })
    const tickAll = async () => {
      for (const sweeper of sweepers) await sweeper.tick()
    }
    for (const sweeper of sweepers) await sweeper.begin()
    await tickAll()
    expect(done).toEqual(['0 sweeps'])
    world.now += YEAR_MS
    await tickAll()
    expect(done).toEqual(['0 sweeps', `0 shifts by ${YEAR_MS}`])
    steadyMs += CLOCK_DISTRUST_MS
    world.now += CLOCK_DISTRUST_MS
    await tickAll()
    expect(done).toEqual(['0 sweeps', `0 shifts by ${YEAR_MS}`, '0 sweeps'])
  })
})

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
  test.each([
    ['a year', YEAR_MS],
    ['ten days', 10 * DAY_MS],
  ])('is all there, with the time that it had, after a start %s ahead that is set right, whatever came meanwhile', async (_, ahead) => {
    const { world, kit, sweeper, restart, pass, deposit, lines } = await start()
    await deposit()
    // All but the last days of its time.
    for (let days = 0; days < 25; days++) {
      pass(DAY_MS)
      await sweeper.tick()
    }
    await deposit()
    world.now += ahead
    const wrong = await restart()
    expect(lines).toEqual([expect.stringMatching(/by the clock the relay rested for \d+ hours; .*NTP.*24 hours/)])
    await deposit()
    pass(SWEEP_MS)
    await wrong.tick()
    world.now -= ahead
    await wrong.tick()
    expect(await waitingIn(world, kit)).toBe(3)
    pass(CLOCK_DISTRUST_MS)
    await wrong.tick()
    expect(await waitingIn(world, kit)).toBe(3)
    pass(5 * DAY_MS)
    await wrong.tick()
    expect(await waitingIn(world, kit)).toBe(2)
    // What came under the wrong clock is kept for no longer than what came when the clock could be believed again.
    pass(BLOB_MS_MAX - 5 * DAY_MS)
    await wrong.tick()
    expect(await waitingIn(world, kit)).toBe(0)
  })
  test('is kept when a start under a wrong clock is followed by another, although something was brought in between', async () => {
    const { world, kit, restart, pass, deposit, lines } = await start()
    await deposit()
    world.now += YEAR_MS
    const wrong = await restart()
    pass(CLOCK_DISTRUST_MS / 2)
    await wrong.tick()
    await deposit()
    const again = await restart()
    await again.tick()
    pass(CLOCK_DISTRUST_MS / 2 - 1)
    await again.tick()
    world.now -= YEAR_MS
    expect(await waitingIn(world, kit)).toBe(2)
    // Half of the day had passed before the second start, and it goes on from there.
    world.now += YEAR_MS
    pass(1)
    await again.tick()
    world.now -= YEAR_MS
    expect(await waitingIn(world, kit)).toBe(1)
    expect(lines).toHaveLength(1)
  })
  test('is kept when the clock was years behind at the start, and while it is set right again', async () => {
    const { world, kit, restart, pass, deposit, lines } = await start()
    await deposit()
    world.now -= YEAR_MS
    const wrong = await restart()
    await deposit()
    pass(SWEEP_MS)
    await wrong.tick()
    world.now += YEAR_MS
    await wrong.tick()
    expect(lines).toEqual([expect.stringContaining('8760 hours behind'), expect.stringContaining('set forward')])
    pass(CLOCK_DISTRUST_MS)
    await wrong.tick()
    expect(await waitingIn(world, kit)).toBe(2)
    pass(BLOB_MS_MAX)
    await wrong.tick()
    expect(await waitingIn(world, kit)).toBe(0)
  })
  test('is forgotten at once after a start that follows soon', async () => {
    const { world, kit, sweeper, restart, pass, deposit, lines } = await start()
    await deposit()
    pass(CLOCK_GAP_MS_MAX)
    await sweeper.tick()
    for (let at = 0; at < BLOB_MS_MAX; at += CLOCK_GAP_MS_MAX) {
      pass(CLOCK_GAP_MS_MAX)
      await (await restart()).tick()
    }
    world.now -= 2 * CLOCK_GAP_MS_MAX
    expect(await waitingIn(world, kit)).toBe(0)
    expect(lines).toEqual([])
  })
  test('is kept for a day after a start that knows nothing of the one before', async () => {
    const { world, kit, restart, forgetMark, pass, deposit, lines } = await start()
    await deposit()
    pass(QUIET_MS_MAX)
    forgetMark()
    await restart()
    expect(lines).toEqual([])
    pass(YEAR_MS)
    forgetMark()
    const late = await restart()
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

describe('the mark of the clock', () => {
  test('is kept in the data folder, and one that cannot be read or written is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kith-mark-'))
    const marks = clockMarksIn(folder)
    expect(await marks.read()).toBeUndefined()
    await marks.write({ seen: 1_800_000_000_000.5, distrustMs: 0.2 })
    expect(await marks.read()).toEqual({ seen: 1_800_000_000_001, distrustMs: 1 })
    expect(await readdir(folder)).toEqual(['relay.clock'])
    await writeFile(join(folder, 'relay.clock'), '18000')
    expect(await marks.read()).toBeUndefined()
    await rm(folder, { recursive: true })
    await marks.write({ seen: 1, distrustMs: 0 })
    expect(await marks.read()).toBeUndefined()
  })
})
