// A flood from one address against a real relay process: it is refused and told so, and a device elsewhere notices nothing.

import { once } from 'node:events'
import { get, IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { BLOB_BYTES_MAX } from '@kith/protocol'
import { ADDRESS_ARRIVALS_PER_MINUTE_MIN, ADDRESS_PAGE_SOCKETS_MAX, ADDRESS_RETRY_MS } from '../src/limits.ts'
import { createMailboxKit, depositOf, randomBlob, shortOf } from './mailbox-keys.ts'
import { openPassage } from './passage.ts'
import { connectClient } from './relay-client.ts'
import { startRelay } from './start-relay.ts'
import { UPGRADE_REQUEST } from './upgrade-request.ts'
import type { Socket } from 'node:net'
import type { MailboxKit } from './mailbox-keys.ts'
import type { PassageOptions } from './passage.ts'
import type { RelayClient } from './relay-client.ts'
import type { StartedRelay } from './start-relay.ts'

const HERE = '127.0.0.1'
/** Linux answers for every address in 127.0.0.0/8. */
const ELSEWHERE = '127.0.0.2'
const REFUSED = {
  kind: 'refused',
  status: 429,
  retryAfter: String(ADDRESS_RETRY_MS / 1_000),
  said: { refused: 'too-many', retryMs: ADDRESS_RETRY_MS },
}

// Each relay is a process, and on a busy machine several of them take their time to start.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

async function start(...args: readonly string[]): Promise<StartedRelay> {
  const relay = await startRelay({ args })
  ends.push(() => relay.stop())
  return relay
}

/** What the operator read of addresses, once the relay has ended. */
async function complaintsOf(relay: StartedRelay): Promise<readonly string[]> {
  await relay.stop()
  return (await relay.ended).err.split('\n').filter((line) => line.startsWith('Kith: ') && line.includes('an address '))
}

/** A device that the relay sees at `from`, or that a proxy there speaks for. */
async function arrive(relay: StartedRelay, by: Omit<PassageOptions, 'to'> = {}): Promise<RelayClient> {
  const passage = await openPassage({ to: relay.port, ...by })
  ends.push(() => passage.close())
  const client = await connectClient({ port: passage.port, key: relay.key })
  ends.push(() => client.close())
  return client
}

type Upgrade =
  | { readonly kind: 'open'; readonly socket: Socket }
  | { readonly kind: 'refused'; readonly status: number | undefined; readonly retryAfter: string | undefined; readonly said: unknown }

/** Asks for a WebSocket and then says nothing more. */
async function upgrade({ port }: StartedRelay, from: string, forwardedFor = ''): Promise<Upgrade> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
    'x-forwarded-for': forwardedFor,
  }
  const asked = get({ host: HERE, port, localAddress: from, agent: false, headers })
  const answer = await new Promise<Upgrade | IncomingMessage>((resolve, reject) => {
    asked.on('upgrade', (_, socket) => resolve({ kind: 'open', socket: socket as Socket }))
    asked.on('response', resolve).on('error', reject)
  })
  if (!(answer instanceof IncomingMessage)) {
    if (answer.kind === 'open') ends.push(() => answer.socket.destroy())
    return answer
  }
  const parts = (await answer.toArray()) as readonly Buffer[]
  const said: unknown = JSON.parse(Buffer.concat(parts).toString())
  return { kind: 'refused', status: answer.statusCode, retryAfter: answer.headers['retry-after'], said }
}

async function bindNewMailbox(client: RelayClient): Promise<MailboxKit> {
  const kit = createMailboxKit()
  expect((await client.ask(kit.create)).kind).toBe('done')
  await client.ask({ kind: 'bind-mailboxes', proofs: [kit.sendProof(client.greeting)] })
  return kit
}
async function expectDeposit(client: RelayClient, { mailbox }: MailboxKit): Promise<void> {
  expect(shortOf(await client.ask(depositOf(mailbox, randomBlob())))).toBe('deposited')
}

describe('one address', () => {
  test('has so many connections; the next is told when to come back, others come and go on, and a place that is left can be had', async () => {
    const relay = await start('--max-per-address', '3')
    const alice = await arrive(relay)
    const kit = await bindNewMailbox(alice)
    const flood = await Promise.all(Array.from({ length: 20 }, () => upgrade(relay, ELSEWHERE)))
    const [first] = flood.filter((upgraded) => upgraded.kind === 'open')
    expect(flood.filter(({ kind }) => kind === 'open')).toHaveLength(3)
    expect(flood.filter(({ kind }) => kind === 'refused')).toEqual(Array.from({ length: 17 }, () => REFUSED))
    await expect(arrive(relay, { from: ELSEWHERE })).rejects.toThrow()
    await expectDeposit(alice, kit)
    const bob = await arrive(relay)
    await expectDeposit(bob, await bindNewMailbox(bob))
    first?.socket.destroy()
    const mallory = await vi.waitFor(() => arrive(relay, { from: ELSEWHERE }), { timeout: 10_000 })
    expect((await mallory.ask({ kind: 'ping' })).kind).toBe('done')
    expect(await complaintsOf(relay)).toEqual([expect.stringMatching(/ has 3 connections .*KITH_FORWARDED_FOR.*KITH_MAX_PER_ADDRESS/)])
  })
  test('begins so many handshakes in a minute; the next is told when to come back, others come and go on, and the operator reads of it', async () => {
    const relay = await start('--max-per-address', '1')
    const alice = await arrive(relay)
    const kit = await bindNewMailbox(alice)
    // As it is refused while the one before has not left yet, too, more are tried than may come.
    for (let n = 0; n < 4 * ADDRESS_ARRIVALS_PER_MINUTE_MIN; n++) {
      const upgraded = await upgrade(relay, ELSEWHERE)
      if (upgraded.kind === 'refused') expect(upgraded).toEqual(REFUSED)
      else await once(upgraded.socket.destroy(), 'close')
    }
    await expectDeposit(alice, kit)
    const bob = await arrive(relay, { from: '127.0.0.3' })
    await expectDeposit(bob, await bindNewMailbox(bob))
    expect(await complaintsOf(relay)).toContainEqual(
      expect.stringMatching(/ opened 120 connections in a minute.*KITH_FORWARDED_FOR.*KITH_MAX_PER_ADDRESS/),
    )
  })
  test('breaks off handshakes that wait for their turn, and nobody else notices', async () => {
    const relay = await start()
    const alice = await arrive(relay)
    const kit = await bindNewMailbox(alice)
    const sockets = Array.from({ length: 60 }, () =>
      connect({ host: HERE, port: relay.port, localAddress: ELSEWHERE }).on('error', () => {}),
    )
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    const first = once(sockets[0] ?? expect.fail('no socket'), 'data')
    for (const socket of sockets) socket.write(UPGRADE_REQUEST)
    await first
    for (const socket of sockets) socket.resetAndDestroy()
    await expectDeposit(alice, kit)
    const bob = await arrive(relay, { from: ELSEWHERE })
    await expectDeposit(bob, await bindNewMailbox(bob))
  })
  test('has so many sockets for the page beside them; the next is closed at once, and others get the page', async () => {
    const relay = await start('--max-per-address', '1')
    const alice = await arrive(relay)
    const open = async (): Promise<Socket> => {
      const socket = connect({ host: HERE, port: relay.port, localAddress: ELSEWHERE }).on('error', () => {})
      ends.push(() => socket.destroy())
      await once(socket, 'connect')
      return socket
    }
    const silent = await Promise.all(Array.from({ length: 1 + ADDRESS_PAGE_SOCKETS_MAX }, open))
    const extra = await open()
    if (!extra.closed) await once(extra.resume(), 'close')
    expect(silent.filter(({ closed }) => closed)).toEqual([])
    expect((await alice.ask({ kind: 'ping' })).kind).toBe('done')
    expect((await fetch(`${relay.url}/healthz`)).status).toBe(200)
  })
  test('creates so much in a minute, by however many connections; the next waits, deposits do not, and others create', async () => {
    const relay = await start('--creates-per-minute', '4')
    const [mallory, again] = await Promise.all([arrive(relay, { from: ELSEWHERE }), arrive(relay, { from: ELSEWHERE })])
    const kit = await bindNewMailbox(mallory)
    for (const client of [mallory, again, again]) expect((await client.ask(createMailboxKit().create)).kind).toBe('done')
    for (const client of [mallory, again]) {
      const refusal = await client.ask(createMailboxKit().create)
      expect(refusal).toMatchObject({ kind: 'refused', reason: 'too-many' })
      expect(refusal.kind === 'refused' && refusal.retryMs).toBeGreaterThan(0)
    }
    await expectDeposit(mallory, kit)
    const alice = await arrive(relay)
    await expectDeposit(alice, await bindNewMailbox(alice))
    expect(await complaintsOf(relay)).toEqual([expect.stringMatching(/ created 4 .*KITH_FORWARDED_FOR.*KITH_CREATES_PER_MINUTE/)])
  })
})

describe('one address that fills mailboxes', () => {
  /** How many blobs of the largest size are kept, in ever new mailboxes, before one is refused. */
  async function fillFrom(relay: StartedRelay, kinds: string[]): Promise<number> {
    const mallory = await arrive(relay, { from: ELSEWHERE })
    for (let kept = 0; ; kept++) {
      const { mailbox } = await bindNewMailbox(mallory)
      const answer = await mallory.ask(depositOf(mailbox, randomBlob(BLOB_BYTES_MAX)))
      if (shortOf(answer) === 'deposited') continue
      kinds.push(shortOf(answer))
      return kept
    }
  }

  test('gets its share of the store and is told when to come back, on any connection; others have room, and what is fetched is free again', async () => {
    const relay = await start('--store-mb', '4', '--address-share', '50')
    const refusals: string[] = []
    expect(await fillFrom(relay, refusals)).toBeGreaterThan(20)
    expect(await fillFrom(relay, refusals)).toBe(0)
    expect(refusals).toEqual(['too-many', 'too-many'])
    const alice = await arrive(relay)
    for (let n = 0; n < 10; n++) await expectDeposit(alice, await bindNewMailbox(alice))
    expect(await complaintsOf(relay)).toEqual([expect.stringMatching(/ 50 percent .*KITH_FORWARDED_FOR.*KITH_ADDRESS_SHARE/)])
  })
})

describe('a reverse proxy', () => {
  test('that the operator vouches for speaks for its visitors, by the last address it names', async () => {
    const relay = await start('--max-per-address', '1', '--creates-per-minute', '1', '--forwarded-for', 'last')
    const mallory = await arrive(relay, { forwardedFor: '192.0.2.1' })
    const alice = await arrive(relay, { forwardedFor: '192.0.2.1, 192.0.2.2' })
    expect(await upgrade(relay, HERE, '192.0.2.3, 192.0.2.1')).toEqual(REFUSED)
    expect(await upgrade(relay, HERE, '192.0.2.3')).toMatchObject({ kind: 'open' })
    expect((await mallory.ask(createMailboxKit().create)).kind).toBe('done')
    expect(await mallory.ask(createMailboxKit().create)).toMatchObject({ kind: 'refused', reason: 'too-many' })
    expect((await alice.ask(createMailboxKit().create)).kind).toBe('done')
  })
  test('is believed only where the operator says that it stands', async () => {
    const relay = await start('--max-per-address', '1', '--forwarded-for', 'last', '--proxies', ELSEWHERE)
    await arrive(relay, { from: ELSEWHERE, forwardedFor: '192.0.2.1' })
    expect(await upgrade(relay, ELSEWHERE, '192.0.2.1')).toEqual(REFUSED)
    expect(await upgrade(relay, ELSEWHERE, '192.0.2.2')).toMatchObject({ kind: 'open' })
    // Whoever comes past the proxy has the address that it comes from, whatever it writes.
    expect(await upgrade(relay, HERE, '192.0.2.3')).toMatchObject({ kind: 'open' })
    expect(await upgrade(relay, HERE, '192.0.2.4')).toEqual(REFUSED)
  })
  test('that nobody vouches for is one address, whatever it names', async () => {
    const relay = await start('--max-per-address', '1')
    await arrive(relay, { forwardedFor: '192.0.2.1' })
    expect(await upgrade(relay, HERE, '192.0.2.2')).toEqual(REFUSED)
    expect(await upgrade(relay, ELSEWHERE, '192.0.2.1')).toMatchObject({ kind: 'open' })
  })
})
