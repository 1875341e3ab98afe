// A relay whose disk fails it, on file systems of its own: full, read-only, and torn at the end by a power cut. What was acknowledged stays, the
// log says what to do, and the relay goes on by itself.

import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { BLOB_BYTES_MAX, blobIdOf, hash } from '@kith/protocol'
import { acknowledgementOf, createMailboxKit, depositOf, randomBlob, shortOf } from './mailbox-keys.ts'
import { connectClient } from './relay-client.ts'
import { startRelay } from './start-relay.ts'
import type { BlobId } from '@kith/protocol'
import type { MailboxKit } from './mailbox-keys.ts'
import type { RelayClient } from './relay-client.ts'
import type { StartedRelay } from './start-relay.ts'

// Each relay is a process, and on a busy machine several of them take their time to start.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const WAIT = { timeout: 30_000, interval: 250 }
let folder = ''
const ends: (() => unknown)[] = []
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'kith-disk-'))))
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
  await rm(folder, { recursive: true, force: true })
})

const isMountable = ((): boolean => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

async function mountSmall(megabytes: number): Promise<string> {
  const place = join(folder, 'disk')
  await mkdir(place)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', place])
  ends.push(() => execFileSync('umount', [place]))
  return place
}
async function start(dataDir: string): Promise<StartedRelay> {
  const relay = await startRelay({ dataDir, args: ['--address-share', '100'] })
  ends.push(() => relay.kill())
  return relay
}
async function arrive(relay: StartedRelay, kit: MailboxKit): Promise<RelayClient> {
  const client = await connectClient(relay)
  ends.push(() => client.close())
  await client.ask(kit.create)
  await client.ask({ kind: 'bind-mailboxes', proofs: [kit.sendProof(client.greeting)] })
  return client
}
const idOf = (blob: Uint8Array): BlobId => blobIdOf(hash(blob))
async function depositUntilRefused(client: RelayClient, { mailbox }: MailboxKit) {
  const kept: BlobId[] = []
  for (;;) {
    const blob = randomBlob(BLOB_BYTES_MAX)
    const said = shortOf(await client.ask(depositOf(mailbox, blob)))
    if (said !== 'deposited') return { kept, said }
    kept.push(idOf(blob))
  }
}
/** Everything that waits, in the order in which it comes. */
async function fetchAll(relay: StartedRelay, kit: MailboxKit, count: number): Promise<readonly BlobId[]> {
  const client = await arrive(relay, kit)
  await client.ask({ kind: 'open-mailboxes', proofs: [kit.readProof(client.greeting)] })
  const found: BlobId[] = []
  while (found.length < count) {
    const { blob } = await client.nextBlob()
    found.push(idOf(blob))
    expect(shortOf(await client.ask(acknowledgementOf(kit.mailbox, [idOf(blob)])))).toBe('acknowledged')
  }
  return found
}
const health = async ({ url }: StartedRelay): Promise<number> => (await fetch(`${url}/healthz`)).status
describe.skipIf(!isMountable)('a disk of its own', () => {
  test('that is full: deposits are refused, what was acknowledged can be fetched, also after a kill, and then there is room again', async () => {
    const kit = createMailboxKit()
    const place = await mountSmall(12)
    const relay = await start(place)
    const client = await arrive(relay, kit)
    const { kept, said } = await depositUntilRefused(client, kit)
    expect([said, kept.length > 20]).toEqual(['disk', true])
    await vi.waitFor(async () => expect(await health(relay)).toBe(503), WAIT)
    expect(await fetchAll(relay, kit, 10)).toEqual(kept.slice(0, 10))
    await relay.kill()
    expect((await relay.ended).err).toMatch(/full[^\n]*KITH_DATA_DIR/)

    const again = await start(place)
    expect(await fetchAll(again, kit, kept.length - 10)).toEqual(kept.slice(10))
    await vi.waitFor(async () => expect(await health(again)).toBe(200), WAIT)
    const device = await arrive(again, kit)
    expect(shortOf(await device.ask(depositOf(kit.mailbox, randomBlob(BLOB_BYTES_MAX))))).toBe('deposited')
  })
  test('that is read-only at the start: the relay says so in one line that names the setting', async () => {
    const place = await mountSmall(2)
    execFileSync('mount', ['-o', 'remount,ro', place])
    await expect(startRelay({ dataDir: place })).rejects.toThrow(/cannot write to the data folder [^\n]*\(EROFS\)[^\n]*KITH_DATA_DIR/)
  })
})

test('a write that a power cut tore is dropped at the next start, and all that was acknowledged before it is there', async () => {
  const kit = createMailboxKit()
  const relay = await start(folder)
  const client = await arrive(relay, kit)
  const blobs = Array.from({ length: 20 }, () => randomBlob())
  for (const blob of blobs) expect(shortOf(await client.ask(depositOf(kit.mailbox, blob)))).toBe('deposited')
  await relay.kill()
  // The beginning of one more frame, and a frame's length of anything.
  await appendFile(join(folder, 'relay.db-wal'), randomBytes(4_096 + 24 + 1_000))
  const again = await start(folder)
  expect(await fetchAll(again, kit, blobs.length)).toEqual(blobs.map(idOf))
  expect(await health(again)).toBe(200)
})
