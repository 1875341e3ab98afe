// Finishes what a removal began (docs/decisions/0015): the documents and the account's words about a conversation go first, then its rows in one
// commit, and with it the mark that they are to go. Whatever a crash leaves is done after the next start.

import { isSpent } from '../../node/remove.ts'
import { draftOf, DROPPED, flagOf } from '../../documents/account.ts'
import { createSequences } from '../sequences.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Document } from '../../documents/document.ts'
import type { Conversation } from '../../node/state.ts'
import type { Clock } from '../../ports.ts'
import type { Later } from '../lazily.ts'
import type { Loop } from '../loop.ts'
import type { ErasureParts } from './erase-conversation.ts'

export type EraserParts = ErasureParts & {
  readonly loop: Pick<Loop, 'push'>
  readonly clock: Clock
  readonly later: Later
  readonly log: (line: string) => void
}

export type Eraser = {
  /** Resolves when nothing of a removed conversation is left; at once where there is nothing to do. */
  readonly erase: (conversation: ConversationId) => Promise<void>
  /** Removes own invites that nobody saw and nobody can use, and erases what is left. Never rejects: what fails is tried with the next call. */
  readonly tidy: () => Promise<void>
}

export function createEraser(parts: EraserParts): Eraser {
  const { documents, later, loop, clock, log } = parts
  const inTurn = createSequences<ConversationId>()

  const erase = (id: ConversationId): Promise<void> => inTurn(id, async () => (await later()).eraseConversation(parts, id))

  return {
    erase,
    tidy: async () => {
      const now = clock()
      const account = documents.account()
      for (const conversation of loop.state().conversations.awake.values())
        if (conversation.phase === 'inviting' && isToGo(account, conversation, now))
          loop.push({ kind: 'remove', conversation: conversation.id, when: 'unanswered' })
      for (const id of loop.state().removals.erasing.keys())
        await erase(id).catch((error: unknown) => log(`a removed chat is not erased yet: ${String(error)}`))
    },
  }
}

// An invite with something half written in it is on the list, and stays there. Older versions marked what was to go, and kept it.
const isToGo = (account: Document, conversation: Conversation, now: number): boolean =>
  (isSpent(conversation, now) && draftOf(account, conversation.id) === undefined) || flagOf(account, conversation.id, DROPPED)
