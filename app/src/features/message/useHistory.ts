// What a message said before, read when somebody looks.

import { shallowReadonly, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import type { ConversationId, EntryId, MessageVersion } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { useNotices } from '../notices/index.ts'

type Edited = { readonly id: EntryId; readonly text: string; readonly isEdited?: boolean | undefined }

/** Read again when it says something else; of one that was never edited there is nothing to read. */
export const useHistory = (conversation: ConversationId, message: () => Edited): Readonly<ShallowRef<readonly MessageVersion[]>> => {
  const engine = useEngine()
  const before = shallowRef<readonly MessageVersion[]>([])
  const notices = useNotices()
  const read = async ({ id, isEdited }: Edited): Promise<void> => {
    const versions = isEdited === true ? await notices.attempt(engine.readHistory({ conversation, message: id })) : []
    // The last is what it says now.
    before.value = versions?.slice(0, -1).toReversed() ?? []
  }
  watch(
    () => message().text,
    () => void read(message()),
    { immediate: true },
  )
  return shallowReadonly(before)
}
