// One open conversation: the engine's view of its last messages, reaching further back on request.

import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { ConversationId, ConversationView, EntryId } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'

export const FIRST_MESSAGES = 60
export const OLDER_MESSAGES = 120

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
  const news = shallowRef<NewMessages>()
  let stop: (() => void) | undefined

  const show = (shown: ConversationView | undefined): void => {
    // What was new is decided when the conversation is opened, and stays marked until it is left.
    if (state.value === 'loading' && shown !== undefined) news.value = toNewMessages(shown)
    view.value = shown
    state.value = shown === undefined ? 'missing' : 'shown'
    loadingOlder.value = false
  }
  watch(
    limit,
    (count) => {
      stop?.()
      stop = engine.watchConversation({ conversation: id, limit: count }, show)
    },
    { immediate: true },
  )
  onScopeDispose(() => stop?.())

  const loadOlder = (): void => {
    if (loadingOlder.value || view.value?.hasOlder !== true) return
    loadingOlder.value = true
    limit.value += OLDER_MESSAGES
  }
  return { view, state, news, loadingOlder, hasOlder: computed(() => view.value?.hasOlder === true), loadOlder }
}
