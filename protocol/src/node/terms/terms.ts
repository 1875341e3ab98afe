// On which terms this account is with others: whom it has blocked, what was asked of it and by it, and what of that time has made pointless.

import { INVITE_MS_MAX } from '../../limits.ts'
import { bothOf } from '../mailboxes/both.ts'
import type { Draft } from '../draft.ts'
import type { Inbox } from '../mailboxes/inbox.ts'
import type { ReceivedRequest, Terms } from './terms-state.ts'

/** A relay has no use for what nobody closes: it lets go of everything in it after this long by itself, ms. */
const CLOSING_MS = 30 * 86_400_000

export function withTerms(draft: Draft, change: (terms: Terms) => Partial<Terms>): void {
  const { terms } = draft.state
  draft.state = { ...draft.state, terms: { ...terms, ...change(terms) } }
}

/** Whoever this mailbox was for has no right to it any more, and its relay is asked to let go of it. */
export function closeMailbox(draft: Draft, inbox: Inbox | undefined): void {
  const { now: since } = draft.env
  const there = bothOf(inbox).filter(({ registered }) => registered)
  if (there.length > 0) withTerms(draft, ({ closing }) => ({ closing: [...closing, ...there.map(({ keys }) => ({ keys, since }))] }))
}

/** Whether its invite may still be open. By this device's clock: a relay says so when it is accepted. */
export const isRequestOver = ({ offer, at }: ReceivedRequest, now: number): boolean =>
  now >= Math.min(offer.expires * 1_000, at + INVITE_MS_MAX)

/** Called about once a second. */
export function forgetTerms(draft: Draft): void {
  const { now } = draft.env
  const { requests, closing } = draft.state.terms
  const isOver = (request: ReceivedRequest): boolean => isRequestOver(request, now)
  if ([...requests.values()].some(isOver))
    withTerms(draft, () => ({ requests: new Map([...requests].filter(([, request]) => !isOver(request))) }))
  const isStale = ({ since }: Terms['closing'][number]): boolean => now - since >= CLOSING_MS
  if (closing.some(isStale)) withTerms(draft, () => ({ closing: closing.filter((one) => !isStale(one)) }))
}
