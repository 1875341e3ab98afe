// Tells the engine that everything has been seen, when the end of the timeline is on a screen that somebody can look at.

import { onScopeDispose, shallowRef, watchEffect } from 'vue'
import type { ConversationId } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { useNotices } from '../notices/index.ts'

type Options = { readonly unread: () => number; readonly atEnd: () => boolean; readonly page?: Document }

export const useReadMark = (conversation: ConversationId, { unread, atEnd, page = document }: Options): void => {
  const engine = useEngine()
  const notices = useNotices()
  const visible = shallowRef(page.visibilityState === 'visible')
  const marking = shallowRef(false)
  // What could not be marked is left alone until there is more: nobody wants to hear of it again and again.
  const refused = shallowRef(0)
  const update = (): void => {
    visible.value = page.visibilityState === 'visible'
  }
  page.addEventListener('visibilitychange', update)
  onScopeDispose(() => page.removeEventListener('visibilitychange', update))

  const mark = async (): Promise<void> => {
    marking.value = true
    const count = unread()
    const isMarked = await notices.attempt(engine.markRead({ conversation }).then(() => true))
    refused.value = isMarked === true ? 0 : count
    marking.value = false
  }
  watchEffect(() => {
    if (visible.value && atEnd() && unread() > 0 && unread() !== refused.value && !marking.value) void mark()
  })
}
