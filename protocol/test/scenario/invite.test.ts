// Links: answered while the maker is away, by two people, too late, twice, and after much was written.

import { expect, test } from 'vitest'
import { INVITE_MS_MAX } from '../../src/limits.ts'
import { createStage, invite, linkOf, meet, MINUTE_MS, open, revive, say, texts, ticks, view } from './stage.ts'

test('an invite is read and answered while its maker is away, and the answer waits for the maker', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id, link } = await invite(stage, alice, 'welcome')
  alice.crash()
  await open(stage, bob, link)
  expect(await texts(stage, bob, id)).toEqual(['welcome'])
  await say(stage, bob, id, 'hello')
  await say(stage, bob, id, 'are you there?')
  await stage.pass(MINUTE_MS)
  expect(await ticks(stage, bob, id)).toEqual({ hello: 'relay', 'are you there?': 'relay' })
  expect((await view(stage, bob, id)).summary.phase).toBe('joining')
  await revive(stage, alice)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'are you there?'])
  await stage.pass(3_000)
  expect(await ticks(stage, bob, id)).toEqual({ hello: 'delivered', 'are you there?': 'delivered' })
  expect((await view(stage, bob, id)).summary.phase).toBe('open')
})

test('of two who answer one link the first is let in, and the second learns that it is too late', async () => {
  const stage = createStage()
  const [alice, bob, carol] = [await stage.enter('alice'), await stage.enter('bob'), await stage.enter('carol')]
  const { id, link } = await invite(stage, alice, 'welcome')
  for (const guest of [bob, carol]) await open(stage, guest, link)
  await say(stage, bob, id, 'from bob')
  await stage.pass(5_000)
  await say(stage, carol, id, 'from carol')
  await stage.pass(12 * MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'from bob'])
  expect((await view(stage, bob, id)).isTooLate).toBe(false)
  expect(await view(stage, carol, id)).toMatchObject({ isTooLate: true, waiting: undefined, summary: { phase: 'joining' } })
  expect(await stage.done(carol.engine().send({ conversation: id, text: 'still there?', ref: 'late' }))).toEqual({
    kind: 'refused',
    reason: 'closed',
  })
  await say(stage, alice, id, 'for bob alone')
  await stage.pass(5_000)
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'from bob', 'for bob alone'])
  expect(await texts(stage, carol, id)).toEqual(['welcome', 'from carol'])
})

test('who was let in is never told that it is too late, however long the maker was away', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id, link } = await invite(stage, alice, 'welcome')
  alice.crash()
  await open(stage, bob, link)
  await say(stage, bob, id, 'hello')
  await stage.pass(25 * MINUTE_MS)
  expect((await view(stage, bob, id)).isTooLate).toBe(false)
  await revive(stage, alice)
  await stage.pass(15 * MINUTE_MS)
  expect(await view(stage, bob, id)).toMatchObject({ isTooLate: false, summary: { phase: 'open' } })
})

test('a used, a revoked and an expired link open nothing and say so', async () => {
  const stage = createStage()
  const [alice, bob, carol] = [await stage.enter('alice'), await stage.enter('bob'), await stage.enter('carol')]
  const [used, revoked, expired] = [
    await invite(stage, alice, 'one'),
    await invite(stage, alice, 'two'),
    await invite(stage, alice, 'three'),
  ]
  await open(stage, bob, used.link)
  await say(stage, bob, used.id, 'mine')
  await stage.done(alice.engine().revokeInvite({ conversation: revoked.id }))
  await stage.pass(10_000)
  expect(await stage.done(carol.engine().openInvite({ link: used.link }))).toEqual({ kind: 'refused', reason: 'used' })
  expect(await stage.done(carol.engine().openInvite({ link: revoked.link }))).toEqual({ kind: 'refused', reason: 'used' })
  expect(await stage.done(alice.engine().openInvite({ link: expired.link }))).toEqual({ kind: 'refused', reason: 'own' })
  expect(await stage.done(alice.engine().send({ conversation: revoked.id, text: 'to nobody', ref: 'x' }))).toEqual({
    kind: 'refused',
    reason: 'closed',
  })
  carol.skew = INVITE_MS_MAX
  expect(await stage.done(carol.engine().openInvite({ link: expired.link }))).toEqual({ kind: 'refused', reason: 'expired' })
  carol.skew = 0
  expect(await open(stage, carol, expired.link)).toBe(expired.id)
})

test('an answer that reaches the maker after the invite was revoked lets nobody in', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id, link } = await invite(stage, alice, 'welcome')
  await open(stage, bob, link)
  await stage.done(alice.engine().revokeInvite({ conversation: id }))
  await say(stage, bob, id, 'hello')
  await stage.pass(12 * MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome'])
  expect((await view(stage, bob, id)).isTooLate).toBe(true)
})

test('opening one link twice leads to one conversation', async () => {
  const stage = createStage()
  const { bob, alice, id } = await meet(stage)
  const link = await linkOf(stage, alice, id)
  expect(await open(stage, bob, link)).toBe(id)
})

test('a second link of somebody who is a contact already opens a conversation of its own', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const second = await invite(stage, alice, 'about the garden')
  await open(stage, bob, second.link)
  await say(stage, bob, second.id, 'which garden?')
  await say(stage, bob, id, 'see the other chat')
  await stage.pass(5_000)
  expect(await texts(stage, alice, second.id)).toEqual(['about the garden', 'which garden?'])
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'see the other chat'])
  await say(stage, alice, second.id, 'ours')
  await stage.pass(5_000)
  expect(await texts(stage, bob, second.id)).toEqual(['about the garden', 'which garden?', 'ours'])
})

test('two links of one person, both answered while that person is away, become two conversations', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const [one, two] = [await invite(stage, alice, 'one'), await invite(stage, alice, 'two')]
  alice.crash()
  for (const { link } of [one, two]) await open(stage, bob, link)
  for (const { id } of [two, one]) await say(stage, bob, id, `answer to ${id.slice(0, 4)}`)
  await stage.pass(3_000)
  await revive(stage, alice)
  await stage.pass(10_000)
  expect(await texts(stage, alice, one.id)).toEqual(['one', `answer to ${one.id.slice(0, 4)}`])
  expect(await texts(stage, alice, two.id)).toEqual(['two', `answer to ${two.id.slice(0, 4)}`])
})

test('what was written after the packet was full, with chains that the packet does not have, follows once somebody has joined', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id, link } = await invite(stage, alice, 'welcome')
  await open(stage, bob, link)
  const more = Array.from({ length: 230 }, (_, at) => `line ${at}`)
  await stage.done(Promise.all(more.map((text) => alice.engine().send({ conversation: id, text, ref: text }))))
  await stage.pass(5_000)
  await say(stage, bob, id, 'hello')
  await stage.pass(30_000)
  expect((await texts(stage, bob, id)).toSorted()).toEqual(['welcome', ...more, 'hello'].toSorted())
})

test('a packet that the relay lost is put there again', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id, link } = await invite(stage, alice, 'welcome')
  stage.network.relay.restart(500, 'lost')
  await stage.pass(1_500)
  await stage.pass(20_000)
  await open(stage, bob, link)
  await say(stage, bob, id, 'hello')
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
})
