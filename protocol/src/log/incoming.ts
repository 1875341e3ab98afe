// First look at an entry from outside: everything that it says about itself, before anything that it claims about others
// (docs/protocol.md §5.5, step 1).

import { toHex } from '../bytes/bytes.ts'
import { NO_ENTRY } from '../bytes/ids.ts'
import { BODY_BUCKETS, HEADER_BYTES_MAX } from '../limits.ts'
import { bodyBytesOf, isBodyOf } from './body.ts'
import { readHeader } from './entry.ts'
import { belongsTo } from './fork.ts'
import type { DeviceId, EntryId } from '../bytes/ids.ts'
import type { EntryHeader, WireEntry } from '../wire/entry.ts'
import type { Log } from './log.ts'

/** An entry that is well formed, and of which nothing is proven. */
export type Incoming = {
  readonly id: EntryId
  readonly header: EntryHeader
  readonly headerBytes: Uint8Array
  readonly signature: Uint8Array | undefined
  readonly body: Uint8Array | undefined
  /** The peer that handed it over, who is not always its author. */
  readonly from: DeviceId
  /** When it arrived here, ms. */
  readonly since: number
  /** Its signature has been verified: it waits for its past only. */
  readonly isVerified: boolean
}

export type EntryRefusal =
  | 'malformed'
  | 'conversation'
  | 'unknown-device'
  /** Sequence number and `prev` contradict each other. */
  | 'place'
  | 'deps'
  | 'members'
  | 'bucket'
  | 'body'
  /** A control entry without a signature of its own. */
  | 'unsigned'
  /** A signature is wrong: nothing of that peer's batch was applied. */
  | 'signature'
  /** Too many entries, or too many bytes, without a signature. */
  | 'run'
  | 'too-many-controls'
  /** Of a group: it came without what opens it. */
  | 'shut'
  /** More branches than are kept of one feed. */
  | 'branches'
  /** The peer's own parking is full. */
  | 'parking'
  /** Parked for too long. */
  | 'expired'

export type Refusal = { readonly reason: EntryRefusal; readonly from: DeviceId; readonly device?: DeviceId; readonly seq?: number }

export type ReadEntry = { readonly kind: 'read'; readonly entry: Incoming } | { readonly kind: 'refused'; readonly refusal: Refusal }

/** What a batch is read against. */
export type ReadContext = {
  readonly log: Log
  readonly from: DeviceId
  readonly now: number
  /** Hex of each member-state hash that an author may believe in; left out where that is judged by its past. */
  readonly members: ReadonlySet<string> | undefined
}

/** Decodes one entry and checks all that needs no other entry and no signature. */
export function readEntry(wire: WireEntry, reading: ReadContext): ReadEntry {
  const read = wire.header.length > HEADER_BYTES_MAX ? undefined : readHeader(wire.header)
  if (read === undefined) return { kind: 'refused', refusal: { reason: 'malformed', from: reading.from } }
  const { header, id } = read
  const reason = faultOf({ header, id, wire, reading })
  if (reason !== undefined) return { kind: 'refused', refusal: refusalOf({ from: reading.from, header }, reason) }
  const { signature, body } = wire
  return {
    kind: 'read',
    entry: { id, header, headerBytes: wire.header, signature, body, from: reading.from, since: reading.now, isVerified: false },
  }
}

export const refusalOf = ({ from, header }: Pick<Incoming, 'from' | 'header'>, reason: EntryRefusal): Refusal => ({
  reason,
  from,
  device: header.device,
  seq: header.seq,
})

/** What an entry counts for in a run and in the parking: the same with and without its body. */
export const bytesOf = (entry: { readonly header: EntryHeader; readonly headerBytes: Uint8Array }): number =>
  entry.headerBytes.length + (bodyBytesOf(entry.header.bucket) ?? 0)

type HeaderClaim = { readonly header: EntryHeader; readonly id: EntryId; readonly wire: WireEntry; readonly reading: ReadContext }

function faultOf({ header, id, wire, reading }: HeaderClaim): EntryRefusal | undefined {
  if (!belongsTo(reading.log.conversation, header, id)) return 'conversation'
  if (!reading.log.feeds.has(header.device)) return 'unknown-device'
  if ((header.seq === 0) !== (header.prev === NO_ENTRY)) return 'place'
  if (!hasGoodDeps(header)) return 'deps'
  if (header.bucket >= BODY_BUCKETS.length) return 'bucket'
  if (wire.body !== undefined && !isBodyOf(header, wire.body)) return 'body'
  if (isSignedAlone(header) && wire.signature === undefined) return 'unsigned'
  return reading.members?.has(toHex(header.members)) === false ? 'members' : undefined
}

/** True for the kinds that carry a signature of their own wherever they stand in a run. */
export const isSignedAlone = (header: EntryHeader): boolean => header.kind === 'control'

// Ascending order leaves one encoding for each set of deps. A dep on the own feed would be a second, contradicting `prev`.
function hasGoodDeps(header: EntryHeader): boolean {
  return header.deps.every((dep, at) => {
    const before = header.deps[at - 1]
    return dep.device !== header.device && (before === undefined || before.device < dep.device)
  })
}
