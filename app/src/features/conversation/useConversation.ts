// One open conversation: the engine's view of its last messages, reaching further back on request.

import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { ConversationId, ConversationView, EntryId } from '@kith/protocol'
import { HOME_MESSAGES_MAX } from '../limits.ts'
import { useEngine } from '../engine/index.ts'

export const FIRST_MESSAGES = 60
export const OLDER_MESSAGES = 120
const HOME_STEP = 4

export type NewMessages = { readonly from: EntryId; readonly count: number; readonly since: number }

const toNewMessages = ({ unreadFrom, messages }: ConversationView): NewMessages | undefined => {
  const at = messages.findIndex((message) => message.id === unreadFrom)
  // Where nothing was read before, everything is new and a line would say nothing.
  if (!messages.slice(0, Math.max(at, 0)).some((message) => message.kind === 'text')) return undefined
  const first = messages[at]
  if (unreadFrom === undefined || first === undefined) return undefined
  const count = messages.slice(at).filter((message) => message.kind === 'text' && !message.mine).length
  return count === 0 ? undefined : { from: unreadFrom, count, since: first.time }
}

/** `id` stays the same for the life of the caller, which is made anew for another conversation. */
export const useConversation = (id: ConversationId) => {
  const engine = useEngine()
  const view = shallowRef<ConversationView>()
  const state = shallowRef<'loading' | 'missing' | 'shown'>('loading')
  const limit = shallowRef(FIRST_MESSAGES)
  const loadingOlder = shallowRef(false)
  const loadingFirst = shallowRef(false)
  const news = shallowRef<NewMessages>()
  const awaiting = new Set<() => void>()
  let stop: (() => void) | undefined

  const show = (shown: ConversationView | undefined): void => {
    // What was new is decided when the conversation is opened, and stays marked until it is left.
    if (state.value === 'loading' && shown !== undefined) news.value = toNewMessages(shown)
    view.value = shown
    state.value = shown === undefined ? 'missing' : 'shown'
    loadingOlder.value = false
    for (const go of awaiting) go()
    awaiting.clear()
  }
  watch(
    limit,
    (count) => {
      stop?.()
      stop = engine.watchConversation({ conversation: id, limit: count }, show)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    stop?.()
    for (const go of awaiting) go()
  })

  const loadOlder = (): void => {
    if (loadingOlder.value || view.value?.hasOlder !== true) return
    loadingOlder.value = true
    limit.value += OLDER_MESSAGES
  }
  const nextShown = (): Promise<void> => new Promise((shown) => void awaiting.add(shown))
  /** As far back as one may go at once. In steps, because most chats are short. */
  const loadFirst = async (): Promise<void> => {
    if (loadingFirst.value) return
    const most = limit.value + HOME_MESSAGES_MAX
    loadingFirst.value = true
    while (view.value?.hasOlder === true && limit.value < most) {
      limit.value = Math.min(limit.value * HOME_STEP, most)
      await nextShown()
    }
    loadingFirst.value = false
  }
  return { view, state, news, loadingOlder, loadingFirst, hasOlder: computed(() => view.value?.hasOlder === true), loadOlder, loadFirst }
}
