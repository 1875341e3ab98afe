// From format 3 to 4: nothing has gone to rest yet, so all chats and contacts get the mark of what is awake.

import { ROWS_PER_READ_MAX } from '../../limits.ts'
import { markRow } from '../records/rest-rows.ts'
import type { Store, StoreRow, StoreWrite } from '../../ports.ts'

/** Some rows at a time: whoever is interrupted writes the same marks again, and an older version passes them over. */
export async function markAwake(store: Store): Promise<readonly StoreWrite[]> {
  for (const [table, kind] of [
    ['conversations', 'chats'],
    ['peers', 'contacts'],
  ] as const)
    for (let from: string | undefined = ''; from !== undefined;) {
      const rows: readonly StoreRow[] = await store.read({ table, from, limit: ROWS_PER_READ_MAX })
      const ids = new Set(rows.map(({ key }) => key.split('/', 1)[0] ?? key))
      if (ids.size > 0) await store.commit([...ids].map((id) => markRow(kind, id)))
      from = rows.length < ROWS_PER_READ_MAX ? undefined : `${rows.at(-1)?.key}~`
    }
  return []
}
