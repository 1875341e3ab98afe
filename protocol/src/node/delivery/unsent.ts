// Texts that were only here, and what to say about them when they have left (docs/protocol.md knows nothing of it: it is for the eye).

import { withConversation } from '../change.ts'
import { hasPassed } from '../moment.ts'
import { ownLength } from '../state.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Draft } from '../draft.ts'

/** A message that leaves within this time has not waited, ms. */
const NOTICEABLE_MS = 5_000

/** The first `length` own entries are not only here any more. Texts that waited long enough for somebody to wonder are counted. */
export function leaveUpTo(draft: Draft, id: ConversationId, length: number): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.unsent === undefined || length < ownLength(draft.state, conversation)) return
  const { texts, since } = conversation.unsent
  if (hasPassed({ since, ms: NOTICEABLE_MS }, draft.env.now)) draft.effects.push({ kind: 'went-out', messages: texts })
  draft.state = withConversation(draft.state, { ...conversation, unsent: undefined })
}
