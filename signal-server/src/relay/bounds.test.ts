// Bounds of the relay as a whole that no single refusal shows.

import { describe, expect, test } from 'vitest'
import { createMemoryStorage, createRelay } from './index.ts'
import { createBucket } from './rates.ts'
import { RELAY_CREATE_RATE, SWEEP_ROWS_MAX } from '../limits.ts'

describe('bounds of the whole relay', () => {
  test('creations of all devices together: as many as the burst pass, the next waits, and time lets more pass', () => {
    const bucket = createBucket(RELAY_CREATE_RATE)
    expect(bucket.take(0, RELAY_CREATE_RATE.burst)).toBe(0)
    expect(bucket.take(0, 1)).toBe(RELAY_CREATE_RATE.refillMs)
    expect(bucket.take(RELAY_CREATE_RATE.refillMs, 1)).toBe(0)
  })

  test('sweeping asks for a bounded number of rows at a time, until there are no more', async () => {
    const asked: number[] = []
    const relay = createRelay({
      storage: {
        ...createMemoryStorage(),
        sweep: ({ rows }) => {
          asked.push(rows)
          return Promise.resolve({ more: asked.length < 3 })
        },
      },
      clock: () => 0,
      random: (length) => new Uint8Array(length),
      key: new Uint8Array(32),
      sign: () => new Uint8Array(64),
    })
    await relay.sweep()
    expect(asked).toEqual([SWEEP_ROWS_MAX, SWEEP_ROWS_MAX, SWEEP_ROWS_MAX])
  })
})
