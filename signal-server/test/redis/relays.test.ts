// Relays on one real Redis server, each a process of its own, as behind a load balancer: to a device they are one relay.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { blobIdOf, hash, toHex } from '@kith/protocol'
import { acknowledgementOf, createMailboxKit, depositOf, randomBlob, shortOf } from '../mailbox-keys.ts'
import { connectClient } from '../relay-client.ts'
import { runRelay, startRelay } from '../start-relay.ts'
import { DURABLE, startRedis } from './server.ts'
import type { StartedRelay } from '../start-relay.ts'
import type { RedisServer } from './server.ts'

// Each relay is a process, and on a busy machine several of them take their time to start.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })
let redis: RedisServer
let folder = ''
const started: StartedRelay[] = []
beforeAll(async () => {
  redis = await startRedis()
  folder = await mkdtemp(join(tmpdir(), 'kith-relays-'))
})
afterAll(async () => {
  // Whatever a test that failed left behind.
  await Promise.all(started.map((relay) => relay.kill()))
  await redis.stop()
  await rm(folder, { recursive: true, force: true })
})

const KEY = toHex(new Uint8Array(32).fill(7))
/** With the key that all of them have, and a folder of its own. */
async function startOne(name: string): Promise<StartedRelay> {
  const dataDir = await mkdtemp(join(folder, name))
  await writeFile(join(dataDir, 'relay.key'), `${KEY}\n`)
  const relay = await startRelay({ dataDir, env: { KITH_STORE: `redis://127.0.0.1:${redis.port}` } })
  started.push(relay)
  return relay
}
const idOf = (blob: Uint8Array) => blobIdOf(hash(blob))

test('what is deposited at one relay is delivered at the other, and either may die', async () => {
  const [first, second] = await Promise.all([startOne('first'), startOne('second')])
  expect(first.key).toEqual(second.key)
  const kit = createMailboxKit()
  const alice = await connectClient(first)
  await alice.ask(kit.create)
  await alice.ask({ kind: 'open-mailboxes', proofs: [kit.readProof(alice.greeting)] })
  const bob = await connectClient(second)
  await bob.ask({ kind: 'bind-mailboxes', proofs: [kit.sendProof(bob.greeting)] })
  const [one, two, three] = [randomBlob(), randomBlob(), randomBlob()]

  expect(shortOf(await bob.ask(depositOf(kit.mailbox, one)))).toBe('deposited')
  expect((await alice.nextBlob()).blob).toEqual(one)
  expect(shortOf(await alice.ask(acknowledgementOf(kit.mailbox, [idOf(one)])))).toBe('acknowledged')

  // The relay of the writer dies as soon as it has said that the blob is kept.
  expect(shortOf(await bob.ask(depositOf(kit.mailbox, two)))).toBe('deposited')
  await second.kill()
  expect((await alice.nextBlob()).blob).toEqual(two)

  // So does that of the reader, who comes back to another. What was fetched is gone there, and what was not waits in its order.
  const third = await startOne('third')
  const bobAgain = await connectClient(third)
  await bobAgain.ask({ kind: 'bind-mailboxes', proofs: [kit.sendProof(bobAgain.greeting)] })
  await first.kill()
  expect(shortOf(await bobAgain.ask(depositOf(kit.mailbox, three)))).toBe('deposited')
  expect(shortOf(await bobAgain.ask(depositOf(kit.mailbox, two)))).toBe('deposited')
  const aliceAgain = await connectClient(third)
  await aliceAgain.ask({ kind: 'open-mailboxes', proofs: [kit.readProof(aliceAgain.greeting)] })
  expect([(await aliceAgain.nextBlob()).blob, (await aliceAgain.nextBlob()).blob]).toEqual([two, three])
  await Promise.all([alice, bob, bobAgain, aliceAgain].map((client) => client.close()))
  expect(await third.stop()).toBe(0)
})
test('a relay does not start on a server that forgets what was acknowledged, and says how it must be set', async () => {
  const careless = await startRedis(['--appendonly', 'yes', '--appendfsync', 'everysec'])
  const env = { KITH_STORE: `redis://127.0.0.1:${careless.port}` }
  const run = async (...args: readonly string[]) => await runRelay({ dataDir: join(folder, 'careless'), env, args }).ended
  expect(await run()).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^Kith: [^\n]*appendfsync everysec[^\n]*KITH_STORE\n$/) as string,
  })
  expect((await run('check-config')).out).toMatch(/will not start: 127\.0\.0\.1:\d+ has appendonly yes and appendfsync everysec/)
  await careless.stop()
  expect((await run('check-config')).out).toMatch(/KITH_STORE: no server of the store answers/)
  const evicting = await startRedis([...DURABLE, '--maxmemory-policy', 'allkeys-lru'])
  const there = { KITH_STORE: `redis://127.0.0.1:${evicting.port}` }
  expect((await runRelay({ dataDir: join(folder, 'evicting'), env: there }).ended).err).toMatch(/maxmemory-policy allkeys-lru/)
  await evicting.stop()
})
