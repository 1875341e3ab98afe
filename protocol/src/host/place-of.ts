// Where the line of an entry lies in the timeline: keys end with the id of their entry.

import { ROWS_SEARCHED_MAX } from '../limits.ts'
import type { ConversationId, EntryId } from '../bytes/ids.ts'
import type { Store } from '../ports.ts'

/** The key of an entry's line, the latest ones searched first; undefined when there is none. */
export async function placeOf(store: Pick<Store, 'read'>, conversation: ConversationId, entry: EntryId): Promise<string | undefined> {
  const from = `${conversation}/`
  for (let to = `${conversation}/~`; ;) {
    const rows = await store.read({ table: 'timeline', from, to, limit: ROWS_SEARCHED_MAX, order: 'descending' })
    const found = rows.find(({ key }) => key.endsWith(entry))
    const last = rows.at(-1)
    if (found !== undefined || last === undefined || rows.length < ROWS_SEARCHED_MAX) return found?.key
    to = last.key
  }
}
