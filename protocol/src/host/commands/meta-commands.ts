// Commands that change what all members say together about a chat.

import { setTimer, setTitle } from '../../documents/meta.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Document } from '../../documents/document.ts'
import type { Commands, TitleOutcome } from '../../engine.ts'
import type { Answer } from '../../node/draft.ts'
import type { Documents } from '../documents/documents.ts'
import type { Loop } from '../loop.ts'

type Parts = { readonly loop: Pick<Loop, 'state' | 'ask'>; readonly documents: Pick<Documents, 'changeMeta'> }

export function createMetaCommands({ loop, documents }: Parts): Pick<Commands, 'setTitle' | 'setTimer'> {
  async function change(conversation: ConversationId, make: (document: Document) => Uint8Array | undefined): Promise<TitleOutcome> {
    if (!loop.state().conversations.has(conversation)) return { kind: 'refused', reason: 'unknown-conversation' }
    // The document follows from what the record says was admitted.
    await loop.ask({ kind: 'wake', conversation })
    const answer = await documents.changeMeta(conversation, make, (update) => loop.ask({ kind: 'write-document', conversation, update }))
    return answer === undefined ? { kind: 'saved' } : toOutcome(answer)
  }

  return {
    setTitle: ({ conversation, title }) => change(conversation, (document) => setTitle(document, title)),
    setTimer: ({ conversation, seconds }) => change(conversation, (document) => setTimer(document, seconds)),
  }
}

function toOutcome(answer: Answer): TitleOutcome {
  if (answer.kind !== 'refused') return { kind: 'saved' }
  return { kind: 'refused', reason: REASONS.find((known) => known === answer.reason) ?? 'not-admitted' }
}

const REASONS = ['unknown-conversation', 'full'] as const
