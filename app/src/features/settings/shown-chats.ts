// What the service worker shows of the chats that call for attention, as a page of Kith tells it: one notification for each, and none for what is muted
// or archived, or comes from somebody who is blocked.

import type { ConversationSummary } from '@kith/protocol'
import { PUSH_CHATS_SHOWN_MAX, TOAST_LENGTH_MAX } from '../limits.ts'
import { callOf, meantIn, saidIn } from '../notify/index.ts'
import { toConversationName, toPreviewText } from '../conversations/index.ts'
import { fill, words } from '../words.ts'
import { toPersonName } from '../people/index.ts'

export type ShownChat = { readonly alias: string; readonly title: string; readonly text: string }

/** `plain`: leaves out the marks that shape a text. */
export const toShown = (chats: readonly ConversationSummary[], plain: (text: string) => string): readonly ShownChat[] =>
  chats
    .filter(isToBeShown)
    .slice(0, PUSH_CHATS_SHOWN_MAX)
    .map((chat) => ({ alias: chat.alias, title: titleOf(chat), text: textOf(chat, plain) }))

const isToBeShown = (chat: ConversationSummary): boolean => callOf(chat, { meant: meantIn(chat.id), sounds: false }).isTold

const titleOf = (chat: ConversationSummary): string => {
  const name = toConversationName(chat)
  const author = saidIn(chat)?.author
  return author === undefined ? name : fill(words.chat.hereIn, { here: toPersonName(author), name })
}

const textOf = (chat: ConversationSummary, plain: (text: string) => string): string => {
  const text = toPreviewText(plain(saidIn(chat)?.text ?? '')) || words.chat.photo
  return text.length > TOAST_LENGTH_MAX ? `${text.slice(0, TOAST_LENGTH_MAX).replace(/\p{Surrogate}$/u, '')}…` : text
}
