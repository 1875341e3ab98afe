// A run of this device's own entries, read back from the store as it goes to others.

import { decode, encode } from '../bytes/codec.ts'
import { ENTRIES_PER_FRAME_MAX } from '../limits.ts'
import { entryKeysOf } from '../log/lookups.ts'
import { storedEntry } from '../node/stored-entry.ts'
import { wireEntry } from '../wire/entry.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { NodeState } from '../node/state.ts'
import type { Store } from '../ports.ts'
import type { WireEntry } from '../wire/entry.ts'

export type OwnRun = { readonly entries: readonly WireEntry[]; /** Seq of the last of them. */ readonly to: number }

type Asked = { readonly conversation: ConversationId; readonly from: number; readonly to: number; readonly bytesMax: number; readonly entriesMax?: number }

/** As many of the entries `from`…`to` as fit into `bytesMax`, at least one. */
export async function readOwnEntries({ store, state }: { readonly store: Store; readonly state: () => NodeState }, asked: Asked): Promise<OwnRun> {
  const { conversation, from, bytesMax, entriesMax = ENTRIES_PER_FRAME_MAX } = asked
  const to = Math.min(asked.to, from + entriesMax - 1)
  const rows = await store.read({ table: 'entries', ...entryKeysOf(conversation, { device: state().self.device.id, from, to }) })
  const entries: WireEntry[] = []
  let bytes = 0
  for (const row of rows) {
    const { wire } = decode(storedEntry, row.value)
    bytes += encode(wireEntry, wire).length
    if (entries.length > 0 && bytes > bytesMax) break
    entries.push(wire)
  }
  if (entries.length === 0) throw new RangeError('an own entry is missing from the store')
  return { entries, to: from + entries.length - 1 }
}
