// The rows of the search index: how far it has come, the heads of its segments, and their blocks. Whatever changes together is put down together, so that a
// crash between any two commits leaves an index that says what it said.

import { decode, DecodeError, encode, optional, struct, text, u16, u48 } from '../../bytes/codec.ts'
import { rowsOf, segmentHead } from '../../search/segment.ts'
import { MARKS } from './marks.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { LoadBlocks, SegmentHead } from '../../search/segment.ts'
import type { Store, StoreWrite } from '../../ports.ts'

/** Of the form of the rows and of how texts become terms: with another one the index is built anew. */
const VERSION = 3

/**
 * `nextRow`: of the next block or segment. `unfinished`: blocks from this row on belong to no segment yet. `cursor`: lines before this key of the timeline
 * were read when the index was first built; undefined once all are.
 */
type IndexState = {
  readonly version: number
  readonly nextRow: number
  readonly unfinished: number | undefined
  readonly cursor: string | undefined
}

const CURSOR_LENGTH = 256
const indexState: Codec<IndexState> = struct({
  version: u16,
  nextRow: u48,
  unfinished: optional(u48),
  cursor: optional(text(CURSOR_LENGTH)),
})

const TABLE = 'index'
const ALL = { table: TABLE, from: 'search/', to: 'search/~' } as const
const STATE = 'search/state'
const SEGMENTS = 'search/segment/'
const BLOCKS = 'search/block/'
const hex = (row: number): string => row.toString(16).padStart(12, '0')
const blockKey = (row: number): string => BLOCKS + hex(row)
const segmentKey = (segment: number): string => SEGMENTS + hex(segment)

/** By number; a new map after each change. */
export type Heads = ReadonlyMap<number, SegmentHead>

export type IndexWriter = {
  readonly block: <B extends { readonly bytes: Uint8Array }>(block: B) => Omit<B, 'bytes'> & { readonly row: number }
  readonly add: (head: SegmentHead) => void
  /** `dropped`: rows that nothing needs any more. */
  readonly change: (segment: number, head: SegmentHead, dropped: readonly number[]) => void
  /** With all its blocks. */
  readonly drop: (segment: number) => void
  readonly dropMarks: (keys: Iterable<string>) => void
  readonly set: (state: Partial<Pick<IndexState, 'unfinished' | 'cursor'>>) => void
}

export type Catalog = {
  readonly heads: () => Heads
  readonly cursor: () => string | undefined
  readonly nextRow: () => number
  /** Throws {@link DecodeError} where one is not there. */
  readonly load: LoadBlocks
  /** Not to be called again before it has answered. */
  readonly commit: (fill: (writer: IndexWriter) => void) => Promise<void>
  /** Blocks that were put down for a segment that will not be. */
  readonly dropUnfinished: () => Promise<void>
  /** Forgets everything, marks included, to be built anew. */
  readonly clear: () => Promise<void>
}

export async function openCatalog(store: Store): Promise<Catalog> {
  const found = await readCatalog(store)
  let state: IndexState = found?.state ?? EMPTY
  let heads: Heads = found?.heads ?? new Map<number, SegmentHead>()

  async function commit(fill: (writer: IndexWriter) => void): Promise<void> {
    const made = writtenOn(state, heads, fill)
    await store.commit([...made.writes, stateRow(made.state)])
    ;[state, heads] = [made.state, made.heads]
  }

  async function clear(): Promise<void> {
    await store.commit([{ kind: 'delete-range', ...ALL }, stateRow(EMPTY)])
    ;[state, heads] = [EMPTY, new Map<number, SegmentHead>()]
  }

  async function dropUnfinished(): Promise<void> {
    if (state.unfinished === undefined) return
    const next = { ...state, unfinished: undefined }
    await store.commit([{ kind: 'delete-range', table: TABLE, from: blockKey(state.unfinished), to: `${BLOCKS}~` }, stateRow(next)])
    state = next
  }

  if (found === undefined) await clear()
  await dropUnfinished()
  return {
    heads: () => heads,
    cursor: () => state.cursor,
    nextRow: () => state.nextRow,
    load: (rows) => loadBlocks(store, rows),
    commit,
    dropUnfinished,
    clear,
  }
}

const EMPTY: IndexState = { version: VERSION, nextRow: 0, unfinished: undefined, cursor: '' }
const stateRow = (state: IndexState): StoreWrite => ({ kind: 'put', table: TABLE, key: STATE, value: encode(indexState, state) })

/** Undefined where there is none of this version, or none that can be read. */
async function readCatalog(store: Store): Promise<{ readonly state: IndexState; readonly heads: Heads } | undefined> {
  try {
    const row = await store.get(TABLE, STATE)
    const state = row && decode(indexState, row)
    if (state?.version !== VERSION) return undefined
    const rows = await store.read({ table: TABLE, from: SEGMENTS, to: `${SEGMENTS}~` })
    return {
      state,
      heads: new Map(rows.map(({ key, value }) => [Number.parseInt(key.slice(SEGMENTS.length), 16), decode(segmentHead, value)])),
    }
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

function writtenOn(before: IndexState, heads: Heads, fill: (writer: IndexWriter) => void) {
  const writes: StoreWrite[] = []
  const after = new Map(heads)
  let state = before
  const take = (): number => {
    state = { ...state, nextRow: state.nextRow + 1 }
    return state.nextRow - 1
  }
  const put = (key: string, value: Uint8Array): void => void writes.push({ kind: 'put', table: TABLE, key, value })
  const dropKey = (key: string): void => void writes.push({ kind: 'delete', table: TABLE, key })
  const set = (segment: number, head: SegmentHead): void => {
    after.set(segment, head)
    put(segmentKey(segment), encode(segmentHead, head))
  }
  fill({
    block({ bytes, ...block }) {
      const row = take()
      put(blockKey(row), bytes)
      return { ...block, row }
    },
    add: (head) => set(take(), head),
    change(segment, head, dropped) {
      set(segment, head)
      for (const row of dropped) dropKey(blockKey(row))
    },
    drop(segment) {
      const head = after.get(segment)
      for (const row of head === undefined ? [] : rowsOf(head)) dropKey(blockKey(row))
      after.delete(segment)
      dropKey(segmentKey(segment))
    },
    dropMarks(keys) {
      for (const key of keys) writes.push({ kind: 'delete', table: MARKS.table, key })
    },
    set: (change) => void (state = { ...state, ...change }),
  })
  return { writes, state, heads: after }
}

/** Rows that lie beside each other are read together. */
async function loadBlocks(store: Pick<Store, 'get' | 'read'>, rows: readonly number[]): Promise<readonly Uint8Array[]> {
  const runs: [first: number, last: number][] = []
  for (const row of rows) {
    const run = runs.at(-1)
    if (run !== undefined && row === run[1] + 1) run[1] = row
    else runs.push([row, row])
  }
  const read = await Promise.all(
    runs.map(async ([first, last]) => {
      if (first === last) return [await store.get(TABLE, blockKey(first))]
      const found = await store.read({ table: TABLE, from: blockKey(first), to: blockKey(last + 1) })
      return found.length === last + 1 - first ? found.map(({ value }) => value) : [undefined]
    }),
  )
  return read.flat().map((block) => {
    if (block === undefined) throw new DecodeError('a block of the index is missing')
    return block
  })
}
