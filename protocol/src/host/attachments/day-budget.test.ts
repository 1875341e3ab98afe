import { expect, test } from 'vitest'
import { createMemoryStore } from '../../../test/contract/memory-store.ts'
import { conversationIdOf, toUnixMs } from '../../bytes/ids.ts'
import { UNASKED_BYTES_PER_DAY_MAX } from '../../attachments/limits.ts'
import { PHOTO_BYTES_MAX } from '../../limits.ts'
import { takeUnasked } from './day-budget.ts'
import type { ConversationId } from '../../bytes/ids.ts'

test('photos that nobody asked for end at their bound, in each chat and on each day', async () => {
  let now = 1_800_000_000_000
  let store = createMemoryStore()
  const [one, other] = [1, 2].map((byte) => conversationIdOf(new Uint8Array(32).fill(byte))) as [ConversationId, ConversationId]
  const taken = async (chat: ConversationId): Promise<number> => {
    for (let count = 0; ; count += 1) {
      const write = await takeUnasked({ store, clock: () => toUnixMs(now) }, chat, PHOTO_BYTES_MAX)
      if (write === undefined) return count
      await store.commit([write])
    }
  }
  const max = UNASKED_BYTES_PER_DAY_MAX / PHOTO_BYTES_MAX
  expect([await taken(one), await taken(one), await taken(other)]).toEqual([max, 0, max])
  store = createMemoryStore({ image: store.image() })
  expect(await taken(one)).toBe(0)
  now += 86_400_000
  expect(await taken(one)).toBe(max)
})
