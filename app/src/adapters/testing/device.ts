// A device whose disk forgets nothing, and what can be read of it by whoever has all that, the vault key and the newest secret.

import { openEngine, toUnixMs } from '@kith/protocol'
import { openEverything } from './attacker.ts'
import { createFakeEpochFile } from './fake-epoch-file.ts'
import { NO_NETWORK } from './no-network.ts'
import { recordVersions } from './record-versions.ts'
import { createDocumentStore } from '../documents/documents.ts'
import { openDatabase } from '../indexeddb/database.ts'
import { openIndexedDbStore } from '../indexeddb/store.ts'
import type { Timer } from '@kith/protocol'

export const MINUTE_MS = 60_000

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

/** An engine over databases of which nothing that was ever written is lost, on a clock that only moves when told. */
export function createDevice() {
  const [name, vaultKey, file, versions] = [crypto.randomUUID(), random(32), createFakeEpochFile(), recordVersions()]
  let now = 1_800_000_000_000
  const timers = new Set<{ readonly due: number; readonly callback: () => void }>()
  const timer: Timer = (ms, callback) => {
    const one = { due: now + ms, callback }
    timers.add(one)
    return () => void timers.delete(one)
  }

  /** `search`: with an index of all messages. */
  async function open({ search = false } = {}) {
    const database = await openDatabase({ name })
    const store = await openIndexedDbStore({ database, vaultKey, file, random, timer })
    const engine = await openEngine({
      migrations: async () => (await import('@kith/protocol/migrations')).MIGRATIONS,
      later: () => import('@kith/protocol/later'),
      store,
      documents: createDocumentStore({ vaultKey, random, store, timer }),
      network: () => NO_NETWORK,
      clock: () => toUnixMs(now),
      random,
      timer,
      ...(search ? { search: async () => (await import('@kith/protocol/search')).openIndexer } : {}),
      relays: () => Promise.resolve([{ key: random(32), url: 'ws://127.0.0.1:1' }]),
      origin: 'http://127.0.0.1:1',
    })
    await settle()
    return {
      ...engine,
      close: async () => {
        await engine.close()
        database.close()
      },
    }
  }

  async function pass(ms: number, step = MINUTE_MS): Promise<void> {
    for (const end = now + ms; now < end;) {
      now += step
      for (const one of timers) if (one.due <= now && timers.delete(one)) one.callback()
      await settle()
    }
  }

  const placesOf = (text: string): readonly string[] => {
    const found = openEverything({ vaultKey, secrets: [file.bytes.slice(0, 32), file.bytes.slice(32)], versions })
    return [...new Set(found.flatMap(({ table, value }) => (Buffer.from(value).includes(text) ? [table] : [])))].toSorted()
  }

  return { open, pass, placesOf }
}

/** Whatever is under way in the databases is done. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
}
