// What is gone is gone: for somebody with all that the disk ever held, the vault key, and the newest secret.

import 'fake-indexeddb/auto'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openEverything } from '../testing/attacker.ts'
import { createFakeEpochFile } from '../testing/fake-epoch-file.ts'
import { recordVersions } from '../testing/record-versions.ts'
import { openDatabase } from './database.ts'
import { STRETCH_ROWS_MIN } from './limits.ts'
import { openIndexedDbStore } from './store.ts'
import type { StoreWrite, Timer } from '@kith/protocol'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

afterEach(() => {
  vi.restoreAllMocks()
})

describe('what can be read by whoever holds everything that the disk ever held', () => {
  test('is what is there, and what was deleted is not', async () => {
    const { open, readable } = await bench()
    const { store } = await open()
    await store.commit([
      put('timeline', 'a', 'the harbour'),
      put('timeline', 'b', 'the garden'),
      put('bodies', 'a', 'the harbour, whole', 'chat/1'),
    ])
    expect(readable()).toEqual(['the garden', 'the harbour', 'the harbour, whole'])
    await store.commit([
      { kind: 'delete', table: 'timeline', key: 'a' },
      { kind: 'delete', table: 'bodies', key: 'a' },
    ])
    expect(readable()).toEqual(['the garden'])
  })

  test('is nothing of a range that was deleted, of a key that was shredded, or of a range of them', async () => {
    const { open, readable } = await bench()
    const { store } = await open()
    await store.commit(Array.from({ length: 600 }, (_, i) => put('timeline', `c/${i}`, `line ${i}`)))
    await store.commit(['chat/1', 'chat/2', 'chat/3', 'else'].map((shred) => put('entries', shred, `in ${shred}`, shred)))
    await store.commit([
      { kind: 'delete-range', table: 'timeline', from: 'c/', to: 'c/~' },
      { kind: 'shred', shred: 'chat/1' },
    ])
    expect(readable()).toEqual(['in chat/2', 'in chat/3', 'in else'])
    await store.commit([{ kind: 'shred-range', from: 'chat/', to: 'chat/~' }])
    expect(readable()).toEqual(['in else'])
    expect((await store.read({ table: 'entries' })).map(({ key }) => key)).toEqual(['else'])
  })

  test('is nothing of what was overwritten, once a minute has passed or something was deleted', async () => {
    const { open, readable } = await bench()
    const { store, tick } = await open()
    for (let i = 0; i < 5; i++) await store.commit([put('conversations', 'c', `state ${i}`), put('peers', 'p', `chain ${i}`)])
    expect(readable().length, 'until then all of it').toBe(10)
    await tick()
    expect(readable()).toEqual(['chain 4', 'state 4'])
    await store.commit([put('peers', 'p', 'chain 5'), put('sent', 's', 'a ref')])
    await store.commit([{ kind: 'delete', table: 'sent', key: 's' }])
    expect(readable()).toEqual(['chain 5', 'state 4'])
  })

  test('loses what an earlier engine wrote, whatever else a commit does to that place', async () => {
    const { open, readable } = await bench()
    const first = await open()
    await first.store.commit(['a', 'b', 'c', 'd'].map((key) => put('timeline', key, `old ${key}`)))
    const { store } = await open()
    await store.commit([
      put('timeline', 'a', 'never seen'),
      put('timeline', 'a', 'new a'),
      put('timeline', 'b', 'never kept'),
      { kind: 'delete', table: 'timeline', key: 'b' },
      put('timeline', 'c', 'cut off'),
      { kind: 'delete-range', table: 'timeline', from: 'c', to: 'e' },
      put('timeline', 'd', 'new d'),
    ])
    expect(readable()).toEqual(['new a', 'new d'])
    expect((await store.read({ table: 'timeline' })).map(({ key }) => key)).toEqual(['a', 'd'])
  })

  test.each([
    ['the first', 0],
    ['one in the middle', STRETCH_ROWS_MIN],
    ['the last', 2 * STRETCH_ROWS_MIN],
  ])('loses what lay where many rows are put at once, be it %s of them', async (_, old) => {
    const { open, readable } = await bench()
    const first = await open()
    const keyOf = (i: number) => `chat/${String(i).padStart(3, '0')}`
    await first.store.commit([put('timeline', keyOf(old), 'old')])
    const { store, tick } = await open()
    const all = Array.from({ length: 2 * STRETCH_ROWS_MIN + 1 }, (_row, i) => put('timeline', keyOf(i), `new ${i}`))
    await store.commit(all)
    await tick()
    expect(readable().toSorted()).toEqual(all.map((_row, i) => `new ${i}`).toSorted())
    // Now nothing lies behind these.
    const putBehind = (what: string) =>
      Array.from({ length: STRETCH_ROWS_MIN }, (_row, i) => put('timeline', keyOf(100 + i), `${what} ${i}`))
    const asked = vi.spyOn(IDBObjectStore.prototype, 'add').mock.calls
    const before = asked.length
    await store.commit(putBehind('later'))
    expect(asked.length - before, 'rows that were asked for one by one').toBe(0)
    await store.commit(putBehind('last'))
    await tick()
    expect(readable().filter((line) => line.startsWith('later'))).toEqual([])
    expect(await store.read({ table: 'timeline', from: keyOf(100) })).toHaveLength(STRETCH_ROWS_MIN)
  })

  test('is nothing of what the last engine had still to forget, once the next one is open', async () => {
    const { open, readable } = await bench()
    const first = await open()
    for (let i = 0; i < 3; i++) await first.store.commit([put('conversations', 'c', `state ${i}`)])
    expect(readable().length).toBe(3)
    const { store } = await open()
    expect(readable()).toEqual(['state 2'])
    await store.commit([put('conversations', 'c', 'state 3'), { kind: 'delete', table: 'sent', key: 'never' }])
    expect(readable()).toEqual(['state 3'])
  })

  test('is all of it where the secret has no file of its own', async () => {
    const { open, readable } = await bench({ file: 'none' })
    const { store } = await open()
    await store.commit([put('timeline', 'a', 'the harbour')])
    await store.commit([{ kind: 'delete', table: 'timeline', key: 'a' }])
    expect(readable()).toEqual(['the harbour'])
    expect(await store.get('timeline', 'a')).toBeUndefined()
  })
})

describe('an engine that is cut off while keys are forgotten', () => {
  test.each(['before the database has changed', 'before the old secret is overwritten'])('%s loses nothing', async (when) => {
    const { open, readable, file } = await bench()
    const { store } = await open()
    await store.commit([put('timeline', 'a', 'the harbour'), put('timeline', 'b', 'the garden')])
    const cutOff = (): never => {
      throw new Error('cut off')
    }
    const cut =
      when === 'before the database has changed'
        ? vi.spyOn(file, 'write').mockImplementation((epoch, secret) => {
            file.bytes.set(secret, (epoch % 2) * 32)
            cutOff()
          })
        : vi.spyOn(file, 'erase').mockImplementation(cutOff)
    await expect(store.commit([{ kind: 'delete', table: 'timeline', key: 'a' }])).rejects.toThrow()
    cut.mockRestore()
    const next = await open()
    expect(new TextDecoder().decode(await next.store.get('timeline', 'b'))).toBe('the garden')
    expect(readable()).toEqual(['the garden'])
  })
})

async function bench({ file: kind }: { readonly file: 'own' | 'none' } = { file: 'own' }) {
  const name = crypto.randomUUID()
  const vaultKey = random(32)
  const file = createFakeEpochFile()
  const versions = recordVersions()
  let database: IDBDatabase | undefined
  async function open() {
    database?.close()
    database = await openDatabase({ name })
    let due: (() => void) | undefined
    const timer: Timer = (_, callback) => {
      due = callback
      return () => undefined
    }
    const store = await openIndexedDbStore({ database, vaultKey, file: kind === 'own' ? file : undefined, random, timer })
    const tick = async (): Promise<void> => {
      due?.()
      await store.get('state', 'whatever')
    }
    return { store, tick }
  }
  const readable = (): readonly string[] =>
    [
      ...new Set(
        openEverything({ vaultKey, secrets: [file.bytes.slice(0, 32), file.bytes.slice(32)], versions }).map(({ value }) =>
          new TextDecoder().decode(value),
        ),
      ),
    ].toSorted()
  return { open, readable, file }
}

function put(table: Extract<StoreWrite, { kind: 'put' }>['table'], key: string, text: string, shred?: string): StoreWrite {
  return { kind: 'put', table, key, value: new TextEncoder().encode(text), ...(shred === undefined ? {} : { shred }) }
}
