// Which relays of a list are a device's homes.

import { describe, expect, test } from 'vitest'
import { createSeeded } from '../../../test/simulation/seeded.ts'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { toHex } from '../../bytes/bytes.ts'
import { deviceIdOf } from '../../bytes/ids.ts'
import { LEAVE_RELAY_MS } from '../../limits.ts'
import { NO_NET } from '../../node/net.ts'
import { homesAmong, rankedFor } from './homes.ts'

const random = createSeeded(3).bytes
const list = Array.from({ length: 5 }, (_, at) => ({ key: random(32), url: `wss://${at}.example.org` }))
const devices = Array.from({ length: 500 }, () => deviceIdOf(random(32)))
const device = '0'.repeat(64) as (typeof devices)[number]
const firstOf = (relays: typeof list) => devices.map((each) => rankedFor(each, relays)[0])
const stateWith = (down: ReadonlyMap<string, number>, relays: ReadonlyMap<string, unknown> = new Map()) =>
  partialState({ self: { device: { id: device } }, net: { ...NO_NET, down, relays } })

describe('homes', () => {
  test('are the same whatever the order of the list, and a relay that is listed twice is one', () => {
    for (const each of devices.slice(0, 20)) {
      const ranked = rankedFor(each, list)
      expect(rankedFor(each, [...list, ...list].toReversed()).map(({ url }) => url)).toEqual(ranked.map(({ url }) => url))
    }
  })

  test('spread over all relays', () => {
    for (const relay of list) {
      const share = firstOf(list).filter((first) => first === relay).length / devices.length
      expect(share).toBeGreaterThan(0.12)
      expect(share).toBeLessThan(0.3)
    }
  })

  test('stay where they were when a relay comes or goes, but for those that were at it', () => {
    const fewer = list.slice(1)
    const [before, after] = [firstOf(list), firstOf(fewer)]
    const moved = before.filter((first, at) => first !== list[0] && after[at] !== first)
    expect(moved).toEqual([])
  })

  test('are one where one is listed, and two at most', () => {
    expect(homesAmong(list.slice(0, 1), stateWith(new Map()), 0)).toEqual(list.slice(0, 1))
    expect(homesAmong(list, stateWith(new Map()), 0)).toHaveLength(2)
    expect(homesAmong([], stateWith(new Map()), 0)).toEqual([])
  })

  test('are those that answer, once others have been silent for long', () => {
    const [first, second, third] = rankedFor(device, list)
    const down = new Map([[toHex(first?.key ?? new Uint8Array()), 1_000]])
    expect(homesAmong(list, stateWith(down), 1_000 + LEAVE_RELAY_MS - 1)).toEqual([first, second])
    expect(homesAmong(list, stateWith(down), 1_000 + LEAVE_RELAY_MS)).toEqual([second, third])
    const all = new Map(list.map(({ key }) => [toHex(key), 1_000]))
    expect(homesAmong(list, stateWith(all), 1_000 + LEAVE_RELAY_MS)).toEqual([first, second])
  })
})
