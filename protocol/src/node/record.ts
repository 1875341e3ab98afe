// Rows that an accepted entry leaves in the store: the entry itself as it travels, and what people see of it.

import { encode } from '../bytes/codec.ts'
import { reduce } from '../conversation/reduce.ts'
import { timelineRow } from '../conversation/timeline-row.ts'
import { titleIn } from '../documents/meta.ts'
import { entryKeyOf } from '../log/lookups.ts'
import { withConversation } from './state.ts'
import { storedEntry } from './stored-entry.ts'
import type { AccountId, ConversationId, DeviceId } from '../bytes/ids.ts'
import type { AcceptedEntry } from '../log/log.ts'
import type { ReducedBody } from '../conversation/reduce.ts'
import type { DocumentState } from '../documents/state.ts'
import type { StoreWrite } from '../ports.ts'
import type { Content } from '../wire/content.ts'
import type { Draft } from './draft.ts'
import type { NodeState } from './state.ts'

const DAY_MS = 86_400_000

/** The entry as it goes to others, with the order that later entries are compared with. */
export function entryRow(conversation: ConversationId, entry: AcceptedEntry): StoreWrite {
  const { header, headerBytes, signature, body, order, id } = entry
  const key = entryKeyOf(conversation, { device: header.device, seq: header.seq, id })
  const value = encode(storedEntry, { wire: { header: headerBytes, signature, body }, time: order.time, depth: order.depth })
  return { kind: 'put', table: 'entries', key, value }
}

/** Shows an entry in its conversation; its lines are sealed under the day's own key, so that they can be destroyed. */
export function reduceInto(
  draft: Draft,
  id: ConversationId,
  { entry, body }: { readonly entry: AcceptedEntry; readonly body: ReducedBody },
): void {
  const conversation = draft.state.conversations.get(id)
  const account = accountOf(draft.state, entry.header.device)
  if (conversation === undefined || account === undefined) return
  const { header, orderKey } = entry
  const { state: view, rows, gone } = reduce(conversation.view, { id: entry.id, header, orderKey, account, body })
  draft.state = withConversation(draft.state, { ...conversation, view })
  for (const row of rows) {
    const shred = `${id}/${Math.floor(row.time / DAY_MS)}`
    draft.writes.push({ kind: 'put', table: 'timeline', key: `${id}/${row.orderKey}`, value: encode(timelineRow, row), shred })
  }
  if (gone !== undefined) draft.writes.push({ kind: 'delete', table: 'timeline', key: `${id}/${gone}` })
}

/** Content that counts, and the title that it gives, if it does. `meta`: the document after it. */
export const openedBody = (content: Content, meta: DocumentState): ReducedBody => ({
  kind: 'opened',
  content,
  title: content.kind === 'document' ? titleIn(content.update, meta) : undefined,
})

/** The account that a device belongs to. */
export const accountOf = (state: NodeState, device: DeviceId): AccountId | undefined =>
  device === state.self.device.id ? state.self.account : state.peers.get(device)?.account
