// Bodies read back from the store, each checked against what its author committed to in the entry's header (docs/protocol.md §5.11).

import { decode } from '../../bytes/codec.ts'
import { ROWS_PER_READ_MAX } from '../../limits.ts'
import { isBodyKeptOf } from '../../log/kept-body.ts'
import { entryKeyOf } from '../../log/lookups.ts'
import { keptKeysOf, storedBody } from '../../node/rows/stored-body.ts'
import { entryOfRow } from '../../node/rows/stored-entry.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { KeptBody } from '../../log/kept-body.ts'
import type { AcceptedEntry } from '../../log/log.ts'
import type { KeptKind, StoredBody } from '../../node/rows/stored-body.ts'
import type { Store, StoreRow } from '../../ports.ts'

export type ReadBody = { readonly entry: AcceptedEntry; readonly kept: KeptBody }

/**
 * The kept bodies of one kind of content, in the conversation's order, some at a time: nobody bounds how many a contact leaves behind over
 * the days. One that is not its entry's is left out.
 */
export async function* readBodies(store: Store, conversation: ConversationId, kind: KeptKind): AsyncGenerator<ReadBody> {
  const { from, to } = keptKeysOf(conversation, kind)
  for (let next: string | undefined = from; next !== undefined;) {
    const rows: readonly StoreRow[] = await store.read({ table: 'bodies', from: next, to, limit: ROWS_PER_READ_MAX })
    const bodies = await Promise.all(rows.map((row) => withEntry(store, conversation, decode(storedBody, row.value))))
    for (const body of bodies) if (body !== undefined && isBodyKeptOf(body.entry.header, body.kept)) yield body
    next = rows.length < ROWS_PER_READ_MAX ? undefined : `${rows.at(-1)?.key}~`
  }
}

async function withEntry(store: Store, conversation: ConversationId, { kept, ...place }: StoredBody): Promise<ReadBody | undefined> {
  const row = await store.get('entries', entryKeyOf(conversation, place))
  return row && { entry: entryOfRow(row), kept }
}
