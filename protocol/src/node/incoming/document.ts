// Updates of shared documents: examined before anything is applied, then kept until the document has them (docs/protocol.md §10).

import { admitUpdate } from '../../documents/admission.ts'
import { clientOf } from '../../documents/client.ts'
import { DOCUMENT_KINDS, META_DOCUMENT } from '../../documents/kinds.ts'
import { bytesOf } from '../../documents/state.ts'
import { withConversation } from '../change.ts'
import { refuse } from '../draft.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { MissingPast, UpdateRefusal } from '../../documents/admission.ts'
import type { DocumentState } from '../../documents/state.ts'
import type { Content } from '../../wire/content.ts'
import type { Draft } from '../draft.ts'

export type UpdateFault = UpdateRefusal | MissingPast

type DocumentWrite = { readonly author: DeviceId; readonly content: Extract<Content, { kind: 'document' }> }

/** True when the update may be applied; see {@link takeUpdate}. */
export const admitDocument = (draft: Draft, id: ConversationId, written: DocumentWrite): boolean =>
  takeUpdate(draft, id, written) === undefined

/**
 * Admits an update, or says why not. Its row waits in `state` until the host has put it into the document, so a crash between
 * the two loses nothing. Entries come after their past, so an update that still speaks of something unknown never will be whole.
 */
export function takeUpdate(draft: Draft, id: ConversationId, { author, content }: DocumentWrite): UpdateFault | undefined {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined || content.document !== META_DOCUMENT) return 'content'
  const { update } = content
  const verdict = admitUpdate({ update, client: clientOf(author, id), state: conversation.meta, policy: DOCUMENT_KINDS.meta })
  if (verdict.kind !== 'admitted') {
    refuse(draft, 'document', verdict.reason)
    return verdict.reason
  }
  draft.state = withConversation(draft.state, { ...conversation, meta: verdict.state })
  draft.writes.push({ kind: 'put', table: 'state', key: waitingKeyOf(id, verdict.state), value: update })
  draft.effects.push({ kind: 'document', conversation: id })
  return undefined
}

// Named by what all updates so far have in bytes: so they are read in the order in which they were admitted.
const waitingKeyOf = (id: ConversationId, meta: DocumentState): string => `document/${id}/${bytesOf(meta).toString(16).padStart(8, '0')}`

/** Where the admitted updates of a conversation wait in the `state` table, in the order of their admission. */
export const waitingUpdates = (id: ConversationId): { readonly from: string; readonly to: string } => ({
  from: `document/${id}/`,
  to: `document/${id}/~`,
})
