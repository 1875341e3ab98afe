// Rows that an accepted entry leaves in the store: the entry itself as it travels, what people see of it, and what is kept of its body.

import { encode } from '../../bytes/codec.ts'
import { faceKeyOf } from '../../conversation/faces.ts'
import { dropLine, putLine, shredOf } from '../../conversation/lines.ts'
import { reduce } from '../../conversation/reduce.ts'
import { lastPlaceOf } from '../../conversation/view.ts'
import { timerIn, titleIn } from '../../documents/meta.ts'
import { withConversation } from '../change.ts'
import { expiryRows } from './expiry.ts'
import { authorOf } from '../members.ts'
import { putScheduledKey } from './scheduled-key.ts'
import { keptKeyOf, storedBody } from './stored-body.ts'
import { rowsOfEntry } from './stored-entry.ts'
import type { AccountId, ConversationId } from '../../bytes/ids.ts'
import type { ConversationState, Pending } from '../../conversation/state.ts'
import type { Acted } from '../../conversation/timeline-row.ts'
import type { Reduced, ReducedBody } from '../../conversation/reduce.ts'
import type { DocumentState } from '../../documents/state.ts'
import type { KeptBody } from '../../log/kept-body.ts'
import type { AcceptedEntry } from '../../log/log.ts'
import type { StoreWrite } from '../../ports.ts'
import type { Content } from '../../wire/content.ts'
import type { Draft } from '../draft.ts'
import type { KeptKind } from './stored-body.ts'

/** The entry as it goes to others, with the order that later entries are compared with. */
export function entryRows(conversation: ConversationId, entry: AcceptedEntry): readonly StoreWrite[] {
  const { header, headerBytes, signature, order, id } = entry
  const place = { device: header.device, seq: header.seq, id }
  return rowsOfEntry(conversation, place, { wire: { header: headerBytes, signature, body: entry.body }, ...order })
}

/**
 * Shows an entry in its conversation, and keeps what it says: in the line that shows a text, else in a row of its own. The keys of
 * both belong to their conversation's day, so that they can be destroyed together.
 */
export function reduceInto(
  draft: Draft,
  id: ConversationId,
  { entry, body }: { readonly entry: AcceptedEntry; readonly body: ReducedBody },
): void {
  const conversation = draft.state.conversations.get(id)
  const account = conversation && authorOf(draft.state, conversation, entry.header.device)
  if (conversation === undefined || account === undefined) return
  const { header, orderKey } = entry
  // Whatever was read here before the last own message was written could have been answered by it.
  const { account: self } = draft.state.self
  const last = account === self ? undefined : lastPlaceOf(conversation.view, self)
  const isLate = last !== undefined && orderKey < last
  const reduced = reduce(conversation.view, { id: entry.id, header, orderKey, account, arrived: draft.env.now, isLate, body })
  const pending = faceIn(id, account, { entry, body })
  draft.state = withConversation(draft.state, { ...conversation, view: withPending(reduced.state, pending) })
  draft.writes.push(...acceptedRows(id, { entry, body }, reduced), ...expiryRows(draft, id, { entry, body }))
  if (body.kind === 'opened' && body.content.kind === 'scheduled' && body.content.act.kind === 'key')
    draft.writes.push(putScheduledKey(id, header.device, { ...body.content.act, tick: header.seq, since: draft.env.now }))
}

/** Rows for what has become of an entry. One that waits leaves its line to conversation/relate.ts. */
export function acceptedRows(
  id: ConversationId,
  { entry, body }: { readonly entry: Pick<AcceptedEntry, 'id' | 'header' | 'orderKey'>; readonly body: ReducedBody },
  { line, waits, gone }: Omit<Reduced, 'state'>,
): readonly StoreWrite[] {
  const { orderKey } = entry
  const lines = [
    ...(line !== undefined && waits !== true ? putLine(id, line) : []),
    ...(gone !== undefined ? dropLine(id, { orderKey: gone, entry: entry.id }) : []),
  ]
  const kept = line?.content.kind === 'text' ? undefined : keptOf(body)
  if (kept === undefined || kept.kind === 'face') return lines
  return [...lines, bodyRow(id, keptKeyOf(id, { kind: kept.kind, orderKey }), { entry, kept: kept.body })]
}

type BodyRow = { readonly entry: Pick<AcceptedEntry, 'id' | 'header'>; readonly kept: KeptBody }

const bodyRow = (id: ConversationId, key: string, { entry: { id: entry, header }, kept }: BodyRow) =>
  ({
    kind: 'put',
    table: 'bodies',
    key,
    value: encode(storedBody, { device: header.device, seq: header.seq, id: entry, kept }),
    shred: shredOf(id, header.time),
  }) as const

/** Of each account one face is kept, so it takes a look at the one that is there. */
const faceIn = (
  id: ConversationId,
  account: AccountId,
  { entry, body }: { readonly entry: Pick<AcceptedEntry, 'id' | 'header' | 'orderKey'>; readonly body: ReducedBody },
): readonly Pending[] =>
  body.kind === 'opened' && body.content.kind === 'face'
    ? [{ kind: 'face', account, row: bodyRow(id, faceKeyOf(id, account, entry.orderKey), { entry, kept: body.kept }) }]
    : []

const withPending = (view: ConversationState, pending: readonly Pending[]): ConversationState =>
  pending.length === 0 ? view : { ...view, pending: [...view.pending, ...pending] }

/** Content that counts, and the title or timer that it gives, if it does. `meta`: the document after it. `acted`: what it does to members of a group. */
export const openedBody = ({ content, kept }: OpenedContent, meta: DocumentState, acted?: Acted): ReducedBody => ({
  kind: 'opened',
  content,
  kept,
  acted,
  title: content.kind === 'document' ? titleIn(content.update, meta) : undefined,
  timer: content.kind === 'document' ? timerIn(content.update, meta) : undefined,
})

export type OpenedContent = { readonly content: Content; readonly kept: KeptBody }

function keptOf(body: ReducedBody): { readonly kind: KeptKind; readonly body: KeptBody } | undefined {
  switch (body.kind) {
    case 'opened':
    case 'refused':
      return { kind: body.content.kind, body: body.kept }
    case 'unreadable':
      return body.why === 'newer' ? { kind: 'newer', body: body.kept } : undefined
    case 'waiting':
    case 'gone':
    case 'deleted':
      return undefined
  }
}
