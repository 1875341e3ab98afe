import { afterEach, expect, test, vi } from 'vitest'
import { RANDOM_BYTES_MAX, TIMER_MS_MAX } from './limits.ts'
import { browserClock, browserRandom, browserTimer } from './surroundings.ts'

afterEach(() => vi.useRealTimers())

test('the clock tells the time', () => {
  vi.useFakeTimers({ now: 1_700_000_000_000 })
  expect(browserClock()).toBe(1_700_000_000_000)
})

test('random bytes come in any number, and never twice the same', () => {
  expect(browserRandom(0).length).toBe(0)
  const many = browserRandom(RANDOM_BYTES_MAX + 32)
  expect(many.length).toBe(RANDOM_BYTES_MAX + 32)
  expect(many.subarray(-32).some((byte) => byte !== 0)).toBe(true)
  expect(browserRandom(32)).not.toEqual(browserRandom(32))
})

test('a timer calls back once, in its time, however long that is', () => {
  vi.useFakeTimers()
  const called = vi.fn()
  browserTimer(TIMER_MS_MAX + 1_000, called)
  vi.advanceTimersByTime(TIMER_MS_MAX + 999)
  expect(called).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(called).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(TIMER_MS_MAX)
  expect(called).toHaveBeenCalledTimes(1)
})

test('a cancelled timer never calls back, also in the later part of a long wait', () => {
  vi.useFakeTimers()
  const called = vi.fn()
  const cancel = browserTimer(TIMER_MS_MAX + 1_000, called)
  vi.advanceTimersByTime(TIMER_MS_MAX + 1)
  cancel()
  vi.advanceTimersByTime(TIMER_MS_MAX)
  expect(called).not.toHaveBeenCalled()
})
