// Links: answered while the maker is away, by two people, too late, twice, and after much was written.

import { expect, test } from 'vitest'
import { INVITE_MS_MAX } from '../../src/limits.ts'
import { LATE_MS } from '../../src/node/invites/invites.ts'
import { peerOn } from '../simulation/disk.ts'
import { answerWhileAway, createStage, invite, letBothClaim, meet, MINUTE_MS, open, revive, say, texts, ticks, view } from './stage.ts'
import type { RelayAnswer } from '../../src/wire/relay.ts'

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

test('of two who answer one link the first is let in, and the second learns at once that it is too late', async () => {
  const stage = createStage()
  const [alice, bob, carol] = [await stage.enter('alice'), await stage.enter('bob'), await stage.enter('carol')]
  const { id, link } = await invite(stage, alice, 'welcome')
  for (const guest of [bob, carol]) await open(stage, guest, link)
  await say(stage, bob, id, 'from bob')
  await stage.pass(5_000)
  await say(stage, carol, id, 'from carol')
  await stage.pass(1_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'from bob'])
  expect((await view(stage, bob, id)).isTooLate).toBe(false)
  expect(await view(stage, carol, id)).toMatchObject({
    isTooLate: true,
    lateReason: 'used',
    waiting: undefined,
    summary: { phase: 'joining' },
  })
  expect(await stage.done(carol.engine().send({ conversation: id, text: 'still there?', ref: 'late' }))).toEqual({
    kind: 'refused',
    reason: 'closed',
  })
  await say(stage, alice, id, 'for bob alone')
  await stage.pass(5_000)
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'from bob', 'for bob alone'])
  expect(await texts(stage, carol, id)).toEqual(['welcome', 'from carol'])
})

test('of two who answer while the maker is away, the second is told at once that the link was opened elsewhere', async () => {
  const stage = createStage()
  const [alice, bob, carol] = [await stage.enter('alice'), await stage.enter('bob'), await stage.enter('carol')]
  const { id, link } = await invite(stage, alice, 'welcome')
  alice.crash()
  for (const guest of [bob, carol]) await open(stage, guest, link)
  await say(stage, bob, id, 'from bob')
  await stage.pass(2_000)
  await say(stage, carol, id, 'from carol')
  await stage.pass(1_000)
  expect(await view(stage, carol, id)).toMatchObject({ isTooLate: true, lateReason: 'claimed' })
  expect((await view(stage, bob, id)).isTooLate).toBe(false)
  await revive(stage, alice)
  await stage.pass(60_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'from bob'])
  expect(await view(stage, carol, id)).toMatchObject({ isTooLate: true, lateReason: 'claimed' })
  expect(await view(stage, bob, id)).toMatchObject({ isTooLate: false, summary: { phase: 'open' } })
})

test('who answered and comes back long after hears at once that somebody else was let in', async () => {
  const stage = createStage()
  const [alice, bob, carol] = [await stage.enter('alice'), await stage.enter('bob'), await stage.enter('carol')]
  const { id, link } = await invite(stage, alice, 'welcome')
  alice.crash()
  letBothClaim(stage)
  for (const guest of [bob, carol]) await open(stage, guest, link)
  for (const guest of [bob, carol]) await say(stage, guest, id, `from ${guest.name}`)
  await stage.pass(60 * MINUTE_MS)
  carol.crash()
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  await revive(stage, carol)
  await stage.pass(LATE_MS + 2_000)
  expect(await view(stage, carol, id)).toMatchObject({ isTooLate: true, lateReason: 'used' })
})

test('a relay cannot make anybody believe that an invite is over: only its maker can say so', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id, link } = await invite(stage, alice, 'welcome')
  alice.crash()
  await open(stage, bob, link)
  const words = [new Uint8Array(0), new Uint8Array(41)]
  stage.network.relay.refuse = (request) =>
    request.kind === 'get-record' ? { kind: 'ended', word: words[0] ?? new Uint8Array(0) } : undefined
  await say(stage, bob, id, 'hello')
  await stage.pass(MINUTE_MS)
  words.shift()
  await stage.pass(5 * MINUTE_MS)
  expect((await view(stage, bob, id)).isTooLate).toBe(false)
  expect(await stage.done((await stage.enter('carol')).engine().openInvite({ link }))).toEqual({ kind: 'refused', reason: 'not-authentic' })
  stage.network.relay.refuse = undefined
  await revive(stage, alice)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
})

test('an invite waits at the relay only when the relay has signed for just this packet', async () => {
  const stage = createStage()
  const alice = await stage.enter('alice')
  const forged: readonly RelayAnswer[] = [
    { kind: 'done' },
    { kind: 'recorded', time: 1, signature: new Uint8Array(64) },
    { kind: 'deposited', time: 1, signature: new Uint8Array(64), path: [], verdicts: [[{ kind: 'done' }]] },
  ]
  let puts = 0
  stage.network.relay.refuse = (request) => (request.kind === 'put-record' ? forged[puts++ % forged.length] : undefined)
  const { id } = await invite(stage, alice, 'welcome')
  await stage.pass(10 * MINUTE_MS)
  expect(puts).toBeGreaterThan(2)
  expect(puts, 'less and less often').toBeLessThan(25)
  expect(await ticks(stage, alice, id)).toEqual({ welcome: 'saved' })
  expect((await view(stage, alice, id)).invite?.state).toBe('saved')
  stage.network.relay.refuse = undefined
  await stage.pass(2 * MINUTE_MS)
  expect(await ticks(stage, alice, id)).toEqual({ welcome: 'relay' })
})

test('who was let in is never told that it is too late, however long the maker was away', async () => {
  const stage = createStage()
  const { alice, bob, id } = await answerWhileAway(stage)
  await stage.pass(25 * MINUTE_MS)
  expect((await view(stage, bob, id)).isTooLate).toBe(false)
  await revive(stage, alice)
  await stage.pass(15 * MINUTE_MS)
  expect(await view(stage, bob, id)).toMatchObject({ isTooLate: false, summary: { phase: 'open' } })
})

test('a used, a revoked and an expired link open nothing and say so', async () => {
  const stage = createStage()
  const [alice, bob, carol] = [await stage.enter('alice'), await stage.enter('bob'), await stage.enter('carol')]
  const [used, revoked, other] = [await invite(stage, alice, 'one'), await invite(stage, alice, 'two'), await invite(stage, alice, 'three')]
  await open(stage, bob, used.link)
  await say(stage, bob, used.id, 'mine')
  await stage.done(alice.engine().revokeInvite({ conversation: revoked.id }))
  await stage.pass(10_000)
  expect(await stage.done(carol.engine().openInvite({ link: used.link }))).toEqual({ kind: 'refused', reason: 'used' })
  expect(await stage.done(carol.engine().openInvite({ link: revoked.link }))).toEqual({ kind: 'refused', reason: 'revoked' })
  expect(await stage.done(alice.engine().openInvite({ link: other.link }))).toEqual({ kind: 'refused', reason: 'own' })
  expect(await stage.done(alice.engine().send({ conversation: revoked.id, text: 'to nobody', ref: 'x' }))).toEqual({
    kind: 'refused',
    reason: 'closed',
  })
  expect(await open(stage, carol, other.link)).toBe(other.id)
  alice.crash()
  bob.crash()
  carol.crash()
  await stage.pass(INVITE_MS_MAX)
  await revive(stage, bob)
  expect(await stage.done(bob.engine().openInvite({ link: other.link }))).toEqual({ kind: 'refused', reason: 'expired' })
})

test('an answer that reaches the maker after the invite was revoked lets nobody in', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id, link } = await invite(stage, alice, 'welcome')
  await open(stage, bob, link)
  await stage.done(alice.engine().revokeInvite({ conversation: id }))
  await say(stage, bob, id, 'hello')
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome'])
  expect(await view(stage, bob, id)).toMatchObject({ isTooLate: true, lateReason: 'revoked' })
})

test('opening one link twice leads to one conversation', async () => {
  const stage = createStage()
  const { bob, id, link } = await meet(stage)
  expect(await open(stage, bob, link)).toBe(id)
})

test('a second link of somebody who is a contact already opens a conversation of its own', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const mailboxes = (): readonly unknown[] =>
    [peerOn(alice, bob.device()), peerOn(bob, alice.device())].map(({ inbox }) => inbox?.keys.mailbox)
  const before = mailboxes()
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
  expect(mailboxes(), 'those that both have write to each other').toEqual(before)
  expect(before).not.toContain(undefined)
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
