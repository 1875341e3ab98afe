// Being away: without a network, for long, while chains and prekeys change, and while the relay is gone or full.

import { expect, test } from 'vitest'
import { DEPOSITS_PER_DEVICE_MAX } from '../../src/limits.ts'
import { peerOn } from '../simulation/disk.ts'
import { answerWhileAway, createStage, DAY_MS, invite, linkOf, meet, MINUTE_MS, open, revive, say, texts, ticks, view } from './stage.ts'
import type { RelayRequest } from '../../src/wire/relay.ts'
import type { Person } from '../simulation/person.ts'
import type { RelayClient } from '../simulation/relay-path.ts'

// The highest generation of a session that somebody keeps with the only contact.
const generationOf = (person: Person): number => Math.max(...(peerOn(person).pairing?.sessions ?? []).map((session) => session.generation))

test('what is written offline is kept, says why it waits, and leaves when the network returns', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  stage.network.setOnline(bob.device(), 'offline')
  await say(stage, bob, id, 'from the tunnel')
  await stage.pass(2 * MINUTE_MS)
  expect(await ticks(stage, bob, id)).toMatchObject({ 'from the tunnel': 'saved' })
  expect((await view(stage, bob, id)).waiting?.reason).toBe('no-network')
  stage.network.setOnline(bob.device(), 'online')
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'from the tunnel'])
  expect(await ticks(stage, bob, id)).toMatchObject({ 'from the tunnel': 'delivered' })
})

test('a relay that restarts is found again by itself, and nothing is lost or doubled', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await say(stage, bob, id, 'before')
  stage.network.relay.restart(20_000, 'kept')
  await say(stage, bob, id, 'meanwhile')
  await say(stage, alice, id, 'here too')
  await stage.pass(30_000)
  const all = ['welcome', 'hello', 'before', 'meanwhile', 'here too']
  expect((await texts(stage, alice, id)).toSorted()).toEqual(all.toSorted())
  expect(await texts(stage, bob, id)).toEqual(await texts(stage, alice, id))
})

test('a relay that lost its disk while one side was away costs nothing', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  await say(stage, bob, id, 'waits at the relay')
  await stage.pass(5_000)
  expect(await ticks(stage, bob, id)).toMatchObject({ 'waits at the relay': 'relay' })
  stage.network.relay.restart(500, 'lost')
  await stage.pass(MINUTE_MS)
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'waits at the relay'])
})

test('a relay that lost its disk while the writer was away costs nothing either', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  await say(stage, bob, id, 'waits at the relay')
  await stage.pass(5_000)
  bob.crash()
  stage.network.relay.restart(500, 'lost')
  await stage.pass(5_000)
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  await revive(stage, bob)
  await stage.pass(2 * MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'waits at the relay'])
})

test('an answer to an invite that the relay lost is given again', async () => {
  const stage = createStage()
  const { alice, id } = await answerWhileAway(stage)
  await stage.pass(5_000)
  stage.network.relay.restart(500, 'lost')
  await stage.pass(10_000)
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
})

test('many messages for somebody who is away come through, however many chains they took', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  const lines = Array.from({ length: 640 }, (_, at) => `line ${at}`)
  stage.network.setOnline(bob.device(), 'offline')
  await stage.done(Promise.all(lines.map((text) => bob.engine().send({ conversation: id, text, ref: text }))))
  stage.network.setOnline(bob.device(), 'online')
  await stage.pass(30_000)
  await revive(stage, alice)
  await stage.pass(30_000)
  expect((await texts(stage, alice, id)).toSorted()).toEqual(['welcome', 'hello', ...lines].toSorted())
  expect(new Set(Object.values(await ticks(stage, bob, id)))).toEqual(new Set(['delivered']))
})

test('one message a week, for ten weeks, all handed over at once: each chain comes right before its entries', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  stage.network.setOnline(bob.device(), 'offline')
  const weeks = Array.from({ length: 10 }, (_, at) => `week ${at}`)
  for (const week of weeks) {
    bob.skew += 7 * DAY_MS
    await say(stage, bob, id, week)
  }
  stage.network.setOnline(bob.device(), 'online')
  await stage.pass(20_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', ...weeks])
})

test('two who were silent for a month, with their prekeys replaced meanwhile, can go on', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  for (let week = 0; week < 5; week++) {
    for (const person of [alice, bob]) person.skew += 7 * DAY_MS
    await stage.pass(3_000)
  }
  await say(stage, alice, id, 'long time')
  await stage.pass(5_000)
  await say(stage, bob, id, 'indeed')
  await stage.pass(5_000)
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'long time', 'indeed'])
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'long time', 'indeed'])
})

test('a session is followed by a new one after a week of talk', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const said: string[] = ['welcome', 'hello']
  for (let day = 0; day < 24; day += 4) {
    for (const person of [alice, bob]) {
      person.skew += 4 * DAY_MS
      said.push(`${person.name} on day ${day}`)
      await say(stage, person, id, `${person.name} on day ${day}`)
      await stage.pass(3_000)
    }
  }
  expect(await texts(stage, alice, id)).toEqual(said)
  expect(await texts(stage, bob, id)).toEqual(said)
  expect(generationOf(alice)).toBeGreaterThan(1)
})

test('a full mailbox is told to the writer, and filled again once the owner has been there', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  stage.network.relay.refuse = (request) => (request.kind === 'deposit' ? { kind: 'refused', reason: 'full', retryMs: 0 } : undefined)
  await say(stage, bob, id, 'one too many')
  await stage.pass(2 * MINUTE_MS)
  expect((await view(stage, bob, id)).waiting?.reason).toBe('relay-full')
  stage.network.relay.refuse = undefined
  await revive(stage, alice)
  await say(stage, alice, id, 'i am back')
  await stage.pass(10_000)
  expect((await texts(stage, alice, id)).toSorted()).toEqual(['hello', 'i am back', 'one too many', 'welcome'])
})

test.each(['busy', 'too-many', 'disk', 'full'] as const)(
  'a relay that answers “%s” for a while is asked again until it takes everything',
  async (reason) => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    stage.network.relay.refuse = (request) => (request.kind === 'ping' ? undefined : { kind: 'refused', reason, retryMs: 2_000 })
    stage.network.relay.restart(500, 'kept')
    await say(stage, bob, id, 'patience')
    await stage.pass(MINUTE_MS)
    stage.network.relay.refuse = undefined
    await stage.pass(5 * MINUTE_MS)
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'patience'])
    expect(await ticks(stage, bob, id)).toMatchObject({ patience: 'delivered' })
  },
)

test.each([-2 * DAY_MS, 2 * DAY_MS])('a clock that jumps by %i ms stops nothing', async (jump) => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  stage.network.relay.refuse = () => ({ kind: 'refused', reason: 'busy', retryMs: 0 })
  await say(stage, bob, id, 'what time is it?')
  await stage.pass(MINUTE_MS)
  stage.network.relay.refuse = undefined
  for (const person of [alice, bob]) person.skew = jump
  await stage.pass(10_000)
  await say(stage, alice, id, 'no idea')
  await stage.pass(5_000)
  expect((await texts(stage, bob, id)).toSorted()).toEqual(['welcome', 'hello', 'what time is it?', 'no idea'].toSorted())
  expect((await texts(stage, alice, id)).toSorted()).toEqual((await texts(stage, bob, id)).toSorted())
})

test('the link of an invite that was never put at the relay says that it cannot be fetched yet', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  stage.network.setOnline(alice.device(), 'offline')
  const made = await stage.done(alice.engine().createConversation({ text: 'later', ref: 'later' }))
  if (made.kind !== 'created') throw new Error(made.reason)
  const link = await linkOf(stage, alice, made.conversation)
  expect(await stage.done(bob.engine().openInvite({ link }))).toEqual({ kind: 'refused', reason: 'unreachable' })
  stage.network.setOnline(alice.device(), 'online')
  await stage.pass(5_000)
  expect(await open(stage, bob, link)).toBe(made.conversation)
})

test('no more deposits for one contact are under way at once than the bound says, and all of them arrive', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const conversations = [id]
  for (let at = 0; at < DEPOSITS_PER_DEVICE_MAX + 1; at++) {
    const { id: other, link } = await invite(stage, alice, `about ${at}`)
    await open(stage, bob, link)
    await say(stage, bob, other, `yes to ${at}`)
    conversations.push(other)
  }
  await stage.pass(10_000)
  let underWay = 0
  let most = 0
  const { request } = stage.network.relay
  Object.assign(stage.network.relay, {
    request: async (client: RelayClient, asked: RelayRequest) => {
      if (asked.kind !== 'deposit' || client.device !== alice.device()) return request(client, asked)
      underWay += 1
      most = Math.max(most, underWay)
      try {
        return await request(client, asked)
      } finally {
        underWay -= 1
      }
    },
  })
  await stage.done(Promise.all(conversations.map((to) => alice.engine().send({ conversation: to, text: 'to all', ref: `all ${to}` }))))
  await stage.pass(10_000)
  expect(most).toBe(DEPOSITS_PER_DEVICE_MAX)
  for (const to of conversations) expect(await texts(stage, bob, to)).toContain('to all')
})

test('a conversation whose entries cannot be given to the relay holds up no other with the same contact', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const { id: other, link } = await invite(stage, alice, 'once more')
  await open(stage, bob, link)
  await say(stage, bob, other, 'here too')
  await stage.pass(5_000)
  stage.network.relay.refuse = (request) => (request.kind === 'deposit' ? { kind: 'refused', reason: 'busy', retryMs: 1_000 } : undefined)
  await say(stage, alice, id, 'this one is lost')
  await say(stage, alice, other, 'and this one is not')
  const { tables, shreds } = alice.disk()
  const entries = [...(tables.get('entries') ?? [])]
  const lost = entries.findLast(([key]) => key.startsWith(`${id}/${alice.device()}/`))?.[0]
  alice.restore({ tables: new Map(tables).set('entries', new Map(entries.filter(([key]) => key !== lost))), shreds })
  stage.network.relay.refuse = undefined
  await revive(stage, alice)
  await stage.pass(30_000)
  expect(alice.lines.some((line) => line.includes('missing from the store'))).toBe(true)
  expect(await texts(stage, bob, other)).toEqual(['once more', 'here too', 'and this one is not'])
})

test.each([
  { reason: 'disk', said: 'relay-full' },
  { reason: 'busy', said: 'relay-busy' },
  { reason: 'too-many', said: 'relay-busy' },
] as const)('a relay that refuses as “$reason” is said to be what it is: $said', async ({ reason, said }) => {
  const stage = createStage()
  const { bob, id } = await meet(stage)
  stage.network.relay.refuse = (request) => (request.kind === 'deposit' ? { kind: 'refused', reason, retryMs: 0 } : undefined)
  await say(stage, bob, id, 'not now')
  await stage.pass(2 * MINUTE_MS)
  expect((await view(stage, bob, id)).waiting?.reason).toBe(said)
  stage.network.relay.refuse = undefined
  await stage.pass(2 * MINUTE_MS)
  expect((await view(stage, bob, id)).waiting?.reason).not.toBe(said)
})
