import { afterEach, expect, test, vi } from 'vitest'
import { CLOCK_CHECK_MS } from './limits.ts'
import { createSharedMemory } from './relay/index.ts'
import { startStoreClock } from './store-clock.ts'

afterEach(() => void vi.useRealTimers())

test('a store that is shared has the clock that counts, and is asked how late it is every now and then', async () => {
  vi.useFakeTimers()
  let storeMs = 1_000_000
  const reports: unknown[] = []
  const { shared } = createSharedMemory(() => storeMs)()
  const steadyMs = performance.now()
  const clock = await startStoreClock(shared, { steady: () => performance.now() - steadyMs, report: (error) => void reports.push(error) })
  expect(clock.now()).toBe(1_000_000)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(clock.now()).toBe(1_010_000)
  storeMs = 9_000_000
  await vi.advanceTimersByTimeAsync(CLOCK_CHECK_MS)
  expect(clock.now()).toBeGreaterThanOrEqual(9_000_000)
  clock.stop()
  storeMs = 0
  await vi.advanceTimersByTimeAsync(CLOCK_CHECK_MS)
  expect([clock.now() > 9_000_000, reports]).toEqual([true, []])
})
test('without one it is the clock of the machine', async () => {
  vi.useFakeTimers({ now: 123_456 })
  expect((await startStoreClock(undefined, { steady: () => 0, report: () => {} })).now()).toBe(123_456)
})
