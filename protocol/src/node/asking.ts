// Asking for what is missing: how long to wait before the next time, and when there is nothing left to ask (docs/protocol.md §6).

import { ASKS_MAX } from '../limits.ts'
import { partnersOf } from './draft.ts'
import { isLevel } from './reach.ts'
import { hasPassed, withConversation } from './state.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { Draft } from './draft.ts'
import type { InputOf } from './input.ts'
import type { Missing, NodeState } from './state.ts'

/** Missing entries are asked for after this long, then after twice as long, and so on, ms. */
export const MISSING_MS = 10_000
const ASK_DOUBLINGS = 9

/** True when it is time to say what this device has, because something did not come. */
export const isAskDue = ({ since, asks }: Missing, now: number): boolean =>
  hasPassed({ since, ms: MISSING_MS * 2 ** Math.min(asks, ASK_DOUBLINGS) }, now)

/** The question has gone out. It is repeated while the answer does not come, less and less often. */
export function noteAsked(draft: Draft, id: ConversationId): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.missing === undefined) return
  const { upTo, asks } = conversation.missing
  const isOver = asks + 1 >= ASKS_MAX || (upTo.size === 0 && isLevelWithAll(draft.state, id))
  const missing = isOver ? undefined : { since: draft.env.now, asks: asks + 1, upTo }
  draft.state = withConversation(draft.state, { ...conversation, missing })
}

/** What was said on a link counts as asking when it was time for that. */
export function askedOn(draft: Draft, { told }: InputOf<'told'>): void {
  for (const id of told.keys()) {
    const missing = draft.state.conversations.get(id)?.missing
    if (missing !== undefined && isAskDue(missing, draft.env.now)) noteAsked(draft, id)
  }
}

/** True when nobody is left who has not named every branch of the own feed. */
export function isLevelWithAll(state: NodeState, id: ConversationId): boolean {
  const conversation = state.conversations.get(id)
  return conversation === undefined || partnersOf(state, id).every((device) => isLevel(conversation, state.self.device.id, device))
}
