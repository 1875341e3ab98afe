// A profile of version 0.1, opened by this one: everything is still there, and nothing lies under the keys that never changed.

import 'fake-indexeddb/auto'
import { openEngine, TABLES, toUnixMs } from '@kith/protocol'
import { expect, test } from 'vitest'
import { createFakeEpochFile } from './fake-epoch-file.ts'
import { NO_NETWORK } from './no-network.ts'
import { thawProfile } from './thaw-profile.ts'
import { createDocumentStore } from '../documents/documents.ts'
import { openDatabase } from '../indexeddb/database.ts'
import { storedRowOf } from '../indexeddb/row-seal.ts'
import { openIndexedDbStore } from '../indexeddb/store.ts'
import type { ConversationId, ConversationView, RunningEngine } from '@kith/protocol'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const timer = () => () => undefined

test('a profile of version 0.1 opens with everything in it, and its rows are sealed anew', async () => {
  const vaultKey = await thawProfile('profile-0.1.json')
  const file = createFakeEpochFile()
  for (const turn of ['first', 'second']) {
    const database = await openDatabase()
    const store = await openIndexedDbStore({ database, vaultKey, file, random, timer })
    const engine = await openEngine({
      store,
      documents: createDocumentStore({ vaultKey, random, store, timer }),
      network: () => NO_NETWORK,
      clock: () => toUnixMs(Date.now()),
      random,
      migrations: async () => (await import('@kith/protocol/migrations')).MIGRATIONS,
      later: () => import('@kith/protocol/later'),
      timer,
      relays: () => Promise.reject(new Error('there is no network')),
      origin: 'http://127.0.0.1:1',
    })
    const chats = await conversationsOf(engine)
    expect(chats.length, turn).toBe(2)
    const shown = new Map(chats.map((chat) => [chat.title, chat]))
    for (const chat of ['garden', 'harbour']) {
      const view = shown.get(`The ${chat}`)
      const texts = view?.messages.flatMap((message) => (message.kind === 'text' ? [message.text] : []))
      expect(texts, turn).toEqual([0, 1, 2, 3].map((i) => `${chat} ${i}`))
      expect(view?.draft?.text, turn).toBe(`half a ${chat}`)
    }
    const rows = await allRows(database)
    expect(rows.length, turn).toBeGreaterThan(20)
    expect(
      rows.filter((row) => storedRowOf(row) === undefined),
      turn,
    ).toEqual([])
    await engine.close()
    database.close()
  }
})

async function conversationsOf(engine: RunningEngine): Promise<readonly ConversationView[]> {
  const summaries = await first<readonly { readonly id: ConversationId }[]>((show) => engine.watchConversations(show))
  const views = await Promise.all(
    summaries.map(({ id }) =>
      first<ConversationView | undefined>(
        (show) => engine.watchConversation({ conversation: id, anchor: { kind: 'end' }, before: 50, after: 0 }, show).stop,
      ),
    ),
  )
  return views.flatMap((view) => (view === undefined ? [] : [view]))
}

const first = <T>(watch: (show: (value: T) => void) => () => void): Promise<T> =>
  new Promise((resolve) => {
    const stop = watch((value) => {
      queueMicrotask(() => stop())
      resolve(value)
    })
  })

async function allRows(database: IDBDatabase): Promise<readonly unknown[]> {
  const stores = await Promise.all(
    [...TABLES, 'shreds'].map(
      (table) =>
        new Promise<readonly unknown[]>((resolve, reject) => {
          const request = database.transaction(table).objectStore(table).getAll()
          request.onsuccess = () => resolve(request.result)
          request.onerror = () => reject(request.error as Error)
        }),
    ),
  )
  return stores.flat()
}
