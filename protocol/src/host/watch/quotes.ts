// Messages that others in a window answer: read once, and again when their lines change.

import { lineOf } from '../../conversation/lines.ts'
import type { ConversationId, EntryId } from '../../bytes/ids.ts'
import type { TimelineRow } from '../../conversation/timeline-row.ts'
import type { Store, StoreWrite } from '../../ports.ts'

export type Quotes = {
  /** The lines that these rows answer, as far as they are here. The same object as long as nothing in it has changed. */
  readonly of: (rows: readonly TimelineRow[]) => Promise<ReadonlyMap<EntryId, TimelineRow>>
  /** To be told of every commit, in order, once it is durable. Answers whether anything answered here may be another now. */
  readonly follow: (writes: readonly StoreWrite[]) => boolean
}

export function createQuotes(store: Pick<Store, 'get'>, conversation: ConversationId): Quotes {
  /** By entry; a row that is not here too. */
  let known = new Map<EntryId, TimelineRow | undefined>()
  let shown: ReadonlyMap<EntryId, TimelineRow> = new Map()

  async function of(rows: readonly TimelineRow[]): Promise<ReadonlyMap<EntryId, TimelineRow>> {
    const answered = new Set(
      rows.flatMap(({ content }) => (content.kind === 'text' && content.answers !== undefined ? [content.answers] : [])),
    )
    const kept = new Map([...known].filter(([id]) => answered.has(id)))
    // What is committed while this reads takes what it concerns out again.
    known = kept
    const read = await Promise.all(
      [...answered].filter((id) => !kept.has(id)).map(async (id) => [id, await lineOf(store, conversation, id)] as const),
    )
    if (known === kept) for (const [id, row] of read) kept.set(id, row)
    const lines = new Map([...kept, ...read].flatMap(([id, row]) => (row === undefined ? [] : [[id, row] as const])))
    const isSame = lines.size === shown.size && [...lines].every(([id, row]) => shown.get(id) === row)
    if (!isSame) shown = lines
    return shown
  }

  function follow(writes: readonly StoreWrite[]): boolean {
    const here = writes.filter((write) => write.kind === 'shred' || write.kind === 'shred-range' || write.table === 'timeline')
    if (here.length === 0) return false
    const changed = here.flatMap((write) => (write.kind === 'put' || write.kind === 'delete' ? [write.key] : []))
    const isUnclear = changed.length < here.length
    // The id of its entry is the end of a line's key.
    const before = known.size
    known = new Map([...known].filter(([id]) => !isUnclear && !changed.some((key) => key.endsWith(id))))
    return known.size < before
  }

  return { of, follow }
}
