// /healthz of a real relay process whose disk fails it, and what the operator reads.

import { execFileSync } from 'node:child_process'
import { mkdtemp, open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { BLOB_BYTES_MAX, blobIdOf, hash } from '@kith/protocol'
import { acknowledgementOf, createMailboxKit, depositOf, randomBlob, shortOf } from './mailbox-keys.ts'
import { connectClient } from './relay-client.ts'
import { startRelay } from './start-relay.ts'
import type { MailboxKit } from './mailbox-keys.ts'
import type { RelayClient } from './relay-client.ts'
import type { StartedRelay } from './start-relay.ts'

// Each relay is a process, and on a busy machine several of them take their time to start.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const PAGE_BYTES = 4_096
const WAIT = { timeout: 20_000, interval: 250 }
let folder = ''
const ends: (() => unknown)[] = []
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'kith-health-'))))
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
  await rm(folder, { recursive: true, force: true })
})

async function start(...args: readonly string[]): Promise<StartedRelay> {
  const relay = await startRelay({ dataDir: folder, args })
  ends.push(() => relay.stop())
  return relay
}
async function arrive(relay: StartedRelay): Promise<RelayClient> {
  const client = await connectClient({ port: relay.port, key: relay.key })
  ends.push(() => client.close())
  return client
}
async function health({ url }: StartedRelay): Promise<string> {
  const answer = await fetch(`${url}/healthz`)
  return `${answer.status} ${(await answer.text()).trim()}`
}
async function owned(client: RelayClient): Promise<MailboxKit> {
  const kit = createMailboxKit()
  expect((await client.ask(kit.create)).kind).toBe('done')
  await client.ask({ kind: 'open-mailboxes', proofs: [kit.readProof(client.greeting)] })
  await client.ask({ kind: 'bind-mailboxes', proofs: [kit.sendProof(client.greeting)] })
  return kit
}
const complaints = async (relay: StartedRelay, about: string): Promise<readonly string[]> => {
  await relay.stop()
  return (await relay.ended).err.split('\n').filter((line) => line.includes(about))
}

describe('/healthz', () => {
  test('is 200 for a relay that can keep what it is brought', async () => {
    expect(await health(await start())).toBe('200 ok')
  })

  test('is 503 when the store is full, and 200 again by itself when something was fetched', async () => {
    const relay = await start('--store-mb', '1', '--address-share', '100')
    const client = await arrive(relay)
    const { mailbox } = await owned(client)
    const kept: Uint8Array[] = []
    for (;;) {
      const blob = randomBlob(BLOB_BYTES_MAX)
      if (shortOf(await client.ask(depositOf(mailbox, blob))) !== 'deposited') break
      kept.push(blob)
    }
    expect(kept.length).toBeGreaterThan(5)
    await vi.waitFor(async () => expect(await health(relay)).toBe('503 the disk or the store is full, or cannot be written'), WAIT)
    await client.ask(
      acknowledgementOf(
        mailbox,
        kept.slice(0, 3).map((blob) => blobIdOf(hash(blob))),
      ),
    )
    await vi.waitFor(async () => expect(await health(relay)).toBe('200 ok'), WAIT)
    expect(await complaints(relay, 'is full, or cannot be written')).toEqual([expect.stringMatching(/KITH_STORE_MB.*KITH_DATA_DIR/)])
  })

  test.skipIf(process.platform !== 'linux')('is 503 when the disk takes no more, and 200 again by itself when it does', async () => {
    const relay = await start()
    expect(await health(relay)).toBe('200 ok')
    const limit = (bytes: string): unknown => execFileSync('prlimit', [`--pid=${relay.pid}`, `--fsize=${bytes}:unlimited`])
    limit(String(PAGE_BYTES))
    await vi.waitFor(async () => expect(await health(relay)).toBe('503 the disk or the store is full, or cannot be written'), WAIT)
    limit('unlimited')
    await vi.waitFor(async () => expect(await health(relay)).toBe('200 ok'), WAIT)
    expect(await complaints(relay, 'is full, or cannot be written')).toEqual([expect.stringContaining('KITH_DATA_DIR')])
  })

  test('is 503 on a damaged database, and the log says what to do', async () => {
    const before = await start()
    const writer = await arrive(before)
    const kits: MailboxKit[] = []
    for (let n = 0; n < 40; n++) kits.push(await owned(writer))
    for (const { mailbox } of kits) await writer.ask(depositOf(mailbox, randomBlob(BLOB_BYTES_MAX)))
    await writer.close()
    await before.stop()
    await damage(join(folder, 'relay.db'))

    const relay = await start()
    const client = await arrive(relay)
    for (const kit of kits) {
      await client.ask({ kind: 'bind-mailboxes', proofs: [kit.sendProof(client.greeting)] })
      await client.ask(depositOf(kit.mailbox, randomBlob()))
    }
    expect(await health(relay)).toBe('503 the database is damaged')
    expect(await complaints(relay, 'the database is damaged')).toEqual([expect.stringMatching(/relay\.db.*KITH_DATA_DIR/)])
  })
})

/** Everything but the schema and the roots is overwritten, as a dying disk might do it. */
async function damage(name: string): Promise<void> {
  const file = await open(name, 'r+')
  const pages = Math.floor((await stat(name)).size / PAGE_BYTES)
  expect(pages).toBeGreaterThan(100)
  for (let page = 14; page < pages; page++) await file.write(Buffer.alloc(PAGE_BYTES, 0xa5), 0, PAGE_BYTES, page * PAGE_BYTES)
  await file.close()
}
