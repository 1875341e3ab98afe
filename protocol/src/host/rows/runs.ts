// Runs of entries, read back from the store as they go to others, and the frames that carry them. Entries of several feeds are merged
// in the order of their conversation, so that each comes after its past and nothing that arrives has to wait (docs/protocol.md §5.8).

import { ENTRIES_PER_FRAME_MAX, ENVELOPES_PER_RUN_MAX, RIDING_PER_RUN_MAX, ROWS_PER_READ_MAX } from '../../limits.ts'
import { bodyBytesOf } from '../../log/body.ts'
import { entryKeysOf } from '../../log/lookups.ts'
import { blobIdOfSealed } from '../../mailbox/blob.ts'
import { entryOfRow, sealedKeyOf, sealedKeysOf } from '../../node/rows/stored-entry.ts'
import type { ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { FeedRange } from '../../log/lookups.ts'
import type { NodeState, PendingEnvelope, WaitingBlob } from '../../node/state.ts'
import type { RowEntry } from '../../node/rows/stored-entry.ts'
import type { Store } from '../../ports.ts'
import type { WireEntry } from '../../wire/entry.ts'
import type { Frame } from '../../wire/frame.ts'

/** Framing of one envelope or entry. */
const FRAME_OVERHEAD_BYTES = 64
/** Of the fields of an entry. */
const ENTRY_OVERHEAD_BYTES = 8

export type Run = {
  /** Entries in order; each envelope right before the entries that it opens, because a receiver keeps few chains at a time. */
  readonly parts: readonly (WireEntry | PendingEnvelope)[]
  /** What of each feed is in it, from the beginning of what was asked for. */
  readonly served: readonly FeedRange[]
  /** The same entries as they lie here. */
  readonly entries: readonly RowEntry[]
  /** What they take, envelopes included. */
  readonly bytes: number
}

type RunQuery = {
  readonly conversation: ConversationId
  readonly ranges: readonly FeedRange[]
  readonly bytesMax: number
  readonly entriesMax?: number
  /** Those of the conversation that are not there yet. */
  readonly envelopes: readonly PendingEnvelope[]
}

/** `isWhole`: the range ends with the last row. */
type Queue = { readonly range: FeedRange; readonly rows: readonly RowEntry[]; readonly isWhole: boolean; taken: number }

/** As many entries of these ranges, with the envelopes of own ones, as fit into `bytesMax`, at least one. */
export async function readRun(
  { store, state }: { readonly store: Pick<Store, 'read'>; readonly state: () => NodeState },
  { conversation, ranges, bytesMax, entriesMax = ENTRIES_PER_FRAME_MAX, envelopes }: RunQuery,
): Promise<Run> {
  if (ranges.length === 0) return { parts: [], served: [], entries: [], bytes: 0 }
  const self = state().self.device.id
  const queues = await Promise.all(ranges.map((range) => readQueue(store, conversation, range)))
  const waiting = fewOf(envelopes).toSorted((a, b) => a.from - b.from)
  const parts: (RowEntry | PendingEnvelope)[] = []
  let [bytes, entries, taken] = [0, 0, 0]
  for (let queue = firstOf(queues); queue !== undefined && entries < entriesMax; queue = firstOf(queues)) {
    const entry = queue.rows[queue.taken] as RowEntry
    const { header } = entry
    const due = header.device === self ? waiting.slice(taken).filter((pending) => pending.from <= header.seq) : []
    const size = sizeOf(entry) + due.reduce((sum, { envelope }) => sum + envelope.length + FRAME_OVERHEAD_BYTES, 0)
    if (entries > 0 && (bytes + size > bytesMax || taken + due.length > ENVELOPES_PER_RUN_MAX)) break
    parts.push(...due, entry)
    bytes += size
    queue.taken += 1
    taken += due.length
    entries += 1
  }
  if (entries === 0) throw new RangeError('entries are missing from the store')
  const bodies = await readSealed(store, conversation, parts)
  return {
    parts: parts.map((part) => ('envelope' in part ? part : wireOf(part, bodies.get(part.id)))),
    served: queues.flatMap(servedOf),
    entries: parts.flatMap((part) => ('envelope' in part ? [] : [part])),
    bytes,
  }
}

/** As it travels, at the most: its body may go opened as well where it does not go sealed. */
const sizeOf = (entry: RowEntry): number =>
  ENTRY_OVERHEAD_BYTES + entry.headerBytes.length + (entry.signature?.length ?? 0) + (bodyBytesOf(entry.header.bucket) ?? 0)

const wireOf = ({ headerBytes, signature, body }: RowEntry, apart?: Uint8Array): WireEntry => ({
  header: headerBytes,
  signature,
  body: body ?? apart,
})

// The bodies that lie apart, of these entries only.
async function readSealed(
  store: Pick<Store, 'read'>,
  conversation: ConversationId,
  parts: readonly (RowEntry | PendingEnvelope)[],
): Promise<ReadonlyMap<EntryId, Uint8Array>> {
  const apart = parts.flatMap((part) => ('isApart' in part && part.isApart ? [part] : []))
  const devices = [...new Set(apart.map(({ header }) => header.device))]
  const rows = await Promise.all(
    devices.map((device) => {
      const seqs = apart.flatMap(({ header }) => (header.device === device ? [header.seq] : []))
      return store.read({ table: 'bodies', ...sealedKeysOf(conversation, { device, from: Math.min(...seqs), to: Math.max(...seqs) }) })
    }),
  )
  const byKey = new Map(rows.flat().map(({ key, value }) => [key, value]))
  return new Map(
    apart.flatMap(({ id, header: { device, seq } }) => {
      const body = byKey.get(sealedKeyOf(conversation, { device, seq, id }))
      return body === undefined ? [] : [[id, body] as const]
    }),
  )
}

/** What lies in a mailbox with this run. `blob`: that holds nothing else. */
export function waitingOf({ served, bytes }: Run, self: DeviceId, blob: Uint8Array | undefined): WaitingBlob | undefined {
  const own = served.find(({ device }) => device === self)
  return own && { from: own.from, to: own.to, bytes, blob: blob && blobIdOfSealed(blob) }
}

/** True where all of a range of entries is in it, with every body. */
export const isWhole = (run: Run, { device, to }: FeedRange): boolean =>
  ownLengthIn(run, device) > to && run.parts.every((part) => 'body' in part && part.body !== undefined)

/** The envelopes in a run, and how many own entries have gone with it. */
export const envelopesIn = (run: Run): readonly PendingEnvelope[] => run.parts.filter((part) => 'envelope' in part)
export function ownLengthIn(run: Run, self: DeviceId): number {
  const range = run.served.find(({ device }) => device === self)
  return range === undefined ? 0 : range.to + 1
}

export function framesOfRun(
  { parts }: Run,
  {
    self,
    conversation,
    opened = [],
  }: {
    readonly self: DeviceId
    readonly conversation: ConversationId
    /** Goes before the first entry, and after the envelopes in front of it. */
    readonly opened?: readonly Frame[]
  },
): readonly Frame[] {
  const frames: Frame[] = []
  let entries: WireEntry[] = []
  for (const part of parts) {
    if (!('envelope' in part)) {
      if (!frames.some(({ kind }) => kind === 'entries')) frames.push(...opened)
      if (entries.length === 0) frames.push({ kind: 'entries', conversation, entries })
      entries.push(part)
      continue
    }
    frames.push({ kind: 'envelope', from: self, envelope: part.envelope })
    entries = []
  }
  return frames
}

// What rides with entries that are there already can also go with the next run.
function fewOf(envelopes: readonly PendingEnvelope[]): readonly PendingEnvelope[] {
  const riding = envelopes.filter(({ from, until }) => until > from)
  return envelopes.filter((pending) => riding.indexOf(pending) < RIDING_PER_RUN_MAX)
}

async function readQueue(store: Pick<Store, 'read'>, conversation: ConversationId, range: FeedRange): Promise<Queue> {
  const rows = await store.read({ table: 'entries', ...entryKeysOf(conversation, range), limit: ROWS_PER_READ_MAX })
  return { range, rows: rows.map(({ value }) => entryOfRow(value)), isWhole: rows.length < ROWS_PER_READ_MAX, taken: 0 }
}

function firstOf(queues: readonly Queue[]): Queue | undefined {
  const left = queues.filter(({ rows, taken }) => taken < rows.length)
  return left.toSorted((a, b) => ((a.rows[a.taken] as RowEntry).orderKey < (b.rows[b.taken] as RowEntry).orderKey ? -1 : 1))[0]
}

// A place that is there in part does not count, unless nothing would be left: sending goes on in any case.
function servedOf({ range, rows, isWhole, taken }: Queue): readonly FeedRange[] {
  if (taken === 0 && !(isWhole && rows.length === 0)) return []
  const next = rows[taken]
  const to =
    next !== undefined
      ? Math.max(next.header.seq - 1, range.from)
      : isWhole
        ? range.to
        : Math.max(range.from, (rows.at(-1)?.header.seq ?? 0) - 1)
  return [{ ...range, to }]
}
