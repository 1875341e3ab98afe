// From format 0 to 1: lines that were stored before there was an index are put into it, and conversations say that nothing waits in them.

import { decode } from '../../bytes/codec.ts'
import { putLine } from '../../conversation/lines.ts'
import { timelineRow } from '../../conversation/timeline-row.ts'
import { ROWS_PER_READ_MAX } from '../../limits.ts'
import { decodeRow, encodeRow } from './any-row.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Conversation } from '../../node/state.ts'
import type { Store, StoreRow, StoreWrite } from '../../ports.ts'

/** Index rows are committed some at a time: whoever is interrupted writes the same ones again, and an older version passes them over. */
export async function indexLines(store: Store): Promise<readonly StoreWrite[]> {
  for (let from: string | undefined = ''; from !== undefined;) {
    const rows: readonly StoreRow[] = await store.read({ table: 'timeline', from, limit: ROWS_PER_READ_MAX })
    await store.commit(rows.flatMap(indexOf))
    from = rows.length < ROWS_PER_READ_MAX ? undefined : `${rows.at(-1)?.key}~`
  }
  return (await store.read({ table: 'conversations' })).map(({ key, value }) => {
    const conversation = decodeRow<Conversation>(value)
    const view = { ...conversation.view, waiting: 0, pending: [] }
    return { kind: 'put', table: 'conversations', key, value: encodeRow({ ...conversation, view }) }
  })
}

const indexOf = ({ key, value }: StoreRow): readonly StoreWrite[] =>
  putLine(key.slice(0, key.indexOf('/')) as ConversationId, decode(timelineRow, value)).filter(
    (write) => write.kind === 'put' && write.table === 'index',
  )
