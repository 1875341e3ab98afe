// An engine that is closed while a part of it is still being loaded.

import { expect, test } from 'vitest'
import { openEngine } from '../../src/host/open-engine.ts'
import * as later from '../../src/host/later.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { createMemoryStore } from '../contract/memory-store.ts'
import { createMemoryDocuments } from '../simulation/documents.ts'
import { createScheduler } from '../simulation/scheduler.ts'
import { createSeeded } from '../simulation/seeded.ts'
import type { Network } from '../../src/ports.ts'

const HOME = { key: new Uint8Array(32).fill(7), url: 'ws://127.0.0.1:1' }

/** What the network is told once the part has come that the engine waited for. */
async function toldAfter(then: 'closed' | 'open'): Promise<readonly string[]> {
  const scheduler = createScheduler(1_000)
  const told: string[] = []
  let come = (): void => {}
  const coming = new Promise<void>((resolve) => (come = resolve))
  const engine = await openEngine({
    store: createMemoryStore(),
    documents: createMemoryDocuments({ image: new Map(), schedule: (done) => done() }),
    network: () => new Proxy({} as Network, { get: (_, name) => () => void told.push(String(name)) }),
    clock: () => toUnixMs(scheduler.now()),
    random: createSeeded(1).bytes,
    migrations: () => Promise.resolve([]),
    later: () => coming.then(() => later),
    timer: scheduler.after,
    relays: () => Promise.resolve([HOME]),
    origin: 'http://127.0.0.1:1',
  })
  await scheduler.run(5_000)
  if (then === 'closed') await engine.close()
  told.length = 0
  come()
  await scheduler.run(5_000)
  if (then === 'open') await engine.close()
  return [...new Set(told)]
}

test('one that was closed meanwhile begins nothing with it', async () => {
  expect(await toldAfter('open')).not.toEqual([])
  expect(await toldAfter('closed')).toEqual([])
})
