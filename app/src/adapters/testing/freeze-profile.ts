// Freezes what an engine leaves in the browser's databases, so that later versions can show that they open it: `node freeze-profile.ts > profile.json`.
// Frozen profiles are never made anew: profile-0.1.json was made with the adapters of version 0.1.

import 'fake-indexeddb/auto'
import { openEngine, toUnixMs } from '@kith/protocol'
import { openDatabase } from '../indexeddb/database.ts'
import { createFakeEpochFile } from './fake-epoch-file.ts'
import { NO_NETWORK } from './no-network.ts'
import { openIndexedDbStore } from '../indexeddb/store.ts'
import { createDocumentStore } from '../documents/documents.ts'
import type { Timer } from '@kith/protocol'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const vaultKey = random(32)
const timer: Timer = (ms, callback) => {
  const running = setTimeout(callback, ms)
  return () => clearTimeout(running)
}

const database = await openDatabase()
const store = await openIndexedDbStore({ database, vaultKey, file: createFakeEpochFile(), random, timer })
const documents = createDocumentStore({ vaultKey, random, store, timer })
const engine = await openEngine({
  store,
  documents,
  network: () => NO_NETWORK,
  clock: () => toUnixMs(Date.now()),
  random,
  migrations: async () => (await import('@kith/protocol/migrations')).MIGRATIONS,
  later: () => import('@kith/protocol/later'),
  timer,
  relays: () => Promise.resolve([{ key: random(32), url: 'ws://127.0.0.1:1' }]),
  origin: 'http://127.0.0.1:1',
})
await engine.setName({ name: 'Alice' })
for (const chat of ['garden', 'harbour']) {
  const made = await engine.createConversation({ text: `${chat} 0`, ref: chat })
  if (made.kind !== 'created') throw new Error(made.kind)
  const { conversation } = made
  for (let i = 1; i < 4; i++) await engine.send({ conversation, text: `${chat} ${i}`, ref: `${chat} ${i}` })
  await engine.setTitle({ conversation, title: `The ${chat}` })
  await engine.saveDraft({ conversation, text: `half a ${chat}`, ref: `draft ${chat}` })
}
await engine.close()
await documents.close()
database.close()

const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve) => (request.onsuccess = () => resolve(request.result)))
const toText = (_key: string, value: unknown): unknown =>
  value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : value

async function dump({ name, version }: IDBDatabaseInfo) {
  const opened = await done(indexedDB.open(name ?? ''))
  const stores = await Promise.all(
    [...opened.objectStoreNames].map(async (store) => {
      const { autoIncrement } = opened.transaction(store).objectStore(store)
      const keys = await done(opened.transaction(store).objectStore(store).getAllKeys())
      const values = (await done(opened.transaction(store).objectStore(store).getAll())) as unknown[]
      return { store, autoIncrement, rows: keys.map((key, i) => [key, values[i]]) }
    }),
  )
  return { name, version, stores }
}
const databases = await Promise.all((await indexedDB.databases()).map(dump))
process.stdout.write(JSON.stringify({ vaultKey, databases }, toText))
process.exit(0)
