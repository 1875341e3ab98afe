// Entries from outside become part of the log here, or wait, or are refused (docs/protocol.md §5.5). Same entries, same log:
// arrival order, duplicates and batches make no difference.

import { apartFrom } from '../bytes/bytes.ts'
import { arrange } from './arrange.ts'
import { coverChains, isVerified } from './cover.ts'
import { extendLog, knownAt } from './extend.ts'
import { isSignedAlone, readEntry, refusalOf } from './incoming.ts'
import { CONTROLS_PER_BATCH_MAX } from './limits.ts'
import { lengthOf } from './log.ts'
import { orderKeyOf } from './order.ts'
import { expireParked, park } from './parking.ts'
import type { DeviceId, EntryId } from '../bytes/ids.ts'
import type { Head, WireEntry } from '../wire/entry.ts'
import type { OrderedEntry } from './arrange.ts'
import type { ProvenEntry, Verified } from './cover.ts'
import type { Extended, Judge } from './extend.ts'
import type { Incoming, Refusal } from './incoming.ts'
import type { AcceptedEntry, Log } from './log.ts'
import type { Lookups } from './lookups.ts'
import type { Order } from './order.ts'
import type { Parking } from './parking.ts'

export type Batch = {
  readonly log: Log
  readonly parking: Parking
  /** What the store said to `lookupsFor` of this very batch. */
  readonly lookups: Lookups
  /** Signatures in it that have been verified already, by the id of the entry; each counts for exactly these bytes. */
  readonly verified?: ReadonlyMap<EntryId, Uint8Array>
  /** The peer that sent the batch. */
  readonly from: DeviceId
  readonly entries: readonly WireEntry[]
  /** Hex of each member-state hash that an author may believe in; left out where `judge` looks at it. */
  readonly members: ReadonlySet<string> | undefined
  /** Asked of each entry whose past is in the log, in order: whether it stays out. */
  readonly judge?: Judge | undefined
  readonly now: number
}

/** An entry that was stored without its body, with it. */
export type FilledEntry = AcceptedEntry & { readonly body: Uint8Array }

export type Admission = Extended & { readonly parking: Parking; readonly filled: readonly FilledEntry[] }

/** Admits a batch, and whatever was parked that it completes. */
export function admitEntries(batch: Batch): Admission {
  const read = readBatch(batch)
  const parked = expireParked(batch.parking.conversations.get(batch.log.conversation) ?? [], batch.now)
  const copies = latestCopies([...parked.kept, ...read.entries], batch.from)
  const { fresh, filled } = sortOutKnown(copies, batch)
  const settled = checkEntries(fresh, batch)
  const extended = extendLog(batch, settled)
  const accepted = new Set(extended.accepted.map((entry) => entry.id))
  const waiting = settled.left
    .filter((entry) => !accepted.has(entry.id) && !extended.barred.has(entry.id))
    .map((entry) => (isVerified(settled.verified, entry) ? { ...entry, isVerified: true } : entry))
    .map(keptApart)
  const parkedNow = park(batch.parking, {
    conversation: batch.log.conversation,
    entries: waiting,
    distanceOf: ({ header }) => header.seq - lengthOf(extended.log, header.device),
  })
  const expired = parked.expired.map((entry) => refusalOf(entry, 'expired'))
  return {
    ...extended,
    parking: parkedNow.parking,
    filled,
    refused: [...read.refused, ...expired, ...settled.refused, ...extended.refused, ...parkedNow.refused],
  }
}

// What it came in may be many times as long, and would be kept with it.
function keptApart(entry: Incoming): Incoming {
  const [headerBytes, body] = [apartFrom(entry.headerBytes), entry.body && apartFrom(entry.body)]
  return headerBytes === entry.headerBytes && body === entry.body ? entry : { ...entry, headerBytes, body }
}

function readBatch(batch: Batch): { readonly entries: readonly Incoming[]; readonly refused: readonly Refusal[] } {
  const entries: Incoming[] = []
  const refused: Refusal[] = []
  let controls = 0
  for (const wire of batch.entries) {
    const result = readEntry(wire, batch)
    if (result.kind === 'refused') refused.push(result.refusal)
    else if (isSignedAlone(result.entry.header) && ++controls > CONTROLS_PER_BATCH_MAX)
      refused.push(refusalOf(result.entry, 'too-many-controls'))
    else entries.push(result.entry)
  }
  return { entries, refused }
}

/** One copy of an entry for each peer that sent it: the one that was verified, else the later one, with what only the earlier one had. */
function latestCopies(entries: readonly Incoming[], from: DeviceId): readonly Incoming[] {
  const copies = new Map<string, Incoming>()
  for (const entry of entries) {
    const key = entry.from === from ? entry.id : `${entry.id}/${entry.from}`
    const before = copies.get(key)
    if (before === undefined) copies.set(key, entry)
    else if (!before.isVerified)
      copies.set(key, { ...entry, signature: entry.signature ?? before.signature, body: entry.body ?? before.body, since: before.since })
    else if (before.body === undefined) copies.set(key, { ...before, body: entry.body })
  }
  return [...copies.values()]
}

/** Leaves out what the log has already, save for bodies that it lacks. */
function sortOutKnown(
  copies: readonly Incoming[],
  batch: Batch,
): { readonly fresh: readonly Incoming[]; readonly filled: readonly FilledEntry[] } {
  const fresh: Incoming[] = []
  const filled = new Map<EntryId, FilledEntry>()
  for (const entry of copies) {
    const { id, header, headerBytes, body } = entry
    const known = knownAt(batch, { device: header.device, seq: header.seq, id })
    if (known === undefined) fresh.push(entry)
    else if (known.hasBody === false && body !== undefined) {
      const { order, signature } = known
      filled.set(id, { id, header, headerBytes, signature, body, order, orderKey: orderKeyOf(order, id) })
    }
  }
  return { fresh, filled: [...filled.values()] }
}

type CheckedEntries = {
  readonly arranged: readonly OrderedEntry[]
  readonly covered: readonly ProvenEntry[]
  readonly left: readonly Incoming[]
  readonly refused: readonly Refusal[]
  readonly verified: Verified
}

// A wrong signature takes everything with it that its sender handed over, so the rest is looked at anew without it.
function checkEntries(fresh: readonly Incoming[], batch: Batch): CheckedEntries {
  const verified: Verified = new Map(batch.verified)
  const refused: Refusal[] = []
  for (let left = fresh; ;) {
    const coverage = coverChains({ log: batch.log, lookups: batch.lookups, verified, pool: bestCopies(left) })
    if (coverage.kind === 'covered') {
      const over = new Set(coverage.over.map(({ entry }) => entry.id))
      refused.push(...coverage.over.map(({ entry, reason }) => refusalOf(entry, reason)))
      const { covered } = coverage
      return { arranged: arrange(covered, orderIn(batch)), covered, left: left.filter((entry) => !over.has(entry.id)), refused, verified }
    }
    refused.push(refusalOf(coverage.entry, 'signature'))
    left = left.filter((entry) => entry.from !== coverage.peer)
  }
}

/** Of several peers' copies, one that is signed, and a body wherever one came from. */
function bestCopies(entries: readonly Incoming[]): ReadonlyMap<EntryId, Incoming> {
  const pool = new Map<EntryId, Incoming>()
  for (const entry of entries) {
    const best = pool.get(entry.id)
    if (best === undefined) {
      pool.set(entry.id, entry)
      continue
    }
    const isBetter = (best.signature === undefined && entry.signature !== undefined) || (!best.isVerified && entry.isVerified)
    pool.set(entry.id, isBetter ? { ...entry, body: entry.body ?? best.body } : { ...best, body: best.body ?? entry.body })
  }
  return pool
}

const orderIn =
  (batch: Batch) =>
  (head: Head): Order | undefined =>
    knownAt(batch, head)?.order
