// The last rows of one conversation's timeline, read once and then kept level with every commit: a look at what has just changed costs no
// reading and no opening of all that has not.

import { decode } from '../bytes/codec.ts'
import { timelineRow } from '../conversation/timeline-row.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { TimelineRow } from '../conversation/timeline-row.ts'
import type { Store, StoreRow, StoreWrite } from '../ports.ts'

export type TimelineWindow = {
  /** At most the last `limit` rows, oldest first. Not to be called again before it has answered. */
  readonly rows: () => Promise<readonly TimelineRow[]>
  /** To be told of every commit, in order, once it is durable. Never throws. */
  readonly follow: (writes: readonly StoreWrite[]) => void
}

type Shown = { readonly conversation: ConversationId; readonly limit: number }

export function createTimelineWindow(store: Pick<Store, 'read'>, { conversation, limit }: Shown): TimelineWindow {
  const [from, to] = [`${conversation}/`, `${conversation}/~`]
  const decoded = new WeakMap<Uint8Array, TimelineRow>()
  /** By their keys, in order. Undefined: to be read. */
  let kept: ReadonlyMap<string, StoreRow> | undefined
  /** What was committed while the store was read: the answer may have it or not. */
  let meanwhile: StoreWrite[] | undefined

  async function read(): Promise<void> {
    meanwhile = []
    try {
      keep(await store.read({ table: 'timeline', from, to, limit, order: 'descending' }))
      apply(meanwhile)
    } finally {
      meanwhile = undefined
    }
  }

  function isHere(write: StoreWrite): boolean {
    if (write.kind === 'shred' || write.kind === 'shred-range') return true
    if (write.table !== 'timeline') return false
    return write.kind === 'delete-range' ? write.from < to && from < write.to : write.key >= from && write.key < to
  }

  // What goes makes room for rows that are not here, and what is shredded does not say which rows it takes along.
  function apply(writes: readonly StoreWrite[]): void {
    const here = writes.filter(isHere)
    const puts = here.flatMap((write) => (write.kind === 'put' ? [write] : []))
    if (puts.length < here.length) kept = undefined
    else if (kept !== undefined && puts.length > 0) keep([...kept.values(), ...puts])
  }

  /** Of two rows with one key the later one counts. */
  function keep(rows: readonly StoreRow[]): void {
    const byKey = new Map(rows.map((row) => [row.key, row]))
    kept = new Map([...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(-limit))
  }

  function open({ value }: StoreRow): TimelineRow {
    const row = decoded.get(value) ?? decode(timelineRow, value)
    decoded.set(value, row)
    return row
  }

  return {
    async rows() {
      while (kept === undefined) await read()
      return [...kept.values()].map(open)
    },
    follow(writes) {
      if (meanwhile === undefined) apply(writes)
      else meanwhile.push(...writes)
    },
  }
}
