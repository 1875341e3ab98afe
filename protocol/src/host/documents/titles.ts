// The titles of chats for whoever lists them all: read from their documents in the background, a few at a time, and again after each change.

import type { ConversationId } from '../../bytes/ids.ts'
import type { MetaDocuments } from './meta-documents.ts'
import type { NodeState } from '../../node/state.ts'

/** So many documents are read before the list is shown anew. */
const READ_AT_ONCE = 32

export type TitleParts = {
  readonly state: () => Pick<NodeState, 'conversations'>
  readonly read: MetaDocuments['listedTitleOf']
  /** A title has come that was not known when it was asked for. */
  readonly changed: (conversation: ConversationId) => void
}

/** Undefined: there is none, or it is being read. */
export function createTitles({ state, read, changed }: TitleParts): (conversation: ConversationId) => string | undefined {
  // By what was admitted into a document, which is another object after each change and is gone with its chat.
  const known = new WeakMap<object, string | undefined>()
  const asked = new Map<ConversationId, object>()
  let isReading = false

  async function readAll(): Promise<void> {
    isReading = true
    while (asked.size > 0) {
      const some = [...asked].slice(0, READ_AT_ONCE)
      for (const [conversation] of some) asked.delete(conversation)
      const titles = await Promise.all(some.map(([conversation]) => read(conversation)))
      for (const [at, [conversation, meta]] of some.entries()) {
        known.set(meta, titles[at])
        changed(conversation)
      }
    }
    isReading = false
  }

  return (conversation) => {
    const meta = state().conversations.get(conversation)?.meta
    if (meta === undefined || meta.bytes.size === 0) return undefined
    if (known.has(meta)) return known.get(meta)
    asked.set(conversation, meta)
    if (!isReading) void readAll()
    return undefined
  }
}
