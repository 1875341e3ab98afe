import 'fake-indexeddb/auto'
import { StoreError } from '@kith/protocol'
import { afterEach, describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { createMemoryStore } from '../../../../protocol/test/contract/memory-store.ts'
import { createDocumentStore } from './documents.ts'
import { DOCUMENT_OPEN_MS_MAX, DOCUMENT_UPDATES_MAX, OPEN_DOCUMENTS_MAX } from './limits.ts'
import { DOCUMENT_DATABASE_PREFIX } from './names.ts'
import type { DocumentStore } from '@kith/protocol'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const around = { store: createMemoryStore(), timer: () => () => undefined }
const SECRET = 'the garden party on saturday'

afterEach(() => vi.restoreAllMocks())

describe('without room', () => {
  test('no document is opened or written, one that is open can be read, and with room everything goes on', async () => {
    const vaultKey = random(32)
    const room = { claim: vi.fn<(bytes: number) => void>(), failed: vi.fn<(cause: unknown) => void>() }
    const store = createDocumentStore({ ...around, vaultKey, random, room })
    await store.append('account', Uint8Array.of(1), () => new Uint8Array(0))
    const open = vi.spyOn(indexedDB, 'open')
    room.claim.mockImplementation(() => {
      throw new StoreError('quota', 'no room')
    })
    await expect(store.append('account', Uint8Array.of(2), () => new Uint8Array(0))).rejects.toMatchObject({ code: 'quota' })
    await expect(store.load('meta/1')).rejects.toMatchObject({ code: 'quota' })
    expect(await store.load('account')).toEqual([Uint8Array.of(1)])
    expect(open).not.toHaveBeenCalled()
    expect(room.failed).not.toHaveBeenCalled()
    room.claim.mockReset()
    await store.append('account', Uint8Array.of(3), () => new Uint8Array(0))
    expect(await createDocumentStore({ ...around, vaultKey, random }).load('account')).toEqual([Uint8Array.of(1), Uint8Array.of(3)])
  })
})

describe('a kept document', () => {
  test('is empty at first, and the same after reopening', async () => {
    const vaultKey = random(32)
    const store = createDocumentStore({ ...around, vaultKey, random })
    expect(await store.load('account')).toEqual([])
    const note = createNote()
    for (const word of ['hello', 'to', 'everybody']) await write(store, 'account', note, word)
    expect(textOf(await store.load('account'))).toBe('hello to everybody ')
    await store.close()
    expect(textOf(await createDocumentStore({ ...around, vaultKey, random }).load('account'))).toBe('hello to everybody ')
  })

  test('is durable when append resolves, without closing anything', async () => {
    const vaultKey = random(32)
    const note = createNote()
    await write(createDocumentStore({ ...around, vaultKey, random }), 'account', note, 'kept')
    expect(textOf(await createDocumentStore({ ...around, vaultKey, random }).load('account'))).toBe('kept ')
  })

  test('is kept apart from others', async () => {
    const store = createDocumentStore({ ...around, vaultKey: random(32), random })
    await write(store, 'account', createNote(), 'mine')
    await write(store, 'meta/1', createNote(), 'ours')
    expect(textOf(await store.load('account'))).toBe('mine ')
    expect(textOf(await store.load('meta/1'))).toBe('ours ')
  })

  test('keeps updates in the order in which they were appended at once', async () => {
    const store = createDocumentStore({ ...around, vaultKey: random(32), random })
    const updates = Array.from({ length: 20 }, (_, i) => Uint8Array.of(i))
    await Promise.all(updates.map((update) => store.append('account', update, () => new Uint8Array(0))))
    expect(await store.load('account')).toEqual(updates)
  })
})

describe('compaction', () => {
  test('replaces a long list by one snapshot and keeps the content', async () => {
    const vaultKey = random(32)
    const store = createDocumentStore({ ...around, vaultKey, random })
    const note = createNote()
    for (let i = 0; i < DOCUMENT_UPDATES_MAX; i++) await write(store, 'account', note, `${i}`)
    expect((await store.load('account')).length).toBe(DOCUMENT_UPDATES_MAX)
    await write(store, 'account', note, 'last')
    for (const reader of [store, createDocumentStore({ ...around, vaultKey, random })]) {
      const updates = await reader.load('account')
      expect(updates.length).toBe(2)
      expect(textOf(updates)).toBe(note.getText('t').toJSON())
    }
  })

  test('leaves no earlier row in the database', async () => {
    const vaultKey = random(32)
    const store = createDocumentStore({ ...around, vaultKey, random })
    const note = createNote()
    await write(store, 'account', note, 'first')
    const [name = ''] = await documentDatabases()
    for (let i = 0; i <= DOCUMENT_UPDATES_MAX; i++) await write(store, 'account', note, `${i}`)
    expect((await rowsOf(name)).length).toBeLessThan(DOCUMENT_UPDATES_MAX / 2)
    await store.close()
  })

  test('never stands in for updates that the caller has not seen', async () => {
    const vaultKey = random(32)
    const note = createNote()
    const first = createDocumentStore({ ...around, vaultKey, random })
    for (let i = 0; i < DOCUMENT_UPDATES_MAX; i++) await write(first, 'account', note, `${i}`)
    await first.close()
    const blind = createDocumentStore({ ...around, vaultKey, random })
    const other = createNote()
    for (let i = 0; i < 3; i++) await write(blind, 'account', other, 'blind')
    expect(textOf(await blind.load('account'))).toContain('63 ')
  })

  test('keeps updates whose append was still on its way when the snapshot was asked for', async () => {
    const store = createDocumentStore({ ...around, vaultKey: random(32), random })
    const whole = Uint8Array.of(255)
    const appends: Promise<void>[] = []
    for (let i = 0; i < DOCUMENT_UPDATES_MAX; i++) await store.append('account', Uint8Array.of(i), () => whole)
    for (let i = 100; i < 105; i++) appends.push(store.append('account', Uint8Array.of(i), () => whole))
    await Promise.all(appends)
    expect((await store.load('account')).map((update) => update[0])).toEqual([255, 100, 101, 102, 103, 104])
  })
})

describe('at rest', () => {
  test('neither the text nor the document name is in any database, before and after compaction', async () => {
    const store = createDocumentStore({ ...around, vaultKey: random(32), random })
    const note = createNote()
    for (let i = 0; i < DOCUMENT_UPDATES_MAX + 2; i++) {
      await write(store, 'meta/garden', note, SECRET)
      if (i > 1 && i < DOCUMENT_UPDATES_MAX) continue
      for (const name of await documentDatabases()) {
        expect(name).not.toContain('garden')
        for (const row of await rowsOf(name)) expect(new TextDecoder('latin1').decode(row)).not.toContain('garden')
      }
    }
    expect(textOf(await store.load('meta/garden'))).toContain(SECRET)
  })

  test('an update cannot be opened with another key', async () => {
    const vaultKey = random(32)
    const store = createDocumentStore({ ...around, vaultKey, random })
    await write(store, 'account', createNote(), 'hello')
    expect((await store.load('account')).length).toBe(1)
    const database = (await documentDatabases()).at(-1) ?? ''
    await store.close()
    await tamper(database)
    await expect(createDocumentStore({ ...around, vaultKey, random }).load('account')).rejects.toMatchObject({
      name: 'StoreError',
      code: 'corrupt',
    })
  })
})

describe('a browser that does not keep what it is given', () => {
  test('makes append reject when the update did not reach the database', async () => {
    const vaultKey = random(32)
    const store = createDocumentStore({ ...around, vaultKey, random })
    const note = createNote()
    await write(store, 'account', note, 'first')
    const add = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => ({}) as IDBRequest<IDBValidKey>)
    await expect(write(store, 'account', note, 'lost')).rejects.toMatchObject({ name: 'StoreError', code: 'failed' })
    add.mockRestore()
    expect(textOf(await store.load('account'))).toBe('first ')
  })

  test('makes the appends reject that were asked for before that was known, and none after', async () => {
    const vaultKey = random(32)
    const store = createDocumentStore({ ...around, vaultKey, random })
    const note = createNote()
    await write(store, 'account', note, 'first')
    const add = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementationOnce(() => ({}) as IDBRequest<IDBValidKey>)
    const fates = await Promise.allSettled(['lost', 'resting', 'on it'].map((word) => write(store, 'account', note, word)))
    expect(fates.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    add.mockRestore()
    const again = createNote()
    for (const update of await store.load('account')) Y.applyUpdate(again, update)
    await write(store, 'account', again, 'later')
    for (const reader of [store, createDocumentStore({ ...around, vaultKey, random })])
      expect(textOf(await reader.load('account'))).toBe('first later ')
  })

  test('makes load reject when the database never opens', async () => {
    vi.useFakeTimers()
    vi.spyOn(indexedDB, 'open').mockImplementation(() => ({}) as IDBOpenDBRequest)
    const outcome = createDocumentStore({ ...around, vaultKey: random(32), random })
      .load('account')
      .catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(DOCUMENT_OPEN_MS_MAX)
    expect(await outcome).toMatchObject({ name: 'StoreError', code: 'failed' })
    vi.useRealTimers()
  })
})

describe('a document that does not come in', () => {
  async function fateOf(spoil: (database: string) => Promise<unknown>): Promise<unknown> {
    const vaultKey = random(32)
    const first = createDocumentStore({ ...around, vaultKey, random })
    await write(first, 'account', createNote(), 'first')
    await first.close()
    await spoil((await documentDatabases()).at(-1) ?? '')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementationOnce(() => ({}) as IDBRequest<unknown[]>)
    const fate = createDocumentStore({ ...around, vaultKey, random })
      .load('account')
      .catch((error: unknown) => error)
    for (let at = 0; at < 20; at++) await new Promise(setImmediate)
    vi.advanceTimersByTime(DOCUMENT_OPEN_MS_MAX)
    const outcome = await fate
    vi.useRealTimers()
    return outcome
  }

  test('is one that failed to load when what lies there is whole: it may come in the next time', async () => {
    expect(await fateOf(() => Promise.resolve())).toMatchObject({ name: 'StoreError', code: 'failed' })
  })

  test('is broken when what lies there is no document', async () => {
    const spoil = (database: string) => inStore(database, (store) => store.add(Uint8Array.of(1, 200, 200, 200)))
    expect(await fateOf(spoil)).toMatchObject({ name: 'StoreError', code: 'corrupt' })
  })
})

test('more documents than stay open are still all there', async () => {
  const store = createDocumentStore({ ...around, vaultKey: random(32), random })
  const names = Array.from({ length: OPEN_DOCUMENTS_MAX + 3 }, (_, i) => `meta/${i}`)
  for (const name of names) await write(store, name, createNote(), name)
  for (const name of names) expect(textOf(await store.load(name))).toBe(`${name} `)
})

function createNote(): Y.Doc {
  return new Y.Doc()
}

async function write(store: DocumentStore, name: string, note: Y.Doc, word: string): Promise<void> {
  const before = Y.encodeStateVector(note)
  note.getText('t').insert(note.getText('t').length, `${word} `)
  await store.append(name, Y.encodeStateAsUpdate(note, before), () => Y.encodeStateAsUpdate(note))
}

function textOf(updates: readonly Uint8Array[]): string {
  const note = createNote()
  for (const update of updates) Y.applyUpdate(note, update)
  return note.getText('t').toJSON()
}

async function documentDatabases(): Promise<readonly string[]> {
  return (await indexedDB.databases()).map(({ name = '' }) => name).filter((name) => name.startsWith(DOCUMENT_DATABASE_PREFIX))
}

function rowsOf(name: string): Promise<readonly Uint8Array[]> {
  return inStore(name, (store) => store.getAll() as IDBRequest<Uint8Array[]>)
}

/** Changes the last byte of the sealed bytes inside the stored Yjs update, which stays a valid one. */
async function tamper(name: string): Promise<void> {
  const rows = await rowsOf(name)
  const carrier = new Y.Doc()
  for (const row of rows) Y.applyUpdate(carrier, row)
  const list = carrier.getArray<Uint8Array>('sealed')
  const sealed = list.get(0).map((byte, i, all) => (i === all.length - 1 ? byte ^ 1 : byte))
  carrier.transact(() => {
    list.delete(0, 1)
    list.insert(0, [sealed])
  })
  await inStore(name, (store) => store.add(Y.encodeStateAsUpdate(carrier)))
}

function inStore<T>(name: string, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name)
    opening.onerror = () => reject(opening.error as Error)
    opening.onsuccess = () => {
      const request = act(opening.result.transaction('updates', 'readwrite').objectStore('updates'))
      request.onerror = () => reject(request.error as Error)
      request.onsuccess = () => {
        opening.result.close()
        resolve(request.result)
      }
    }
  })
}

describe('a document that is erased', () => {
  test('leaves no database, in use or not, and may be written anew', async () => {
    const vaultKey = random(32)
    const before = await documentDatabases()
    const store = createDocumentStore({ ...around, vaultKey, random })
    await write(store, 'meta/gone', createNote(), SECRET)
    await write(store, 'meta/kept', createNote(), 'kept')
    await store.erase('meta/gone')
    await store.erase('meta/never')
    expect((await documentDatabases()).filter((name) => !before.includes(name))).toHaveLength(1)
    expect(await store.load('meta/gone')).toEqual([])
    await write(store, 'meta/gone', createNote(), 'anew')
    await store.close()
    const again = createDocumentStore({ ...around, vaultKey, random })
    expect(textOf(await again.load('meta/gone'))).toBe('anew ')
    expect(textOf(await again.load('meta/kept'))).toBe('kept ')
    await again.close()
    await again.erase('meta/gone')
    expect((await documentDatabases()).filter((name) => !before.includes(name))).toHaveLength(1)
  })

  test('that the browser does not let go of is told', async () => {
    const store = createDocumentStore({ ...around, vaultKey: random(32), random })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    vi.spyOn(indexedDB, 'deleteDatabase').mockImplementationOnce(() => ({}) as IDBOpenDBRequest)
    const outcome = store.erase('meta/stuck').catch((error: unknown) => error)
    for (let at = 0; at < 5; at++) await new Promise(setImmediate)
    vi.advanceTimersByTime(DOCUMENT_OPEN_MS_MAX)
    expect(await outcome).toMatchObject({ name: 'StoreError', code: 'failed' })
    vi.useRealTimers()
  })
})
