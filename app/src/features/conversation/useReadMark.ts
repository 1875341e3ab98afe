// Tells the engine that everything has been seen, when the end of the timeline is on a screen that somebody can look at.

import { onScopeDispose, shallowRef, watchEffect } from 'vue'
import type { ConversationId, ConversationView } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { useNotices } from '../notices/index.ts'

/** `view`: another object each time that the engine has shown something. */
type Options = {
  readonly view: () => { readonly summary: Pick<ConversationView['summary'], 'unread'> }
  readonly atEnd: () => boolean
  readonly page?: Document
}

export const useReadMark = (conversation: ConversationId, { view, atEnd, page = document }: Options): void => {
  const engine = useEngine()
  const notices = useNotices()
  const visible = shallowRef(page.visibilityState === 'visible')
  const marking = shallowRef(false)
  /** What was marked. Until another one is shown, its count says nothing. */
  const marked = shallowRef<object>()
  // What could not be marked is left alone until there is more: nobody wants to hear of it again and again.
  const refused = shallowRef(0)
  const unread = (): number => (view() === marked.value ? 0 : view().summary.unread)
  const update = (): void => {
    visible.value = page.visibilityState === 'visible'
  }
  page.addEventListener('visibilitychange', update)
  onScopeDispose(() => page.removeEventListener('visibilitychange', update))

  const mark = async (): Promise<void> => {
    marking.value = true
    const [shown, count] = [view(), unread()]
    const isMarked = await notices.attempt(engine.markRead({ conversation }).then(() => true))
    refused.value = isMarked === true ? 0 : count
    if (isMarked === true) marked.value = shown
    marking.value = false
  }
  watchEffect(() => {
    if (visible.value && atEnd() && unread() > 0 && unread() !== refused.value && !marking.value) void mark()
  })
}
