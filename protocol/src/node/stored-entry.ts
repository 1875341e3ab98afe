// An entry as it lies in the `entries` table: what goes to others, and its place in the order of people's view.

import { decode, struct, u32, u48 } from '../bytes/codec.ts'
import { entryIdOfHeader } from '../log/entry.ts'
import { orderKeyOf } from '../log/order.ts'
import { entryHeader, wireEntry } from '../wire/entry.ts'
import type { Codec } from '../bytes/codec.ts'
import type { AcceptedEntry } from '../log/log.ts'
import type { KnownEntry } from '../log/lookups.ts'
import type { WireEntry } from '../wire/entry.ts'

export type StoredEntry = { readonly wire: WireEntry; readonly time: number; readonly depth: number }

export const storedEntry: Codec<StoredEntry> = struct({ wire: wireEntry, time: u48, depth: u32 })

/** The entry of a row, as it was accepted. */
export function entryOfRow(row: Uint8Array): AcceptedEntry {
  const { wire, ...order } = decode(storedEntry, row)
  const { header: headerBytes, signature, body } = wire
  const id = entryIdOfHeader(headerBytes)
  return { id, header: decode(entryHeader, headerBytes), headerBytes, signature, body, order, orderKey: orderKeyOf(order, id) }
}

/** What admission wants to know of a stored entry. */
export function knownEntryOf(row: Uint8Array): KnownEntry {
  const { id, header, headerBytes, signature, body, order } = entryOfRow(row)
  const { device, seq, prev } = header
  return { device, seq, id, prev, headerBytes, signature, order, hasBody: body !== undefined }
}
