// Blocking somebody (docs/protocol.md §14.2): nothing of theirs arrives in a chat of two, they are told nothing, and a group goes on as it was.

import { describe, expect, test } from 'vitest'
import { BLOCKED_MAX } from '../../src/limits.ts'
import { step } from '../../src/node/step.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { nodeOn } from '../simulation/disk.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { accountOf, group, members, three } from './group-stage.ts'
import { createStage, invite, meet, messages, MINUTE_MS, open, revive, say, texts, ticks, view } from './stage.ts'
import type { AccountId } from '../../src/bytes/ids.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const block = (stage: Stage, person: Person, other: Person, isBlocked = true) =>
  stage.done(person.engine().setBlocked({ account: accountOf(other), isBlocked }))

describe.each(['mailbox', 'direct'] as const)('somebody who is blocked (%s)', (how) => {
  test('arrives no more, is told nothing, and costs nothing', async () => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    await say(stage, alice, id, 'before')
    await stage.pass(5_000)
    expect(await block(stage, bob, alice)).toEqual({ kind: 'saved' })
    await stage.pass(5_000)
    await say(stage, alice, id, 'are you there?')
    await stage.done(bob.engine().markRead({ conversation: id }))
    await stage.pass(10 * MINUTE_MS)
    expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'before'])
    expect(await ticks(stage, alice, id)).toMatchObject({ before: 'delivered', 'are you there?': 'saved' })
    expect((await view(stage, alice, id)).route).not.toBe('direct')
    expect(await view(stage, bob, id)).toMatchObject({ summary: { isBlocked: true, unread: 0 }, route: 'offline' })
    expect(await stage.done(bob.engine().send({ conversation: id, text: 'no', ref: 'no' }))).toEqual({ kind: 'refused', reason: 'closed' })
    // The relay refuses what they leave, and is asked again every few minutes at most.
    expect(nodeOn(bob.disk()).terms.closing).toEqual([])
    const before = stage.network.traffic()
    await stage.pass(10 * MINUTE_MS)
    expect(stage.network.traffic() - before).toBeLessThan(10)
    bob.crash()
    await revive(stage, bob)
    await stage.pass(MINUTE_MS)
    expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'before'])
  })

  test('is heard again once that is over, with what was written meanwhile', async () => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    await block(stage, bob, alice)
    await say(stage, alice, id, 'unheard')
    await stage.pass(MINUTE_MS)
    await block(stage, bob, alice, false)
    await stage.pass(6 * MINUTE_MS)
    await say(stage, alice, id, 'and now?')
    await say(stage, bob, id, 'I hear you')
    await stage.pass(6 * MINUTE_MS)
    expect([...(await texts(stage, bob, id))].toSorted()).toEqual(['I hear you', 'and now?', 'hello', 'unheard', 'welcome'])
    expect(await texts(stage, alice, id)).toContain('I hear you')
    expect(await ticks(stage, alice, id)).toMatchObject({ unheard: 'delivered', 'and now?': 'delivered' })
  })

  test('comes back by no link, neither by theirs nor by one of one’s own', async () => {
    const stage = createStage(how)
    const { alice, bob } = await meet(stage)
    await block(stage, bob, alice)
    const theirs = await invite(stage, alice, 'again')
    expect(await stage.done(bob.engine().openInvite({ link: theirs.link }))).toEqual({ kind: 'refused', reason: 'blocked' })
    const own = await invite(stage, bob, 'for anybody')
    const opened = await open(stage, alice, own.link)
    await say(stage, alice, opened, 'me again')
    await stage.pass(MINUTE_MS)
    expect(await texts(stage, bob, own.id)).toEqual(['for anybody'])
    // The link is not used up by whoever may not come in.
    const carol = await stage.enter('carol')
    expect((await view(stage, bob, own.id)).invite?.state).toBe('waiting')
    expect(carol.isUp()).toBe(true)
  })
})

test('a group with somebody who is blocked goes on, and says whose messages are theirs', async () => {
  const { stage, alice, bob, carol } = await three('mailbox')
  const id = await group(stage, alice, [bob, carol])
  await stage.pass(MINUTE_MS)
  await block(stage, bob, alice)
  await stage.pass(5_000)
  await say(stage, alice, id, 'to all')
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, bob, id)).toEqual(['to all'])
  const [message] = await messages(stage, bob, id)
  expect(message?.author).toMatchObject({ account: accountOf(alice), isBlocked: true })
  expect((await view(stage, bob, id)).summary.last?.author).toMatchObject({ isBlocked: true })
  expect((await members(stage, bob, id)).find(({ account }) => account === accountOf(alice))).toMatchObject({ isBlocked: true })
  await say(stage, bob, id, 'noted')
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['to all', 'noted'])
  expect(await ticks(stage, alice, id)).toMatchObject({ 'to all': 'delivered' })
})

test('whoever is blocked adds nobody to a group, and is added to none', async () => {
  const { stage, alice, bob, carol } = await three('mailbox')
  await block(stage, bob, alice)
  const id = await group(stage, alice, [bob, carol])
  await stage.pass(MINUTE_MS)
  expect(await stage.done(bob.look(id))).toBeUndefined()
  expect(await stage.done(bob.engine().createGroup({ title: '', members: [accountOf(alice)], ref: 'g' }))).toEqual({
    kind: 'refused',
    reason: 'no-contact',
  })
})

test('an engine that ended between the account document and the node is level again after its next start', async () => {
  for (let moment = 1; moment <= 4; moment += 1) {
    const stage = createStage('mailbox', moment)
    const { alice, bob } = await meet(stage)
    bob.crashAt(moment)
    void bob.engine().setBlocked({ account: accountOf(alice), isBlocked: true })
    await stage.pass(3_000)
    bob.crashAt(Infinity)
    if (!bob.isUp()) await revive(stage, bob)
    await stage.pass(20_000)
    const listed = (await stage.done(bob.engine().readBlocked())).map(({ account }) => account)
    expect([...nodeOn(bob.disk()).terms.blocked], `moment ${moment}`).toEqual(listed)
  }
})

test('so many are blocked at a time, with the names that they had', async () => {
  const stage = createStage()
  const { alice, bob } = await meet(stage)
  await stage.done(alice.engine().setName({ name: 'Alice' }))
  await stage.pass(5_000)
  await block(stage, bob, alice)
  expect(await stage.done(bob.engine().readBlocked())).toEqual([{ account: accountOf(alice), name: 'Alice' }])
  const others = Array.from({ length: BLOCKED_MAX }, (_, at) => at.toString(16).padStart(64, '0') as AccountId)
  const outcomes = others.map((account) => bob.engine().setBlocked({ account, isBlocked: true }))
  const answers = await stage.done(Promise.all(outcomes))
  expect(answers.filter(({ kind }) => kind === 'refused')).toHaveLength(1)
  expect(answers.at(-1)).toEqual({ kind: 'refused', reason: 'too-many' })
})

test('blocking changes no record of anybody else', async () => {
  const { stage, alice, bob } = await three('mailbox')
  await stage.pass(MINUTE_MS)
  const before = nodeOn(alice.disk())
  const env = { now: toUnixMs(1_800_000_900_000), random: createSeeded(3).bytes }
  const after = step(before, { kind: 'set-blocked', accounts: [accountOf(bob)] }, env).state
  const others = [...before.conversations.awake].filter(([id]) => after.conversations.get(id) !== before.conversations.get(id))
  expect(others).toHaveLength(1)
  expect(after.peers.changedSince(before.peers)).toEqual([nodeOn(bob.disk()).self.device.id])
})
