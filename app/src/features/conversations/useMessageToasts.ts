// Says that somebody has written in a chat that is not in front: one sentence for each chat, while the page is looked at and the list is not all there is.
// What is muted or archived calls for nobody.

import { watch } from 'vue'
import type { ConversationId, ConversationSummary } from '@kith/protocol'
import { TOAST_LENGTH_MAX } from '../limits.ts'
import { usePlainWords } from '../message/index.ts'
import { useNotices } from '../notices/index.ts'
import { isolated, toPersonName } from '../people/index.ts'
import { fill, words } from '../words.ts'
import { callsFor } from './filter.ts'
import { toConversationName, toPreviewText } from './row.ts'

type Options = {
  /** Undefined until they have been read. */
  readonly views: () => readonly ConversationSummary[] | undefined
  /** The chat in front; undefined while there is none, and `list` while the list alone is. */
  readonly inFront: () => ConversationId | 'list' | undefined
  readonly open: (id: ConversationId) => void
  readonly page?: Document
}

/** `plain`: leaves out the marks that shape a text. */
const toSentence = (chat: ConversationSummary, plain: (text: string) => string): string => {
  const text = toPreviewText(plain(chat.last?.text ?? '')) || words.chat.photo
  const short = text.length > TOAST_LENGTH_MAX ? `${text.slice(0, TOAST_LENGTH_MAX).replace(/\p{Surrogate}$/u, '')}…` : text
  const name = isolated(toConversationName(chat))
  const author = chat.last?.author
  const from = author === undefined ? name : fill(words.chat.hereIn, { here: isolated(toPersonName(author)), name })
  return fill(words.toast.message, { name: from, text: isolated(short) })
}

export const useMessageToasts = ({ views, inFront, open, page = document }: Options): void => {
  const notices = useNotices()
  const plainWords = usePlainWords()
  /** What was new in each chat when it was last looked at. */
  const known = new Map<ConversationId, number>()
  const shown = new Map<ConversationId, number>()

  const forget = (id: ConversationId): void => {
    const notice = shown.get(id)
    if (notice !== undefined) notices.dismiss(notice)
    shown.delete(id)
  }
  const tell = (chat: ConversationSummary): void => {
    forget(chat.id)
    const act = () => open(chat.id)
    shown.set(
      chat.id,
      notices.show(toSentence(chat, plainWords.value?.toPlainWords ?? ((text) => text)), { label: words.toast.open, act, isBrief: true }),
    )
  }

  watch(
    views,
    (all, before) => {
      const isSeen = page.visibilityState === 'visible' && inFront() !== 'list' && before !== undefined
      for (const chat of all ?? []) {
        const { id, unread, last } = chat
        const was = known.get(id) ?? 0
        if (was === unread) continue
        known.set(id, unread)
        if (unread < was) forget(id)
        else if (isSeen && id !== inFront() && last?.mine === false && last.author?.isBlocked !== true && callsFor(chat) > 0) tell(chat)
      }
    },
    { immediate: true },
  )
  watch(inFront, (id) => {
    if (id !== undefined && id !== 'list') forget(id)
  })
}
