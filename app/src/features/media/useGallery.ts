// The messages that a gallery shows: those of one kind, newest first, a window of them at a time, kept level with the chat as any search is.

import { computed, shallowRef, watch } from 'vue'
import type { AccountId, ConversationId } from '@kith/protocol'
import { useHits } from '../hits/index.ts'
import { GALLERY_MESSAGES_MAX } from './limits.ts'
import type { GalleryTab } from './gallery.ts'

type Asked = {
  readonly conversation: ConversationId
  readonly tab: GalleryTab
  /** What they wrote is folded in the chat, so it stands open nowhere else. */
  readonly isFolded: (account: AccountId) => boolean
}

export const useGallery = (asked: () => Asked) => {
  /** Where the windows begin that lie above the one that is shown; empty at the newest. */
  const starts = shallowRef<readonly string[]>([])
  const { found, more, lookAgain, isFull } = useHits(
    () => {
      const { conversation, tab } = asked()
      return { text: '', conversation, kind: tab, before: starts.value.at(-1) }
    },
    { max: GALLERY_MESSAGES_MAX },
  )
  watch(
    () => asked().tab,
    () => (starts.value = []),
    { flush: 'sync' },
  )
  const hits = computed(() => (found.value.state === 'looking' ? [] : found.value.hits.filter(({ account }) => !asked().isFolded(account))))
  const older = (): void => {
    const last = found.value.hits.at(-1)
    if (!isFull()) void more()
    else if (last !== undefined) starts.value = [...starts.value, last.orderKey]
  }
  const newer = (): void => void (starts.value = starts.value.slice(0, -1))
  return { found, hits, older, newer, lookAgain, isNewest: computed(() => starts.value.length === 0) }
}
