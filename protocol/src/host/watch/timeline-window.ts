// Some rows of one conversation's timeline, around an anchor: read once and then kept level with every commit, so a look at what has just
// changed costs no reading and no opening of all that has not.

import { decode } from '../../bytes/codec.ts'
import { keyOfLine } from '../../conversation/lines.ts'
import { timelineRow } from '../../conversation/timeline-row.ts'
import { WINDOW_ROWS_MAX } from '../../limits.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { TimelineRow } from '../../conversation/timeline-row.ts'
import type { ConversationWindow } from '../../engine.ts'
import type { Store, StoreRow, StoreWrite } from '../../ports.ts'

/** `rows`: oldest first. The same object as long as nothing in it has changed. */
export type WindowRows = {
  readonly window: ConversationWindow
  readonly rows: readonly TimelineRow[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
}

export type TimelineWindow = {
  /** Not to be called again before it has answered. */
  readonly see: () => Promise<WindowRows>
  /** From now on another part is seen. */
  readonly move: (window: ConversationWindow) => void
  /** To be told of every commit, in order, once it is durable. Answers whether anything here may be another now. Never throws. */
  readonly follow: (writes: readonly StoreWrite[]) => boolean
}

/** `rows`, by their keys, in order: on each side of the key `at` one more than is seen, which tells whether there are others. */
type LoadedRows = { readonly at: string; readonly rows: ReadonlyMap<string, StoreRow> }

export function createTimelineWindow(
  store: Pick<Store, 'get' | 'read'>,
  { conversation, window: first }: { readonly conversation: ConversationId; readonly window: ConversationWindow },
): TimelineWindow {
  const [from, to] = [`${conversation}/`, `${conversation}/~`]
  const decoded = new WeakMap<Uint8Array, TimelineRow>()
  let window = bounded(first)
  /** Undefined: to be read. */
  let kept: LoadedRows | undefined
  let seen: WindowRows | undefined
  /** What was committed while the store was read: the answer may have it or not. */
  let meanwhile: StoreWrite[] | undefined

  async function read(): Promise<void> {
    const wanted = window
    const { anchor, before, after } = wanted
    meanwhile = []
    try {
      const at = await keyAt(anchor)
      const older = await store.read({ table: 'timeline', from, to: at, limit: before + 1, order: 'descending' })
      const newer = at === to ? [] : await store.read({ table: 'timeline', from: at, to, limit: after + 1 })
      // Moved meanwhile: it is read again.
      if (wanted !== window) return
      keep(at, [...older, ...newer])
      seen = undefined
      apply(meanwhile)
    } finally {
      meanwhile = undefined
    }
  }

  async function keyAt(anchor: ConversationWindow['anchor']): Promise<string> {
    if (anchor.kind === 'end') return to
    if (anchor.kind === 'time') return `${from}${Math.max(0, Math.floor(anchor.time)).toString(16).padStart(TIME_DIGITS, '0')}`
    const near = seen?.rows.find(({ id }) => id === anchor.entry)
    return near === undefined ? ((await keyOfLine(store, conversation, anchor.entry)) ?? to) : `${from}${near.orderKey}`
  }

  function isHere(write: StoreWrite): boolean {
    if (write.kind === 'shred' || write.kind === 'shred-range') return true
    if (write.table !== 'timeline') return false
    return write.kind === 'delete-range' ? write.from < to && from < write.to : write.key >= from && write.key < to
  }

  // What goes makes room for rows that are not here, and what is shredded does not say which rows it takes along.
  function apply(writes: readonly StoreWrite[]): boolean {
    const here = writes.filter(isHere)
    const puts = here.flatMap((write) => (write.kind === 'put' ? [write] : []))
    if (here.length === 0 || kept === undefined) return here.length > 0
    if (puts.length < here.length) kept = undefined
    else keep(kept.at, [...kept.rows.values(), ...puts])
    const rows = kept?.rows
    const isChanged = rows === undefined || puts.some((put) => rows.get(put.key) === put)
    if (isChanged) seen = undefined
    return isChanged
  }

  const keep = (at: string, rows: readonly StoreRow[]): void => void (kept = { at, rows: within(rows, at, window) })

  function open({ value }: StoreRow): TimelineRow {
    const row = decoded.get(value) ?? decode(timelineRow, value)
    decoded.set(value, row)
    return row
  }

  return {
    async see() {
      while (kept === undefined) await read()
      seen ??= toSeen(kept, window, open)
      return seen
    },
    move(next) {
      window = bounded(next)
      kept = undefined
    },
    follow(writes) {
      if (meanwhile === undefined) return apply(writes)
      meanwhile.push(...writes)
      return writes.some(isHere)
    },
  }
}

/** The rows of a window, in order, and one more on each side. Of two rows with one key the later one counts. */
function within(rows: readonly StoreRow[], at: string, { before, after }: ConversationWindow): ReadonlyMap<string, StoreRow> {
  const sorted = [...new Map(rows.map((row) => [row.key, row])).values()].toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const middle = sorted.findIndex(({ key }) => key >= at)
  const split = middle < 0 ? sorted.length : middle
  return new Map(sorted.slice(Math.max(0, split - before - 1), split + after + 1).map((row) => [row.key, row]))
}

function toSeen({ at, rows: all }: LoadedRows, window: ConversationWindow, open: (row: StoreRow) => TimelineRow): WindowRows {
  const rows = [...all.values()]
  const older = rows.filter(({ key }) => key < at).length
  const hasOlder = older > window.before
  const hasNewer = rows.length - older > window.after
  return { window, rows: rows.slice(hasOlder ? 1 : 0, hasNewer ? -1 : undefined).map(open), hasOlder, hasNewer }
}

/** Of an order key, see log/order.ts. */
const TIME_DIGITS = 12

function bounded({ anchor, before, after }: ConversationWindow): ConversationWindow {
  const most = (count: number): number => Math.min(Math.max(0, Math.floor(count)), WINDOW_ROWS_MAX)
  return { anchor, before: most(before), after: anchor.kind === 'end' ? 0 : Math.min(most(after), WINDOW_ROWS_MAX - most(before)) }
}
