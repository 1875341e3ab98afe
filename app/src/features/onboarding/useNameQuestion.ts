// Whether to ask for a name: once something was sent, as long as there is none and nobody said "later". Whoever made the link of this chat was
// asked beside it: a line that was seen and left empty is an answer, and the same question a moment later would be heard as "you must". It
// comes again beside the next link, and whoever answers somebody else's link is asked here. The settings take a name at any time.

import { computed, shallowRef } from 'vue'
import type { AppView, ConversationView } from '@kith/protocol'
import { kept } from '../storage/index.ts'
import type { KeptStorage } from '../storage/index.ts'

const KEY = 'kith.name-later'

export const useNameQuestion = (view: () => ConversationView | undefined, app: () => AppView | undefined, storage: KeptStorage = kept) => {
  const later = shallowRef(storage.getItem(KEY) !== null)
  const hasWritten = computed(() => view()?.messages.some((message) => message.kind === 'text' && message.mine) === true)
  const wasAsked = computed(() => view()?.invite !== undefined)
  // Whoever came too late has nobody there to call them anything.
  const isHeard = computed(() => view()?.isTooLate !== true)
  const asks = computed(
    () => !later.value && !wasAsked.value && hasWritten.value && isHeard.value && app() !== undefined && app()?.name === undefined,
  )
  const postpone = (): void => {
    storage.setItem(KEY, '1')
    later.value = true
  }
  return { asks, postpone }
}
