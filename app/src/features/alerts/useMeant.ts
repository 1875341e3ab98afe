// Looks for what is meant for this person in groups whose rule asks for that, or that are in sight, when something new comes there, and nowhere else.

import { onScopeDispose, watch } from 'vue'
import type { ConversationId, ConversationSummary, ConversationView, MessageView } from '@kith/protocol'
import { MEANT_LOOKED_AT_MAX } from '../limits.ts'
import type { EngineClient } from '../engine/index.ts'
import { meant, meantLast, ruleOf } from '../notify/index.ts'
import { inSight } from './in-sight.ts'
import { isMeantFor } from './named.ts'

type TextMessage = Extract<MessageView, { readonly kind: 'text' }>

type Options = {
  /** It begins when parts of the page have come, where nothing can be injected any more. */
  readonly engine: Pick<EngineClient, 'watchConversation'>
  readonly views: () => readonly ConversationSummary[] | undefined
  /** What this person calls themselves. */
  readonly name: () => string | undefined
}

/** Of the newest `unread` of others. */
const meantAmong = ({ messages }: ConversationView, unread: number, name: string | undefined): readonly TextMessage[] =>
  messages
    .filter((message) => message.kind === 'text')
    .filter(({ mine }) => !mine)
    .slice(-unread)
    .filter((message) => isMeantFor(message, name))

/** Own messages and notes stand among them. */
const ROWS_BESIDE = 20

export const useMeant = ({ engine, views, name }: Options): void => {
  /** For how much of what is new it was found out, or is being found out. */
  const looked = new Map<ConversationId, number>()
  const looks = new Map<ConversationId, () => void>()

  const put = (id: ConversationId, found: readonly TextMessage[]): void => {
    const last = found.at(-1)
    if (last === undefined && !meant.value.has(id)) return
    const [all, lasts] = [new Map(meant.value), new Map(meantLast.value)]
    if (last === undefined) {
      all.delete(id)
      lasts.delete(id)
    } else {
      all.set(
        id,
        found.map((message) => message.id),
      )
      lasts.set(id, { text: last.text, author: last.author })
    }
    // Whoever hears of the messages asks for the words.
    meantLast.value = lasts
    meant.value = all
  }
  const stop = (id: ConversationId): void => {
    looks.get(id)?.()
    looks.delete(id)
  }
  const look = ({ id, unread }: ConversationSummary): void => {
    stop(id)
    const count = Math.min(unread, MEANT_LOOKED_AT_MAX)
    const show = (view: ConversationView | undefined): void => {
      put(id, view === undefined ? [] : meantAmong(view, count, name()))
      stop(id)
    }
    const watch = engine.watchConversation({ conversation: id, anchor: { kind: 'end' }, before: count + ROWS_BESIDE, after: 0 }, show)
    looks.set(id, watch.stop)
  }

  const isWanted = (chat: ConversationSummary): boolean =>
    ruleOf(chat) === 'mentions' || (chat.kind === 'group' && inSight.value.has(chat.id))
  watch(
    [views, inSight],
    ([all]) => {
      for (const chat of all ?? []) {
        const isAsked = chat.unread > 0 && isWanted(chat)
        if (!isAsked && !looked.has(chat.id)) continue
        if (isAsked && looked.get(chat.id) === chat.unread) continue
        if (isAsked) {
          looked.set(chat.id, chat.unread)
          look(chat)
        } else {
          looked.delete(chat.id)
          stop(chat.id)
          put(chat.id, [])
        }
      }
    },
    { immediate: true },
  )
  onScopeDispose(() => [...looks.keys()].forEach(stop))
}
