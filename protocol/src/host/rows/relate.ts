// Before a batch is committed, what its entries do to lines of other entries takes effect, with the rows that it needs: of the store, and
// of this very batch (docs/protocol.md §5.12).

import { decode, tryDecode } from '../../bytes/codec.ts'
import { relate } from '../../conversation/relate.ts'
import { withConversation } from '../../node/change.ts'
import { keptKeyOf, shredBody, storedBody } from '../../node/rows/stored-body.ts'
import { content as contentCodec } from '../../wire/content.ts'
import { StoreError } from '../../ports.ts'
import { lastOf } from './last-of.ts'
import { createOverlay } from './overlay.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { RelateIo } from '../../conversation/relate.ts'
import type { ConversationState } from '../../conversation/state.ts'
import type { NodeState } from '../../node/state.ts'
import type { Store, StoreWrite } from '../../ports.ts'
import type { Batch } from '../batch.ts'
import type { Overlay } from './overlay.ts'

type Parts = {
  readonly store: Pick<Store, 'get' | 'read'>
  /** Something could not be done because of a fault of ours, or of a row that is not as it was written. It is left out, and nothing else is. */
  readonly faulty: (error: unknown) => void
}

/** `since`: the state before the batch. Rejects with {@link StoreError} only. */
export async function relateIn(batch: Batch, since: NodeState, { store, faulty }: Parts): Promise<void> {
  const changed = batch.state.conversations.changedSince(since.conversations).flatMap((id) => batch.state.conversations.get(id) ?? [])
  const busy = changed.filter(({ view }) => view.pending.length > 0)
  if (busy.length === 0) return
  const overlay = createOverlay(store, ['timeline', 'index', 'relations', 'bodies'])
  overlay.follow(batch.writes)
  for (const conversation of busy) {
    const { view, writes } = await relateAll(conversation.view, { overlay, faulty })
    batch.writes.push(...writes)
    batch.state = withConversation(batch.state, { ...conversation, view })
  }
}

type RelateResult = { readonly view: ConversationState; readonly writes: readonly StoreWrite[] }

/** The conversation after everything that was pending in it, and the rows of that. `overlay`: the store with all that was written before. */
export async function relateAll(
  before: ConversationState,
  { overlay, faulty }: { readonly overlay: Overlay; readonly faulty: Parts['faulty'] },
): Promise<RelateResult> {
  let view: ConversationState = { ...before, pending: [] }
  const all: StoreWrite[] = []
  for (const pending of before.pending) {
    const writes: StoreWrite[] = []
    try {
      view = await relate(view, pending, ioOf(before.conversation, { overlay, writes }))
      all.push(...writes)
    } catch (error) {
      if (error instanceof StoreError) throw error
      faulty(error)
    }
  }
  // Whoever reacts a thousand times leaves one row.
  return { view, writes: lastOf(all) }
}

function ioOf(id: ConversationId, { overlay, writes: all }: { readonly overlay: Overlay; readonly writes: StoreWrite[] }): RelateIo {
  const write = (writes: readonly StoreWrite[]): void => {
    overlay.follow(writes)
    all.push(...writes)
  }
  return {
    store: overlay,
    write,
    shred: (body) => write(shredBody(id, body)),
    editText: async (orderKey) => {
      const row = await overlay.get('bodies', keptKeyOf(id, { kind: 'edit', orderKey }))
      const said = row && tryDecode(contentCodec, decode(storedBody, row).kept.content)
      return said?.kind === 'edit' ? said.text : undefined
    },
  }
}
