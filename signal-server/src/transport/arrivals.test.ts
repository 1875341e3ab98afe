// Handshakes of one address, counted and in turns, by a clock that the test moves.

import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  ADDRESS_ARRIVALS_PER_MINUTE_MIN,
  ADDRESS_ARRIVALS_PER_PLACE_MAX,
  ADDRESS_CONNECTIONS_MAX,
  ADDRESSES_REMEMBERED_MAX,
  ARRIVAL_REST_MS,
  ARRIVAL_WAIT_MS_MAX,
} from '../limits.ts'
import { arrivalsPerMinuteOf, createArrivals } from './arrivals.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start(perMinuteMax: number, present: readonly string[] = []) {
  const entered: string[] = []
  const refused: string[] = []
  const arrivals = createArrivals({
    perMinuteMax,
    isAlone: (address) => present.every((each) => each === address),
    onRefused: () => void refused.push('refused'),
    steady: () => Date.now(),
  })
  const come = (address: string) => {
    const socket = Object.assign(new EventEmitter(), { destroyed: false })
    const isComing = arrivals.come(address, socket as never, () => entered.push(address))
    return { isComing, close: () => ((socket.destroyed = true), socket.emit('close')) }
  }
  return { come, entered, refused }
}
const times = <T>(count: number, act: () => T): readonly T[] => Array.from({ length: count }, act)

describe('an address', () => {
  test('may begin so many in a minute; one more is refused, others are not, and after its time it may again', () => {
    const { come, entered, refused } = start(60)
    expect(times(60, () => come('m').isComing)).not.toContain(false)
    expect([come('m').isComing, come('h').isComing]).toEqual([false, true])
    expect(refused).toHaveLength(1)
    vi.advanceTimersByTime(1_000)
    expect([come('m').isComing, come('m').isComing]).toEqual([true, false])
    expect(entered.filter((each) => each === 'm')).toHaveLength(61)
  })
  test('that has room for many connections may lose and open all of them in a minute, and few addresses have to count', () => {
    expect(arrivalsPerMinuteOf(ADDRESS_CONNECTIONS_MAX)).toBe(ADDRESS_CONNECTIONS_MAX * ADDRESS_ARRIVALS_PER_PLACE_MAX)
    expect(arrivalsPerMinuteOf(1)).toBe(ADDRESS_ARRIVALS_PER_MINUTE_MIN)
    expect(ADDRESS_ARRIVALS_PER_PLACE_MAX).toBeGreaterThanOrEqual(2)
  })
  test('that is alone comes as fast as it likes', () => {
    const { come, entered } = start(10_000, ['m'])
    times(5_000, () => come('m'))
    expect(entered).toHaveLength(5_000)
  })
  test('comes one by one while there are others, who do not wait for it', () => {
    const { come, entered } = start(10_000, ['m', 'h'])
    times(10, () => come('m'))
    come('h')
    expect(entered).toEqual(['m', 'h'])
    vi.advanceTimersByTime(ARRIVAL_REST_MS)
    expect(entered).toEqual(['m', 'h', 'm'])
    vi.advanceTimersByTime(8 * ARRIVAL_REST_MS)
    expect(entered).toHaveLength(11)
  })
  test('is refused when so many wait that the next would wait for too long, and has room again later', () => {
    const { come, entered, refused } = start(10_000, ['m', 'h'])
    const room = ARRIVAL_WAIT_MS_MAX / ARRIVAL_REST_MS + 1
    expect(times(room, () => come('m').isComing)).not.toContain(false)
    expect([come('m').isComing, come('h').isComing]).toEqual([false, true])
    expect(refused).toHaveLength(1)
    vi.advanceTimersByTime(ARRIVAL_REST_MS)
    expect(come('m').isComing).toBe(true)
    vi.advanceTimersByTime(2 * ARRIVAL_WAIT_MS_MAX)
    expect(entered).toHaveLength(room + 2)
  })
  test('that left before its turn does not enter', () => {
    const { come, entered } = start(10_000, ['m', 'h'])
    const [, second] = times(3, () => come('m'))
    second?.close()
    vi.advanceTimersByTime(ARRIVAL_WAIT_MS_MAX)
    expect(entered).toEqual(['m', 'm'])
  })
})

test('of ever new addresses those that may come at once are forgotten, and never more are remembered', () => {
  const { come, entered } = start(10_000, ['h'])
  for (let n = 0; n < 2 * ADDRESSES_REMEMBERED_MAX; n++) come(`10.${n}`)
  expect(entered).toHaveLength(2 * ADDRESSES_REMEMBERED_MAX)
  // The first ones went: nothing is owed of them, though no time has passed.
  come('10.0')
  expect(entered).toHaveLength(2 * ADDRESSES_REMEMBERED_MAX + 1)
})
