// A membership from entries in any order: what waits for its past is tried again, as the log does it.

import { extendMembership } from '../../src/membership/membership.ts'
import { createMembership } from '../../src/membership/state.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Membership } from '../../src/membership/state.ts'
import type { ControlEntry, Evaluation } from '../../src/membership/types.ts'

export function foldMembership(conversation: ConversationId, entries: readonly ControlEntry[]): Membership {
  let membership = createMembership(conversation)
  let waiting = entries
  for (;;) {
    const left: ControlEntry[] = []
    for (const entry of waiting) {
      const extended = extendMembership(membership, entry)
      if (extended.kind === 'extended') membership = extended.membership
      else if (extended.kind === 'waits') left.push(entry)
    }
    if (left.length === waiting.length || left.length === 0) return membership
    waiting = left
  }
}

/** What a membership says, in the form in which evaluators say it. */
export const evaluationOf = (membership: Membership): Evaluation => ({
  counted: new Set(membership.entries.keys()),
  accepted: new Map(
    [...membership.entries].flatMap(([id, { isAccepted, authority }]) =>
      isAccepted ? [[id, authority && { entry: authority.maker.id, index: authority.index }] as const] : [],
    ),
  ),
  members: new Map(membership.members),
  history: membership.history,
  links: new Set(membership.links.keys()),
})
