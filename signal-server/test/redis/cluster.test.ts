// A real cluster of three masters with a replica each. One master is killed under load: whatever was acknowledged is there afterwards, once and in order.

import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { blobIdOf, hash, mailboxIdOf } from '@kith/protocol'
import { openRedisStorage } from '../../src/storage/redis/storage.ts'
import { bucketOf } from '../../src/storage/redis/slots.ts'
import { wordOf } from '../../src/storage/redis/mailboxes.ts'
import { randomBlob } from '../mailbox-keys.ts'
import { textOf } from '../../src/storage/redis/replies.ts'
import { startCluster } from './cluster.ts'
import type { BlobId, MailboxId } from '@kith/protocol'
import type { Storage, Wake } from '../../src/storage/storage.ts'
import type { RedisCluster } from './cluster.ts'
import type { RedisServer } from './server.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })
let cluster: RedisCluster
beforeAll(async () => void (cluster = await startCluster()))
afterAll(() => cluster.stop())

const NOW = 1_800_000_000_000
const QUOTA = { blobs: 100_000, bytes: 1e9 }
const open = (): Promise<Storage> =>
  openRedisStorage({ servers: cluster.masters.slice(0, 1), access: { tls: false }, replicas: 1, warn: () => {} })
const KEY = new Uint8Array(32)
const BEFORE = 50
const AFTER = 20

test('nothing that was acknowledged is lost or doubled when a master is killed under load', async () => {
  const [here, there] = await Promise.all([open(), open()])
  const wakes: Wake[] = []
  here.shared?.subscribe((wake) => void wakes.push(wake))
  const mailboxes = Array.from({ length: 24 }, () => mailboxIdOf(randomBlob(32)))
  expect(new Set(mailboxes.map((mailbox) => bucketOf(wordOf(mailbox)))).size).toBeGreaterThan(12)
  for (const mailbox of mailboxes) expect(await here.createMailbox({ mailbox, readKey: KEY, sendKey: KEY, now: NOW })).toBe('created')
  await here.shared?.listen(mailboxes)

  const acknowledged = new Map<MailboxId, BlobId[]>(mailboxes.map((mailbox) => [mailbox, []]))
  const goals = { each: Infinity }
  const deliver = async (mailbox: MailboxId, n: number): Promise<void> => {
    const kept = acknowledged.get(mailbox) ?? []
    while (kept.length < goals.each) {
      const blob = randomBlob(300)
      const id = blobIdOf(hash(blob))
      // Whatever was refused is brought again, as devices do.
      for (let isKept = false; !isKept;) {
        const deposit = (n % 2 === 0 ? here : there).deposit({
          deposits: [{ mailboxes: [mailbox], id, blob }],
          expires: NOW + 1_000,
          quota: QUOTA,
        })
        isKept = await deposit.then(
          ([outcome]) => outcome?.places[0]?.kind === 'stored',
          () => false,
        )
      }
      kept.push(id)
    }
  }
  const all = Promise.all(mailboxes.map(deliver))
  const count = (): number => Math.min(...[...acknowledged.values()].map((ids) => ids.length))
  await vi.waitUntil(() => count() >= BEFORE, { timeout: 60_000 })
  const [lost, heir] = [cluster.masters[1], cluster.replicas[1]] as [RedisServer, RedisServer]
  await lost.kill()
  const atKill = Math.max(...[...acknowledged.values()].map((ids) => ids.length))
  await vi.waitUntil(async () => /role:master/.test(textOf(await heir.ask(['INFO', 'replication']))), { timeout: 60_000, interval: 100 })
  // Until there is a replica again, nothing more is acknowledged there. The one that was lost becomes it.
  await lost.restart()
  goals.each = atKill + AFTER
  await all

  for (const [mailbox, ids] of acknowledged) {
    const stored = await readAll(there, mailbox)
    expect(stored.map(({ id }) => id)).toEqual(ids)
    expect(new Set(stored.map(({ seq }) => seq)).size).toBe(ids.length)
  }
  // The relay hears that anything may have happened, and that there was something for it before that.
  await expect.poll(() => new Set(wakes.map(({ kind }) => kind)), { timeout: 20_000 }).toEqual(new Set(['stored', 'all']))
  await Promise.all([here.close(), there.close()])
})

async function readAll(storage: Storage, mailbox: MailboxId) {
  const { blobs } = await storage.readBlobs({ mailbox, after: 0, limit: 1_000_000, bytes: Infinity, now: NOW })
  return blobs
}
