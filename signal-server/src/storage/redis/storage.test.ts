// The Redis storage on one real server: the contract, and what only a server can do to it.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { blobIdOf, hash, mailboxIdOf } from '@kith/protocol'
import { storageContract } from '../../../test/contract/storage-contract.ts'
import { DURABLE, startRedis } from '../../../test/redis/server.ts'
import {
  HANDLE_CLAIM_MS_MAX,
  REDIS_ANSWER_MS_MAX,
  REDIS_BUCKETS,
  REDIS_GROUP_BYTES_MAX,
  REDIS_PATIENCE_MS_MAX,
  REDIS_REPLICAS_MS_MAX,
  STORAGE_CALLS_MAX,
  STORAGE_QUEUE_BYTES_MAX,
} from '../../limits.ts'
import { StorageError } from '../storage.ts'
import { bucketOf, nameOf, slotOf } from './slots.ts'
import { openRedisStorage } from './storage.ts'
import { parseWake } from './wakes.ts'
import type { RedisServer } from '../../../test/redis/server.ts'
import type { Storage, Wake } from '../storage.ts'
import type { RedisOptions } from './storage.ts'

// A busy machine takes its time to start a server.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })
let redis: RedisServer
beforeAll(async () => void (redis = await startRedis()))
afterAll(() => redis.stop())

const open = (more: Partial<RedisOptions> = {}): Promise<Storage> =>
  openRedisStorage({ servers: [redis], access: { tls: false }, replicas: 0, warn: () => {}, ...more })
const openEmpty = async (): Promise<Storage> => {
  await redis.ask(['FLUSHALL'])
  return open()
}

storageContract('redis', { open: openEmpty, openAnother: () => open(), copies: 'each' })

const NOW = 1_800_000_000_000
const MAILBOX = mailboxIdOf(new Uint8Array(32).fill(1))
const QUOTA = { blobs: 1_000_000, bytes: 1e12 }
const KEY = new Uint8Array(32)
const blobNumber = (n: number, length = 100): Uint8Array => {
  const blob = new Uint8Array(length)
  new DataView(blob.buffer).setUint32(0, n)
  return blob
}
const create = (storage: Storage) => storage.createMailbox({ mailbox: MAILBOX, readKey: KEY, sendKey: KEY, now: NOW })
const idOf = (blob: Uint8Array) => blobIdOf(hash(blob))
async function deposit(storage: Storage, blob: Uint8Array) {
  const deposits = [{ mailboxes: [MAILBOX], id: idOf(blob), blob }]
  return (await storage.deposit({ deposits, expires: NOW + 1_000, quota: QUOTA }))[0]?.places[0]
}
const remove = (storage: Storage, ...blobs: readonly Uint8Array[]) =>
  storage.deleteBlobs({ from: [{ mailbox: MAILBOX, blobs: blobs.map(idOf) }] })
const countIn = async (storage: Storage): Promise<number> =>
  (await storage.readBlobs({ mailbox: MAILBOX, after: 0, limit: 100_000, bytes: Infinity, now: NOW })).blobs.length
const codeOf = (error: unknown) => (error instanceof StorageError ? error.code : error)
/** So that a test needs not wait as long as a relay does. */
const SOON = { access: { tls: false, answerMs: REDIS_ANSWER_MS_MAX / 10 }, patienceMs: REDIS_PATIENCE_MS_MAX / 10 }

test('of several servers the one that is master is used, and another once it takes over; what its replica acknowledged is there', async () => {
  const first = await startRedis()
  const second = await startRedis([...DURABLE, '--replicaof', '127.0.0.1', String(first.port), '--repl-diskless-sync-delay', '0'])
  await expect.poll(async () => String(await first.ask(['INFO', 'replication'])), { timeout: 20_000 }).toMatch(/state=online/)
  const storage = await open({ servers: [second, first], replicas: 1 })
  await create(storage)
  for (let n = 0; n < 20; n++) expect((await deposit(storage, blobNumber(n)))?.kind).toBe('stored')
  await storage.close()
  await first.kill()
  await second.ask(['REPLICAOF', 'NO', 'ONE'])
  const later = await open({ servers: [first, second] })
  expect(await countIn(later)).toBe(20)
  expect(await deposit(later, blobNumber(20))).toEqual({ kind: 'stored', seq: 21, fresh: true })
  await later.close()
  await Promise.all([first.stop(), second.stop()])
})

describe('Redis storage', () => {
  let storage: Storage
  beforeEach(async () => {
    storage = await openEmpty()
    await create(storage)
  })
  afterEach(() => storage.close())

  test('a server that was killed and started again has all that was acknowledged; who asked meanwhile is answered then', async () => {
    const wakes: Wake[] = []
    storage.shared?.subscribe((wake) => void wakes.push(wake))
    for (let n = 0; n < 20; n++) expect((await deposit(storage, blobNumber(n)))?.kind).toBe('stored')
    await redis.kill()
    const meanwhile = deposit(storage, blobNumber(20))
    await redis.restart()
    expect(await meanwhile).toEqual({ kind: 'stored', seq: 21, fresh: true })
    expect(await countIn(storage)).toBe(21)
    // It may have been stored without an answer, so whoever listens here is woken; and then for whatever else there may be.
    await expect.poll(() => wakes.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['stored', 'all']))
  })
  test('a server that hangs is given up after a while, and asked again', async () => {
    const impatient = await open(SOON)
    redis.signal('SIGSTOP')
    expect(await deposit(impatient, blobNumber(1)).catch(codeOf)).toBe('disk')
    redis.signal('SIGCONT')
    expect((await deposit(impatient, blobNumber(1)))?.kind).toBe('stored')
    await impatient.close()
  })
  test('a relay that only listens notices that its server hung, and then takes everything as changed', async () => {
    const listening = await open(SOON)
    const wakes: Wake[] = []
    listening.shared?.subscribe((wake) => void wakes.push(wake))
    await listening.shared?.listen([MAILBOX])
    redis.signal('SIGSTOP')
    // Nothing else tells when the connection was given up.
    await new Promise((over) => setTimeout(over, 4 * SOON.access.answerMs))
    redis.signal('SIGCONT')
    await expect.poll(() => wakes, { timeout: 60_000 }).toContainEqual({ kind: 'all' })
    await deposit(storage, blobNumber(1))
    await expect.poll(() => wakes, { timeout: 60_000 }).toContainEqual({ kind: 'stored', mailbox: MAILBOX })
    await listening.close()
  })
  test('a relay that died in the middle of a claim keeps the account waiting until its turn is over', async () => {
    const account = new Uint8Array(32).fill(7)
    const turn = Buffer.concat([Buffer.from(`${nameOf(bucketOf(account))}:z:`), account])
    await redis.ask(['SET', turn, 'somebody who died', 'PX', '900'])
    const ask = { key: 'anna', handle: 'anna', account, issued: 1, isListed: false, claim: new Uint8Array(600) }
    const since = performance.now()
    expect(await storage.putHandle({ ...ask, expires: NOW + 1_000, freeAt: NOW + 2_000, now: NOW, perAccount: 3 })).toBe('stored')
    expect(performance.now() - since).toBeGreaterThan(600)
    // And what it took itself it gave back.
    expect(await redis.ask(['EXISTS', turn])).toBe(0)
    await redis.ask(['SET', turn, 'another one', 'PX', String(HANDLE_CLAIM_MS_MAX)])
    const later = { ...ask, issued: 2, expires: NOW + 1_000, freeAt: NOW + 2_000, now: NOW, perAccount: 3 }
    expect(await storage.putHandle(later).catch(codeOf)).toBe('busy')
  })
  test('a write counts only once enough replicas have it', async () => {
    const careful = await open({ ...SOON, replicas: 1, patienceMs: REDIS_REPLICAS_MS_MAX / 2 })
    const wakes: Wake[] = []
    careful.shared?.subscribe((wake) => void wakes.push(wake))
    expect(await deposit(careful, blobNumber(1)).catch(codeOf)).toBe('disk')
    // It is there all the same, and will not be new when it is brought again.
    expect(wakes).toContainEqual({ kind: 'stored', mailbox: MAILBOX })
    expect((await deposit(storage, blobNumber(1)))?.kind).toBe('stored')
    await careful.close()
  })
  test('a full server refuses deposits, keeps what it has, and takes more once something was deleted', async () => {
    await redis.ask(['CONFIG', 'SET', 'maxmemory', '6mb'])
    const kept: Uint8Array[] = []
    let refusal: unknown
    for (let n = 0; refusal === undefined; n++) {
      const blob = blobNumber(n, 65_536)
      await deposit(storage, blob).then(
        () => kept.push(blob),
        (error: unknown) => (refusal = codeOf(error)),
      )
    }
    expect([refusal, await countIn(storage)]).toEqual(['disk', kept.length])
    // Well below what is there, whatever buffers come and go.
    await redis.ask(['CONFIG', 'SET', 'maxmemory', '1mb'])
    await expect(storage.check({ bytes: 100 })).rejects.toThrow(/OOM/)
    await storage.shared?.listen([MAILBOX])
    await storage.markOpened({ mailboxes: [MAILBOX], now: NOW + 2, grainMs: 1 })
    await remove(storage, ...kept.splice(0, kept.length / 2))
    await redis.ask(['CONFIG', 'SET', 'maxmemory', '200mb'])
    await storage.check({ bytes: 100 })
    expect((await deposit(storage, blobNumber(100_000)))?.kind).toBe('stored')
    expect(await countIn(storage)).toBe(kept.length + 1)
  })
  test('more bytes than go to a server together go there one group after the other', async () => {
    const size = REDIS_GROUP_BYTES_MAX / 3
    const places = await Promise.all([0, 1, 2, 3].map((n) => deposit(storage, blobNumber(n, size))))
    expect(places).toEqual([1, 2, 3, 4].map((seq) => ({ kind: 'stored', seq, fresh: true })))
  })
  test('says busy when too many bytes, or too many calls, wait for the server', async () => {
    const half = new Uint8Array(STORAGE_QUEUE_BYTES_MAX / 2)
    const outcomes = await Promise.allSettled([deposit(storage, half), deposit(storage, half), deposit(storage, new Uint8Array(1))])
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'stored' : codeOf(outcome.reason)))).toEqual([
      'stored',
      'stored',
      'busy',
    ])
    const reads = Array.from({ length: STORAGE_CALLS_MAX + 1 }, () => storage.mailboxKeys({ mailboxes: [] }))
    expect((await Promise.allSettled(reads)).filter(({ status }) => status === 'rejected')).toHaveLength(1)
  })
})

test('an id lies in the slot that a cluster would choose, and ids spread over as many buckets as there are', () => {
  const ids = Array.from({ length: 1 << 16 }, (_, n) => new Uint8Array([n >> 8, n]))
  const counts = Object.values(Object.groupBy(ids, bucketOf)).map((all) => all?.length)
  expect([counts.length, new Set(counts)]).toEqual([REDIS_BUCKETS, new Set([ids.length / REDIS_BUCKETS])])
  // The check value of CRC-16/XMODEM.
  expect(slotOf('123456789')).toBe(0x31c3)
})
test('of what other relays may say, a relay hears what it knows', () => {
  const id = Buffer.alloc(32, 1)
  expect(parseWake(Buffer.concat([Buffer.from('s'), id]))).toEqual({ kind: 'stored', mailbox: MAILBOX })
  for (const other of ['', 's', 'x']) expect(parseWake(Buffer.from(other))).toBeUndefined()
  expect(parseWake(Buffer.concat([Buffer.from('s'), id, id]))).toBeUndefined()
  expect(parseWake(Buffer.concat([Buffer.from('r'), id]))).toBeUndefined()
})
