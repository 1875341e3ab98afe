// What is shown as the time of a message or a chat: never in the future, never before there was Kith, and always the same.

import { expect, test } from 'vitest'
import { TIME_MS_MIN } from '../../src/limits.ts'
import { diskWith } from '../simulation/disk.ts'
import { createStage, DAY_MS, invite, meet, messages, open, revive, say, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const timeOf = async (stage: Stage, person: Person, id: ConversationId): Promise<number> => (await view(stage, person, id)).summary.time

test('a chat that was opened by a link and holds no message has the time of its opening, and keeps it', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { link } = await invite(stage, alice, '')
  const before = stage.scheduler.now()
  const id = await open(stage, bob, link)
  const time = await timeOf(stage, bob, id)
  expect(time).toBeGreaterThanOrEqual(before)
  expect(time).toBeLessThanOrEqual(stage.scheduler.now())
  await stage.pass(DAY_MS / 24)
  expect(await timeOf(stage, bob, id)).toBe(time)
})

test('a chat that an older version stored without any time shows none from 1970', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { link } = await invite(stage, alice, '')
  const id = await open(stage, bob, link)
  bob.restore(
    diskWith(bob.disk(), (node) => {
      const conversation = node.conversations.get(id) ?? expect.fail('the chat is not stored')
      return { ...node, conversations: node.conversations.with(id, { ...conversation, authored: 0 }) }
    }),
  )
  await revive(stage, bob)
  expect(await timeOf(stage, bob, id)).toBeGreaterThan(TIME_MS_MIN)
})

test.each([
  ['far ahead', 30 * DAY_MS],
  ['never set', -1_800_000_000_000],
])('a message by a clock that is %s has the time of its arrival, and keeps it', async (_how, skew) => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const { id: other, link } = await invite(stage, alice, 'hello Carol')
  const carol = await stage.enter('carol')
  await open(stage, carol, link)
  bob.skew = skew
  const before = stage.scheduler.now()
  await say(stage, bob, id, 'by an odd clock')
  await stage.pass(5_000)
  const shown = (await messages(stage, alice, id)).find(({ text }) => text === 'by an odd clock')
  expect(shown?.time).toBeGreaterThanOrEqual(before)
  expect(shown?.time).toBeLessThanOrEqual(stage.scheduler.now())
  expect(await timeOf(stage, alice, id)).toBe(shown?.time)
  await say(stage, carol, other, 'by a right clock')
  await stage.pass(5_000)
  expect((await messages(stage, alice, id)).at(-1)?.time, 'it does not move').toBe(shown?.time)
  expect(await timeOf(stage, alice, other), 'and lets what is newer stand above it').toBeGreaterThan(await timeOf(stage, alice, id))
})

test('a message that came after an own one and stands above it says so, and no other one does', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(5_000)
  await say(stage, bob, id, 'Shall we meet?')
  await stage.pass(5_000)
  stage.network.setOnline(bob.device(), 'offline')
  await say(stage, alice, id, 'Yes, I agree.')
  bob.skew = -DAY_MS
  await say(stage, bob, id, 'You owe me 1000, do you agree?')
  await stage.pass(5_000)
  stage.network.setOnline(bob.device(), 'online')
  await stage.pass(30_000)
  await say(stage, bob, id, 'Good.')
  await stage.pass(5_000)
  await say(stage, alice, id, 'What?')
  await stage.pass(5_000)
  const shown = async (person: Person) => (await messages(stage, person, id)).map(({ text, late }) => ({ text, late: late === true }))
  const order = ['welcome', 'hello', 'Shall we meet?', 'You owe me 1000, do you agree?', 'Yes, I agree.', 'Good.', 'What?']
  const expected = order.map((text) => ({ text, late: text.startsWith('You owe') }))
  expect(await shown(alice)).toEqual(expected)
  expect(await shown(bob)).toEqual(order.map((text) => ({ text, late: false })))
  alice.crash()
  await revive(stage, alice)
  expect(await shown(alice), 'the mark is kept').toEqual(expected)
})
