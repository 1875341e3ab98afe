// Who is asked, who ends, and who costs nothing, by a clock that the test moves.

import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SILENCE_CHECK_MS, SILENT_CHECKS_MAX, SILENT_CHECKS_MIN } from '../limits.ts'
import { createSilences } from './silences.ts'
import type { Silences } from './silences.ts'

/** How often a device asks by itself: yamux's. */
const DEVICE_ASKS_MS = 30_000
/** After which common proxies close a connection on which nothing came. */
const PROXY_MS = 60_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open(silences: Silences) {
  const said = { pings: 0, ends: 0 }
  const socket = Object.assign(new EventEmitter(), { bytesRead: 0 })
  const webSocket = { ping: () => void (said.pings += 1), terminate: () => (void (said.ends += 1), void socket.emit('close')) }
  silences.watch(socket, webSocket)
  return { said, bring: () => void (socket.bytesRead += 1), close: () => void socket.emit('close') }
}
const pass = (checks: number): void => void vi.advanceTimersByTime(checks * SILENCE_CHECK_MS)

test('whoever is silent is asked before a proxy closes the connection, and ends when nothing comes', () => {
  const { said } = open(createSilences(SILENCE_CHECK_MS))
  pass(SILENT_CHECKS_MIN - 1)
  expect(said.pings).toBe(0)
  pass(1)
  expect(said).toEqual({ pings: 1, ends: 0 })
  // Bytes may have come at once after a check.
  expect((SILENT_CHECKS_MIN + 1) * SILENCE_CHECK_MS).toBeLessThan(PROXY_MS)
  pass(SILENT_CHECKS_MAX - SILENT_CHECKS_MIN - 1)
  expect(said.ends).toBe(0)
  pass(1)
  expect(said.ends).toBe(1)
  pass(SILENT_CHECKS_MAX * 2)
  expect(said.ends).toBe(1)
})

test('whoever answers stays, and is asked again after a while', () => {
  const { said, bring } = open(createSilences(SILENCE_CHECK_MS))
  for (let n = 1; n <= 5; n++) {
    pass(SILENT_CHECKS_MIN)
    expect(said).toEqual({ pings: n, ends: 0 })
    bring()
    pass(1)
  }
})

test('a device that asks by itself is never asked', () => {
  const { said, bring } = open(createSilences(SILENCE_CHECK_MS))
  const timer = setInterval(bring, DEVICE_ASKS_MS)
  vi.advanceTimersByTime(3_600_000)
  clearInterval(timer)
  expect(said).toEqual({ pings: 0, ends: 0 })
})

test('whoever left is not watched any more, and nobody is once it stopped', () => {
  const silences = createSilences(SILENCE_CHECK_MS)
  const [gone, here] = [open(silences), open(silences)]
  gone.close()
  pass(SILENT_CHECKS_MIN)
  expect([gone.said.pings, here.said.pings]).toEqual([0, 1])
  silences.stop()
  pass(SILENT_CHECKS_MAX)
  expect(here.said).toEqual({ pings: 1, ends: 0 })
})
