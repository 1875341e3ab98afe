// A recording that was thrown away and is wanted back shows itself where its chat is open.

import type { ConversationId } from '@kith/protocol'

export const putBackIn = new Map<ConversationId, () => void>()
