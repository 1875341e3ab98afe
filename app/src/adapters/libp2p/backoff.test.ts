import { describe, expect, it } from 'vitest'
import { createBackoff, randomFraction } from './backoff.ts'

const lowest = (length: number): Uint8Array => new Uint8Array(length)
const highest = (length: number): Uint8Array => new Uint8Array(length).fill(255)

describe('backoff', () => {
  it('doubles its step from the first to the largest and stays there', () => {
    const backoff = createBackoff({ firstMs: 300, maxMs: 2_000, random: lowest })
    expect(Array.from({ length: 6 }, backoff.next)).toEqual([150, 300, 600, 1_000, 1_000, 1_000])
  })

  it('spreads each delay between half a step and a whole one', () => {
    const low = createBackoff({ firstMs: 1_000, maxMs: 1_000, random: lowest }).next()
    const high = createBackoff({ firstMs: 1_000, maxMs: 1_000, random: highest }).next()
    expect(low).toBe(500)
    expect(high).toBeGreaterThan(999)
    expect(high).toBeLessThan(1_000)
  })

  it('begins anew after a reset', () => {
    const backoff = createBackoff({ firstMs: 300, maxMs: 30_000, random: lowest })
    backoff.next()
    backoff.next()
    backoff.reset()
    expect(backoff.next()).toBe(150)
  })

  it('never makes a fraction of one', () => {
    expect(randomFraction(highest)).toBeLessThan(1)
    expect(randomFraction(lowest)).toBe(0)
  })
})
