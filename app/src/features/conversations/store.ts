// The list of conversations as the engine shows it; undefined until it has been read from disk.

import { computed, onScopeDispose, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import type { ConversationId, ConversationSummary } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'

export const useConversations = defineStore('conversations', () => {
  const engine = useEngine()
  const views = shallowRef<readonly ConversationSummary[]>()
  onScopeDispose(
    engine.watchConversations((shown) => {
      views.value = shown.toSorted((a, b) => b.time - a.time)
    }),
  )
  const unread = computed(() => (views.value ?? []).reduce((sum, view) => sum + view.unread, 0))

  /** The conversation `step` places away from this one in the list, without going round. */
  const neighbour = (id: ConversationId | undefined, step: -1 | 1, among: (view: ConversationSummary) => boolean = () => true) => {
    const all = views.value ?? []
    const at = all.findIndex((view) => view.id === id)
    const rest = step === 1 ? all.slice(at + 1) : all.slice(0, Math.max(at, 0)).toReversed()
    return rest.find(among)?.id
  }

  return { views, unread, neighbour }
})
