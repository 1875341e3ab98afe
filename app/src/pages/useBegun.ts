// Whether there were chats here before: decides what is in front before the disk has answered. Where there are any, the browser is asked to
// keep them, with every start, since it may have said no so far.

import { watch } from 'vue'
import type { ConversationSummary } from '@kith/protocol'
import { hasBegun, kept, markBegun, useStorageState } from '../features/storage/index.ts'
import type { KeptStorage } from '../features/storage/index.ts'

export const useBegun = (views: () => readonly ConversationSummary[] | undefined, storage: KeptStorage = kept): boolean => {
  const { protectQuietly } = useStorageState()
  watch(
    () => (views()?.length ?? 0) > 0,
    (has) => {
      if (!has) return
      markBegun(storage)
      void protectQuietly()
    },
    { immediate: true },
  )
  return hasBegun(storage)
}
