// Rows that an accepted entry leaves in the store: the entry itself as it travels, what people see of it, and what is kept of its body.

import { encode } from '../bytes/codec.ts'
import { reduce } from '../conversation/reduce.ts'
import { timelineRow } from '../conversation/timeline-row.ts'
import { titleIn } from '../documents/meta.ts'
import { TIME_MS_MAX } from '../limits.ts'
import { withConversation } from './change.ts'
import { accountOf } from './members.ts'
import { keptKeyOf, storedBody } from './stored-body.ts'
import { rowsOfEntry } from './stored-entry.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { ReducedBody } from '../conversation/reduce.ts'
import type { DocumentState } from '../documents/state.ts'
import type { KeptBody } from '../log/kept-body.ts'
import type { AcceptedEntry } from '../log/log.ts'
import type { StoreWrite } from '../ports.ts'
import type { Content } from '../wire/content.ts'
import type { Draft } from './draft.ts'
import type { KeptKind } from './stored-body.ts'

const DAY_MS = 86_400_000

/** The entry as it goes to others, with the order that later entries are compared with. */
export function entryRows(conversation: ConversationId, entry: AcceptedEntry): readonly StoreWrite[] {
  const { header, headerBytes, signature, order, id } = entry
  const place = { device: header.device, seq: header.seq, id }
  return rowsOfEntry(conversation, place, { wire: { header: headerBytes, signature, body: entry.body }, ...order })
}

type Reduced = { readonly entry: AcceptedEntry; readonly body: ReducedBody }

/**
 * Shows an entry in its conversation, and keeps what it says: in the line that shows a text, else in a row of its own. Both are sealed
 * under the day's own key, so that they can be destroyed.
 */
export function reduceInto(draft: Draft, id: ConversationId, { entry, body }: Reduced): void {
  const conversation = draft.state.conversations.get(id)
  const account = accountOf(draft.state, entry.header.device)
  if (conversation === undefined || account === undefined) return
  const { header, orderKey } = entry
  const shred = `${id}/${Math.floor(Math.min(header.time, TIME_MS_MAX) / DAY_MS)}`
  // Whatever was read here before the last own message was written could have been answered by it.
  const last = conversation.view.accounts.get(draft.state.self.account)?.last
  const isLate = account !== draft.state.self.account && last !== undefined && orderKey < last.orderKey
  const reduction = { id: entry.id, header, orderKey, account, arrived: draft.env.now, isLate, body }
  const { state: view, rows, gone } = reduce(conversation.view, reduction)
  draft.state = withConversation(draft.state, { ...conversation, view })
  for (const row of rows)
    draft.writes.push({ kind: 'put', table: 'timeline', key: `${id}/${row.orderKey}`, value: encode(timelineRow, row), shred })
  if (gone !== undefined) draft.writes.push({ kind: 'delete', table: 'timeline', key: `${id}/${gone}` })
  const kept = rows.some((row) => row.content.kind === 'text') ? undefined : keptOf(body)
  if (kept === undefined) return
  const value = encode(storedBody, { device: header.device, seq: header.seq, id: entry.id, kept: kept.body })
  draft.writes.push({ kind: 'put', table: 'bodies', key: keptKeyOf(id, { kind: kept.kind, orderKey }), value, shred })
}

/** Content that counts, and the title that it gives, if it does. `meta`: the document after it. */
export const openedBody = ({ content, kept }: Opened, meta: DocumentState): ReducedBody => ({
  kind: 'opened',
  content,
  kept,
  title: content.kind === 'document' ? titleIn(content.update, meta) : undefined,
})

export type Opened = { readonly content: Content; readonly kept: KeptBody }

function keptOf(body: ReducedBody): { readonly kind: KeptKind; readonly body: KeptBody } | undefined {
  switch (body.kind) {
    case 'opened':
    case 'refused':
      return { kind: body.content.kind, body: body.kept }
    case 'unreadable':
      return body.why === 'newer' ? { kind: 'newer', body: body.kept } : undefined
    case 'waiting':
      return undefined
  }
}
