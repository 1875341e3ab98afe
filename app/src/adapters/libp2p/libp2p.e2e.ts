// The libp2p adapter as it really runs: Chromium pages, a real relay process, real WebRTC.

import { expect, test } from '@playwright/test'
import { startRelay } from '../../../../signal-server/test/start-relay.ts'
import { asPeer, createPerson, openHarness, serveHarness } from './harness-page.ts'
import type { StartedRelay } from '../../../../signal-server/test/start-relay.ts'
import type { PlainRelay } from './harness.ts'
import type { HarnessPage, HarnessServer, Person } from './harness-page.ts'

let server: HarnessServer
let relay: StartedRelay
let address: PlainRelay
let left: HarnessPage
let right: HarnessPage

const plain = (started: StartedRelay): PlainRelay => ({
  key: Buffer.from(started.key).toString('hex'),
  url: started.url.replace('http', 'ws'),
})

test.beforeAll(async () => {
  server = await serveHarness()
  relay = await startRelay()
  address = plain(relay)
})

test.afterAll(async () => {
  await relay.stop()
  await server.close()
})

test.beforeEach(async ({ browser }) => {
  left = await openHarness(browser, server)
  right = await openHarness(browser, server)
})

test.afterEach(async () => {
  expect([...left.problems, ...right.problems]).toEqual([])
  await left.page.context().close()
  await right.page.context().close()
})

async function join2(page: HarnessPage, person: Person, peers: readonly Person[]): Promise<void> {
  await page.run('start', { ...person, relays: [address], peers: peers.map((peer) => asPeer(peer, [address])) })
  await reserved(page, person)
}

async function reserved(page: HarnessPage, person: Person): Promise<void> {
  await expect
    .poll(async () => (await page.run('stats', person.name)).relays)
    .toEqual([{ relay: address.key, state: 'up', reserved: true }])
}

const count = async (page: HarnessPage, person: Person, kind: string): Promise<number> =>
  (await page.run('events', person.name)).filter((event) => event.kind === kind).length

async function up(page: HarnessPage, person: Person, times = 1): Promise<void> {
  await expect.poll(() => count(page, person, 'peer-up'), { intervals: [10] }).toBe(times)
}

test('two devices find each other through the relay and exchange frames on a direct path', async () => {
  const [alice, bob] = [createPerson('alice'), createPerson('bob')]
  await join2(left, alice, [bob])
  await join2(right, bob, [alice])
  await right.run('echo', 'bob')
  await left.run('dial', 'alice', bob.device)
  await up(left, alice)
  await up(right, bob)
  await left.run('send', 'alice', bob.device, '00112233')
  await expect.poll(() => left.run('received', 'alice')).toEqual({ frames: 1, bytes: 4, last: '00112233' })
  const { peers } = await left.run('stats', 'alice')
  expect(peers).toHaveLength(1)
  expect(['host', 'prflx', 'srflx']).toContain(peers[0]?.local)
  expect(['host', 'prflx', 'srflx']).toContain(peers[0]?.remote)
  await expect.poll(async () => (await left.run('stats', 'alice')).peers[0]?.circuits).toBe(0)
})
