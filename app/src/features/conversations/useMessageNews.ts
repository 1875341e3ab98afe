// Says that somebody has written in a chat that is not looked at: one sentence for each chat, while the page is seen and the list is not all there is,
// and a sound. What calls for nobody (notify/rule.ts) is not told.

import { watch } from 'vue'
import type { ConversationId, ConversationSummary } from '@kith/protocol'
import { areSoundsOn, createBursts, soundOnce } from '../alerts/index.ts'
import { TOAST_LENGTH_MAX } from '../limits.ts'
import { usePlainWords } from '../message/index.ts'
import { callOf, meant, meantIn, ruleOf, saidIn } from '../notify/index.ts'
import { useNotices } from '../notices/index.ts'
import { isolated, toPersonName } from '../people/index.ts'
import { fill, words } from '../words.ts'
import { toConversationName, toPreviewText } from './row.ts'

type Options = {
  /** Undefined until they have been read. */
  readonly views: () => readonly ConversationSummary[] | undefined
  /** The chat in front; undefined while there is none, and `list` while the list alone is. */
  readonly inFront: () => ConversationId | 'list' | undefined
  readonly open: (id: ConversationId) => void
  readonly page?: Document
  readonly sound?: (isStill: () => boolean) => unknown
}

/** `plain`: leaves out the marks that shape a text. */
const toSentence = (chat: ConversationSummary, plain: (text: string) => string): string => {
  const text = toPreviewText(plain(saidIn(chat)?.text ?? '')) || words.chat.photo
  const short = text.length > TOAST_LENGTH_MAX ? `${text.slice(0, TOAST_LENGTH_MAX).replace(/\p{Surrogate}$/u, '')}…` : text
  const name = isolated(toConversationName(chat))
  const author = saidIn(chat)?.author
  const from = author === undefined ? name : fill(words.chat.hereIn, { here: isolated(toPersonName(author)), name })
  return fill(words.toast.message, { name: from, text: isolated(short) })
}

const toCall = (chat: ConversationSummary) => callOf(chat, { meant: meantIn(chat.id), sounds: areSoundsOn() })
/** `old`: unread when the page began. What of it is meant for this person is found out a moment later, and is no news. */
type Known = { readonly unread: number; readonly meant: number; readonly old: number }
const UNKNOWN: Known = { unread: 0, meant: 0, old: 0 }

export const useMessageNews = ({ views, inFront, open, page = document, sound = soundOnce }: Options): void => {
  const notices = useNotices()
  const plainWords = usePlainWords()
  const bursts = createBursts()
  /** Chats whose messages are heard as one: it is to be heard as long as that of any of them is. */
  const heard = new Set<ConversationId>()
  /** What was new in each chat when it was last looked at. */
  const known = new Map<ConversationId, Known>()
  let isBegun = false
  const shown = new Map<ConversationId, number>()

  const forget = (id: ConversationId): void => {
    const notice = shown.get(id)
    if (notice !== undefined) notices.dismiss(notice)
    shown.delete(id)
  }
  const say = (chat: ConversationSummary): void => {
    forget(chat.id)
    const act = () => open(chat.id)
    shown.set(
      chat.id,
      notices.show(toSentence(chat, plainWords.value?.toPlainWords ?? ((text) => text)), { label: words.toast.open, act, isBrief: true }),
    )
  }
  const isVisible = (): boolean => page.visibilityState === 'visible'
  const isLookedAt = (id: ConversationId): boolean => isVisible() && id === inFront()
  const tell = (chat: ConversationSummary): void => {
    const { id, last } = chat
    const { isTold, isHeard } = toCall(chat)
    if (!isTold || isLookedAt(id)) return
    if (isVisible() && inFront() !== 'list') say(chat)
    if (!isHeard) return
    const isFirst = bursts(last?.time ?? 0)
    if (isFirst) heard.clear()
    heard.add(id)
    if (isFirst) void sound(() => views()?.some((one) => heard.has(one.id) && toCall(one).isHeard && !isLookedAt(one.id)) === true)
  }

  const look = (chat: ConversationSummary): void => {
    const { id, unread } = chat
    const was = known.get(id) ?? UNKNOWN
    const is = { unread, meant: meantIn(id), old: isBegun ? Math.min(was.old, unread) : unread }
    known.set(id, is)
    if (unread < was.unread) forget(id)
    const isNews = ruleOf(chat) === 'mentions' ? is.meant > was.meant && unread > is.old : unread > was.unread
    if (isBegun && isNews) tell(chat)
  }

  watch(
    [views, meant],
    ([all]) => {
      all?.forEach(look)
      isBegun ||= all !== undefined
    },
    { immediate: true },
  )
  watch(inFront, (id) => {
    if (id !== undefined && id !== 'list') forget(id)
  })
}
