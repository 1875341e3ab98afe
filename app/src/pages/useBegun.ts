// Whether there were chats here before: decides what is in front before the disk has answered.

import { watch } from 'vue'
import type { ConversationSummary } from '@kith/protocol'
import { hasBegun, kept, markBegun } from '../features/storage/index.ts'
import type { Kept } from '../features/storage/index.ts'

export const useBegun = (views: () => readonly ConversationSummary[] | undefined, storage: Kept = kept): boolean => {
  watch(
    () => (views()?.length ?? 0) > 0,
    (has) => {
      if (has) markBegun(storage)
    },
    { immediate: true },
  )
  return hasBegun(storage)
}
