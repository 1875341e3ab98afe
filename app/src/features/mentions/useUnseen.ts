// The new messages of a chat that are meant for this person and were not in view yet, oldest first. One that was seen is not looked for again, and one that
// nobody has seen stays, though the chat is read to its end.

import { onScopeDispose, shallowReadonly, shallowRef, watch } from 'vue'
import type { ConversationId, EntryId } from '@kith/protocol'
import { sighted } from '../alerts/index.ts'
import { meant } from '../notify/index.ts'

type Options = { readonly stage: HTMLElement; readonly isInView: (message: EntryId) => boolean }

const SETTLED_MS = 150

export const useUnseen = (conversation: ConversationId, { stage, isInView }: Options) => {
  const unseen = shallowRef<readonly EntryId[]>([])
  const seen = new Set<EntryId>()
  let timer: number | undefined

  const see = (...messages: readonly EntryId[]): void => {
    for (const message of messages) seen.add(message)
    unseen.value = unseen.value.filter((message) => !seen.has(message))
  }
  const look = (): void => see(...unseen.value.filter(isInView))
  const lookSoon = (): void => {
    window.clearTimeout(timer)
    timer = window.setTimeout(look, SETTLED_MS)
  }
  watch(
    () => meant.value.get(conversation) ?? [],
    (now) => {
      const known = new Set(unseen.value)
      unseen.value = [...unseen.value, ...now.filter((message) => !known.has(message) && !seen.has(message))]
      lookSoon()
    },
    { immediate: true },
  )
  stage.addEventListener('scroll', lookSoon, { capture: true, passive: true })
  sighted(conversation, 1)
  onScopeDispose(() => {
    stage.removeEventListener('scroll', lookSoon, { capture: true })
    window.clearTimeout(timer)
    sighted(conversation, -1)
  })
  return { unseen: shallowReadonly(unseen), see }
}
