// How the log lies in the store: the state of the feeds as one row, each accepted entry as one row without its body.

import { bytes, decode, fixed, list, mapped, optional, struct, u32, u48, u8 } from '../bytes/codec.ts'
import { conversationId, deviceId, entryId } from '../bytes/ids.ts'
import { FEEDS_PER_CONVERSATION_MAX, HEADER_BYTES_MAX } from '../limits.ts'
import { entryHeader, head } from '../wire/entry.ts'
import { entryIdOfHeader } from './entry.ts'
import { forkProof } from './fork.ts'
import { FORK_BRANCHES_MAX } from './limits.ts'
import type { Codec } from '../bytes/codec.ts'
import type { Fork } from './fork.ts'
import type { AcceptedEntry, Feed, Log, Tip } from './log.ts'
import type { KnownEntry } from './lookups.ts'
import type { Order } from './order.ts'

const order: Codec<Order> = struct({ time: u48, depth: u32 })
const tip: Codec<Tip> = struct({ seq: u32, id: entryId, order })

type FlatFork = { readonly seq: number; readonly first: Fork['ids'][0]; readonly second: Fork['ids'][1]; readonly proof: Fork['proof'] }
const flatFork: Codec<FlatFork> = struct({ seq: u32, first: entryId, second: entryId, proof: optional(forkProof) })
const fork: Codec<Fork> = mapped(
  flatFork,
  ({ seq, first, second, proof }): Fork => ({ seq, ids: [first, second], proof }),
  ({ seq, ids, proof }) => ({ seq, first: ids[0], second: ids[1], proof }),
)

const feed: Codec<Feed> = struct({
  device: deviceId,
  signingKey: fixed(32),
  tips: list(tip, FORK_BRANCHES_MAX),
  fork: optional(fork),
  named: list(head, FEEDS_PER_CONVERSATION_MAX),
})

type FlatLog = { readonly conversation: Log['conversation']; readonly feeds: readonly Feed[] }
const flatLog: Codec<FlatLog> = struct({ conversation: conversationId, feeds: list(feed, FEEDS_PER_CONVERSATION_MAX) })

/** A log for storage. */
export const log: Codec<Log> = mapped(
  flatLog,
  ({ conversation, feeds }): Log => ({ conversation, feeds: new Map(feeds.map((item) => [item.device, item])) }),
  ({ conversation, feeds }) => ({ conversation, feeds: [...feeds.values()] }),
)

type Row = { readonly headerBytes: Uint8Array; readonly signature: Uint8Array | undefined; readonly order: Order; readonly hasBody: number }
const row: Codec<Row> = struct({ headerBytes: bytes(HEADER_BYTES_MAX), signature: optional(fixed(64)), order, hasBody: u8 })

/** An accepted entry for storage, to be kept under `entryKeyOf`. */
export const knownEntry: Codec<KnownEntry> = mapped(
  row,
  ({ headerBytes, signature, order: place, hasBody }) => {
    const { device, seq, prev } = decode(entryHeader, headerBytes)
    return { device, seq, prev, id: entryIdOfHeader(headerBytes), headerBytes, signature, order: place, hasBody: hasBody === 1 }
  },
  (entry) => ({ ...entry, hasBody: entry.hasBody ? 1 : 0 }),
)

/** What the store keeps of an entry that was just accepted. */
export const toKnownEntry = (entry: AcceptedEntry): KnownEntry => ({
  device: entry.header.device,
  seq: entry.header.seq,
  prev: entry.header.prev,
  id: entry.id,
  headerBytes: entry.headerBytes,
  signature: entry.signature,
  order: entry.order,
  hasBody: entry.body !== undefined,
})
