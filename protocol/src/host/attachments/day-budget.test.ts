import { expect, test } from 'vitest'
import { conversationIdOf, toUnixMs } from '../../bytes/ids.ts'
import { PHOTO_BYTES_MAX, UNASKED_BYTES_PER_DAY_MAX } from '../../limits.ts'
import { createDayBudget } from './day-budget.ts'

test('photos that nobody asked for end at their bound, in each chat and on each day', () => {
  let now = 1_800_000_000_000
  const budget = createDayBudget(() => toUnixMs(now))
  const [one, other] = [1, 2].map((byte) => conversationIdOf(new Uint8Array(32).fill(byte))) as [never, never]
  const taken = (chat: never): number => {
    let count = 0
    while (budget.take(chat, PHOTO_BYTES_MAX)) count += 1
    return count
  }
  const max = UNASKED_BYTES_PER_DAY_MAX / PHOTO_BYTES_MAX
  expect([taken(one), taken(one), taken(other)]).toEqual([max, 0, max])
  now += 86_400_000
  expect(taken(one)).toBe(max)
})
