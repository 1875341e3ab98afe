// What is left to do about conversations that were removed from this device, and which own invites nobody misses. Removing one is in removing.ts.

import { isOver } from './clocks.ts'
import type { Draft } from './draft.ts'
import type { Conversation, Removals } from './state.ts'

/** An own invite that nobody misses: nothing was written, the link was not shared, nobody came. */
export const isUntouched = ({ phase, invite }: Conversation): boolean => phase === 'inviting' && invite.isUntouched

/** True for an invite that nobody misses and nobody can use any more. */
export const isSpent = (conversation: Conversation, now: number): boolean =>
  isUntouched(conversation) && (conversation.invite?.status !== 'open' || isOver(conversation.invite, now))

/** What time has made pointless is forgotten. */
export function forgetRemovals(draft: Draft): void {
  const { ends, answered } = draft.state.removals
  const { now } = draft.env
  if (ends.some(({ expires }) => now >= expires)) withRemovals(draft, () => ({ ends: ends.filter(({ expires }) => now < expires) }))
  if ([...answered.values()].some((expires) => now >= expires))
    withRemovals(draft, () => ({ answered: new Map([...answered].filter(([, expires]) => now < expires)) }))
}

export function withRemovals(draft: Draft, change: (removals: Removals) => Partial<Removals>): void {
  const { removals } = draft.state
  draft.state = { ...draft.state, removals: { ...removals, ...change(removals) } }
}
