// A whole engine over the browser's own databases, closed and opened again as by a reload.

import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { openEngine, toUnixMs } from '@kith/protocol'
import { openDatabase } from '../indexeddb/database.ts'
import { openIndexedDbStore } from '../indexeddb/store.ts'
import { createFakeEpochFile } from '../testing/fake-epoch-file.ts'
import { NO_NETWORK } from '../testing/no-network.ts'
import { createDocumentStore } from './documents.ts'
import type { ConversationId, ConversationView, RunningEngine, Timer } from '@kith/protocol'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const vaultKey = random(32)
const home = { key: random(32), url: 'ws://127.0.0.1:1' }

const file = createFakeEpochFile()
const timer: Timer = (ms, callback) => {
  const running = setTimeout(callback, ms)
  return () => clearTimeout(running)
}

/** `late`: what is appended to documents becomes durable only then. */
async function load({ late }: { readonly late?: Promise<void> } = {}): Promise<{
  readonly engine: RunningEngine
  readonly unload: () => Promise<void>
}> {
  const database = await openDatabase()
  const store = await openIndexedDbStore({ database, vaultKey, random, file, timer })
  const documents = createDocumentStore({ vaultKey, random, store, timer })
  const engine = await openEngine({
    migrations: async () => (await import('@kith/protocol/migrations')).MIGRATIONS,
    later: () => import('@kith/protocol/later'),
    store,
    documents: { ...documents, append: async (...what) => (await late, documents.append(...what)) },
    network: () => NO_NETWORK,
    clock: () => toUnixMs(Date.now()),
    random,
    timer,
    relays: () => Promise.resolve([home]),
    origin: 'http://127.0.0.1:1',
  })
  const unload = async (): Promise<void> => {
    await engine.close()
    await documents.close()
    database.close()
  }
  return { engine, unload }
}

/** A new chat: on a device that never knew a relay, once the list of relays was read. */
async function begin({ engine }: { readonly engine: RunningEngine }, ref: string): Promise<ConversationId> {
  const made = await vi.waitUntil(async () => {
    const outcome = await engine.createConversation({ text: 'welcome', ref })
    return outcome.kind === 'refused' && outcome.reason === 'no-relay-yet' ? undefined : outcome
  })
  if (made.kind !== 'created') throw new Error(made.reason)
  return made.conversation
}

const look = (engine: RunningEngine, conversation: ConversationId): Promise<ConversationView | undefined> =>
  new Promise((resolve) => {
    const watch = engine.watchConversation({ conversation, anchor: { kind: 'end' }, before: 10, after: 0 }, (view) => {
      watch.stop()
      resolve(view)
    })
  })

test('a title that was given can be given anew after each reload, and a draft be written on', async () => {
  const first = await load()
  const conversation = await begin(first, 'w')
  await first.unload()
  for (const words of ['one', 'two', 'three']) {
    const { engine, unload } = await load()
    expect(await engine.setTitle({ conversation, title: words })).toEqual({ kind: 'saved' })
    await engine.saveDraft({ conversation, text: words, ref: `draft ${words}` })
    await unload()
    const again = await load()
    expect(await look(again.engine, conversation)).toMatchObject({ title: words, draft: { text: words } })
    await again.unload()
  }
})

test('a message is saved without waiting for its draft to be forgotten, which never comes back all the same', async () => {
  const first = await load()
  const conversation = await begin(first, 'drafts')
  await first.engine.saveDraft({ conversation, text: 'on its way', ref: 'sent' })
  await first.unload()
  const never = await load({ late: new Promise(() => undefined) })
  expect(await never.engine.send({ conversation, text: 'on its way', ref: 'sent' })).toMatchObject({ kind: 'saved' })
  await never.unload()
  const last = await load()
  await vi.waitFor(async () => expect(await look(last.engine, conversation)).toMatchObject({ draft: undefined }))
  await last.unload()
})
