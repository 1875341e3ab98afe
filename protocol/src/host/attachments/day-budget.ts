// What comes to a device that nobody has asked for, of each conversation and day.

import { UNASKED_BYTES_PER_DAY_MAX } from '../../limits.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Clock } from '../../ports.ts'

const DAY_MS = 86_400_000

export function createDayBudget(clock: Clock) {
  let day = 0
  let taken = new Map<ConversationId, number>()
  return {
    /** Whether so many bytes more may come. */
    take(conversation: ConversationId, bytes: number): boolean {
      const today = Math.floor(clock() / DAY_MS)
      if (today !== day) taken = new Map<ConversationId, number>()
      day = today
      const after = (taken.get(conversation) ?? 0) + bytes
      if (after > UNASKED_BYTES_PER_DAY_MAX) return false
      taken.set(conversation, after)
      return true
    },
  }
}
