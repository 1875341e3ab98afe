// The list of conversations as the engine shows it; undefined until it has been read from disk. Its beginning comes first, and all of it once that is
// drawn: of thousands a screen shows a dozen.

import { computed, nextTick, onScopeDispose, shallowRef, watch } from 'vue'
import { defineStore } from 'pinia'
import type { ConversationId, ConversationSummary } from '@kith/protocol'
import { isDrawn, markDrawn } from '../app/index.ts'
import { useEngine } from '../engine/index.ts'
import { useNavigation } from '../navigation/index.ts'
import { callsFor } from '../notify/index.ts'
import { useNotices } from '../notices/index.ts'
import { DRAWN_WAIT_MS } from '../limits.ts'

export const useConversations = defineStore('conversations', () => {
  const engine = useEngine()
  const navigation = useNavigation()
  const notices = useNotices()
  const views = shallowRef<readonly ConversationSummary[]>()
  /** Before that, `views` are the first of them, and the one that the address means. */
  const isWhole = shallowRef(false)
  const show = (chats: readonly ConversationSummary[], all: boolean): void => {
    views.value = chats
    isWhole.value = all
  }
  let stop: (() => void) | undefined
  onScopeDispose(() => stop?.())
  const follow = (): void => void (stop ??= engine.watchConversations((shown) => show(shown, true)))
  const begin = async (): Promise<void> => {
    // An engine that cannot say is another one's before long: a watch waits for it.
    const first = await engine.readFirstChats({ alias: navigation.sought() }).catch(() => undefined)
    if (first === undefined || first.isWhole) follow()
    if (first !== undefined && !isWhole.value) show(first.chats, first.isWhole)
    await nextTick()
    // A chat has a box to write in, and so has the first screen of somebody who has none.
    const hasComposer = navigation.route.value.kind === 'conversation' || first?.chats.length === 0
    setTimeout(markDrawn, hasComposer ? DRAWN_WAIT_MS : 0)
  }
  watch(isDrawn, (is) => void (is && follow()), { flush: 'post', immediate: true })
  void begin()
  const unread = computed(() => (isWhole.value ? (views.value ?? []) : []).reduce((sum, view) => sum + callsFor(view), 0))

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

  return { views, isWhole, unread, open, neighbour }
})
