// What is said to be lost with an own device before it is removed: as much as is known, and that it is not known where it is not.

import { expect, test } from 'vitest'
import { link } from './linking-stage.ts'
import { createStage, meet, MINUTE_MS, revive, say } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const alone = (stage: Stage, asked: Person, about: Person) => stage.done(asked.engine().readAlone({ device: about.ownDevice() }))

async function talk(stage: Stage, person: Person, id: ConversationId, count: number): Promise<void> {
  const some = Array.from({ length: count }, (_, at) => `${person.name} ${at}`)
  await stage.done(Promise.all(some.map((text) => person.engine().send({ conversation: id, text, ref: text }))))
  await stage.pass(2_000)
}

test('a device whose history has not come over holds it alone, until all of it has', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  for (let round = 0; round < 20; round += 1)
    await stage.done(bob.engine().send({ conversation: id, text: `old ${round}`, ref: `old ${round}` }))
  await talk(stage, bob, id, 300)
  alice.crash()
  const only = await alone(stage, bob, bob)
  expect(only).toMatchObject({ chats: 1, isKnown: true, others: 0 })
  expect(only.entries).toBeGreaterThan(320)
  const tablet = await stage.enter('tablet')
  const most = { here: 0, there: 0 }
  // Whenever the new device writes something down, both are asked.
  tablet.refuse = () => {
    void bob
      .engine()
      .readAlone({})
      .then(({ entries }) => (most.here = Math.max(most.here, entries)))
    void tablet
      .engine()
      .readAlone({ device: bob.ownDevice() })
      .then(({ entries }) => (most.there = Math.max(most.there, entries)))
    return undefined
  }
  await link(stage, bob, tablet)
  tablet.refuse = undefined
  expect(most.here).toBeGreaterThan(50)
  expect(most.there).toBeGreaterThan(50)
  await stage.pass(5 * MINUTE_MS)
  expect(await alone(stage, bob, bob)).toEqual({ entries: 0, chats: 0, isKnown: true, others: 1 })
  expect(await alone(stage, tablet, bob)).toEqual({ entries: 0, chats: 0, isKnown: true, others: 1 })
})

test('of a device that is not there it is said that nobody knows', async () => {
  const stage = createStage('direct')
  const { bob, id } = await meet(stage)
  const tablet = await stage.enter('tablet')
  await link(stage, bob, tablet)
  await say(stage, bob, id, 'for both')
  await stage.pass(3 * MINUTE_MS)
  expect(await alone(stage, bob, tablet)).toMatchObject({ entries: 0, isKnown: true })
  tablet.crash()
  await stage.pass(MINUTE_MS)
  expect(await alone(stage, bob, tablet)).toMatchObject({ isKnown: false })
  expect(await alone(stage, bob, bob)).toMatchObject({ isKnown: false, others: 1 })
  await revive(stage, tablet)
  await stage.pass(2 * MINUTE_MS)
  expect(await alone(stage, bob, tablet)).toMatchObject({ entries: 0, isKnown: true })
  // One that was removed is none of those that could have it.
  await stage.done(bob.engine().revokeDevice({ device: tablet.ownDevice() }))
  await stage.pass(MINUTE_MS)
  expect(await alone(stage, bob, bob)).toMatchObject({ isKnown: true, others: 0 })
})
