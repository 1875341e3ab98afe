// Who is in the group that is open; nobody in a chat of two, which needs nobody watched.

import { onScopeDispose, shallowReadonly, shallowRef, watch } from 'vue'
import type { Ref } from 'vue'
import type { ConversationId, MemberView } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'

export const useMembers = (conversation: ConversationId, isGroup: Readonly<Ref<boolean>>) => {
  const engine = useEngine()
  const members = shallowRef<readonly MemberView[]>([])
  let stop = (): void => undefined
  watch(
    isGroup,
    (is) => {
      stop()
      if (is) stop = engine.watchMembers({ conversation }, (shown) => (members.value = shown))
    },
    { immediate: true },
  )
  onScopeDispose(() => stop())
  return shallowReadonly(members)
}
