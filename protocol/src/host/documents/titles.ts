// The titles of chats for whoever lists them all: read from their documents in the background, a few at a time, and again after each change.

import type { ConversationId } from '../../bytes/ids.ts'
import type { MetaDocuments } from './meta-documents.ts'
import { isResting } from '../../node/rest-looks.ts'
import type { Conversation, NodeState, RestingChat } from '../../node/state.ts'

/** So many documents are read before the list is shown anew. */
const READ_AT_ONCE = 32

export type TitleParts = {
  readonly state: () => Pick<NodeState, 'conversations'>
  readonly read: MetaDocuments['listedTitleOf']
  /** A title has come that was not known when it was asked for. */
  readonly changed: (conversation: ConversationId) => void
}

/** Undefined: there is none, or it is being read for the first time. */
export function createTitles({ state, read, changed }: TitleParts): (conversation: ConversationId) => string | undefined {
  /** `of`: what was admitted into the document when it was read, or the summary of a chat at rest. Another object after each change. */
  const known = new Map<ConversationId, { readonly of: object; readonly title: string | undefined }>()
  const asked = new Map<ConversationId, object>()
  let isReading = false

  async function readAll(): Promise<void> {
    isReading = true
    while (asked.size > 0) {
      const some = [...asked].slice(0, READ_AT_ONCE)
      for (const [conversation] of some) asked.delete(conversation)
      const titles = await Promise.all(some.map(([conversation]) => read(conversation)))
      for (const [at, [conversation, of]] of some.entries()) {
        if (state().conversations.has(conversation)) known.set(conversation, { of, title: titles[at] })
        changed(conversation)
      }
    }
    for (const conversation of known.keys()) if (!state().conversations.has(conversation)) known.delete(conversation)
    isReading = false
  }

  return (conversation) => {
    const chat = state().conversations.look(conversation)
    const of = chat && basisOf(chat)
    const before = known.get(conversation)
    if (of === undefined) known.delete(conversation)
    else if (before?.of !== of) {
      asked.set(conversation, of)
      if (!isReading) void readAll()
    }
    return of && before?.title
  }
}

function basisOf(chat: Conversation | RestingChat): object | undefined {
  if (isResting(chat)) return chat.hasTitle ? chat : undefined
  return chat.meta.bytes.size > 0 ? chat.meta : undefined
}
