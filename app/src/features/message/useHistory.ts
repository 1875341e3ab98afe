// What a message said before, read when somebody looks.

import { shallowReadonly, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'
import type { ConversationId, EntryId, MessageVersion } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { useNotices } from '../notices/index.ts'

export const useHistory = (conversation: ConversationId, message: EntryId): Readonly<ShallowRef<readonly MessageVersion[]>> => {
  const engine = useEngine()
  const before = shallowRef<readonly MessageVersion[]>([])
  const read = async (): Promise<void> => {
    const versions = await useNotices().attempt(engine.readHistory({ conversation, message }))
    // The last is what it says now.
    before.value = versions?.slice(0, -1).toReversed() ?? []
  }
  void read()
  return shallowReadonly(before)
}
