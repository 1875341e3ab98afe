// The simulation itself, with the cryptography that ships: a few seeds hold, and one seed is one life. What takes many lives is in planted.test.ts.

import { describe, expect, test } from 'vitest'
import { live } from './life.ts'

const SEEDS = 4
/** A life of a group. */
const GROUP_SEED = 86

describe('a life of two people and more', () => {
  test.each([...Array.from({ length: SEEDS }, (_, at) => at + 1), GROUP_SEED])('keeps every promise: seed %i', async (seed) => {
    expect((await live(seed)).broken).toEqual([])
  })

  test('is the same each time it is lived', async () => {
    const [once, again] = [await live(3), await live(3)]
    expect(again).toEqual(once)
  })
})
