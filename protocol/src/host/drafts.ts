// Half-written texts in the account document: kept as they are typed, and forgotten when they were sent.

import { draftOf, setDraft } from '../documents/account.ts'
import type { DraftOutcome, DraftPlace, Engine } from '../engine.ts'
import type { RefCommand } from '../node/sent-row.ts'
import type { NodeState } from '../node/state.ts'
import type { Documents } from './documents.ts'
import type { Once } from './once.ts'

export type Drafts = {
  readonly saveDraft: Engine['saveDraft']
  /** This text went out under this ref. What was written after it, here or in another tab, stays. */
  readonly forgetDraft: (place: DraftPlace, sent: { readonly ref: string; readonly text: string }) => Promise<void>
}

export type DraftParts = {
  readonly state: () => Pick<NodeState, 'conversations'>
  readonly hasActed: Once['hasActed']
  readonly saveAccount: (change: Parameters<Documents['saveAccount']>[0]) => Promise<void>
}

export const createDrafts = ({ state, hasActed, saveAccount }: DraftParts): Drafts => ({
  async forgetDraft(place, sent) {
    await saveAccount((account) => {
      const draft = draftOf(account, place)
      return draft?.ref === sent.ref && draft.text.trim() === sent.text.trim() ? setDraft(account, place, undefined) : undefined
    })
  },
  // A draft whose text was sent by a tab that died before it could say so must not come back. An emptied field takes away its own draft only.
  async saveDraft({ conversation, text, ref }): Promise<DraftOutcome> {
    if (text !== '' && (await hasActed({ ref, command: commandOf(conversation, text) }))) return { kind: 'sent' }
    await saveAccount((account) => {
      // A tab may still show a chat that was removed: nothing of it is kept.
      if (conversation !== 'start' && !state().conversations.has(conversation)) return undefined
      if (text !== '') return setDraft(account, conversation, { text, ref })
      return draftOf(account, conversation)?.ref === ref ? setDraft(account, conversation, undefined) : undefined
    })
    return { kind: 'kept' }
  },
})

const commandOf = (place: DraftPlace, text: string): RefCommand =>
  place === 'start' ? { kind: 'create', text } : { kind: 'send', conversation: place, text }
