// Rows about lines that are shown before their entries are in the log (docs/protocol.md §13.9): which they are, and of which chats there are any.

import { decode, encode, struct, u32 } from '../../bytes/codec.ts'
import { deviceId } from '../../bytes/ids.ts'
import { orderKey as orderKeyCodec } from '../../conversation/timeline-row.ts'
import type { ConversationId, EntryId } from '../../bytes/ids.ts'
import type { TimelineRow } from '../../conversation/timeline-row.ts'
import type { StoreRow, StoreWrite } from '../../ports.ts'

const MARKS = 'ahead/'
const NOTHING = new Uint8Array(0)

/** Bounds of all marks, and of the rows of one chat. */
export const AHEAD_MARKS = { table: 'state', from: MARKS, to: `${MARKS}~` } as const
export const aheadRows = (id: ConversationId) => ({ table: 'index', from: `${id}/ahead/`, to: `${id}/ahead/~` }) as const

export const markedIn = ({ key }: StoreRow): ConversationId => key.slice(MARKS.length) as ConversationId
export const aheadMark = (id: ConversationId): StoreWrite => ({ kind: 'put', table: 'state', key: `${MARKS}${id}`, value: NOTHING })
export const dropAheadMark = (id: ConversationId): StoreWrite => ({ kind: 'delete', table: 'state', key: `${MARKS}${id}` })

const place = struct({ orderKey: orderKeyCodec, device: deviceId, seq: u32 })

export const aheadRow = (id: ConversationId, { id: entry, orderKey, device, seq }: TimelineRow): StoreWrite => ({
  kind: 'put',
  table: 'index',
  key: `${id}/ahead/${entry}`,
  value: encode(place, { orderKey, device, seq }),
})

/** Which entry it is, and where it is shown. */
export const aheadIn = ({ key, value }: StoreRow) => ({ id: key.slice(key.lastIndexOf('/') + 1) as EntryId, ...decode(place, value) })
