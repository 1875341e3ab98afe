// Messages that were found, by chat: the chat with the newest one first, and in each the newest first.

import type { ConversationId, SearchHit } from '@kith/protocol'

export type HitGroup = { readonly conversation: ConversationId; readonly hits: readonly SearchHit[] }

/** `hits`: newest first. */
export const toGroups = (hits: readonly SearchHit[]): readonly HitGroup[] =>
  Array.from(
    Map.groupBy(hits, ({ conversation }) => conversation),
    ([conversation, of]) => ({ conversation, hits: of }),
  )
