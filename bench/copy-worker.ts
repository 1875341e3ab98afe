// Runs in a worker of a page of the product's origin, while the product itself is closed: fills its sealed store by its own adapter.

import { openDatabase } from '../app/src/adapters/indexeddb/database.ts'
import { openIndexedDbStore } from '../app/src/adapters/indexeddb/store.ts'
import { openEpochFile } from '../app/src/adapters/vault/epoch-file.ts'
import { loadVaultKey } from '../app/src/adapters/vault/vault.ts'
import { browserRandom, browserTimer } from '../app/src/session/surroundings.ts'
import { copiedChats } from './copied-chats.ts'

const ROWS_AT_ONCE = 1_000

/** Of a worker: this file is checked with the types of a page. */
const scope = globalThis as unknown as {
  postMessage(message: string): void
  onmessage: (event: { readonly data: number }) => void
}

async function fill(count: number): Promise<void> {
  const database = await openDatabase()
  const vaultKey = await loadVaultKey(database)
  const file = await openEpochFile()
  const store = await openIndexedDbStore({ database, vaultKey, file, random: browserRandom, timer: browserTimer })
  const writes = await copiedChats(store.read, count)
  for (let from = 0; from < writes.length; from += ROWS_AT_ONCE) await store.commit(writes.slice(from, from + ROWS_AT_ONCE))
}

scope.onmessage = ({ data: count }) =>
  void fill(count).then(
    () => scope.postMessage('done'),
    (error: unknown) => scope.postMessage(String(error)),
  )
