// The list of conversations as the engine shows it; undefined until it has been read from disk.

import { computed, onScopeDispose, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import type { ConversationId, ConversationSummary } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { useNavigation } from '../navigation/index.ts'
import { useNotices } from '../notices/index.ts'
import { callsFor } from './filter.ts'

export const useConversations = defineStore('conversations', () => {
  const engine = useEngine()
  const navigation = useNavigation()
  const notices = useNotices()
  const views = shallowRef<readonly ConversationSummary[]>()
  onScopeDispose(
    engine.watchConversations((shown) => {
      views.value = shown
    }),
  )
  const unread = computed(() => (views.value ?? []).reduce((sum, view) => sum + callsFor(view), 0))

  /** By the hand of somebody who wants to see it: so it need not be marked any more. */
  const open = (id: ConversationId): void => {
    navigation.open({ kind: 'conversation', id, beside: 'nothing' })
    if (views.value?.find((view) => view.id === id)?.isMarkedUnread === true)
      void notices.attempt(engine.setChatFlags({ conversation: id, isMarkedUnread: false }))
  }

  /** The conversation `step` places away from this one in the list, without going round. */
  const neighbour = (id: ConversationId | undefined, step: -1 | 1, among: (view: ConversationSummary) => boolean = () => true) => {
    const all = views.value ?? []
    const at = all.findIndex((view) => view.id === id)
    const rest = step === 1 ? all.slice(at + 1) : all.slice(0, Math.max(at, 0)).toReversed()
    return rest.find(among)?.id
  }

  return { views, unread, open, neighbour }
})
