// How much of what is new in a group is meant for this person, where its rule asks for that; filled by what looks into those groups (alerts/useMeant.ts).

import { shallowRef } from 'vue'
import type { ConversationId, ConversationSummary } from '@kith/protocol'
import { callOf } from './rule.ts'
import type { Ruled } from './rule.ts'

export const meant = shallowRef<ReadonlyMap<ConversationId, number>>(new Map())

export const meantIn = (id: ConversationId): number => meant.value.get(id) ?? 0

/** What a chat calls for attention with. */
export const callsFor = (chat: Ruled & Pick<ConversationSummary, 'id'>): number =>
  callOf(chat, { meant: meantIn(chat.id), sounds: false }).count
