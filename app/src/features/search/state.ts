// What is searched for in the list, kept while other screens are in its place; and which message was found, until it is shown.

import { shallowRef } from 'vue'
import type { ConversationId, EntryId } from '@kith/protocol'

const [text, isOpen, isAsked] = [shallowRef(''), shallowRef(false), shallowRef(false)]

export const searching = {
  text,
  isOpen,
  /** There is something to look for, so results stand where the chats do otherwise. */
  isAsked,
  leave(): void {
    text.value = ''
    isOpen.value = isAsked.value = false
  },
}

/** A message to be shown in its chat. `parts`: of its text what was asked for. */
export type Sought = { readonly conversation: ConversationId; readonly message: EntryId; readonly parts: readonly string[] }
export const sought = shallowRef<Sought>()
