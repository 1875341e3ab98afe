// The relay lost its key: at its address another one answers. What waits says so, and people who meet directly go on through the new one.

import { expect, test } from 'vitest'
import { toHex } from '../../src/bytes/bytes.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { step } from '../../src/node/step.ts'
import { nodeOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { createStage, invite, meet, MINUTE_MS, open, revive, say, texts, ticks, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { NodeState } from '../../src/node/state.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

async function loseKey(stage: Stage, ...people: readonly Person[]): Promise<void> {
  stage.network.relay.restart(500, 'lost with its key')
  await stage.pass(2_000)
  for (const person of people) {
    person.crash()
    await revive(stage, person)
  }
}

test('what waits for a relay that lost its key says so, in a chat, an answer and an invite, while the new relay answers', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const carol = await stage.enter('carol')
  const other = await invite(stage, alice, 'nobody has this yet')
  const third = await invite(stage, alice, 'for carol')
  await open(stage, carol, third.link)
  await loseKey(stage, alice, bob, carol)
  await say(stage, alice, id, 'see you at 7')
  await say(stage, carol, third.id, 'here I am')
  await stage.pass(2 * MINUTE_MS)
  expect(await ticks(stage, alice, id)).toMatchObject({ 'see you at 7': 'saved' })
  expect((await view(stage, alice, id)).waiting).toMatchObject({ reason: 'relay-gone' })
  expect((await view(stage, alice, other.id)).waiting).toMatchObject({ reason: 'relay-gone' })
  expect((await view(stage, carol, third.id)).waiting).toMatchObject({ reason: 'relay-gone' })
})

test('a relay that is only away is not called gone', async () => {
  const stage = createStage()
  const { alice, id } = await meet(stage)
  stage.network.relay.restart(10 * MINUTE_MS, 'kept')
  await say(stage, alice, id, 'see you at 7')
  await stage.pass(2 * MINUTE_MS)
  expect((await view(stage, alice, id)).waiting).toMatchObject({ reason: 'relay-away' })
})

test('a page that stays open finds out by itself', async () => {
  const stage = createStage()
  const { alice, id } = await meet(stage)
  stage.network.relay.restart(500, 'lost with its key')
  await say(stage, alice, id, 'see you at 7')
  await stage.pass(2 * MINUTE_MS)
  expect((await view(stage, alice, id)).waiting).toMatchObject({ reason: 'relay-gone' })
})

test('people who are online together meet through the new relay, and from then on their messages wait there', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await loseKey(stage, alice, bob)
  await say(stage, alice, id, 'still here')
  await stage.pass(MINUTE_MS)
  expect((await view(stage, alice, id)).route).toBe('direct')
  expect(await texts(stage, bob, id)).toContain('still here')
  bob.crash()
  await say(stage, alice, id, 'for later')
  await stage.pass(MINUTE_MS)
  expect(await ticks(stage, alice, id)).toMatchObject({ 'for later': 'relay' })
  alice.crash()
  await revive(stage, bob)
  await stage.pass(5_000)
  expect(await texts(stage, bob, id)).toContain('for later')
})

test.each(['before', 'after'] as const)('a mailbox is made at a relay that greeted %s it was known to be the home relay', async (when) => {
  const stage = createStage()
  const { alice } = await meet(stage)
  const env = { now: toUnixMs(stage.scheduler.now()), random: createSeeded(2).bytes }
  const known = nodeOn(alice.disk())
  const relay = { url: known.home?.url ?? '', key: new Uint8Array(32).fill(7) }
  const greet = (state: NodeState): NodeState => {
    const up = step(state, { kind: 'relay-up', relay: toHex(relay.key) }, env).state
    const answer = { kind: 'welcome', challenge: new Uint8Array(32), time: env.now } as const
    return step(up, { kind: 'welcomed', relay: toHex(relay.key), session: up.net.serial, answer }, env).state
  }
  const settle = (state: NodeState): NodeState => step(state, { kind: 'home', relay }, env).state
  const after = when === 'before' ? settle(greet(known)) : greet(settle(known))
  expect([...after.peers.values()].map(({ inbox }) => [inbox?.keys.relay, inbox?.registered])).toEqual([[relay, false]])
})

test('a new chat in which nothing was written serves no more once its relay is another one', async () => {
  const stage = createStage()
  const alice = await stage.enter('alice')
  const create = async (ref: string): Promise<ConversationId> => {
    const made = await stage.done(alice.engine().createConversation({ text: undefined, ref }))
    if (made.kind !== 'created') throw new Error(made.reason)
    await stage.pass(5_000)
    return made.conversation
  }
  const first = await create('1')
  expect(await create('2')).toBe(first)
  await loseKey(stage, alice)
  const second = await create('3')
  expect(second).not.toBe(first)
  expect((await view(stage, alice, second)).invite).toMatchObject({ state: 'waiting' })
})
