// All messages of a chat as it shows them, a page at a time: what was deleted, or is over, is in no copy.

import type { ConversationId, ConversationView, MessageView } from '@kith/protocol'
import type { EngineClient } from '../engine/index.ts'
import { EXPORT_PAGE_MESSAGES } from './limits.ts'

type Page = { readonly view: ConversationView; readonly messages: readonly MessageView[] }

/** The chat is not here, or what was read last went meanwhile. */
export class ChatGoneError extends Error {
  override readonly name = 'ChatGoneError'
}

/** Oldest first. */
export async function* pagesOf(engine: Pick<EngineClient, 'watchConversation'>, conversation: ConversationId): AsyncGenerator<Page, void> {
  let shown: ((view: ConversationView | undefined) => void) | undefined
  /** The message from which on a page was asked for. */
  let from: string | undefined
  const isAsked = ({ anchor }: ConversationView): boolean =>
    from === undefined ? anchor.kind === 'time' : anchor.kind === 'entry' && anchor.entry === from
  const next = () => new Promise<ConversationView | undefined>((resolve) => (shown = resolve))
  let coming = next()
  const watch = engine.watchConversation(
    { conversation, anchor: { kind: 'time', time: 0 }, before: 0, after: EXPORT_PAGE_MESSAGES },
    (view) => {
      if (view === undefined || isAsked(view)) shown?.(view)
    },
  )
  try {
    for (;;) {
      const view = await coming
      if (view === undefined || (from !== undefined && view.messages[0]?.id !== from))
        throw new ChatGoneError('the chat is another one now')
      yield { view, messages: from === undefined ? view.messages : view.messages.slice(1) }
      const last = view.messages.at(-1)
      if (!view.hasNewer || last === undefined) return
      from = last.id
      coming = next()
      watch.move({ anchor: { kind: 'entry', entry: last.id }, before: 0, after: EXPORT_PAGE_MESSAGES })
    }
  } finally {
    watch.stop()
  }
}
