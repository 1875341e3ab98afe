// The messages that a gallery shows: those of one kind, newest first, a window of them at a time, kept level with the chat as any search is.

import { computed, shallowRef, watch } from 'vue'
import type { AccountId, ConversationId } from '@kith/protocol'
import { HITS_AT_ONCE, useHits } from '../hits/index.ts'
import { GALLERY_MESSAGES_MAX } from './limits.ts'
import type { GalleryTab } from './gallery.ts'

type Way = 'older' | 'newer'
type Asked = {
  readonly conversation: ConversationId
  readonly tab: GalleryTab
  /** What they wrote is folded in the chat, so it stands open nowhere else. */
  readonly isFolded: (account: AccountId) => boolean
}

/** `turned`: another window has taken the place of the one before. */
export const useGallery = (asked: () => Asked, { turned }: { readonly turned: (way: Way) => void }) => {
  /** Where the windows begin that lie above the one that is shown; empty at the newest. */
  const starts = shallowRef<readonly string[]>([])
  const isNewest = shallowRef(true)
  /** On the way to another window, which way: the one before stays until it is there. */
  const turning = shallowRef<Way>()
  const {
    found: read,
    more,
    lookAgain,
    isFull,
  } = useHits(
    () => {
      const { conversation, tab } = asked()
      return { text: '', conversation, kind: tab, before: starts.value.at(-1) }
    },
    // Whoever comes from below goes on at the end of the window, so all of it is read.
    { max: GALLERY_MESSAGES_MAX, first: () => (turning.value === 'newer' ? GALLERY_MESSAGES_MAX : HITS_AT_ONCE) },
  )
  const found = computed(() => (turning.value === undefined ? read.value : { ...read.value, state: 'found' as const }))
  watch(
    () => asked().tab,
    () => {
      starts.value = []
      isNewest.value = true
      turning.value = undefined
    },
    { flush: 'sync' },
  )
  watch(read, ({ state }) => {
    const way = turning.value
    if (way === undefined || state === 'looking') return
    turning.value = undefined
    isNewest.value = starts.value.length === 0
    turned(way)
  })
  const hits = computed(() => (found.value.state === 'looking' ? [] : found.value.hits.filter(({ account }) => !asked().isFolded(account))))
  const turn = (way: Way, to: readonly string[]): void => {
    if (turning.value !== undefined) return
    turning.value = way
    starts.value = to
  }
  const older = (): void => {
    const last = read.value.hits.at(-1)
    if (!isFull()) void more()
    else if (last !== undefined) turn('older', [...starts.value, last.orderKey])
  }
  const newer = (): void => turn('newer', starts.value.slice(0, -1))
  return { found, hits, older, newer, lookAgain, isNewest }
}
