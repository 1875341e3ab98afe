// A Store in memory for scenarios and simulations. Nothing is sealed; order, atomicity, shredding and what a crash may lose are those of
// the real adapter, because both pass the same contract (store-contract.ts). Time is the caller's: commits become durable when it says so.

import { StoreError, TABLES } from '../../src/ports.ts'
import type { Store, StoreRange, StoreRow, StoreWrite, Table } from '../../src/ports.ts'

export type MemoryStoreOptions = {
  /** What lay on the disk before; left out: nothing. */
  readonly image?: MemoryStoreImage
  /** Calls `done` when the disk has the commit; left out: in a microtask. Commits whose `done` comes early wait for those before them. */
  readonly schedule?: (done: () => void) => void
  /** An error here is what the disk answers to the commit. Asked when the commit's turn comes. */
  readonly refuse?: (writes: readonly StoreWrite[]) => StoreError | undefined
}

export type MemoryStore = Store & {
  /**
   * The power goes: nothing of this store settles any more. `keep` is told how many commits were in flight and says how many of them,
   * the oldest first, had reached the disk. Answers what is on the disk now.
   */
  crash(keep?: (inFlight: number) => number): MemoryStoreImage
  /** What is on the disk now, while the store goes on. */
  image(): MemoryStoreImage
}

/** A disk's content; never changes, and can be opened any number of times. */
export type MemoryStoreImage = {
  readonly tables: ReadonlyMap<Table, ReadonlyMap<string, Row>>
  readonly shreds: ReadonlyMap<string, ShredKey>
}

/** Stands for a random key: two are never the same, even under one name. */
type ShredKey = { readonly shred: string }
type Row = { readonly value: Uint8Array; readonly key: ShredKey | undefined }

type Waiting = {
  readonly writes: readonly StoreWrite[]
  readonly resolve: () => void
  readonly reject: (error: StoreError) => void
  /** Reads that were asked after this commit. */
  readonly readers: (() => void)[]
  /** There was no room for one before it. */
  refused: StoreError | undefined
  done: boolean
}

const inMicrotask = async (done: () => void): Promise<void> => {
  await Promise.resolve()
  done()
}

export function createMemoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const disk = loadDisk(options.image)
  const schedule = options.schedule ?? ((done) => void inMicrotask(done))
  const waiting: Waiting[] = []
  let state: 'open' | 'refused' | 'crashed' = 'open'

  function settleInOrder(): void {
    while (state !== 'crashed' && waiting[0]?.done === true) {
      const next = waiting.shift() as Waiting
      const error = state === 'refused' ? closedError() : (next.refused ?? options.refuse?.(next.writes))
      if (error === undefined) {
        disk.apply(next.writes)
        next.resolve()
      } else {
        if (error.code === 'quota') for (const behind of waiting) behind.refused = error
        else state = 'refused'
        next.reject(error)
      }
      for (const read of next.readers) read()
    }
  }

  function commit(writes: readonly StoreWrite[]): Promise<void> {
    if (state === 'crashed') return never()
    if (state === 'refused') return Promise.reject(closedError())
    return new Promise((resolve, reject) => {
      const entry: Waiting = { writes: writes.map(copyWrite), resolve, reject, readers: [], refused: undefined, done: false }
      waiting.push(entry)
      schedule(() => {
        entry.done = true
        settleInOrder()
      })
    })
  }

  // Like IndexedDB, a read waits for the commits that were called before it.
  function reading<T>(answer: () => T): Promise<T> {
    if (state === 'crashed') return never()
    const last = waiting.at(-1)
    return new Promise((resolve) => {
      const read = () => resolve(answer())
      if (last === undefined) read()
      else last.readers.push(read)
    })
  }

  return {
    commit,
    get: (table, key) => reading(() => disk.get(table, key)),
    read: (range) => reading(() => disk.read(range)),
    crash(keep = () => 0) {
      const kept = keep(waiting.length)
      if (!Number.isInteger(kept) || kept < 0 || kept > waiting.length) throw new Error(`cannot keep ${kept} of ${waiting.length} commits`)
      for (const { writes } of waiting.slice(0, kept)) disk.apply(writes)
      state = 'crashed'
      return disk.image()
    },
    image: () => disk.image(),
  }
}

function loadDisk(image: MemoryStoreImage | undefined) {
  const tables = new Map(TABLES.map((table) => [table, new Map(image?.tables.get(table))]))
  const shreds = new Map(image?.shreds)
  const sorted = new Map(TABLES.map((table) => [table, createSortedKeys([...tableOf(table).keys()].sort())]))

  function tableOf(table: Table): Map<string, Row> {
    return tables.get(table) as Map<string, Row>
  }

  function keysOf(table: Table): SortedKeys {
    return sorted.get(table) as SortedKeys
  }

  function shredKey(shred: string): ShredKey {
    const key = shreds.get(shred) ?? { shred }
    shreds.set(shred, key)
    return key
  }

  function applyOne(write: StoreWrite): void {
    switch (write.kind) {
      case 'put': {
        if (!tableOf(write.table).has(write.key)) keysOf(write.table).add(write.key)
        tableOf(write.table).set(write.key, { value: write.value, key: write.shred === undefined ? undefined : shredKey(write.shred) })
        return
      }
      case 'delete': {
        if (tableOf(write.table).delete(write.key)) keysOf(write.table).remove(write.key)
        return
      }
      case 'delete-range': {
        const { table, from, to } = write
        const keys = keysOf(table).all()
        const [start, end] = [placeOf(keys, from), placeOf(keys, to)]
        for (const key of keys.splice(start, Math.max(0, end - start))) tableOf(table).delete(key)
        return
      }
      case 'shred': {
        shreds.delete(write.shred)
        return
      }
      case 'shred-range': {
        for (const shred of [...shreds.keys()]) if (shred >= write.from && shred < write.to) shreds.delete(shred)
        return
      }
    }
  }

  function get(table: Table, key: string): Uint8Array | undefined {
    const row = tableOf(table).get(key)
    const readable = row !== undefined && (row.key === undefined || shreds.get(row.key.shred) === row.key)
    return readable ? row.value.slice() : undefined
  }

  function read({ table, from, to, limit = Infinity, order = 'ascending' }: StoreRange): readonly StoreRow[] {
    const keys = keysOf(table).all()
    const start = from === undefined ? 0 : placeOf(keys, from)
    const end = to === undefined ? keys.length : placeOf(keys, to)
    const rows: StoreRow[] = []
    for (let i = 0; i < end - start && rows.length < limit; i++) {
      const key = keys[order === 'ascending' ? start + i : end - 1 - i] as string
      const value = get(table, key)
      if (value !== undefined) rows.push({ key, value })
    }
    return rows
  }

  return {
    apply: (writes: readonly StoreWrite[]) => writes.forEach(applyOne),
    get,
    read,
    image: (): MemoryStoreImage => ({
      tables: new Map([...tables].map(([table, rows]) => [table, new Map(rows)])),
      shreds: new Map(shreds),
    }),
  }
}

/** The keys of a table in their order. New ones are put into it when somebody asks for it: one by one they would move all behind them. */
function createSortedKeys(initial: string[]) {
  let keys = initial
  let fresh: string[] = []

  function all(): string[] {
    if (fresh.length === 0) return keys
    const added = fresh.sort()
    fresh = []
    if (added.length < keys.length / ONE_BY_ONE) for (const key of added) keys.splice(placeOf(keys, key), 0, key)
    else keys = [...keys, ...added].sort()
    return keys
  }

  return {
    all,
    add: (key: string): void => void fresh.push(key),
    remove: (key: string): void => void all().splice(placeOf(all(), key), 1),
  }
}

type SortedKeys = ReturnType<typeof createSortedKeys>

/** Fewer new keys than one in so many are put in their places; with more it is quicker to sort all. */
const ONE_BY_ONE = 1_000

/** Where `key` is, or would be, in the sorted `keys`. */
function placeOf(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}

const copyWrite = (write: StoreWrite): StoreWrite => (write.kind === 'put' ? { ...write, value: write.value.slice() } : write)
const closedError = () => new StoreError('closed', 'the store refused an earlier commit')
const never = () => new Promise<never>(() => undefined)
