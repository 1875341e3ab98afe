// How the state of a conversation lies in the store, as one row.

import { DecodeError, fixed, list, mapped, optional, struct, text, u32, u48, u8 } from '../bytes/codec.ts'
import { accountId, conversationId, deviceId, entryId } from '../bytes/ids.ts'
import { fromHex, toHex } from '../bytes/bytes.ts'
import { FEEDS_PER_CONVERSATION_MAX, NAME_BYTES_MAX } from '../limits.ts'
import { ORDER_KEY_LENGTH } from '../log/order.ts'
import { PREVIEW_LENGTH_MAX, UNOPENED_KEPT_MAX, UNREAD_KEPT_MAX } from './limits.ts'
import type { Codec } from '../bytes/codec.ts'
import type { AccountState, ConversationState, Cursor, FeedView } from './state.ts'

const BYTES_PER_UNIT = 3
const ROW_VERSION = 1

const orderKey: Codec<string> = mapped(fixed(ORDER_KEY_LENGTH / 2), toHex, fromHex)
/** A seq, or −1 for none. */
const seqOrNone: Codec<number> = mapped(
  u48,
  (value) => value - 1,
  (value) => value + 1,
)
const flag: Codec<boolean> = mapped(
  u8,
  (value) => value === 1,
  (value) => (value ? 1 : 0),
)

const record = <K, V>(key: Codec<K>, value: Codec<V>): Codec<ReadonlyMap<K, V>> => {
  const pairs = list<{ readonly key: K; readonly value: V }>(struct({ key, value }), FEEDS_PER_CONVERSATION_MAX)
  return mapped(
    pairs,
    (items): ReadonlyMap<K, V> => new Map(items.map((item) => [item.key, item.value])),
    (map) => [...map].map(([itemKey, itemValue]) => ({ key: itemKey, value: itemValue })),
  )
}

const cursor: Codec<Cursor> = struct({ delivered: seqOrNone, read: seqOrNone })

const account: Codec<AccountState> = struct({
  name: optional(struct({ name: text(NAME_BYTES_MAX), orderKey })),
  admits: optional(struct({ account: accountId, orderKey })),
  hasJoined: flag,
  last: optional(
    struct({ orderKey, id: entryId, device: deviceId, seq: u32, preview: text(BYTES_PER_UNIT * PREVIEW_LENGTH_MAX), time: u48 }),
  ),
})

const feed: Codec<FeedView> = struct({
  account: accountId,
  latest: seqOrNone,
  unopened: list(u32, UNOPENED_KEPT_MAX),
  read: seqOrNone,
  unread: list(u32, UNREAD_KEPT_MAX),
  unreadOlder: u32,
  claims: record(deviceId, cursor),
  named: record(deviceId, u32),
})

const version: Codec<number> = mapped(
  u8,
  (value) => {
    if (value !== ROW_VERSION) throw new DecodeError('a row of another version')
    return value
  },
  (value) => value,
)

type Row = ConversationState & { readonly version: number }
const row: Codec<Row> = struct({
  version,
  conversation: conversationId,
  self: accountId,
  device: deviceId,
  founder: optional(accountId),
  accounts: record(accountId, account),
  feeds: record(deviceId, feed),
})

/** A conversation's state for storage. */
export const conversationState: Codec<ConversationState> = mapped(
  row,
  ({ version: _, ...state }): ConversationState => state,
  (state) => ({ ...state, version: ROW_VERSION }),
)
