// Sessions that heal by themselves: whoever has copied a device, or both, reads on for a while and then nothing more, though one side never has
// anything to say; and neither a crash nor an older disk nor somebody who is away keeps messages from coming.

import { describe, expect, test } from 'vitest'
import { CHAIN_RENEWAL_MESSAGES, CHAIN_RENEWAL_MS, ONE_BY_ONE_MAILBOXES_MAX, OWN_CHAINS_MAX } from '../../src/limits.ts'
import { EMPTY_ANSWER_BYTES } from '../../src/session/limits.ts'
import { conversationOn, peerOn } from '../simulation/disk.ts'
import { spyOn } from '../simulation/spy.ts'
import { group } from './group-stage.ts'
import { createStage, invite, meet, open, revive, say, texts } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Session } from '../../src/session/pairing-state.ts'
import type { Person } from '../simulation/person.ts'
import type { Spy } from '../simulation/spy.ts'
import type { Stage } from './stage.ts'

const HOUR_MS = 3_600_000
const EPOCH_BYTES_MAX = 8_192
/** Each way a blob of 4,136 bytes in place of one of 1,064: with an entry there, with its receipt back. */
const EPOCH_BYTES = 2 * (4_136 - 1_064)

/** Who is robbed, and whether the thief can find what X25519 hides. */
const THIEVES = [
  { name: 'both, by a thief with a quantum computer', robbed: ['alice', 'bob'], isQuantum: true },
  { name: 'whoever writes', robbed: ['alice'], isQuantum: false },
  { name: 'whoever reads', robbed: ['bob'], isQuantum: false },
] as const

function sessionOf(person: Person): Session {
  const [session] = peerOn(person).pairing?.sessions ?? []
  return session ?? expect.fail('no session')
}

/** Half a day, or so long, goes by while neither is there, which a machine gets through faster. */
async function night(stage: Stage, people: readonly Person[], ms = CHAIN_RENEWAL_MS): Promise<void> {
  for (const person of people) person.crash()
  await stage.pass(ms)
  for (const person of people) await revive(stage, person)
}

const healedOf = (person: Person): number => sessionOf(person).healing?.healed ?? sessionOf(person).created

/** Alice writes, and whether the spy can read it. */
async function saySpied(stage: Stage, alice: Person, { id, text, spy }: { id: ConversationId; text: string; spy: Spy }): Promise<boolean> {
  await say(stage, alice, id, text)
  spy.listen()
  return spy.reads(alice)
}

describe.each(THIEVES)('a copy of $name', (robbery) => {
  test('reads what is written next, and nothing 100 messages later', { timeout: 60_000 }, async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await stage.pass(10_000)
    const spy = spyOn(id, [alice, bob], robbery)
    const read: boolean[] = []
    for (let at = 0; at < 2 * CHAIN_RENEWAL_MESSAGES + 20; at++) {
      read.push(await saySpied(stage, alice, { id, text: `text ${at}`, spy }))
      await stage.pass(3_000)
      spy.listen()
    }
    expect(read[0]).toBe(true)
    expect(read.slice(2 * CHAIN_RENEWAL_MESSAGES)).not.toContain(true)
    expect((await texts(stage, bob, id)).slice(2)).toEqual(read.map((_, at) => `text ${at}`))
    expect(sessionOf(alice).messages).toBeLessThan(20)
  })

  test('reads what is written next, and nothing 24 hours later', { timeout: 60_000 }, async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await stage.pass(10_000)
    const spy = spyOn(id, [alice, bob], robbery)
    const [began, read]: [number, [ms: number, boolean][]] = [stage.scheduler.now(), []]
    for (let hour = 0; hour < 30; hour += 3) {
      read.push([stage.scheduler.now() - began, await saySpied(stage, alice, { id, text: `hour ${hour}`, spy })])
      await stage.pass(5_000)
      spy.listen()
      await night(stage, [alice, bob], 3 * HOUR_MS)
      spy.listen()
    }
    expect(read[0]?.[1]).toBe(true)
    expect(read.filter(([ms, isRead]) => isRead && ms >= 2 * CHAIN_RENEWAL_MS)).toEqual([])
    expect(await texts(stage, bob, id)).toHaveLength(2 + read.length)
  })
})

test('while the other side is away nothing heals and nothing says so, and all comes when it is back', { timeout: 60_000 }, async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  const spy = spyOn(id, [alice, bob], THIEVES[0])
  bob.crash()
  const written = Array.from({ length: OWN_CHAINS_MAX + 2 }, (_, at) => `half day ${at}`)
  for (const [at, text] of written.entries()) {
    const isRead = await saySpied(stage, alice, { id, text, spy })
    // After a week another session begins, which this spy does not follow.
    if (at < 12) expect(isRead).toBe(true)
    await night(stage, [alice])
  }
  expect(conversationOn(alice, id)?.chains.get(alice.device())).toHaveLength(OWN_CHAINS_MAX)
  const before = sessionOf(alice).created
  expect(healedOf(alice)).toBe(before)
  await revive(stage, bob)
  await stage.pass(10_000)
  expect((await texts(stage, bob, id)).slice(2)).toEqual(written)
  spy.listen()
  expect(healedOf(alice)).toBeGreaterThan(before)
  await stage.pass(CHAIN_RENEWAL_MS)
  expect(await saySpied(stage, alice, { id, text: 'healed', spy })).toBe(false)
})

test('whoever only reads answers with one small envelope, and keeps no more than one', { timeout: 60_000 }, async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  for (let round = 0; round < 6; round++) {
    await night(stage, [alice, bob])
    await say(stage, alice, id, `round ${round}`)
    await stage.pass(10_000)
  }
  const answers = peerOn(bob).envelopes.filter(({ envelope }) => envelope.length === EMPTY_ANSWER_BYTES)
  expect(answers).toHaveLength(1)
  expect(peerOn(bob).envelopes.length).toBeLessThanOrEqual(2)
  expect(sessionOf(alice).healing).toMatchObject({ offers: 6, seed: undefined })
})

test('an epoch takes no more than 8 kB of what lies at the relay, a chain that begins and its empty answer included', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await night(stage, [alice, bob])
  await stage.pass(10_000)
  let bytes = 0
  stage.network.relay.forge = (asked, answer) => {
    if (asked.kind === 'deposit') for (const { mailboxes, blob } of asked.deposits) bytes += mailboxes.length * blob.length
    return answer
  }
  const taken: number[] = []
  for (const text of ['heals', 'plain']) {
    bytes = 0
    await say(stage, alice, id, text)
    await stage.pass(10_000)
    taken.push(bytes)
  }
  const [healing = 0, plain = 0] = taken
  expect(sessionOf(alice).healing).toMatchObject({ offers: 1, seed: undefined })
  expect(healing - plain).toBe(EPOCH_BYTES)
  expect(EPOCH_BYTES).toBeLessThanOrEqual(EPOCH_BYTES_MAX)
})

test.each([{ dying: 'alice' }, { dying: 'bob' }] as const)(
  'a crash of $dying between any two writes of an epoch loses nothing, and the next one heals',
  { timeout: 120_000 },
  async ({ dying }) => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    const victim = dying === 'alice' ? alice : bob
    const written: string[] = []
    for (let moment = 1; moment <= 14; moment++) {
      await night(stage, [alice, bob])
      victim.crashAt(moment)
      alice.say(id, `moment ${moment}`)
      written.push(`moment ${moment}`)
      await stage.pass(20_000)
      victim.crashAt(Infinity)
      if (!victim.isUp()) await revive(stage, victim)
      await stage.pass(20_000)
      for (const person of [alice, bob]) expect((await texts(stage, person, id)).slice(2)).toEqual(written)
    }
    const before = healedOf(bob)
    await night(stage, [alice, bob])
    await say(stage, alice, id, 'last')
    await stage.pass(10_000)
    expect(healedOf(bob)).toBeGreaterThan(before)
    expect(healedOf(alice)).toBeGreaterThan(before)
  },
)

test.each([{ restored: 'alice' }, { restored: 'bob' }] as const)(
  'an older disk of $restored, from before or in the midst of an epoch, is read again and heals',
  { timeout: 60_000 },
  async ({ restored }) => {
    for (const midst of [false, true]) {
      const stage = createStage()
      const { alice, bob, id } = await meet(stage)
      const victim = restored === 'alice' ? alice : bob
      await night(stage, [alice, bob])
      let image = victim.disk()
      await say(stage, alice, id, 'offers')
      if (midst) image = victim.disk()
      await stage.pass(10_000)
      await say(stage, bob, id, 'answers')
      await night(stage, [alice, bob])
      await say(stage, alice, id, 'heals')
      await stage.pass(10_000)
      victim.restore(image)
      await revive(stage, victim)
      for (const [at, person] of [alice, bob, alice, bob].entries()) {
        await say(stage, person, id, `after ${at}`)
        await stage.pass(30_000)
      }
      for (const person of [alice, bob])
        expect((await texts(stage, person, id)).slice(-4)).toEqual(['after 0', 'after 1', 'after 2', 'after 3'])
      const before = healedOf(alice)
      for (const [at, person] of [alice, bob, alice].entries()) {
        await night(stage, [alice, bob])
        await say(stage, person, id, `later ${at}`)
        await stage.pass(10_000)
      }
      expect(healedOf(alice)).toBeGreaterThan(before)
    }
  },
)

test('among many, whoever only reads answers once a day, and not each chain of each writer', { timeout: 120_000 }, async () => {
  const stage = createStage()
  const alice = await stage.enter('alice')
  const others: Person[] = []
  for (let at = 0; at <= ONE_BY_ONE_MAILBOXES_MAX; at++) {
    const other = await stage.enter(`reader ${at}`)
    const { link } = await invite(stage, alice, `welcome ${at}`)
    await say(stage, other, await open(stage, other, link), 'hi')
    await stage.pass(3_000)
    others.push(other)
  }
  const id = await group(stage, alice, others)
  await stage.pass(20_000)
  const answered = async (text: string): Promise<number> => {
    await night(stage, [alice, ...others])
    await say(stage, alice, id, text)
    await stage.pass(20_000)
    expect(await texts(stage, others[0] as Person, id)).toContain(text)
    return others.filter((other) =>
      peerOn(other, alice.device()).envelopes.some(
        ({ conversation, envelope }) => conversation === id && envelope.length === EMPTY_ANSWER_BYTES,
      ),
    ).length
  }
  expect(await answered('half a day later')).toBe(0)
  expect(await answered('a day later')).toBe(others.length)
  expect(sessionOf(alice).healing).toMatchObject({ seed: undefined, offers: 1 })
})
