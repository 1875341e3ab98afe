// An entry as it lies in the `entries` table: what goes to others, and its place in the order of people's view. A large body lies apart,
// in `bodies`: rows of entries are looked at whenever somebody names them, their bodies only where they are served.

import { decode, encode, marked, struct, u32, u48 } from '../../bytes/codec.ts'
import { BODY_IN_ROW_BYTES_MAX } from '../../limits.ts'
import { readHeader } from '../../log/entry.ts'
import { entryKeyOf, placeOf } from '../../log/lookups.ts'
import { orderKeyOf } from '../../log/order.ts'
import { wireEntry } from '../../wire/entry.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { AcceptedEntry } from '../../log/log.ts'
import type { FeedRange, KnownEntry } from '../../log/lookups.ts'
import type { StoreWrite } from '../../ports.ts'
import type { WireEntry } from '../../wire/entry.ts'

/** `isApart`: the body is stored in a row of its own. */
export type StoredEntry = { readonly wire: WireEntry; readonly time: number; readonly depth: number; readonly isApart?: boolean }

/** Rows of format 0, which had every body in them, read the same. */
export const storedEntry: Codec<StoredEntry> = marked(struct({ wire: wireEntry, time: u48, depth: u32 }), 'isApart')

type EntryPlace = { readonly device: DeviceId; readonly seq: number; readonly id: EntryId }

/** The rows of an entry. */
export function rowsOfEntry(conversation: ConversationId, place: EntryPlace, stored: StoredEntry): readonly StoreWrite[] {
  const { wire } = stored
  const { body } = wire
  const isApart = body !== undefined && body.length > BODY_IN_ROW_BYTES_MAX
  const row = isApart ? { ...stored, wire: { ...wire, body: undefined }, isApart } : stored
  return [
    { kind: 'put', table: 'entries', key: entryKeyOf(conversation, place), value: encode(storedEntry, row) },
    ...(isApart ? [{ kind: 'put', table: 'bodies', key: sealedKeyOf(conversation, place), value: body } as const] : []),
  ]
}

/** Key of a body that lies apart, as it goes to others. */
export const sealedKeyOf = (conversation: ConversationId, { device, seq, id }: EntryPlace): string =>
  `${conversation}/sealed/${placeOf(device, seq)}/${id}`

/** Store bounds of the {@link sealedKeyOf} keys of a range. */
export const sealedKeysOf = (
  conversation: ConversationId,
  { device, from, to }: FeedRange,
): { readonly from: string; readonly to: string } => ({
  from: `${conversation}/sealed/${placeOf(device, from)}/`,
  to: `${conversation}/sealed/${placeOf(device, to)}/~`,
})

/** An entry as it was accepted, but for a body that lies apart. */
export type RowEntry = AcceptedEntry & { readonly isApart: boolean }

/** The entry of a row. */
export function entryOfRow(row: Uint8Array): RowEntry {
  const { wire, isApart = false, ...order } = decode(storedEntry, row)
  const { header: headerBytes, signature, body } = wire
  const read = readHeader(headerBytes)
  if (read === undefined) throw new RangeError('a stored entry has no header')
  const { id, header } = read
  return { id, header, headerBytes, signature, body, order, orderKey: orderKeyOf(order, id), isApart }
}

/** What admission wants to know of a stored entry. */
export function knownEntryOf(row: Uint8Array): KnownEntry {
  const { id, header, headerBytes, signature, body, order, isApart } = entryOfRow(row)
  const { device, seq, prev } = header
  return { device, seq, id, prev, headerBytes, signature, order, hasBody: isApart || body !== undefined }
}
