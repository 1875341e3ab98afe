// What of the new messages of a group is meant for this person, where its rule asks for that, or its row or its messages are in sight; filled by what
// looks into those groups (alerts/useMeant.ts).

import { shallowRef } from 'vue'
import type { ConversationId, ConversationSummary, EntryId, PersonView } from '@kith/protocol'
import { callOf, ruleOf } from './rule.ts'
import type { Ruled } from './rule.ts'

/** Oldest first. */
export const meant = shallowRef<ReadonlyMap<ConversationId, readonly EntryId[]>>(new Map())

export const meantIn = (id: ConversationId): number => meant.value.get(id)?.length ?? 0

/** What a chat calls for attention with. */
export const callsFor = (chat: Ruled & Pick<ConversationSummary, 'id'>): number =>
  callOf(chat, { meant: meantIn(chat.id), sounds: false }).count

/** What somebody has written. `author`: in a group. */
export type Said = { readonly text: string; readonly author?: PersonView | undefined }

/** The last of what is meant for this person. */
export const meantLast = shallowRef<ReadonlyMap<ConversationId, Said>>(new Map())

/** What a chat is told with: where it calls for what is meant for this person, not what came after that. */
export const saidIn = (chat: Ruled & Pick<ConversationSummary, 'id'>): Said | undefined =>
  (ruleOf(chat) === 'mentions' ? meantLast.value.get(chat.id) : undefined) ?? chat.last
