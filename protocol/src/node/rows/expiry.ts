// What is to go after its time: entries whose header says so are written into an index by the time at which they go, counted from their arrival
// here, and what they said goes in that order (docs/protocol.md §5.13). The entries stay, as headers that the feed needs.

import { decode, encode, struct, u32, u48 } from '../../bytes/codec.ts'
import { conversationId, deviceId, entryId } from '../../bytes/ids.ts'
import { orderKey } from '../../conversation/timeline-row.ts'
import { TIME_MS_MAX } from '../../limits.ts'
import { isMessage } from '../../wire/content.ts'
import { withConversation } from '../change.ts'
import { accountOf } from '../members.ts'
import { rowsOfEntry, sealedKeyOf, storedEntry } from './stored-entry.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { AccountId, ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { ReducedBody } from '../../conversation/reduce.ts'
import type { AcceptedEntry } from '../../log/log.ts'
import type { StoreRow, StoreWrite } from '../../ports.ts'
import type { EntryHeader } from '../../wire/entry.ts'
import type { Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'

/** An entry that is to go. `target`: the message that goes with it, itself or the one that it edits. `since`: when its time began here, ms. */
export type Expiry = {
  readonly conversation: ConversationId
  readonly device: DeviceId
  readonly seq: number
  readonly id: EntryId
  readonly orderKey: string
  readonly target: EntryId
  readonly since: number
}

const expiryCodec: Codec<Expiry> = struct({
  conversation: conversationId,
  device: deviceId,
  seq: u32,
  id: entryId,
  orderKey,
  target: entryId,
  since: u48,
})

const INDEX = 'expires/'
const timeKey = (ms: number): string => `${INDEX}${Math.min(ms, TIME_MS_MAX).toString(16).padStart(12, '0')}`

const expiryRow = (expiry: Expiry, due: number): StoreWrite => ({
  kind: 'put',
  table: 'state',
  key: `${timeKey(due)}/${expiry.id}`,
  value: encode(expiryCodec, expiry),
})

/** Of an own entry the time begins when it was written, also where it comes back; no clock but that of this device has a say. */
const sinceOf = ({ state, env: { now } }: Draft, { device, time }: EntryHeader): number =>
  device === state.self.device.id ? Math.min(now, time) : now

/** Whether an entry is one that goes after its time. */
export const isBrief = ({ kind, ttl }: Pick<EntryHeader, 'kind' | 'ttl'>): boolean => ttl > 0 && kind === 'content'

/** The row of the index for an entry that is shown from now on, where it is to go. */
export function expiryRows(
  draft: Draft,
  conversation: ConversationId,
  { entry, body }: { readonly entry: Pick<AcceptedEntry, 'id' | 'header' | 'orderKey'>; readonly body: ReducedBody },
): readonly StoreWrite[] {
  const { id, header } = entry
  const target = targetOf(id, body)
  if (!isBrief(header) || target === undefined) return []
  const since = sinceOf(draft, header)
  const { device, seq, ttl } = header
  return [expiryRow({ conversation, device, seq, id, orderKey: entry.orderKey, target, since }, since + ttl * 1_000)]
}

// Only words go: nothing else may be taken back by whoever wrote it.
function targetOf(id: EntryId, body: ReducedBody): EntryId | undefined {
  if (body.kind === 'unreadable') return id
  if (body.kind !== 'opened') return undefined
  const { content } = body
  if (content.kind === 'edit') return content.target
  return isMessage(content) ? id : undefined
}

/** Store bounds of what is to go by `now`. */
export const expiriesUntil = (now: number) =>
  ({ table: 'state', from: INDEX, to: now === Infinity ? `${INDEX}~` : timeKey(now + 1) }) as const

export const isExpiry = (write: StoreWrite): write is Extract<StoreWrite, { kind: 'put' }> =>
  write.kind === 'put' && write.table === 'state' && write.key.startsWith(INDEX)

export const readExpiry = ({ value }: Pick<StoreRow, 'value'>): Expiry => decode(expiryCodec, value)

/** When what a row of the index is about goes, ms. */
export const dueOf = ({ key }: Pick<StoreRow, 'key'>): number => Number.parseInt(key.slice(INDEX.length), 16)

/** `early`: rows for entries that came by a clock that was put back since: their time begins anew. */
export function expire(draft: Draft, { due, early }: InputOf<'expire'>): void {
  // All at once, so that what rests is woken at once.
  draft.state.conversations.getAll([...new Set(due.map(({ row }) => readExpiry(row).conversation))])
  for (const { row, stored } of due) letGo(draft, readExpiry(row), stored)
  for (const row of early) {
    const expiry = readExpiry(row)
    const since = draft.env.now
    draft.writes.push(expiryRow({ ...expiry, since }, since + Math.max(0, dueOf(row) - expiry.since)))
  }
  for (const { key } of [...due.map(({ row }) => row), ...early]) draft.writes.push({ kind: 'delete', table: 'state', key })
  draft.effects.push({ kind: 'answer', answer: { kind: 'done' } })
}

/** A person wants a message no longer here: it goes as one whose time is over. What is on its way to others is in its entry, and stays there. */
export function forget(draft: Draft, { conversation, account, target, orderKey }: InputOf<'forget'>): void {
  takeAway(draft, conversation, { account, target, orderKey })
  draft.effects.push({ kind: 'answer', answer: { kind: 'done' } })
}

function letGo(draft: Draft, expiry: Expiry, stored: Uint8Array | undefined): void {
  const account = accountOf(draft.state, expiry.device)
  if (account === undefined || !takeAway(draft, expiry.conversation, { account, ...expiry })) return
  if (stored === undefined) return
  // Keys of own entries are kept until others have confirmed them; those of other entries went when they were opened.
  const { wire, time, depth } = decode(storedEntry, stored)
  draft.writes.push(...rowsOfEntry(expiry.conversation, expiry, { wire: { ...wire, body: undefined }, time, depth }))
  draft.writes.push({ kind: 'delete', table: 'bodies', key: sealedKeyOf(expiry.conversation, expiry) })
}

type Message = { readonly account: AccountId; readonly target: EntryId; readonly orderKey: string }

/** Before this is committed, conversation/relate.ts takes the message from its rows. False where there is no such conversation. */
function takeAway(draft: Draft, id: ConversationId, { account, target, orderKey }: Message): boolean {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) return false
  const { view } = conversation
  const pending = [...view.pending, { kind: 'expiry', account, target, orderKey } as const]
  draft.state = withConversation(draft.state, { ...conversation, view: { ...view, pending } })
  return true
}
