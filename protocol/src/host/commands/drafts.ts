// Half-written texts in the account document: kept as they are typed, and forgotten when they were sent.

import { draftOf, setDraft } from '../../documents/account.ts'
import type { Draft } from '../../documents/account.ts'
import type { Commands, DraftOutcome, DraftPlace } from '../../engine.ts'
import type { RefCommand } from '../../node/rows/sent-row.ts'
import type { NodeState } from '../../node/state.ts'
import type { Documents } from '../documents/documents.ts'
import type { Once } from './once.ts'

export type Drafts = {
  readonly saveDraft: Commands['saveDraft']
  /** This text went out under this ref. What was written after it, here or in another tab, stays. */
  readonly forgetDraft: (place: DraftPlace, sent: { readonly ref: string; readonly text: string }) => Promise<void>
  /** Of drafts that went out before they could be forgotten, as an engine that ended in between leaves them, none comes back. */
  readonly forgetSent: () => Promise<void>
}

export type DraftParts = {
  readonly state: () => Pick<NodeState, 'conversations'>
  readonly account: Documents['account']
  readonly hasActed: Once['hasActed']
  readonly saveAccount: (change: Parameters<Documents['saveAccount']>[0], of: DraftPlace) => Promise<void>
}

export function createDrafts({ state, account, hasActed, saveAccount }: DraftParts): Drafts {
  async function forgetDraft(place: DraftPlace, sent: { readonly ref: string; readonly text: string }): Promise<void> {
    const isSent = (draft: Draft | undefined): boolean => draft?.ref === sent.ref && draft.text.trim() === sent.text.trim()
    await saveAccount((document) => (isSent(draftOf(document, place)) ? setDraft(document, place, undefined) : undefined), place)
  }

  return {
    forgetDraft,
    async forgetSent() {
      for (const place of ['start' as const, ...state().conversations.keys()]) {
        const draft = draftOf(account(), place)
        if (draft !== undefined && (await hasActed({ ref: draft.ref, command: commandOf(place, draft.text.trim()) })))
          await forgetDraft(place, draft)
      }
    },
    // A draft whose text was sent by a tab that died before it could say so must not come back. An emptied field takes away its own draft only.
    async saveDraft({ conversation, text, ref }): Promise<DraftOutcome> {
      if (text !== '' && (await hasActed({ ref, command: commandOf(conversation, text) }))) return { kind: 'sent' }
      await saveAccount((document) => {
        // A tab may still show a chat that was removed: nothing of it is kept.
        if (conversation !== 'start' && !state().conversations.has(conversation)) return undefined
        if (text !== '') return setDraft(document, conversation, { text, ref })
        return draftOf(document, conversation)?.ref === ref ? setDraft(document, conversation, undefined) : undefined
      }, conversation)
      return { kind: 'kept' }
    },
  }
}

const commandOf = (place: DraftPlace, text: string): RefCommand =>
  place === 'start' ? { kind: 'create', text } : { kind: 'send', conversation: place, text }
