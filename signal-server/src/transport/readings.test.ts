// Sockets that are read in turns: who rests for how long, by a clock that the test moves.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { READ_REST_MS_MAX, READ_REST_MS_MIN } from '../limits.ts'
import { createReadings } from './readings.ts'
import type { Readings } from './readings.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open(readings: Readings, address: string) {
  const state = { isRead: true }
  const socket = { pause: () => void (state.isRead = false), resume: () => void (state.isRead = true) }
  const reading = readings.of(address, socket)
  const bring = (ms: number): void => {
    reading.begin()
    vi.setSystemTime(Date.now() + ms)
    reading.end()
  }
  return { state, bring, close: () => reading.close() }
}
const start = (): Readings => createReadings(() => Date.now())

test('an address that was read for long rests as long with all its sockets, and nobody else does', () => {
  const readings = start()
  const [mallory, another, honest] = [open(readings, 'm'), open(readings, 'm'), open(readings, 'h')]
  mallory.bring(20)
  expect([mallory, another, honest].map(({ state }) => state.isRead)).toEqual([false, false, true])
  vi.advanceTimersByTime(19)
  expect(another.state.isRead).toBe(false)
  vi.advanceTimersByTime(1)
  expect([mallory, another].map(({ state }) => state.isRead)).toEqual([true, true])
})

test('whoever is alone is read without a rest', () => {
  const readings = start()
  const alone = open(readings, 'a')
  alone.bring(READ_REST_MS_MAX * 2)
  expect(alone.state.isRead).toBe(true)
  const second = open(readings, 'b')
  second.close()
  alone.bring(READ_REST_MS_MAX * 2)
  expect(alone.state.isRead).toBe(true)
})

test('short rests are added up until one is worth it, and are over by themselves where little comes', () => {
  const readings = start()
  const [busy, calm] = [open(readings, 'a'), open(readings, 'b')]
  busy.bring(READ_REST_MS_MIN - 1)
  expect(busy.state.isRead).toBe(true)
  busy.bring(1)
  expect(busy.state.isRead).toBe(false)
  vi.advanceTimersByTime(READ_REST_MS_MIN)
  expect(busy.state.isRead).toBe(true)
  for (let n = 0; n < 100; n++) {
    calm.bring(READ_REST_MS_MIN - 1)
    vi.advanceTimersByTime(READ_REST_MS_MIN)
  }
  expect(calm.state.isRead).toBe(true)
})

test('no rest is longer than the longest', () => {
  const readings = start()
  const [slow] = [open(readings, 'a'), open(readings, 'b')]
  slow.bring(READ_REST_MS_MAX * 10)
  vi.advanceTimersByTime(READ_REST_MS_MAX - 1)
  expect(slow.state.isRead).toBe(false)
  vi.advanceTimersByTime(1)
  expect(slow.state.isRead).toBe(true)
})
