// What of a view travels to a page: all of it once, and then what has changed. Rows that have not changed are the same objects, see Engine.

type Row = { readonly id: string }
/** A view that is rows, or has them as its messages; anything else travels whole. */
type Parts = { readonly rest: unknown; readonly rows: readonly Row[] }

export type ViewChange =
  | { readonly kind: 'all'; readonly view: unknown }
  /** `gone`: ids. `put`: places in the new list, ascending, with their rows. `rest`: of a view that has its rows as messages. */
  | {
      readonly kind: 'rows'
      readonly gone: readonly string[]
      readonly put: readonly (readonly [at: number, row: Row])[]
      readonly rest?: unknown
    }

/** Undefined: nothing has changed. */
export function changeOf(before: unknown, after: unknown): ViewChange | undefined {
  if (before === after) return undefined
  const [old, now] = [toParts(before), toParts(after)]
  const rows = old && now && Array.isArray(old.rest) === Array.isArray(now.rest) ? changeOfRows(old.rows, now.rows) : undefined
  if (rows === undefined) return { kind: 'all', view: after }
  return now?.rest === undefined ? rows : { ...rows, rest: now.rest }
}

/** The view after a change. */
export function changed(before: unknown, change: ViewChange): unknown {
  if (change.kind === 'all') return change.view
  const parts = toParts(before)
  if (parts === undefined) throw new Error('rows have come to a view without any')
  const left = new Set([...change.gone, ...change.put.map(([, { id }]) => id)])
  const kept = parts.rows.filter(({ id }) => !left.has(id))
  const rows: Row[] = []
  let next = 0
  for (const [at, row] of change.put) {
    rows.push(...kept.slice(next, (next += at - rows.length)), row)
  }
  rows.push(...kept.slice(next))
  return change.rest === undefined ? rows : { ...change.rest, messages: rows }
}

function changeOfRows(before: readonly Row[], after: readonly Row[]): Extract<ViewChange, { kind: 'rows' }> | undefined {
  const same = new Set(after)
  const kept = before.filter((row) => same.has(row))
  const old = new Set(kept)
  const put = after.flatMap((row, at) => (old.has(row) ? [] : [[at, row] as const]))
  // What has stayed has to stand in the same order, or it is told anew.
  if (after.filter((row) => old.has(row)).some((row, at) => row !== kept[at])) return undefined
  const ids = new Set(after.map(({ id }) => id))
  return { kind: 'rows', gone: before.flatMap(({ id }) => (ids.has(id) ? [] : [id])), put }
}

function toParts(view: unknown): Parts | undefined {
  if (Array.isArray(view)) return { rest: undefined, rows: view as readonly Row[] }
  if (typeof view !== 'object' || view === null || !('messages' in view) || !Array.isArray(view.messages)) return undefined
  const { messages, ...rest } = view
  return { rest, rows: messages as readonly Row[] }
}
