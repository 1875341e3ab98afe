// Updates of shared documents: examined before anything is applied, then kept until the document has them (docs/protocol.md §10).

import { toHex } from '../bytes/bytes.ts'
import { admitUpdate } from '../documents/admission.ts'
import { clientOf } from '../documents/client.ts'
import { DOCUMENT_KINDS, META_DOCUMENT } from '../documents/kinds.ts'
import { refuse } from './draft.ts'
import { withConversation } from './state.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Content } from '../wire/content.ts'
import type { Draft } from './draft.ts'

type Written = { readonly author: DeviceId; readonly content: Extract<Content, { kind: 'document' }> }

/**
 * True when the update may be applied. Its row waits in `state` until the host has put it into the document, so a crash between
 * the two loses nothing. Entries come after their past, so an update that still speaks of something unknown never will be whole.
 */
export function admitDocument(draft: Draft, id: ConversationId, { author, content }: Written): boolean {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined || content.document !== META_DOCUMENT) return false
  const { update } = content
  const verdict = admitUpdate({ update, client: clientOf(author, id), state: conversation.meta, policy: DOCUMENT_KINDS.meta })
  if (verdict.kind !== 'admitted') {
    refuse(draft, 'document', verdict.reason)
    return false
  }
  draft.state = withConversation(draft.state, { ...conversation, meta: verdict.state })
  const key = `${PENDING_DOCUMENTS}${id}/${toHex(draft.env.random(8))}`
  draft.writes.push({ kind: 'put', table: 'state', key, value: update })
  draft.effects.push({ kind: 'document', conversation: id, key, update })
  return true
}

/** Where updates wait in the `state` table: this, the conversation, and a random name. */
export const PENDING_DOCUMENTS = 'document/'
