// What is to go after its time: entries whose header says so are written into an index by the time at which they go, counted from their arrival
// here, and what they said goes in that order (docs/protocol.md §5.13). What happens then is in expire.ts.

import { decode, encode, struct, u32, u48 } from '../../bytes/codec.ts'
import { conversationId, deviceId, entryId } from '../../bytes/ids.ts'
import { orderKey } from '../../conversation/timeline-row.ts'
import { TIME_MS_MAX } from '../../limits.ts'
import { isMessage } from '../../wire/content.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { ReducedBody } from '../../conversation/reduce.ts'
import type { AcceptedEntry } from '../../log/log.ts'
import type { StoreRow, StoreWrite } from '../../ports.ts'
import type { EntryHeader } from '../../wire/entry.ts'
import type { Draft } from '../draft.ts'

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

export const expiryRow = (expiry: Expiry, due: number): StoreWrite => ({
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
