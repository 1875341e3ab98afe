// Clocks that are wrong: a link is as old as its relay says, whatever the two people's devices believe.

import { expect, test } from 'vitest'
import { decodeRow } from '../../src/host/rows.ts'
import { INVITE_MS_MAX, REUSED_INVITE_MS_MIN } from '../../src/limits.ts'
import { tracesOf } from '../simulation/removals.ts'
import { createStage, DAY_MS, invite, linkOf, meet, MINUTE_MS, open, revive, say, texts, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Peer } from '../../src/node/state.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const OFF = [60 * DAY_MS, -60 * DAY_MS]

async function two() {
  const stage = createStage()
  return { stage, alice: await stage.enter('alice'), bob: await stage.enter('bob') }
}

test.each(OFF)('a guest whose clock is %i ms off opens a link and is let in', async (skew) => {
  const { stage, alice, bob } = await two()
  const { id, link } = await invite(stage, alice, 'welcome')
  bob.skew = skew
  await open(stage, bob, link)
  await say(stage, bob, id, 'hello')
  await stage.pass(MINUTE_MS)
  expect((await texts(stage, alice, id)).toSorted()).toEqual(['hello', 'welcome'])
  expect((await view(stage, bob, id)).summary.phase).toBe('open')
})

test.each(OFF)('the link of an inviter whose clock is %i ms off opens, and shows the day on which it ends by that clock', async (skew) => {
  const { stage, alice, bob } = await two()
  await setClock(stage, alice, skew)
  const { id, link } = await invite(stage, alice, 'welcome')
  expect((await view(stage, alice, id)).invite).toMatchObject({ state: 'waiting' })
  const ends = ((await view(stage, alice, id)).invite?.expires ?? 0) - (stage.scheduler.now() + skew)
  expect(Math.abs(ends - INVITE_MS_MAX)).toBeLessThan(MINUTE_MS)
  await open(stage, bob, link)
  await say(stage, bob, id, 'hello')
  await stage.pass(MINUTE_MS)
  expect((await texts(stage, alice, id)).toSorted()).toEqual(['hello', 'welcome'])
})

test.each(OFF)(
  'a link that was made without a network while the clock was %i ms off opens once its packet is at the relay',
  async (skew) => {
    const { stage, alice, bob } = await two()
    stage.network.setOnline(alice.device(), 'offline')
    alice.skew = skew
    const { id, link: early } = await invite(stage, alice, 'welcome')
    stage.network.setOnline(alice.device(), 'online')
    await stage.pass(10_000)
    expect((await view(stage, alice, id)).invite).toMatchObject({ state: 'waiting' })
    // Both that were shown: the one from before the relay had said its time, and the one from after.
    for (const link of [early, await linkOf(stage, alice, id)]) expect(await open(stage, bob, link)).toBe(id)
    await say(stage, bob, id, 'hello')
    await stage.pass(MINUTE_MS)
    expect((await texts(stage, alice, id)).toSorted()).toEqual(['hello', 'welcome'])
  },
)

test.each([0, ...OFF])('a link that is over is called over by a guest whose clock is %i ms off', async (skew) => {
  const { stage, alice, bob } = await two()
  const { id, link } = await invite(stage, alice, 'welcome')
  alice.crash()
  bob.crash()
  await stage.pass(INVITE_MS_MAX + MINUTE_MS)
  bob.skew = skew
  for (const person of [alice, bob]) await revive(stage, person)
  expect(await stage.done(bob.engine().openInvite({ link }))).toEqual({ kind: 'refused', reason: 'expired' })
  expect((await view(stage, alice, id)).invite).toMatchObject({ state: 'expired' })
})

test('a link whose relay is out of reach is not called over', async () => {
  const { stage, alice, bob } = await two()
  const { link } = await invite(stage, alice, 'welcome')
  bob.skew = INVITE_MS_MAX
  stage.network.relay.restart(10 * MINUTE_MS, 'kept')
  expect(await stage.done(bob.engine().openInvite({ link }))).toEqual({ kind: 'refused', reason: 'unreachable' })
})

/** The relay says its time again to a device whose clock was set. */
async function setClock(stage: Stage, person: Person, skew: number): Promise<void> {
  person.skew = skew
  stage.network.relay.restart(100, 'kept')
  await stage.pass(5_000)
}

async function acquainted() {
  const stage = createStage()
  return { stage, ...(await meet(stage)) }
}

const contactOf = (person: Person): Peer => {
  const row = [...(person.disk().tables.get('peers')?.values() ?? [])][0]
  return decodeRow<Peer>(row?.value ?? new Uint8Array(0))
}
const generationOf = (person: Person): number => contactOf(person).pairing?.sessions[0]?.generation ?? 0

async function talk(stage: Stage, [alice, bob]: readonly [Person, Person], id: ConversationId): Promise<void> {
  for (const person of [alice, bob, alice, bob]) {
    await say(stage, person, id, `${person.name} at ${stage.scheduler.now()}`)
    await stage.pass(10_000)
  }
}

/** Nobody is there for so long; then some come back. */
async function sleep(stage: Stage, people: readonly Person[], ms: number, back = people): Promise<void> {
  for (const person of people) person.crash()
  await stage.pass(ms)
  for (const person of back) await revive(stage, person)
}

test.each([0, ...OFF].flatMap((one) => OFF.map((other) => [one, other] as const)))(
  'a session is followed by a new one after a week, whether clocks are %i and %i ms off',
  async (ofAlice, ofBob) => {
    const { stage, alice, bob } = await two()
    await setClock(stage, alice, ofAlice)
    await setClock(stage, bob, ofBob)
    const { id, link } = await invite(stage, alice, 'welcome')
    await open(stage, bob, link)
    await say(stage, bob, id, 'hello')
    await stage.pass(MINUTE_MS)
    await talk(stage, [alice, bob], id)
    const before = generationOf(bob)
    await sleep(stage, [alice, bob], 8 * DAY_MS)
    await talk(stage, [alice, bob], id)
    expect(generationOf(bob)).toBeGreaterThan(before)
    expect(generationOf(alice)).toBe(generationOf(bob))
    expect(await texts(stage, alice, id)).toHaveLength(10)
    expect(await texts(stage, bob, id)).toHaveLength(10)
  },
)

test.each([0, -10 * DAY_MS, 10 * DAY_MS])(
  'prekeys that their owner is about to let go of are not used by a clock that is %i ms off',
  async (skew) => {
    const { stage, alice, bob, id } = await acquainted()
    await talk(stage, [alice, bob], id)
    await setClock(stage, alice, skew)
    await sleep(stage, [alice, bob], 15 * DAY_MS, [alice])
    const before = generationOf(alice)
    expect(contactOf(alice).bundle).toBeDefined()
    await say(stage, alice, id, 'are you there?')
    expect(generationOf(alice)).toBe(before)
    await revive(stage, bob)
    await stage.pass(MINUTE_MS)
    expect(await texts(stage, bob, id)).toContain('are you there?')
  },
)

test('until the relay has said its time prekeys are neither used nor thrown away', async () => {
  const { stage, alice, bob, id } = await acquainted()
  await talk(stage, [alice, bob], id)
  stage.network.setOnline(alice.device(), 'offline')
  alice.skew = 60 * DAY_MS
  await sleep(stage, [alice, bob], 8 * DAY_MS)
  const before = generationOf(alice)
  await say(stage, alice, id, 'written in the woods')
  expect(generationOf(alice)).toBe(before)
  expect(contactOf(alice).bundle).toBeDefined()
  stage.network.setOnline(alice.device(), 'online')
  alice.skew = 0
  await stage.pass(MINUTE_MS)
  await say(stage, alice, id, 'and at home')
  expect(generationOf(alice)).toBeGreaterThan(before)
})

test.each([0, ...OFF])('a new chat lasts as long as ever while the clock is %i ms off', async (skew) => {
  const { stage, alice } = await two()
  await setClock(stage, alice, skew)
  const create = async (ref: string) => {
    const made = await stage.done(alice.engine().createConversation({ text: undefined, ref }))
    return made.kind === 'created' ? made.conversation : undefined
  }
  const first = (await create('1')) as ConversationId
  await stage.pass(20_000)
  expect((await view(stage, alice, first)).invite).toMatchObject({ state: 'waiting' })
  expect(await create('2')).toBe(first)
  alice.skew += INVITE_MS_MAX - REUSED_INVITE_MS_MIN
  expect(await create('3')).not.toBe(first)
  alice.skew += REUSED_INVITE_MS_MIN
  await stage.pass(20_000)
  expect(tracesOf(alice, first)).toEqual([])
})

test.each(OFF)('a chat that is removed while the clock is %i ms off ends its link, as soon as the relay is there', async (skew) => {
  const { stage, alice, bob } = await two()
  await setClock(stage, alice, skew)
  const { id, link } = await invite(stage, alice, 'welcome')
  stage.network.setOnline(alice.device(), 'offline')
  await stage.done(alice.engine().removeConversation({ conversation: id }))
  await stage.pass(5_000)
  stage.network.setOnline(alice.device(), 'online')
  await stage.pass(20_000)
  expect(await stage.done(bob.engine().openInvite({ link }))).toEqual({ kind: 'refused', reason: 'revoked' })
})

test.each(OFF)('an answered chat that is removed while the clock is %i ms off is not answered again', async (skew) => {
  const { stage, alice, bob } = await two()
  const { id, link } = await invite(stage, alice, 'welcome')
  alice.crash()
  await setClock(stage, bob, skew)
  await open(stage, bob, link)
  await say(stage, bob, id, 'hello')
  await stage.done(bob.engine().removeConversation({ conversation: id }))
  await stage.pass(5_000)
  expect(await stage.done(bob.engine().openInvite({ link }))).toEqual({ kind: 'refused', reason: 'used' })
})
