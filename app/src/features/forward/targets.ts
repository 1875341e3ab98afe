// Where a message can be sent on to.

import type { ConversationId, ConversationSummary } from '@kith/protocol'
import { isLinkOver, toConversationName, toFace } from '../conversations/index.ts'
import type { Choice } from '../../ui/choice.ts'

/** Somebody is there, or may still come, and hears what is written. */
const isHeard = (summary: ConversationSummary): boolean => {
  if (summary.phase === 'invited' || summary.isBlocked === true || isLinkOver(summary)) return false
  return summary.kind === 'pair' || summary.role !== undefined
}

/** In the order of the list. `besides`: where it is already. */
export const toTargets = (
  chats: readonly ConversationSummary[],
  besides?: ConversationId,
): readonly Choice<ConversationId, ReturnType<typeof toFace>>[] =>
  chats.flatMap((summary) => {
    if (summary.id === besides || !isHeard(summary)) return []
    return [{ key: summary.id, name: toConversationName(summary), face: toFace(summary) }]
  })
