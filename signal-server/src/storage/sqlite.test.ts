// The SQLite storage: the contract, and what only a disk can do to it.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { blobIdOf, hash, heldNameOf, mailboxIdOf, parcelNameOf, recordIdOf } from '@kith/protocol'
import { storageContract } from '../../test/contract/storage-contract.ts'
import { GROUP_COMMIT_WRITES_MAX, STORAGE_CALLS_MAX, STORAGE_QUEUE_BYTES_MAX } from '../limits.ts'
import { SCHEMA_VERSION } from './sqlite-schema.ts'
import { openSqliteStorage } from './sqlite.ts'
import { StorageError } from './storage.ts'
import type { Storage } from './storage.ts'

const NOW = 1_800_000_000_000
const MAILBOX = mailboxIdOf(new Uint8Array(32).fill(1))
const QUOTA = { blobs: 1_000_000, bytes: 1e12 }
const folders: string[] = []

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kith-sqlite-'))
  folders.push(folder)
  return folder
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

const openIn = (folder: string, bytesMax = 1e9): Promise<Storage> => openSqliteStorage({ folder, bytesMax })
const create = (storage: Storage) =>
  storage.createMailbox({ mailbox: MAILBOX, readKey: new Uint8Array(32), sendKey: new Uint8Array(32), now: NOW })
const idOf = (blob: Uint8Array) => blobIdOf(hash(blob))
async function deposit(storage: Storage, blob: Uint8Array) {
  const [outcome] = await storage.deposit({
    deposits: [{ mailboxes: [MAILBOX], id: idOf(blob), blob }],
    expires: NOW + 1_000,
    quota: QUOTA,
  })
  return outcome?.places[0]
}
const readAll = async (storage: Storage, mailbox = MAILBOX) =>
  (await storage.readBlobs({ mailbox, after: 0, limit: 1_000, bytes: Infinity, now: NOW })).blobs
const remove = (storage: Storage, ...blobs: readonly Uint8Array[]) =>
  storage.deleteBlobs({ from: [{ mailbox: MAILBOX, blobs: blobs.map(idOf) }] })
const blobNumber = (n: number, length = 1_000): Uint8Array => {
  const blob = new Uint8Array(length)
  new DataView(blob.buffer).setUint32(0, n)
  return blob
}
const codeOf = (error: unknown): string => (error instanceof StorageError ? error.code : String(error))

storageContract('sqlite', { open: async () => openIn(await newFolder()), copies: 'one' })

describe('SQLite storage', () => {
  test('keeps everything when closed and opened again', async () => {
    const folder = await newFolder()
    const before = await openIn(folder)
    await create(before)
    await Promise.all([deposit(before, blobNumber(1)), deposit(before, blobNumber(2))])
    await before.close()
    const after = await openIn(folder)
    expect((await readAll(after)).map(({ blob }) => blob)).toEqual([blobNumber(1), blobNumber(2)])
    expect(await deposit(after, blobNumber(3))).toEqual({ kind: 'stored', seq: 3, fresh: true })
    await after.close()
  })
  test('close finishes what was asked before, and refuses what comes later', async () => {
    const folder = await newFolder()
    const storage = await openIn(folder)
    await create(storage)
    const last = deposit(storage, blobNumber(1))
    await storage.close()
    expect((await last)?.kind).toBe('stored')
    await expect(deposit(storage, blobNumber(2))).rejects.toThrow('closed')
  })
  test('refuses a folder that another relay uses, and opens it once that one has ended', async () => {
    const folder = await newFolder()
    const first = await openIn(folder)
    await expect(openIn(folder)).rejects.toThrow('KITH_DATA_DIR')
    await first.close()
    await (await openIn(folder)).close()
  })
  test('takes over the data of format 1, whose records can be claimed from then on', async () => {
    const folder = await newFolder()
    const old = new DatabaseSync(join(folder, 'relay.db'))
    old.exec(await readFile(new URL('../../test/fixtures/relay-format-1.sql', import.meta.url), 'utf8'))
    old.close()
    const filled = (n: number) => new Uint8Array(32).fill(n)
    const [open, ended] = [recordIdOf(filled(9)), recordIdOf(filled(10))]
    const claim = { record: open, claimant: filled(20), proof: filled(21), now: NOW }
    const storage = await openIn(folder)
    expect(await storage.getRecord({ record: open, now: NOW })).toEqual({
      kind: 'record',
      owner: filled(1),
      serial: 3,
      expires: NOW + 10,
      blob: filled(5),
      claim: undefined,
    })
    expect(await storage.getRecord({ record: ended, now: NOW })).toEqual({ kind: 'ended', owner: filled(1), word: filled(7) })
    expect((await readAll(storage)).map(({ blob }) => blob)).toEqual([filled(3)])
    expect(await storage.claimRecord(claim)).toMatchObject({ claim: { claimant: filled(20) } })
    await storage.close()
    const again = await openIn(folder)
    expect(await again.claimRecord({ ...claim, claimant: filled(30) })).toMatchObject({
      claim: { claimant: filled(20), proof: filled(21) },
    })
    await again.close()
  })
  test('takes over the blobs of format 2: each in its place, and one that lies in two mailboxes only once', async () => {
    const folder = await newFolder()
    const old = new DatabaseSync(join(folder, 'relay.db'))
    old.exec(await readFile(new URL('../../test/fixtures/relay-format-2.sql', import.meta.url), 'utf8'))
    old.close()
    const second = mailboxIdOf(new Uint8Array(32).fill(2))
    const shared = new Uint8Array(40).fill(5)
    const storage = await openIn(folder)
    const places = async (mailbox = MAILBOX) =>
      (await readAll(storage, mailbox)).map(({ seq, id, blob }) => [seq, id === idOf(blob), blob[0]])
    expect(await places()).toEqual([
      [2, true, 4],
      [3, true, 5],
    ])
    expect(await places(second)).toEqual([[1, true, 5]])
    expect(await storage.readBlobs({ mailbox: MAILBOX, after: 0, limit: 9, bytes: 1e6, now: NOW + 20 })).toMatchObject({
      blobs: [{ seq: 3 }],
    })
    expect((await storage.mailboxKeys({ mailboxes: [second] }))[0]?.sendKey).toEqual(new Uint8Array(32).fill(9))
    // The quota goes on where it was, and so do the numbers.
    expect(await deposit(storage, shared)).toEqual({ kind: 'stored', seq: 3, fresh: false })
    expect(await deposit(storage, blobNumber(1))).toEqual({ kind: 'stored', seq: 4, fresh: true })
    expect(await remove(storage, shared)).toEqual([{ blobs: [idOf(shared)], gone: [] }])
    expect(await storage.deleteBlobs({ from: [{ mailbox: second, blobs: [idOf(shared)] }] })).toMatchObject([{ gone: [idOf(shared)] }])
    await storage.close()
  })
  test('takes over the mailboxes of format 3, whose devices can ask to be woken from then on', async () => {
    const folder = await newFolder()
    const old = new DatabaseSync(join(folder, 'relay.db'))
    old.exec(await readFile(new URL('../../test/fixtures/relay-format-3.sql', import.meta.url), 'utf8'))
    old.close()
    const storage = await openIn(folder)
    const push = new Uint8Array(200).fill(6)
    expect(await storage.pushesOf({ mailboxes: [MAILBOX] })).toEqual([undefined])
    await storage.setPush({ mailboxes: [MAILBOX], push })
    await storage.close()
    const again = await openIn(folder)
    expect(await again.pushesOf({ mailboxes: [MAILBOX] })).toEqual([push])
    expect((await readAll(again)).map(({ seq }) => seq)).toEqual([2, 3])
    await again.close()
  })
  test('takes over the mailboxes of format 4, beside whose blobs parts of files lie from then on', async () => {
    const folder = await newFolder()
    const old = new DatabaseSync(join(folder, 'relay.db'))
    old.exec(await readFile(new URL('../../test/fixtures/relay-format-4.sql', import.meta.url), 'utf8'))
    old.close()
    const storage = await openIn(folder)
    const name = parcelNameOf(new Uint8Array(32).fill(3))
    const parcel = blobNumber(9)
    const ask = { mailboxes: [MAILBOX], name, id: idOf(parcel), parcel, expires: NOW + 9, quota: { parcels: 1, bytes: 1e6 } }
    expect(await storage.putParcel(ask)).toEqual({ isNew: true, places: ['stored'] })
    await storage.close()
    const again = await openIn(folder)
    expect(await again.getParcel({ mailbox: MAILBOX, name, now: NOW })).toEqual(parcel)
    expect(await again.pushesOf({ mailboxes: [MAILBOX] })).toEqual([Uint8Array.of(6, 6)])
    expect((await readAll(again)).map(({ seq }) => seq)).toEqual([2, 3])
    await again.close()
  })
  test('takes over the mailboxes of format 5, and keeps what is held back over a restart', async () => {
    const folder = await newFolder()
    const old = new DatabaseSync(join(folder, 'relay.db'))
    old.exec(await readFile(new URL('../../test/fixtures/relay-format-5.sql', import.meta.url), 'utf8'))
    old.close()
    const storage = await openIn(folder)
    const held = { mailbox: MAILBOX, name: heldNameOf(new Uint8Array(32).fill(3)), wakes: true, blob: blobNumber(9) }
    expect(await storage.hold({ held: [held], at: NOW + 5, most: 1 })).toEqual(['stored'])
    await storage.close()
    const again = await openIn(folder)
    expect(await again.dueHeld({ now: NOW + 4, rows: 9 })).toEqual([])
    expect(await again.dueHeld({ now: NOW + 5, rows: 9 })).toEqual([held])
    expect((await readAll(again)).map(({ seq }) => seq)).toEqual([2, 3])
    await again.close()
  })
  test('takes over the mailboxes of format 6, and keeps a handle over a restart', async () => {
    const folder = await newFolder()
    const old = new DatabaseSync(join(folder, 'relay.db'))
    old.exec(await readFile(new URL('../../test/fixtures/relay-format-6.sql', import.meta.url), 'utf8'))
    old.close()
    const storage = await openIn(folder)
    const whose = { account: new Uint8Array(32).fill(3), issued: NOW, isListed: true, claim: blobNumber(9) }
    const ask = { key: 'anna', handle: 'anna', ...whose, expires: NOW + 5, freeAt: NOW + 9, now: NOW, perAccount: 1 }
    expect(await storage.putHandle(ask)).toBe('stored')
    await storage.close()
    const again = await openIn(folder)
    expect(await again.getHandle({ key: 'anna', now: NOW })).toEqual(blobNumber(9))
    expect(await again.dueHeld({ now: NOW + 5, rows: 9 })).toHaveLength(1)
    expect((await readAll(again)).map(({ seq }) => seq)).toEqual([2, 3])
    await again.close()
  })
  test('keeps the bytes of a blob for a thousand mailboxes once', async () => {
    const folder = await newFolder()
    const storage = await openIn(folder)
    const mailboxes = Array.from({ length: 1_000 }, (_, n) => mailboxIdOf(blobNumber(n, 32)))
    const keys = { readKey: new Uint8Array(32), sendKey: new Uint8Array(32) }
    await Promise.all(mailboxes.map((mailbox) => storage.createMailbox({ mailbox, ...keys, now: NOW })))
    const blob = blobNumber(1, 65_576)
    await storage.deposit({ deposits: [{ id: idOf(blob), blob, mailboxes }], expires: NOW + 1_000, quota: QUOTA })
    await storage.close()
    const database = new DatabaseSync(join(folder, 'relay.db'))
    const bytes = () => database.prepare('SELECT count(*) AS rows, sum(length(bytes)) AS bytes FROM body').get()
    expect(bytes()).toEqual({ rows: 1, bytes: 65_576 })
    database.close()
    const again = await openIn(folder)
    await again.deleteBlobs({ from: mailboxes.map((mailbox) => ({ mailbox, blobs: [idOf(blob)] })) })
    await again.close()
    const after = new DatabaseSync(join(folder, 'relay.db'))
    expect(after.prepare('SELECT count(*) AS rows FROM body').get()).toEqual({ rows: 0 })
    after.close()
  })
  test('refuses data of a newer version and says so', async () => {
    const folder = await newFolder()
    await (await openIn(folder)).close()
    const database = new DatabaseSync(join(folder, 'relay.db'))
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`)
    database.close()
    await expect(openIn(folder)).rejects.toThrow(`newer version of Kith (format ${SCHEMA_VERSION + 1}`)
  })
  test('refuses a file that is no database', async () => {
    const folder = await newFolder()
    await writeFile(join(folder, 'relay.db'), 'this is a letter to my aunt, not a database'.repeat(100))
    await expect(openIn(folder)).rejects.toBeInstanceOf(StorageError)
  })
  test('a full disk refuses deposits, keeps what it has, and takes more once something was deleted', async () => {
    const storage = await openIn(await newFolder(), 1_048_576)
    await create(storage)
    const blobs = Array.from({ length: 100 }, (_, n) => blobNumber(n, 40_000))
    const outcomes = await Promise.allSettled(blobs.map((blob) => deposit(storage, blob)))
    const stored = blobs.filter((_, n) => outcomes[n]?.status === 'fulfilled')
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [codeOf(outcome.reason)] : []))
    expect(stored.length).toBeGreaterThan(10)
    expect(new Set(refusals)).toEqual(new Set(['disk']))
    expect(await readAll(storage)).toHaveLength(stored.length)
    await remove(storage, ...stored.slice(0, 2))
    expect((await deposit(storage, blobNumber(1_000, 40_000)))?.kind).toBe('stored')
    await storage.close()
  })
  test('a full store lets owners open their mailboxes on another day, and whatever they delete makes room', async () => {
    const storage = await openIn(await newFolder(), 2 * 1_048_576)
    await create(storage)
    const numbered = (n: number) => mailboxIdOf(blobNumber(n, 32))
    const owned = Array.from({ length: 1_500 }, (_, n) => numbered(n))
    const keys = { readKey: new Uint8Array(32), sendKey: new Uint8Array(32) }
    await Promise.all(owned.map((mailbox) => storage.createMailbox({ mailbox, ...keys, now: NOW })))
    for (const size of [40_000, 1_000, 1]) {
      for (let n = 0; (await deposit(storage, blobNumber(n, size + 4)).catch(codeOf)) !== 'disk'; n++) continue
    }
    const later = NOW + 86_400_000
    const outcomes = await Promise.allSettled(owned.map((mailbox) => storage.markOpened({ mailboxes: [mailbox], now: later, grainMs: 1 })))
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([])
    await remove(storage, blobNumber(0, 40_004))
    expect(await deposit(storage, blobNumber(1_000, 10_000)).catch(codeOf)).toMatchObject({ kind: 'stored' })
    await storage.close()
  })
  test('commits at once when so many writes wait; the next waits for others as long as any does, and none is lost', async () => {
    // With an hour to wait for company, only their number makes writes leave.
    const storage = await openSqliteStorage({ folder: await newFolder(), bytesMax: 1e9, groupMs: 3_600_000 })
    const writes = [create(storage), ...Array.from({ length: GROUP_COMMIT_WRITES_MAX }, (_, n) => deposit(storage, blobNumber(n)))]
    const settled: number[] = []
    const answers = writes.map((write, n) => Promise.resolve(write).then(() => settled.push(n)))
    await Promise.all(answers.slice(0, GROUP_COMMIT_WRITES_MAX))
    // Reads go to the same thread one after the other, so the last write has reached it by now.
    expect(await readAll(storage)).toHaveLength(GROUP_COMMIT_WRITES_MAX - 1)
    expect(settled).toHaveLength(GROUP_COMMIT_WRITES_MAX)
    await storage.close()
    expect(await writes.at(-1)).toEqual({ kind: 'stored', seq: GROUP_COMMIT_WRITES_MAX, fresh: true })
  })
  test('says busy when too many bytes, or too many calls, wait for the disk', async () => {
    const storage = await openIn(await newFolder())
    await create(storage)
    const half = new Uint8Array(STORAGE_QUEUE_BYTES_MAX / 2)
    const deposits = [deposit(storage, half), deposit(storage, half), deposit(storage, new Uint8Array(1))]
    const outcomes = await Promise.allSettled(deposits)
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'stored' : codeOf(outcome.reason)))).toEqual([
      'stored',
      'stored',
      'busy',
    ])
    const reads = Array.from({ length: STORAGE_CALLS_MAX + 1 }, () => storage.mailboxKeys({ mailboxes: [] }))
    const read = await Promise.allSettled(reads)
    expect(read.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect((await deposit(storage, blobNumber(1)))?.kind).toBe('stored')
    await storage.close()
  })
})
