// What a person has said about a chat of their list: flags of the account document, as the list shows them (docs/decisions/0049).

import { archivedAt, flagOf, mutedUntil, notifyingOf } from '../../documents/account.ts'
import { isShown } from '../../conversation/state.ts'
import { isResting } from '../../node/rest-looks.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { ConversationState } from '../../conversation/state.ts'
import type { Document } from '../../documents/document.ts'
import type { Conversation, RestingChat } from '../../node/state.ts'
import type { ChatFlags } from '../../views.ts'

/** Digits of an order key that say time and depth: of what was written with knowledge of something else they are always greater. */
const PLACE_LENGTH = 20

/** Where the last message of anybody else stands; the same on all devices that have it. Empty where there is none. */
export const heardIn = (view: ConversationState): string =>
  [...view.accounts].reduce((heard, [account, { last }]) => {
    const place = account === view.self || !isShown(view, account) ? '' : (last?.orderKey.slice(0, PLACE_LENGTH) ?? '')
    return place > heard ? place : heard
  }, '')

/**
 * True where somebody else has written since the chat was archived, which is not muted. What came while it was muted brings it back neither then nor when
 * that is over: only what was written after that.
 */
export function isBack(document: Document, { id, view }: Conversation, now: number): boolean {
  const [until, archived] = [mutedUntil(document, id), archivedAt(document, id)]
  if (archived === undefined || until > now) return false
  return heardIn(view) > archived && heardAt(view) > until
}

/** When the last message of anybody else was written, never later than it came, ms: a clock that runs ahead says nothing of what is to come. */
const heardAt = (view: ConversationState): number =>
  [...view.accounts].reduce(
    (time, [account, { last }]) => (account === view.self || !isShown(view, account) ? time : Math.max(time, last?.time ?? 0)),
    0,
  )

/** Until when a chat was muted that is so no more, ms. */
export function mutedBefore(document: Document, id: ConversationId, now: number): number | undefined {
  const until = mutedUntil(document, id)
  return until > 0 && until <= now ? until : undefined
}

/** An archived chat comes back with a message of somebody else, unless it is muted. One at rest has none that would not have brought it back. */
export function flagsOf(document: Document, chat: Conversation | RestingChat, now: number): ChatFlags {
  const { id } = chat
  const [until, notifies, archived] = [mutedUntil(document, id), notifyingOf(document, id), archivedAt(document, id)]
  const isMuted = until > now
  return {
    ...(flagOf(document, id, 'pinned') && { isPinned: true }),
    ...(isMuted && { isMuted, ...(until < Infinity && { mutedUntil: until }) }),
    ...(notifies && { notifies }),
    ...(flagOf(document, id, 'unread') && { isMarkedUnread: true }),
    ...(archived !== undefined && (isResting(chat) || !isBack(document, chat, now)) && { isArchived: true }),
  }
}
