// Whether there were chats here before: decides what is in front before the disk has answered.

import { watch } from 'vue'
import type { ConversationSummary } from '@kith/protocol'

const KEY = 'kith.begun'

export const useBegun = (views: () => readonly ConversationSummary[] | undefined, storage: Storage = localStorage): boolean => {
  watch(
    () => (views()?.length ?? 0) > 0,
    (has) => {
      if (has) storage.setItem(KEY, '1')
    },
    { immediate: true },
  )
  return storage.getItem(KEY) !== null
}
