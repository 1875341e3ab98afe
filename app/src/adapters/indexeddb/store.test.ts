import 'fake-indexeddb/auto'
import { StoreError } from '@kith/protocol'
import { describe, expect, test, vi } from 'vitest'
import { STORE_CONTRACT } from '../../../../protocol/test/contract/store-contract.ts'
import { openDatabase } from './database.ts'
import { LEAVES } from './leaf-keys.ts'
import { GROUPED_WRITES_MAX, KEY_GROUPS_HELD_MAX } from './limits.ts'
import { createFakeEpochFile } from '../testing/fake-epoch-file.ts'
import { refuseAtTheEnd } from '../testing/refuse-at-the-end.ts'
import { openIndexedDbStore } from './store.ts'
import type { Store, StoreWrite, Timer } from '@kith/protocol'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const vaultKey = random(32)
const SECRET = 'meet me at the old harbour'

describe('the IndexedDB store keeps the contract', () => {
  for (const { name, run } of STORE_CONTRACT) test(name, async () => run(await bench()))
})

describe('what lies on the disk', () => {
  test('holds no value in the clear, and no shred key', async () => {
    const { open, database } = await bench()
    const value = new TextEncoder().encode(SECRET)
    const store = await open()
    await store.commit([
      { kind: 'put', table: 'entries', key: 'a', value },
      { kind: 'put', table: 'entries', key: 'b', value, shred: 'chat/1' },
    ])
    expect(new TextDecoder().decode(await store.get('entries', 'a'))).toBe(SECRET)
    for (const row of await rawRows(database(), 'entries')) expect(textOf(row)).not.toContain('harbour')
    expect((await rawRows(database(), 'keys')).length, 'a group of keys for the table, and one for the shred key').toBe(2)
  })

  test('cannot be opened with another vault key', async () => {
    const { open, database, file } = await bench()
    await (await open()).commit([put('a')])
    const stranger = openIndexedDbStore({ ...parts(), file, database: database(), vaultKey: random(32) })
    await expect(stranger).rejects.toMatchObject({ name: 'StoreError', code: 'corrupt' })
  })

  test('is bound to its place: a value moved to another key or table is corrupt', async () => {
    const { open, database } = await bench()
    const store = await open()
    await store.commit([put('a'), put('b')])
    expect(await store.get('state', 'b')).toEqual(Uint8Array.of(1))
    const [first] = await rawRows(database(), 'state')
    await rawPut(database(), { table: 'state', key: 'b', value: first })
    await rawPut(database(), { table: 'peers', key: 'a', value: first })
    await expect(store.get('state', 'b')).rejects.toMatchObject({ code: 'corrupt' })
    await expect(store.read({ table: 'peers' })).rejects.toMatchObject({ code: 'corrupt' })
  })

  test('is bound to its place under a shred key too, and a row of no known form is corrupt', async () => {
    const { open, database } = await bench()
    const store = await open()
    await store.commit([put('a', 'chat/1'), put('b', 'chat/1')])
    const [first] = await rawRows(database(), 'state')
    await rawPut(database(), { table: 'state', key: 'b', value: first })
    await expect(store.get('state', 'b')).rejects.toMatchObject({ code: 'corrupt' })
    await rawPut(database(), { table: 'state', key: 'c', value: { shred: 'chat/1' } })
    await expect(store.get('state', 'c')).rejects.toMatchObject({ code: 'corrupt' })
  })

  test('does not bring a row back when the old shred key is put back under another life', async () => {
    const { open, database } = await bench()
    const store = await open()
    await store.commit([put('a', 'chat/1')])
    const [before] = await rawRows(database(), 'state')
    await store.commit([{ kind: 'shred', shred: 'chat/1' }, put('b', 'chat/1')])
    await rawPut(database(), { table: 'state', key: 'a', value: before })
    expect(await (await open()).get('state', 'a')).toBeUndefined()
  })
})

describe('commits of the IndexedDB store', () => {
  test('of one burst share a transaction, up to a bound', async () => {
    const { open, database } = await bench()
    const store = await open()
    const transaction = vi.spyOn(database(), 'transaction')
    await Promise.all(Array.from({ length: 100 }, (_, i) => store.commit([put(`${i}`)])))
    expect(transaction).toHaveBeenCalledTimes(1)
    expect(transaction.mock.calls[0]?.[2]).toEqual({ durability: 'strict' })
    const half = Array.from({ length: GROUPED_WRITES_MAX / 2 }, (_, i) => put(`x${i}`))
    await Promise.all([store.commit(half), store.commit(half), store.commit([put('one more')])])
    expect(transaction).toHaveBeenCalledTimes(3)
  })

  test('leave the keys to readers as long as there are enough of them', async () => {
    const { open, database } = await bench()
    const store = await open()
    const transaction = vi.spyOn(database(), 'transaction')
    await store.commit([put('a')])
    await store.commit(Array.from({ length: LEAVES - 1 }, (_, i) => put(`${i}`)))
    await store.commit([put('b')])
    expect(transaction.mock.calls.map(([stores]) => stores)).toEqual([
      ['state', 'keys', 'tree', 'unneeded'],
      ['state', 'unneeded'],
      ['state', 'keys', 'tree', 'unneeded'],
    ])
    expect((await store.read({ table: 'state' })).length).toBe(LEAVES + 1)
  })

  test('ask for no row that is new, and write each place once', async () => {
    const { open } = await bench()
    const store = await open()
    const [get, add] = (['get', 'add'] as const).map((name) => vi.spyOn(IDBObjectStore.prototype, name))
    await store.commit([put('a'), put('b'), { kind: 'delete', table: 'state', key: 'b' }, put('a'), put('c')])
    expect(get?.mock.calls.filter(([key]) => key !== 'b')).toEqual([])
    expect(add?.mock.calls.map(([, key]) => key)).toEqual(['a', 'c'])
    vi.restoreAllMocks()
    expect((await store.read({ table: 'state' })).map(({ key }) => key)).toEqual(['a', 'c'])
  })

  test('larger than the bound are still written whole', async () => {
    const { open } = await bench()
    const store = await open()
    await store.commit(Array.from({ length: GROUPED_WRITES_MAX + 1 }, (_, i) => put(`${i}`)))
    expect((await store.read({ table: 'state' })).length).toBe(GROUPED_WRITES_MAX + 1)
  })

  test('that are refused leave nothing behind, and nothing follows them', async () => {
    const { open } = await bench()
    const store = await open()
    await store.commit([put('a')])
    const broken = { kind: 'put', table: 'state', key: undefined as unknown as string, value: new Uint8Array(1) } as const
    await expect(store.commit([put('b'), broken])).rejects.toMatchObject({ name: 'StoreError' })
    await expect(store.commit([put('c')])).rejects.toMatchObject({ code: 'closed' })
    expect((await (await open()).read({ table: 'state' })).map(({ key }) => key)).toEqual(['a'])
  })

  test('reject as closed when the connection was taken away', async () => {
    const { open, database } = await bench()
    const store = await open()
    await store.commit([put('a')])
    database().close()
    await expect(store.commit([put('b')])).rejects.toMatchObject({ name: 'StoreError', code: 'closed' })
    await expect(store.get('state', 'a')).rejects.toMatchObject({ name: 'StoreError', code: 'closed' })
  })

  test('that meet a full disk reject as quota, and those after them are kept when there is room again', async () => {
    const { open, database } = await bench()
    const store = await open()
    await store.get('state', 'a')
    const { transaction } = database()
    const full = vi.spyOn(database(), 'transaction').mockImplementation((tables, mode, options) => {
      if (mode === 'readwrite') throw new DOMException('full', 'QuotaExceededError')
      return transaction.call(database(), tables, mode, options)
    })
    const outcomes = await Promise.allSettled([store.commit([put('a', 'chat/1')]), store.commit([put('b')])])
    expect(outcomes).toMatchObject([{ reason: { code: 'quota' } }, { reason: { code: 'quota' } }])
    full.mockRestore()
    await store.commit([put('c', 'chat/1')])
    expect((await (await open()).read({ table: 'state' })).map(({ key }) => key)).toEqual(['c'])
  })

  test('that meet a full disk while they are put down take nothing along, though keys are forgotten before the next', async () => {
    const { open, database } = await bench()
    const timers: (() => void)[] = []
    const store = await open((_, act) => {
      timers.push(act)
      return () => undefined
    })
    await store.commit([put('a'), put('b')])
    const full = refuseAtTheEnd()
    await expect(store.commit([put('a'), { kind: 'delete', table: 'state', key: 'b' }])).rejects.toMatchObject({ code: 'quota' })
    full.mockRestore()
    expect(timers.length, 'what was overwritten is to be forgotten').toBe(1)
    for (const act of timers) act()
    await store.commit([])
    expect((await store.read({ table: 'state' })).map(({ key }) => key)).toEqual(['a', 'b'])
    expect((await rawRows(database(), 'unneeded')).length).toBe(0)
    expect((await (await open()).read({ table: 'state' })).map(({ key }) => key)).toEqual(['a', 'b'])
  })

  test('use more shred keys than are held open, and all rows stay readable', async () => {
    const { open } = await bench()
    const store = await open()
    const keys = Array.from({ length: KEY_GROUPS_HELD_MAX + 2 }, (_, i) => `${i}`)
    await store.commit(keys.map((key) => put(key, `chat/${key}`)))
    await store.commit(keys.slice(0, 3).map((key) => put(`again ${key}`, `chat/${key}`)))
    expect((await store.read({ table: 'state' })).length).toBe(keys.length + 3)
  })
})

describe('room', () => {
  test('is claimed before each write, and without it the database is not touched', async () => {
    const database = await openDatabase({ name: crypto.randomUUID() })
    const room = { claim: vi.fn<(bytes: number) => void>(), failed: vi.fn<(cause: unknown) => void>() }
    const store = await openIndexedDbStore({ ...parts(), database, room })
    await store.commit([put('a')])
    expect(room.claim.mock.calls[0]?.[0]).toBeGreaterThan(1)
    const transaction = vi.spyOn(database, 'transaction')
    room.claim.mockImplementation(() => {
      throw new StoreError('quota', 'no room')
    })
    await expect(store.commit([put('b')])).rejects.toMatchObject({ code: 'quota' })
    expect(transaction).not.toHaveBeenCalled()
    expect(room.failed).not.toHaveBeenCalled()
    room.claim.mockReset()
    await store.commit([put('c')])
    expect((await store.read({ table: 'state' })).map(({ key }) => key)).toEqual(['a', 'c'])
  })

  test.each([
    ['FILE_ERROR_NO_SPACE', 'UnknownError', 1],
    ['something', 'UnknownError', 1],
    ['its share is used up', 'QuotaExceededError', 0],
  ])('a write that failed with "%s" (%s) may have been cut off: %d', async (message, name, failed) => {
    const database = await openDatabase({ name: crypto.randomUUID() })
    const room = { claim: vi.fn<(bytes: number) => void>(), failed: vi.fn<(cause: unknown) => void>() }
    const store = await openIndexedDbStore({ ...parts(), database, room })
    vi.spyOn(database, 'transaction').mockImplementation(() => {
      throw new DOMException(message, name)
    })
    await expect(store.commit([put('a')])).rejects.toBeInstanceOf(StoreError)
    expect(room.failed).toHaveBeenCalledTimes(failed)
  })
})

const parts = () => ({ vaultKey, random, file: createFakeEpochFile(), timer: () => () => undefined })

async function bench() {
  const name = crypto.randomUUID()
  let current: IDBDatabase | undefined
  const file = createFakeEpochFile()
  async function open(timer: Timer = () => () => undefined): Promise<Store> {
    current?.close()
    current = await openDatabase({ name })
    return openIndexedDbStore({ ...parts(), file, timer, database: current })
  }
  function database(): IDBDatabase {
    if (current === undefined) throw new Error('not open')
    return current
  }
  return { open, database, file }
}

function put(key: string, shred?: string): StoreWrite {
  return { kind: 'put', table: 'state', key, value: Uint8Array.of(1), ...(shred === undefined ? {} : { shred }) }
}

function rawRows(database: IDBDatabase, table: string): Promise<readonly unknown[]> {
  return new Promise((resolve, reject) => {
    const request = database.transaction(table).objectStore(table).getAll()
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error as Error)
  })
}

function rawPut(database: IDBDatabase, { table, key, value }: { table: string; key: string; value: unknown }): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(table, 'readwrite')
    transaction.objectStore(table).put(value, key)
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error as Error)
  })
}

function textOf(row: unknown): string {
  const bytes = row instanceof Uint8Array ? row : (row as { sealed: Uint8Array }).sealed
  return new TextDecoder('latin1').decode(bytes)
}
