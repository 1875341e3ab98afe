// Whom and which chats a search can name.

import type { AccountId, ConversationSummary } from '@kith/protocol'
import { toConversationName } from '../conversations/index.ts'
import { namedLike } from '../named-like.ts'
import { toShownName } from '../people/index.ts'
import { words } from '../words.ts'
import { CHATS_SHOWN_MAX } from './limits.ts'

export type Person = { readonly account: AccountId; readonly name: string }

/** Everybody with a name, oneself first and then in order of their names. */
export const peopleOf = (chats: readonly ConversationSummary[], self: AccountId | undefined): readonly Person[] => {
  const named = new Map(
    chats.flatMap(({ peer, name }): readonly (readonly [AccountId, string])[] => {
      const shown = toShownName(name)
      return peer === undefined || shown === undefined ? [] : [[peer, shown]]
    }),
  )
  const others = Array.from(named, ([account, name]) => ({ account, name })).toSorted((a, b) => a.name.localeCompare(b.name))
  return [...(self === undefined ? [] : [{ account: self, name: words.you }]), ...others]
}

/** Chats with a person or a title of which a word begins so, newest first. */
export const chatsNamed = (chats: readonly ConversationSummary[], text: string): readonly ConversationSummary[] => {
  if (text === '') return []
  const isNamed = namedLike(text)
  return chats.filter((chat) => isNamed(toConversationName(chat)) || isNamed(chat.title ?? '')).slice(0, CHATS_SHOWN_MAX)
}
