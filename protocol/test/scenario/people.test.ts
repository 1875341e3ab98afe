// What people tell each other beside texts: names, titles, and whether they have read.

import { expect, test } from 'vitest'
import { createStage, meet, messages, revive, say, ticks, view } from './stage.ts'

test('what was read is told, as long as both wish it', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.done(alice.engine().markRead({ conversation: id }))
  await stage.pass(5_000)
  expect(await ticks(stage, bob, id)).toEqual({ hello: 'read' })
})

test('who does not tell what was read is not told either', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.done(alice.engine().setSettings({ settings: { readReceipts: false } }))
  await say(stage, alice, id, 'secretly')
  await stage.done(alice.engine().markRead({ conversation: id }))
  await stage.pass(5_000)
  await stage.done(bob.engine().markRead({ conversation: id }))
  await stage.pass(5_000)
  expect(await ticks(stage, bob, id)).toEqual({ hello: 'delivered' })
  expect(await ticks(stage, alice, id)).toMatchObject({ secretly: 'delivered' })
  await stage.done(alice.engine().setSettings({ settings: { readReceipts: true } }))
  await stage.pass(5_000)
  expect(await ticks(stage, bob, id)).toEqual({ hello: 'read' })
  expect(await ticks(stage, alice, id)).toMatchObject({ secretly: 'read' })
})

test('a name that is given, and given anew, arrives and is the last one everywhere', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  for (const name of ['Robert', 'Bob']) await stage.done(bob.engine().setName({ name }))
  await stage.pass(5_000)
  expect((await view(stage, alice, id)).summary.name).toBe('Bob')
  await stage.done(alice.engine().setPetname({ account: (await view(stage, alice, id)).summary.peer ?? never(), name: 'Bobby' }))
  expect(await view(stage, alice, id)).toMatchObject({ summary: { name: 'Bobby' }, petname: 'Bobby', ownName: 'Bob' })
  await stage.done(alice.engine().setPetname({ account: (await view(stage, alice, id)).summary.peer ?? never(), name: '' }))
  expect(await view(stage, alice, id)).toMatchObject({ summary: { name: 'Bob' }, petname: undefined, ownName: 'Bob' })
})

test('a title that both change at the same time ends as one title', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  for (const person of [alice, bob]) stage.network.setOnline(person.device(), 'offline')
  await stage.done(alice.engine().setTitle({ conversation: id, title: 'Garden' }))
  await stage.done(bob.engine().setTitle({ conversation: id, title: 'Plants' }))
  for (const person of [alice, bob]) stage.network.setOnline(person.device(), 'online')
  await stage.pass(10_000)
  const [hers, his] = [(await view(stage, alice, id)).title, (await view(stage, bob, id)).title]
  expect(['Garden', 'Plants']).toContain(hers)
  expect(his).toBe(hers)
  await stage.done(bob.engine().setTitle({ conversation: id, title: 'Both' }))
  await stage.pass(5_000)
  expect((await view(stage, alice, id)).title).toBe('Both')
})

test('a title can be given anew after each restart', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  for (const title of ['Garden', 'Balcony', 'Kitchen']) {
    await stage.done(bob.engine().setTitle({ conversation: id, title }))
    await stage.pass(5_000)
    expect([(await view(stage, alice, id)).title, (await view(stage, bob, id)).title]).toEqual([title, title])
    bob.crash()
    await revive(stage, bob)
    expect((await view(stage, bob, id)).title).toBe(title)
  }
})

test('a title that may not be given yet changes nothing, and the next one that may is taken', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const made = await stage.done(alice.engine().createConversation({ text: 'welcome', ref: 'w' }))
  if (made.kind !== 'created') throw new Error(made.reason)
  const id = made.conversation
  await stage.pass(3_000)
  const link = (await view(stage, alice, id)).invite?.link ?? ''
  await stage.done(bob.engine().openInvite({ link }))
  await stage.done(bob.engine().setTitle({ conversation: id, title: 'Too early' }))
  expect((await view(stage, bob, id)).title).toBeUndefined()
  await say(stage, bob, id, 'hello')
  await stage.done(bob.engine().setTitle({ conversation: id, title: 'In time' }))
  await stage.pass(5_000)
  expect((await view(stage, alice, id)).title).toBe('In time')
})

test('control characters and endless marks of a name or text never reach a screen', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await say(stage, bob, id, `a\u0000b\u202Ec${'\u0301'.repeat(5_000)}`)
  await stage.pass(5_000)
  const last = (await messages(stage, alice, id)).at(-1)?.text ?? ''
  expect(last.length).toBeLessThan(30)
  expect(last).not.toContain('\u0000')
})

const never = (): never => {
  throw new Error('there is nobody')
}

test('both see the same safety number, and nobody has one before there is somebody else', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const numbers = [(await view(stage, alice, id)).safetyNumber, (await view(stage, bob, id)).safetyNumber]
  expect(numbers[0]).toMatch(/^[0-9]{60}$/)
  expect(numbers[1]).toBe(numbers[0])
  const made = await stage.done(alice.engine().createConversation({ text: 'anybody?', ref: 'another' }))
  if (made.kind !== 'created') throw new Error(made.reason)
  expect((await view(stage, alice, made.conversation)).safetyNumber).toBeUndefined()
})

test('who has given a title gives another one after a restart', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.done(bob.engine().setTitle({ conversation: id, title: 'Garden' }))
  await stage.pass(5_000)
  bob.crash()
  await revive(stage, bob)
  await stage.done(bob.engine().setTitle({ conversation: id, title: 'Bees' }))
  await stage.pass(20_000)
  for (const person of [alice, bob]) expect((await view(stage, person, id)).title).toBe('Bees')
})
