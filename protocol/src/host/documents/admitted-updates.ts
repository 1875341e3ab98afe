// The updates of a conversation's `meta` document as its log keeps them: what a document that was lost is rebuilt from (docs/protocol.md §10.4).

import { admitUpdate } from '../../documents/admission.ts'
import { clientOf } from '../../documents/client.ts'
import { DOCUMENT_KINDS, META_DOCUMENT } from '../../documents/kinds.ts'
import { createDocumentState } from '../../documents/state.ts'
import { contentKeptOf } from '../../log/kept-body.ts'
import { readBodies } from '../rows/bodies.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Store } from '../../ports.ts'

/** Judged as they were when they came: nothing goes to Yjs unexamined, whatever the disk holds. */
export async function readAdmitted(store: Store, conversation: ConversationId): Promise<readonly Uint8Array[]> {
  let state = createDocumentState()
  const admitted: Uint8Array[] = []
  for await (const { entry, kept } of readBodies(store, conversation, 'document')) {
    const content = contentKeptOf(entry.header, kept)
    if (content?.kind !== 'document' || content.document !== META_DOCUMENT) continue
    const { update } = content
    const verdict = admitUpdate({ update, client: clientOf(entry.header.device, conversation), state, policy: DOCUMENT_KINDS.meta })
    if (verdict.kind !== 'admitted') continue
    state = verdict.state
    admitted.push(update)
  }
  return admitted
}
