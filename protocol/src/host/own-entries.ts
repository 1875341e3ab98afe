// Runs of this device's own entries, read back from the store as they go to others, and the frames that carry them.

import { decode, encode } from '../bytes/codec.ts'
import { ENTRIES_PER_FRAME_MAX, ENVELOPES_PER_RUN_MAX } from '../limits.ts'
import { entryKeysOf } from '../log/lookups.ts'
import { storedEntry } from '../node/stored-entry.ts'
import { wireEntry } from '../wire/entry.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { NodeState, PendingEnvelope } from '../node/state.ts'
import type { Store } from '../ports.ts'
import type { Frame } from '../wire/frame.ts'
import type { WireEntry } from '../wire/entry.ts'

/** Framing of one envelope or entry. */
const FRAME_OVERHEAD_BYTES = 64

export type OwnRun = {
  readonly from: number
  readonly entries: readonly WireEntry[]
  /** Seq of the last of them. */
  readonly to: number
  /** What has to come before some of them, ascending by the entry that it comes before. */
  readonly envelopes: readonly PendingEnvelope[]
}

type Parts = { readonly store: Store; readonly state: () => NodeState }
type Asked = {
  readonly conversation: ConversationId
  readonly from: number
  readonly to: number
  readonly bytesMax: number
  readonly entriesMax?: number
  /** Those of the conversation that are not there yet. */
  readonly envelopes: readonly PendingEnvelope[]
}

/** As many of the entries `from`…`to`, with their envelopes, as fit into `bytesMax`, at least one entry. */
export async function readOwnEntries({ store, state }: Parts, asked: Asked): Promise<OwnRun> {
  const { conversation, from, bytesMax, entriesMax = ENTRIES_PER_FRAME_MAX } = asked
  const to = Math.min(asked.to, from + entriesMax - 1)
  const rows = await store.read({ table: 'entries', ...entryKeysOf(conversation, { device: state().self.device.id, from, to }) })
  const waiting = asked.envelopes.toSorted((a, b) => a.from - b.from)
  const entries: WireEntry[] = []
  const taken: PendingEnvelope[] = []
  let bytes = 0
  for (const row of rows) {
    const { wire } = decode(storedEntry, row.value)
    const due = waiting.slice(taken.length).filter((pending) => pending.from <= from + entries.length)
    bytes += encode(wireEntry, wire).length + due.reduce((sum, { envelope }) => sum + envelope.length + FRAME_OVERHEAD_BYTES, 0)
    if (entries.length > 0 && (bytes > bytesMax || taken.length + due.length > ENVELOPES_PER_RUN_MAX)) break
    taken.push(...due)
    entries.push(wire)
  }
  if (entries.length === 0) throw new RangeError('an own entry is missing from the store')
  return { from, entries, to: from + entries.length - 1, envelopes: taken }
}

/** The run as frames: each envelope right before the entries that it opens, because a receiver keeps few chains at a time. */
export function framesOfRun(
  run: OwnRun,
  { self, conversation }: { readonly self: DeviceId; readonly conversation: ConversationId },
): readonly Frame[] {
  const frames: Frame[] = []
  let at = 0
  const takeUpTo = (seq: number): void => {
    const end = Math.max(at, Math.min(run.entries.length, seq - run.from))
    if (end > at) frames.push({ kind: 'entries', conversation, entries: run.entries.slice(at, end) })
    at = end
  }
  for (const { envelope, from } of run.envelopes) {
    takeUpTo(from)
    frames.push({ kind: 'envelope', from: self, envelope })
  }
  takeUpTo(run.to + 1)
  return frames
}
