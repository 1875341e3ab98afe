// A relay whose disk fails it, on file systems of its own: full, read-only, and torn at the end by a power cut. What was acknowledged stays, the
// log says what to do, and the relay goes on by itself.

import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { appendFile, mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
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

/** Of an ext4 of its own, as a string why there is none where it cannot be had. */
async function mountExt4(): Promise<{ readonly place: string; readonly mount: () => void; readonly unmount: () => void } | string> {
  if (!isMountable) return 'only root may mount'
  const [image, place] = [join(folder, 'image'), join(folder, 'disk')]
  await mkdir(place)
  await writeFile(image, '')
  await truncate(image, 64 * 1_048_576)
  const mount = (): unknown => execFileSync('mount', ['-o', 'loop,errors=remount-ro', image, place], { stdio: 'pipe' })
  const unmount = (): unknown => execFileSync('umount', [place], { stdio: 'pipe' })
  try {
    execFileSync('mkfs.ext4', ['-q', '-F', image], { stdio: 'pipe' })
    mount()
    // Whether its files can be protected at all.
    protect(place, '+i')
    protect(place, '-i')
  } catch (error) {
    return `there is no ext4 on a loop device here: ${String(error).split('\n')[0]}`
  }
  return { place, mount: () => void mount(), unmount: () => void unmount() }
}
/** Not even files that are open can be written then. */
function protect(place: string, how: '+i' | '-i'): void {
  const files = readdirSync(place).filter((name) => /^relay\.(?:db|reserve|writable)/.test(name))
  execFileSync('chattr', [how, place, ...files.map((name) => join(place, name))], { stdio: 'pipe' })
}

const READY = 'ok'
const READ_ONLY = 'the disk or the store is full, or cannot be written'
const ready = async ({ url }: StartedRelay): Promise<string> => (await (await fetch(`${url}/readyz`)).text()).trim()

describe('a disk that becomes read-only under a running relay', () => {
  test('has deposits refused, says so in one line, and is written again as soon as it can be; after a file system that gave up, by the next start', async ({
    skip,
  }) => {
    const disk = await mountExt4()
    if (typeof disk === 'string') return skip(disk)
    const { place, mount, unmount } = disk
    // A relay that is not there any more holds no file of it.
    ends.unshift(unmount)
    const kit = createMailboxKit()
    const relay = await startRelay({ dataDir: place })
    ends.push(() => relay.kill())
    const client = await arrive(relay, kit)
    const kept: BlobId[] = []
    const deposit = async (): Promise<string> => {
      const blob = randomBlob()
      const said = shortOf(await client.ask(depositOf(kit.mailbox, blob)))
      if (said === 'deposited') kept.push(idOf(blob))
      return said
    }
    for (let n = 0; n < 20; n++) expect(await deposit()).toBe('deposited')
    expect(await ready(relay)).toBe(READY)

    protect(place, '+i')
    expect([await deposit(), await deposit()]).toEqual(['disk', 'disk'])
    await vi.waitFor(async () => expect(await ready(relay)).toBe(READ_ONLY), WAIT)
    protect(place, '-i')
    await vi.waitFor(async () => expect(await deposit()).toBe('deposited'), WAIT)
    await vi.waitFor(async () => expect(await ready(relay)).toBe(READY), WAIT)

    // As the kernel does when the device fails it. It is never written again through files that are open.
    execFileSync('mount', ['-o', 'remount,abort', place])
    expect(await deposit()).toBe('disk')
    await vi.waitFor(async () => expect(await ready(relay)).toBe(READ_ONLY), WAIT)
    await client.close()
    await relay.kill()
    const complaints = (await relay.ended).err.split('\n').filter((line) => line.includes(READ_ONLY))
    expect(complaints).toEqual([
      expect.stringMatching(/see that it can be written.*KITH_DATA_DIR/),
      expect.stringContaining('KITH_DATA_DIR'),
    ])
    unmount()
    mount()
    expect(await readdir(place)).toContain('relay.db')

    const again = await start(place)
    expect(await fetchAll(again, kit, kept.length)).toEqual(kept)
    expect(await ready(again)).toBe(READY)
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
