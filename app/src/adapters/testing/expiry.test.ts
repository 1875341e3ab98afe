// A message whose time is over, for somebody with all that the disk ever held, the vault key, and the newest secret.

import 'fake-indexeddb/auto'
import { openEngine, toUnixMs } from '@kith/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import { openEverything } from './attacker.ts'
import { createFakeEpochFile } from './fake-epoch-file.ts'
import { NO_NETWORK } from './no-network.ts'
import { recordVersions } from './record-versions.ts'
import { createDocumentStore } from '../documents/documents.ts'
import { openDatabase } from '../indexeddb/database.ts'
import { openIndexedDbStore } from '../indexeddb/store.ts'
import type { Timer } from '@kith/protocol'

const BRIEF = 'The zinnwald key hangs behind the quillwort'
const EDITED = 'The ombrellino stays in the vestibule'
const KEPT = 'Nothing of this goes'
const MINUTE_MS = 60_000

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

afterEach(() => {
  vi.restoreAllMocks()
})

test.each(['while it runs', 'while it is closed'])(
  'an engine whose message goes %s leaves nothing of it that can be read',
  async (when) => {
    const device = createDevice()
    let engine = await device.open()
    const made = await engine.createConversation({ text: KEPT, ref: 'new' })
    if (made.kind !== 'created') throw new Error(made.reason)
    const { conversation } = made
    const sent = await engine.send({ conversation, text: BRIEF, ref: 'brief', ttl: 600 })
    if (sent.kind !== 'saved') throw new Error(sent.reason)
    expect(device.placesOf(BRIEF)).toEqual(['conversations', 'timeline'])
    await engine.edit({ conversation, message: sent.message, text: EDITED })
    expect(device.placesOf(EDITED)).toEqual(['bodies', 'conversations', 'timeline'])
    if (when === 'while it is closed') {
      await engine.close()
      await device.pass(20 * MINUTE_MS)
      engine = await device.open()
    }
    await device.pass(20 * MINUTE_MS)
    expect([...device.placesOf(BRIEF), ...device.placesOf(EDITED)]).toEqual([])
    expect(device.placesOf(KEPT)).toEqual(['conversations', 'timeline'])
    await engine.close()
  },
)

function createDevice() {
  const [name, vaultKey, file, versions] = [crypto.randomUUID(), random(32), createFakeEpochFile(), recordVersions()]
  let now = 1_800_000_000_000
  const timers = new Set<{ readonly due: number; readonly callback: () => void }>()
  const timer: Timer = (ms, callback) => {
    const one = { due: now + ms, callback }
    timers.add(one)
    return () => void timers.delete(one)
  }

  async function open() {
    const database = await openDatabase({ name })
    const store = await openIndexedDbStore({ database, vaultKey, file, random, timer })
    const engine = await openEngine({
      migrations: async () => (await import('@kith/protocol/migrations')).MIGRATIONS,
      store,
      documents: createDocumentStore({ vaultKey, random, store, timer }),
      network: () => NO_NETWORK,
      clock: () => toUnixMs(now),
      random,
      timer,
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

  async function pass(ms: number): Promise<void> {
    for (const end = now + ms; now < end;) {
      now += MINUTE_MS
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
