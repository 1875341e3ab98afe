// Chats that leave a device: nothing of them stays there, whatever breaks off in between, and the other side goes on undisturbed.

import { describe, expect, test } from 'vitest'
import { nodeOn } from '../simulation/disk.ts'
import { createStage, DAY_MS, invite, linkOf, meet, MINUTE_MS, open, revive, say, texts, ticks, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { ConversationSummary } from '../../src/views.ts'
import type { NodeState } from '../../src/node/state.ts'
import { INVITE_MS_MAX, REUSED_INVITE_MS_MIN } from '../../src/limits.ts'
import { tracesOf } from '../simulation/removals.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

function listed(stage: Stage, person: Person): Promise<readonly ConversationSummary[]> {
  return stage.done(
    new Promise((resolve) => {
      let stop = (): void => {}
      let isShown = false
      stop = person.engine().watchConversations((views) => {
        isShown = true
        stop()
        resolve(views)
      })
      if (isShown) stop()
    }),
  )
}

const listedIds = async (stage: Stage, person: Person): Promise<readonly ConversationId[]> =>
  (await listed(stage, person)).map(({ id }) => id)

const removalsOf = (person: Person): NodeState['removals'] => nodeOn(person.disk()).removals

describe.each(['mailbox', 'direct'] as const)('a chat that is removed (%s)', (how) => {
  test('is gone from the disk, with its keys, drafts, documents and refs', async () => {
    const stage = createStage(how)
    const { bob, id } = await meet(stage)
    await stage.done(bob.engine().setTitle({ conversation: id, title: 'The garden' }))
    await stage.done(bob.engine().saveDraft({ conversation: id, text: 'half', ref: 'draft' }))
    await stage.pass(5_000)
    expect(new Set(tracesOf(bob, id).map((trace) => trace.split(/[ /]/)[0]))).toEqual(
      new Set(['state', 'conversations', 'entries', 'bodies', 'timeline', 'index', 'meta', id]),
    )
    expect(bob.disk().tables.get('sent')?.size).toBeGreaterThan(0)
    await stage.done(bob.engine().removeConversation({ conversation: id }))
    expect(tracesOf(bob, id)).toEqual([])
    expect(bob.disk().tables.get('sent')?.size).toBe(0)
    expect(await stage.done(bob.look(id))).toBeUndefined()
    expect(removalsOf(bob).erasing.size).toBe(0)
    await stage.done(bob.engine().removeConversation({ conversation: id }))
  })

  test('does not come back with what the other one still writes, and costs nobody anything', async () => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    await stage.done(bob.engine().removeConversation({ conversation: id }))
    await say(stage, alice, id, 'are you there?')
    await stage.pass(10 * MINUTE_MS)
    expect(tracesOf(bob, id)).toEqual([])
    expect(await listedIds(stage, bob)).toEqual([])
    expect(['saved', 'relay']).toContain((await ticks(stage, alice, id))['are you there?'])
    bob.crash()
    await revive(stage, bob)
    expect(await listedIds(stage, bob)).toEqual([])
    const before = stage.network.traffic()
    await stage.pass(10 * MINUTE_MS)
    expect(stage.network.traffic() - before).toBe(0)
  })

  test('with somebody with whom there is another chat leaves that one as it was', async () => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    const second = await invite(stage, bob, 'another')
    await open(stage, alice, second.link)
    await say(stage, alice, second.id, 'here too')
    await stage.pass(5_000)
    await stage.done(bob.engine().removeConversation({ conversation: id }))
    await say(stage, alice, id, 'into the void')
    await say(stage, alice, second.id, 'and here')
    await say(stage, bob, second.id, 'I hear you')
    await stage.pass(20_000)
    expect(await texts(stage, bob, second.id)).toEqual(['another', 'here too', 'and here', 'I hear you'])
    expect(await texts(stage, alice, second.id)).toEqual(['another', 'here too', 'and here', 'I hear you'])
    expect(tracesOf(bob, id)).toEqual([])
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'into the void'])
    // Nothing is sent over and over while the one who removed it says nothing.
    const before = stage.network.traffic()
    await stage.pass(10 * MINUTE_MS)
    expect(stage.network.traffic() - before).toBe(0)
  })

  test.each(['alice', 'bob'] as const)('may be followed by a new one with the same person, by a link of %s', async (maker) => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    await stage.done(bob.engine().removeConversation({ conversation: id }))
    await stage.pass(5_000)
    const [host, guest] = maker === 'alice' ? [alice, bob] : [bob, alice]
    const next = await invite(stage, host, 'again')
    await open(stage, guest, next.link)
    await say(stage, guest, next.id, 'so soon')
    await stage.pass(10_000)
    await say(stage, host, next.id, 'yes')
    await stage.pass(10_000)
    expect(await texts(stage, alice, next.id)).toEqual(['again', 'so soon', 'yes'])
    expect(await texts(stage, bob, next.id)).toEqual(['again', 'so soon', 'yes'])
    expect(await ticks(stage, guest, next.id)).toMatchObject({ 'so soon': 'delivered' })
  })
})

test('killed at every moment of removing: after the next start nothing is left, or everything still is and goes with the next try', async () => {
  for (let moment = 1; moment <= 8; moment += 1) {
    const stage = createStage('mailbox', moment)
    const { bob, id } = await meet(stage)
    await stage.done(bob.engine().setTitle({ conversation: id, title: 'The garden' }))
    await stage.pass(3_000)
    bob.crashAt(moment)
    void bob.engine().removeConversation({ conversation: id })
    await stage.pass(3_000)
    if (!bob.isUp()) await revive(stage, bob)
    bob.crashAt(Infinity)
    await stage.pass(20_000)
    if ((await listedIds(stage, bob)).includes(id)) await stage.done(bob.engine().removeConversation({ conversation: id }))
    expect(tracesOf(bob, id), `moment ${moment}`).toEqual([])
    expect(removalsOf(bob).erasing.size).toBe(0)
  }
})

describe('an own invite that is removed', () => {
  test('is taken back at the relay, whether that was at hand or not', async () => {
    const stage = createStage()
    const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
    const first = await invite(stage, alice, 'one')
    const second = await invite(stage, alice, 'two')
    await stage.done(alice.engine().removeConversation({ conversation: first.id }))
    await stage.pass(3_000)
    expect(await stage.done(bob.engine().openInvite({ link: first.link }))).toEqual({ kind: 'refused', reason: 'revoked' })
    await stage.done(alice.engine().removeConversation({ conversation: second.id }))
    alice.crash()
    await revive(stage, alice)
    await stage.pass(3_000)
    expect(await stage.done(bob.engine().openInvite({ link: second.link }))).toEqual({ kind: 'refused', reason: 'revoked' })
    expect(removalsOf(alice).ends).toEqual([])
  })

  test('tells somebody who had answered meanwhile that it was taken back', async () => {
    const stage = createStage()
    const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
    const { id, link } = await invite(stage, alice, 'welcome')
    await open(stage, bob, link)
    alice.crash()
    await say(stage, bob, id, 'hello')
    await stage.pass(3_000)
    await stage.done(alice.start())
    await stage.done(alice.engine().removeConversation({ conversation: id }))
    await stage.pass(5 * MINUTE_MS)
    expect(await listedIds(stage, alice)).toEqual([])
    const seen = await stage.done(bob.look(id))
    expect([seen?.isTooLate, seen?.lateReason]).toEqual([true, 'revoked'])
  })
})

describe('an invite of somebody else that is removed', () => {
  test('before it was answered leaves nothing of its maker, and can be opened again', async () => {
    const stage = createStage()
    const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
    const { id, link } = await invite(stage, alice, 'welcome')
    await open(stage, bob, link)
    await stage.done(bob.engine().removeConversation({ conversation: id }))
    expect(bob.disk().tables.get('peers')?.size).toBe(0)
    expect(await open(stage, bob, link)).toBe(id)
    await say(stage, bob, id, 'hello')
    await stage.pass(5_000)
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  })

  test('after it was answered is not answered a second time, which would be two histories of one feed', async () => {
    const stage = createStage()
    const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
    const { id, link } = await invite(stage, alice, 'welcome')
    await open(stage, bob, link)
    alice.crash()
    await say(stage, bob, id, 'hello')
    await stage.done(bob.engine().removeConversation({ conversation: id }))
    expect(await stage.done(bob.engine().openInvite({ link }))).toEqual({ kind: 'refused', reason: 'used' })
    bob.skew += 15 * DAY_MS
    await stage.pass(3_000)
    expect(removalsOf(bob).answered.size).toBe(0)
  })
})

test('somebody whose chat was removed learns no address from a new link of theirs before it is answered', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await stage.done(bob.engine().removeConversation({ conversation: id }))
  bob.crash()
  await revive(stage, bob)
  const next = await invite(stage, alice, 'again')
  await open(stage, bob, next.link)
  await stage.pass(MINUTE_MS)
  expect((await view(stage, alice, id)).route).not.toBe('direct')
  await say(stage, bob, next.id, 'so soon')
  await stage.pass(MINUTE_MS)
  expect((await view(stage, alice, id)).route).toBe('direct')
})

describe('a new chat without a word', () => {
  const create = async (stage: Stage, person: Person, ref: string): Promise<ConversationId> => {
    const made = await stage.done(person.engine().createConversation({ text: undefined, ref }))
    if (made.kind !== 'created') throw new Error(made.reason)
    return made.conversation
  }

  test('is one and the same until it is used, and is on no list', async () => {
    const stage = createStage()
    const alice = await stage.enter('alice')
    const first = await create(stage, alice, '1')
    expect(await listedIds(stage, alice)).toEqual([])
    expect(await create(stage, alice, '2')).toBe(first)
    alice.crash()
    await revive(stage, alice)
    expect(await create(stage, alice, '3')).toBe(first)
    expect(await create(stage, alice, '1')).toBe(first)
    await stage.done(alice.engine().setName({ name: 'Alice' }))
    expect(await create(stage, alice, '4')).toBe(first)
    expect((await stage.done(alice.look(first)))?.invite?.state).toBe('waiting')
  })

  test.each(['a shared link', 'a first word', 'a draft', 'a title', 'a guest'] as const)(
    'becomes a chat of the list with %s',
    async (what) => {
      const stage = createStage()
      const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
      const id = await create(stage, alice, '1')
      await stage.pass(3_000)
      if (what === 'a shared link') await stage.done(alice.engine().markShared({ conversation: id }))
      if (what === 'a first word') await say(stage, alice, id, 'hello')
      if (what === 'a draft') await stage.done(alice.engine().saveDraft({ conversation: id, text: 'half', ref: 'draft' }))
      if (what === 'a title') await stage.done(alice.engine().setTitle({ conversation: id, title: 'Garden' }))
      if (what === 'a guest') {
        await open(stage, bob, await linkOf(stage, alice, id))
        await say(stage, bob, id, 'found it')
        await stage.pass(5_000)
      }
      expect(await listedIds(stage, alice)).toEqual([id])
      expect(await create(stage, alice, '2')).not.toBe(id)
      alice.crash()
      await revive(stage, alice)
      expect(await listedIds(stage, alice)).toEqual([id])
    },
  )

  test('is not used again on its last day, and goes by itself when it has expired', async () => {
    const stage = createStage()
    const alice = await stage.enter('alice')
    const first = await create(stage, alice, '1')
    alice.skew += INVITE_MS_MAX - REUSED_INVITE_MS_MIN - MINUTE_MS
    expect(await create(stage, alice, 'in time')).toBe(first)
    alice.skew += MINUTE_MS
    await stage.pass(3_000)
    const second = await create(stage, alice, '2')
    expect(second).not.toBe(first)
    alice.skew += DAY_MS
    await stage.pass(20_000)
    expect(tracesOf(alice, first)).toEqual([])
    expect(await stage.done(alice.look(first))).toBeUndefined()
    expect(await stage.done(alice.look(second))).toBeDefined()
  })

  test('that has expired with something half written in it stays', async () => {
    const stage = createStage()
    const alice = await stage.enter('alice')
    const id = await create(stage, alice, '1')
    await stage.done(alice.engine().saveDraft({ conversation: id, text: 'half', ref: 'draft' }))
    alice.skew += 15 * DAY_MS
    await stage.pass(20_000)
    expect(await listedIds(stage, alice)).toEqual([id])
  })
})
