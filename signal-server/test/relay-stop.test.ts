// A relay that is told to stop: it does so at once whoever is connected, and what it had acknowledged is there when it starts again.

import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { blobIdOf, hash, toHex } from '@kith/protocol'
import { STOP_MS_MAX } from '../src/limits.ts'
import { acknowledgementOf, createMailboxKit, depositOf, randomBlob, shortOf } from './mailbox-keys.ts'
import { connectClient } from './relay-client.ts'
import { startRelay } from './start-relay.ts'
import type { Socket } from 'node:net'
import type { MailboxKit } from './mailbox-keys.ts'
import type { RelayClient } from './relay-client.ts'
import type { StartedRelay } from './start-relay.ts'

// Each relay is a process, and on a busy machine several of them take their time to start.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-stop-'))
  await mkdir(join(folder, 'dist'))
  await writeFile(join(folder, 'dist', 'index.html'), 'the page')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** What the relay is made to run first: its storage thread never hears that it should close, as if a disk held it up. */
const DEAF_STORAGE = `import { Worker } from 'node:worker_threads'
const { postMessage } = Worker.prototype
Worker.prototype.postMessage = function (message, ...more) { if (!message.includes?.('close')) postMessage.call(this, message, ...more) }`
const deaf = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(DEAF_STORAGE)}` }

const startIn = (place: string, env: Readonly<Record<string, string>> = {}): Promise<StartedRelay> =>
  startRelay({ dataDir: join(place, 'data'), dist: join(place, 'dist'), env })

async function openSocket(port: number, first = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  await once(socket, 'connect')
  socket.write(first)
  return socket
}

async function bindNewMailbox(client: RelayClient): Promise<MailboxKit> {
  const kit = createMailboxKit()
  await client.ask(kit.create)
  await client.ask({ kind: 'bind-mailboxes', proofs: [kit.sendProof(client.greeting)] })
  return kit
}

/** The hashes of what the relay acknowledges, until the stream ends. */
async function depositUntilTheEnd(client: RelayClient, { mailbox }: MailboxKit, acknowledged: Set<string>): Promise<void> {
  for (;;) {
    const blob = randomBlob()
    const answer = await client.ask(depositOf(mailbox, blob)).catch(() => undefined)
    if (answer === undefined || shortOf(answer) !== 'deposited') return
    acknowledged.add(toHex(hash(blob)))
  }
}

/** Starts the relay again, and returns when it has pushed them all. */
async function expectKept(kit: MailboxKit, hashes: ReadonlySet<string>): Promise<void> {
  const relay = await startIn(folder)
  const alice = await connectClient(relay)
  await alice.ask({ kind: 'open-mailboxes', proofs: [kit.readProof(alice.greeting)] })
  for (const missing = new Set(hashes); missing.size > 0;) {
    const { mailbox, blob } = await alice.nextBlob()
    missing.delete(toHex(hash(blob)))
    await alice.ask(acknowledgementOf(mailbox, [blobIdOf(hash(blob))]))
  }
  await alice.close()
  expect(await relay.stop()).toBe(0)
}

describe('a relay that is told to stop', () => {
  test('does so at once while devices deposit and browsers keep sockets open, says nothing, and keeps what it acknowledged', async () => {
    const relay = await startIn(folder)
    const [bob, carol] = await Promise.all([connectClient(relay), connectClient(relay)])
    const kit = await bindNewMailbox(bob)
    // Browsers open sockets before they know what for, keep those they have used, and break off in the middle.
    const sockets = await Promise.all(
      ['', '', 'GET / HTTP/1.1\r\nHo', 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'].map((first) => openSocket(relay.port, first)),
    )
    const silent = new WebSocket(`ws://127.0.0.1:${relay.port}`)
    await once(silent, 'open')
    const acknowledged = new Set<string>()
    const lanes = Promise.all(Array.from({ length: 16 }, () => depositUntilTheEnd(bob, kit, acknowledged)))
    while (acknowledged.size < 100) await bob.ask({ kind: 'ping' })
    // Had it taken STOP_MS_MAX, it would have ended with 1 and said so.
    await relay.stop()
    expect(await relay.ended).toMatchObject({ code: 0, err: '' })
    await lanes
    await Promise.all([bob.close(), carol.close()])
    for (const socket of sockets) socket.destroy()
    await expectKept(kit, acknowledged)
  })
  test('and cannot is ended when its time is over, says so, and keeps what it acknowledged', async () => {
    const relay = await startIn(folder, deaf)
    const bob = await connectClient(relay)
    const kit = await bindNewMailbox(bob)
    const blob = randomBlob()
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, blob)))).toBe('deposited')
    const since = performance.now()
    await relay.stop()
    expect(await relay.ended).toMatchObject({ code: 1, err: 'Kith: did not stop in time\n' })
    expect(performance.now() - since).toBeGreaterThanOrEqual(STOP_MS_MAX * 0.9)
    await bob.close()
    await expectKept(kit, new Set([toHex(hash(blob))]))
  })
})
