// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick, shallowRef } from 'vue'
import { appView, withSetup } from '../testing/index.ts'
import { LONGEST_MS, SOONEST_MS, toOutcome, useConnectionTest } from './useConnectionTest.ts'

const online = appView()
const away = appView({ relay: { url: 'wss://a.example', state: 'away', since: 0 } })
type Known = Parameters<typeof toOutcome>[0]
const testOf = (known: { value: Known }) => {
  const retry = vi.fn(() => Promise.resolve())
  return { retry, ...withSetup(() => useConnectionTest({ known: () => known.value, retry })).result }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('a test of the connection', () => {
  it('ends with what it found when nothing comes of it', async () => {
    const { start, running, outcome, retry } = testOf(shallowRef<Known>({ app: away, route: 'offline' }))
    await start()
    expect(retry).toHaveBeenCalledOnce()
    await vi.advanceTimersByTimeAsync(LONGEST_MS - 1)
    expect([running.value, outcome.value]).toEqual([true, undefined])
    await vi.advanceTimersByTimeAsync(1)
    expect([running.value, outcome.value]).toEqual([false, 'relay-away'])
  })

  it('ends as soon as it cannot get better, and never at once', async () => {
    const known = shallowRef<Known>({ app: away, route: 'offline' })
    const { start, running, outcome } = testOf(known)
    await start()
    known.value = { app: online, route: 'direct' }
    await nextTick()
    expect(running.value).toBe(true)
    await vi.advanceTimersByTimeAsync(SOONEST_MS)
    expect([running.value, outcome.value]).toEqual([false, 'direct'])
  })

  it('begins once at a time, and again afterwards', async () => {
    const { start, retry } = testOf(shallowRef<Known>({ app: online, route: 'direct' }))
    await start()
    await start()
    expect(retry).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(SOONEST_MS)
    await start()
    expect(retry).toHaveBeenCalledTimes(2)
  })

  it('tells what is down from what still works', () => {
    expect(toOutcome({ app: appView({ network: 'offline' }), route: 'offline' })).toBe('no-network')
    expect(toOutcome({ app: away, route: 'offline' })).toBe('relay-away')
    expect(toOutcome({ app: away, route: 'direct' })).toBe('direct-only')
    expect(toOutcome({ app: online, route: 'direct' })).toBe('direct')
    expect(toOutcome({ app: online, route: 'relay' })).toBe('relay')
    expect(toOutcome({ app: online, route: 'offline' })).toBe('peer-away')
    expect(toOutcome({ app: undefined, route: 'offline' })).toBe('relay-away')
  })
})
