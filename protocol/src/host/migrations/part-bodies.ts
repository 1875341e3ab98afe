// Format 0 kept the body of every entry in the entry's row. Since format 1 the larger ones lie apart (node/rows/stored-entry.ts).

import { decode } from '../../bytes/codec.ts'
import { BODY_IN_ROW_BYTES_MAX, ROWS_PER_READ_MAX } from '../../limits.ts'
import { readHeader } from '../../log/entry.ts'
import { rowsOfEntry, storedEntry } from '../../node/rows/stored-entry.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Store, StoreRow, StoreWrite } from '../../ports.ts'

/** Some rows at a time, each in one commit with its body: what a crash leaves undone is done after the next start. Nothing is left to write. */
export async function partBodies(store: Store): Promise<readonly StoreWrite[]> {
  for (let from: string | undefined = ''; from !== undefined;) {
    const rows: readonly StoreRow[] = await store.read({ table: 'entries', from, limit: ROWS_PER_READ_MAX })
    const writes = rows.flatMap(parted)
    if (writes.length > 0) await store.commit(writes)
    const last = rows.at(-1)
    from = last === undefined || rows.length < ROWS_PER_READ_MAX ? undefined : `${last.key}~`
  }
  return []
}

function parted({ key, value }: StoreRow): readonly StoreWrite[] {
  const stored = decode(storedEntry, value)
  const { wire } = stored
  const read = readHeader(wire.header)
  if (read === undefined || (wire.body?.length ?? 0) <= BODY_IN_ROW_BYTES_MAX) return []
  const { id, header } = read
  // The header of the entry that created a conversation does not name it.
  return rowsOfEntry(key.slice(0, key.indexOf('/')) as ConversationId, { device: header.device, seq: header.seq, id }, stored)
}
