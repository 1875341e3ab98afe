// Whether to ask for a name: once something was sent, as long as there is none and nobody said "later".

import { computed, shallowRef } from 'vue'
import type { AppView, ConversationView } from '@kith/protocol'
import { kept } from '../storage/index.ts'
import type { Kept } from '../storage/index.ts'

const KEY = 'kith.name-later'

export const useNameQuestion = (view: () => ConversationView | undefined, app: () => AppView | undefined, storage: Kept = kept) => {
  const later = shallowRef(storage.getItem(KEY) !== null)
  const hasWritten = computed(() => view()?.messages.some((message) => message.kind === 'text' && message.mine) === true)
  // Whoever came too late has nobody there to call them anything.
  const isHeard = computed(() => view()?.isTooLate !== true)
  const asks = computed(() => !later.value && hasWritten.value && isHeard.value && app() !== undefined && app()?.name === undefined)
  const postpone = (): void => {
    storage.setItem(KEY, '1')
    later.value = true
  }
  return { asks, postpone }
}
