// An entry as it lies in the `entries` table: what goes to others, and its place in the order of people's view.

import { decode, struct, u32, u48 } from '../bytes/codec.ts'
import { entryIdOfHeader } from '../log/entry.ts'
import { entryHeader, wireEntry } from '../wire/entry.ts'
import type { Codec } from '../bytes/codec.ts'
import type { KnownEntry } from '../log/lookups.ts'
import type { WireEntry } from '../wire/entry.ts'

export type StoredEntry = { readonly wire: WireEntry; readonly time: number; readonly depth: number }

export const storedEntry: Codec<StoredEntry> = struct({ wire: wireEntry, time: u48, depth: u32 })

/** What admission wants to know of a stored entry. */
export function knownEntryOf(row: Uint8Array): KnownEntry {
  const { wire, time, depth } = decode(storedEntry, row)
  const header = decode(entryHeader, wire.header)
  return {
    device: header.device,
    seq: header.seq,
    id: entryIdOfHeader(wire.header),
    prev: header.prev,
    headerBytes: wire.header,
    signature: wire.signature,
    order: { time, depth },
    hasBody: wire.body !== undefined,
  }
}
