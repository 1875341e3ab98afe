// Which chat is in front: the one that the address means, as soon as the list says which that is; and where the list leaves room beside it, the
// one that was open last.

import { watch } from 'vue'
import type { ConversationId, ConversationSummary } from '@kith/protocol'
import type { Navigation } from '../features/navigation/index.ts'

type Options = {
  readonly navigation: Pick<Navigation, 'route' | 'replace' | 'learn' | 'lastOpened'>
  /** Newest first; undefined until they have been read. */
  readonly views: () => readonly ConversationSummary[] | undefined
  /** There are no others than these. Left out: always. */
  readonly whole?: () => boolean
  /** There is room for the list and a chat. */
  readonly wide: () => boolean
  /** Nothing else is about to open a chat. */
  readonly idle: () => boolean
}

export const useChatInFront = ({ navigation, views, whole = () => true, wide, idle }: Options): void => {
  /** Who takes a chat off the list does not want to see it again, though the list may have it for a moment. */
  let left: ConversationId | undefined
  /** Who asked for a chat that is not here is not shown another one. */
  let isLost = false

  const showLast = (): void => {
    if (navigation.route.value.kind !== 'list' || isLost || !wide() || !idle() || views() === undefined) return
    const id = navigation.lastOpened(left)
    if (id !== undefined) navigation.replace({ kind: 'conversation', id, beside: 'nothing' })
  }

  watch(
    [views, whole],
    ([shown, isWhole]) => {
      if (shown !== undefined) navigation.learn(shown, isWhole)
    },
    { immediate: true },
  )
  watch(wide, () => (left = undefined))
  watch(
    [navigation.route, views, wide, idle],
    ([route], [before]) => {
      if (route !== before) {
        left = route.kind === 'list' && before?.kind === 'conversation' ? before.id : undefined
        isLost = route.kind === 'list' && before?.kind === 'finding'
      }
      showLast()
    },
    { immediate: true },
  )
}
