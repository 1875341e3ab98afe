// Frames that speak about what this device has.

import { headsOf } from '../log/log.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { NodeState } from '../node/state.ts'
import type { Frame } from '../wire/frame.ts'

/** What this device has of these conversations. */
export const framesOfHave = (state: NodeState, conversations: readonly ConversationId[]): Frame => ({
  kind: 'have',
  have: conversations.flatMap((id) => {
    const conversation = state.conversations.get(id)
    return conversation === undefined ? [] : [{ conversation: id, heads: headsOf(conversation.log) }]
  }),
})
