// Rows with keys of scheduled messages, as they came: from a relay, or with an entry of the author. Who looks (host/scheduled) opens with them what is here.

import { decode, encode, fixed, optional, struct, u32, u48 } from '../../bytes/codec.ts'
import type { ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { StoreRow, StoreWrite } from '../../ports.ts'

/** `tick`: the author's entry that brought it, which is confirmed when the message is; undefined where a relay did. `since`: when it came, ms. */
type ScheduledKey = { readonly seq: number; readonly key: Uint8Array; readonly tick: number | undefined; readonly since: number }

const row = struct({ seq: u32, key: fixed(32), tick: optional(u32), since: u48 })

export const SCHEDULED_KEYS = { table: 'state', from: 'scheduled/key/', to: 'scheduled/key/~' } as const

export const putScheduledKey = (
  conversation: ConversationId,
  device: DeviceId,
  { target, ...value }: ScheduledKey & { readonly target: EntryId },
): StoreWrite => ({
  kind: 'put',
  table: 'state',
  key: `${SCHEDULED_KEYS.from}${conversation}/${device}/${target}`,
  value: encode(row, value),
})

export function scheduledKeyIn({ key: name, value }: StoreRow) {
  const [conversation, device, target] = name.slice(SCHEDULED_KEYS.from.length).split('/')
  return { conversation: conversation as ConversationId, device: device as DeviceId, target: target as EntryId, ...decode(row, value) }
}
