// What every Store must do, as plain checks: vitest runs them on memory and fake-indexeddb, a browser walk runs them on the real thing.

import type { Store, StoreWrite, Table } from '../../src/ports.ts'

/** Somewhere to keep rows, empty at the start of each check. */
export type StoreBench = {
  /** Opens the store on what the last one left behind. The last one is closed first. */
  readonly open: () => Promise<Store>
}

export type StoreCheck = { readonly name: string; readonly run: (bench: StoreBench) => Promise<void> }

const check = (name: string, run: StoreCheck['run']): StoreCheck => ({ name, run })

export const STORE_CONTRACT: readonly StoreCheck[] = [
  check('a row that was put is read back after reopening, and an unknown one is undefined', async (bench) => {
    const store = await bench.open()
    await store.commit([put('state', 'a', [1, 2, 3])])
    equal(await bytesAt(await bench.open(), 'state', 'a'), [1, 2, 3])
    equal(await bytesAt(await bench.open(), 'state', 'b'), undefined)
    equal(await bytesAt(await bench.open(), 'peers', 'a'), undefined)
  }),

  check('an empty value and an empty commit are kept like any other', async (bench) => {
    const store = await bench.open()
    await store.commit([])
    await store.commit([put('state', 'empty', [])])
    equal(await bytesAt(store, 'state', 'empty'), [])
  }),

  check('the writes of one commit take effect in order', async (bench) => {
    const store = await bench.open()
    await store.commit([
      put('state', 'a', [1]),
      put('state', 'a', [2]),
      put('state', 'b', [1]),
      remove('state', 'b'),
      remove('state', 'never'),
    ])
    equal(await bytesAt(store, 'state', 'a'), [2])
    equal(await bytesAt(store, 'state', 'b'), undefined)
  }),

  check('commits take effect in the order in which they were called, without waiting for one another', async (bench) => {
    const store = await bench.open()
    const commits = Array.from({ length: 50 }, (_, i) => store.commit([put('state', 'last', [i]), put('entries', pad(i), [i])]))
    equal(await bytesAt(store, 'state', 'last'), [49])
    await Promise.all(commits)
    const again = await bench.open()
    equal(await bytesAt(again, 'state', 'last'), [49])
    equal((await again.read({ table: 'entries' })).length, 50)
  }),

  check('a read sees every commit that was called before it', async (bench) => {
    const store = await bench.open()
    const commits: Promise<void>[] = []
    for (let i = 0; i < 10; i++) {
      commits.push(store.commit([put('timeline', pad(i), [i])]))
      equal((await store.read({ table: 'timeline' })).length, i + 1)
    }
    await Promise.all(commits)
  }),

  check('a value is kept as it was when the commit was called', async (bench) => {
    const store = await bench.open()
    const value = Uint8Array.of(1)
    const committed = store.commit([{ kind: 'put', table: 'state', key: 'a', value }])
    value[0] = 9
    await committed
    equal(await bytesAt(store, 'state', 'a'), [1])
  }),

  check('a range includes its start, excludes its end, and knows only its own table', async (bench) => {
    const store = await bench.open()
    await store.commit([...['a', 'b', 'b/1', 'c', 'd'].map((key) => put('entries', key, [1])), put('timeline', 'b', [1])])
    equal(await keysIn(store, { from: 'b', to: 'd' }), ['b', 'b/1', 'c'])
    equal(await keysIn(store, { from: 'b0' }), ['c', 'd'])
    equal(await keysIn(store, { to: 'b' }), ['a'])
    equal(await keysIn(store, {}), ['a', 'b', 'b/1', 'c', 'd'])
    equal(await keysIn(store, { from: 'c', to: 'c' }), [])
    equal(await keysIn(store, { from: 'd', to: 'a' }), [])
  }),

  check('a range is read from either end, and stops at the limit', async (bench) => {
    const store = await bench.open()
    await store.commit(Array.from({ length: 40 }, (_, i) => put('entries', pad(i), [i])))
    equal(await keysIn(store, { limit: 3 }), [pad(0), pad(1), pad(2)])
    equal(await keysIn(store, { limit: 3, order: 'descending' }), [pad(39), pad(38), pad(37)])
    equal(await keysIn(store, { from: pad(5), to: pad(8), order: 'descending' }), [pad(7), pad(6), pad(5)])
    equal(await keysIn(store, { from: pad(5), to: pad(8), limit: 1, order: 'descending' }), [pad(7)])
    equal(await keysIn(store, { limit: 0 }), [])
    equal((await keysIn(store, { limit: 1_000 })).length, 40)
  }),

  check('keys sort byte by byte', async (bench) => {
    const store = await bench.open()
    const keys = ['A', 'Z', '_', 'a', 'a!', 'a/', 'a0', 'aa', 'b', '~']
    await store.commit(keys.toReversed().map((key) => put('entries', key, [1])))
    equal(await keysIn(store, {}), keys)
  }),

  check('rows under a shred key are gone with it, and others stay', async (bench) => {
    const store = await bench.open()
    await store.commit([
      put('entries', 'a', [1], 'chat/1'),
      put('entries', 'b', [2], 'chat/2'),
      put('timeline', 'c', [3], 'chat/1'),
      put('entries', 'd', [4]),
    ])
    equal(await keysIn(store, {}), ['a', 'b', 'd'])
    equal(await bytesAt(store, 'entries', 'a'), [1])
    await store.commit([
      { kind: 'shred', shred: 'chat/1' },
      { kind: 'shred', shred: 'never' },
    ])
    for (const openReader of [async () => store, bench.open]) {
      const reader = await openReader()
      equal(await keysIn(reader, {}), ['b', 'd'])
      equal(await bytesAt(reader, 'entries', 'a'), undefined)
      equal(await bytesAt(reader, 'timeline', 'c'), undefined)
      equal(await bytesAt(reader, 'entries', 'b'), [2])
    }
  }),

  check('a limit counts readable rows only', async (bench) => {
    const store = await bench.open()
    await store.commit(Array.from({ length: 30 }, (_, i) => put('entries', pad(i), [i], i % 3 === 0 ? 'kept' : 'gone')))
    await store.commit([{ kind: 'shred', shred: 'gone' }])
    equal(await keysIn(store, { limit: 4 }), [pad(0), pad(3), pad(6), pad(9)])
    equal(await keysIn(store, { limit: 2, order: 'descending' }), [pad(27), pad(24)])
  }),

  check('a shred key made anew under an old name does not bring old rows back', async (bench) => {
    const store = await bench.open()
    await store.commit([put('entries', 'old', [1], 'chat/1')])
    await store.commit([
      put('entries', 'before', [2], 'chat/1'),
      { kind: 'shred', shred: 'chat/1' },
      put('entries', 'after', [3], 'chat/1'),
    ])
    for (const openReader of [async () => store, bench.open]) {
      const reader = await openReader()
      equal(await keysIn(reader, {}), ['after'])
      equal(await bytesAt(reader, 'entries', 'after'), [3])
    }
  }),

  check('the rows of a range go together, readable or not, and those beside it and in other tables stay', async (bench) => {
    const store = await bench.open()
    await store.commit([
      ...['a', 'b', 'b/1', 'c'].map((key) => put('entries', key, [1])),
      put('entries', 'b/2', [1], 'gone'),
      put('timeline', 'b', [1]),
    ])
    await store.commit([{ kind: 'shred', shred: 'gone' }])
    await store.commit([
      { kind: 'delete-range', table: 'entries', from: 'b', to: 'c' },
      { kind: 'delete-range', table: 'entries', from: 'x', to: 'z' },
      { kind: 'delete-range', table: 'entries', from: 'c', to: 'c' },
      { kind: 'delete-range', table: 'entries', from: 'd', to: 'a' },
      put('entries', 'b/1', [2]),
    ])
    for (const openReader of [async () => store, bench.open]) {
      const reader = await openReader()
      equal(await keysIn(reader, {}), ['a', 'b/1', 'c'])
      equal(await bytesAt(reader, 'entries', 'b/1'), [2])
      equal(await bytesAt(reader, 'timeline', 'b'), [1])
    }
  }),

  check('shred keys of a range go together, and one made anew under an old name does not bring old rows back', async (bench) => {
    const store = await bench.open()
    await store.commit([put('entries', 'a', [1], 'chat/1'), put('entries', 'b', [2], 'chat/2'), put('entries', 'c', [3], 'chap/1')])
    // A store that has not seen these keys destroys them as well.
    const other = await bench.open()
    await other.commit([
      { kind: 'shred-range', from: 'chat/', to: 'chat/~' },
      { kind: 'shred-range', from: 'd', to: 'a' },
    ])
    await other.commit([put('entries', 'after', [4], 'chat/1')])
    for (const openReader of [async () => other, bench.open]) {
      const reader = await openReader()
      equal(await keysIn(reader, {}), ['after', 'c'])
      equal(await bytesAt(reader, 'entries', 'after'), [4])
    }
  }),

  check('a row can move between the table key and a shred key', async (bench) => {
    const store = await bench.open()
    await store.commit([put('entries', 'a', [1], 'chat/1'), put('entries', 'b', [1])])
    await store.commit([put('entries', 'a', [2]), put('entries', 'b', [2], 'chat/1')])
    await store.commit([{ kind: 'shred', shred: 'chat/1' }])
    equal(await keysIn(store, {}), ['a'])
    equal(await bytesAt(store, 'entries', 'a'), [2])
  }),
]

function put(table: Table, key: string, value: readonly number[], shred?: string): StoreWrite {
  return { kind: 'put', table, key, value: Uint8Array.from(value), ...(shred === undefined ? {} : { shred }) }
}

const remove = (table: Table, key: string): StoreWrite => ({ kind: 'delete', table, key })
const pad = (n: number): string => n.toString().padStart(6, '0')

async function bytesAt(store: Store, table: Table, key: string): Promise<readonly number[] | undefined> {
  const value = await store.get(table, key)
  return value === undefined ? undefined : [...value]
}

type KeyQuery = { from?: string; to?: string; limit?: number; order?: 'ascending' | 'descending' }

async function keysIn(store: Store, query: KeyQuery): Promise<readonly string[]> {
  return (await store.read({ table: 'entries', ...query })).map(({ key }) => key)
}

function equal(actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (got !== wanted) throw new Error(`expected ${wanted}, got ${got}`)
}
