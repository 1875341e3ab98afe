// What a person says about the chats of their list: it is kept, orders the list, and an archived chat comes back with a message.

import { describe, expect, test } from 'vitest'
import { createStage, DAY_MS, invite, meet, MINUTE_MS, revive, say, view } from './stage.ts'
import { TIME_MS_MAX } from '../../src/limits.ts'
import { tracesOf } from '../simulation/removals.ts'
import { archivedAt } from '../../src/documents/account.ts'
import { openDocument } from '../../src/documents/document.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { ChatFlags, ConversationSummary } from '../../src/views.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

function watchList(person: Person) {
  let shown: readonly ConversationSummary[] = []
  person.engine().watchConversations((views) => {
    shown = views
  })
  return () => shown
}

const set = (stage: Stage, person: Person, conversation: ConversationId, flags: ChatFlags): Promise<void> =>
  stage.done(person.engine().setChatFlags({ conversation, ...flags }))

const flagsIn = async (stage: Stage, person: Person, id: ConversationId): Promise<ChatFlags> => {
  const { isPinned, isMuted, isArchived, isMarkedUnread } = (await view(stage, person, id)).summary
  return {
    ...(isPinned && { isPinned }),
    ...(isMuted && { isMuted }),
    ...(isArchived && { isArchived }),
    ...(isMarkedUnread && { isMarkedUnread }),
  }
}

describe('the flags of a chat', () => {
  test('order the list, pinned ones first and archived ones last, whatever is written, and outlive a restart', async () => {
    const stage = createStage()
    const { alice, id } = await meet(stage)
    const [pinned, archived] = [await invite(stage, alice, 'for carol'), await invite(stage, alice, 'for dave')]
    await set(stage, alice, archived.id, { isArchived: true })
    const list = watchList(alice)
    await set(stage, alice, pinned.id, { isPinned: true })
    await say(stage, alice, id, 'newer than all')
    expect(list().map((chat) => chat.id)).toEqual([pinned.id, id, archived.id])
    expect(list().map(({ isPinned, isArchived }) => [isPinned, isArchived])).toEqual([
      [true, undefined],
      [undefined, undefined],
      [undefined, true],
    ])
    alice.crash()
    await revive(stage, alice)
    expect(watchList(alice)().map((chat) => chat.id)).toEqual([pinned.id, id, archived.id])
    await set(stage, alice, pinned.id, { isPinned: false })
    await set(stage, alice, archived.id, { isArchived: false })
    expect(watchList(alice)().map((chat) => chat.id)).toEqual([id, archived.id, pinned.id])
  })

  test('are changed one by one, and a chat is not pinned and archived at once', async () => {
    const stage = createStage()
    const { alice, id } = await meet(stage)
    await set(stage, alice, id, { isMuted: true })
    await set(stage, alice, id, { isPinned: true })
    expect(await flagsIn(stage, alice, id)).toEqual({ isMuted: true, isPinned: true })
    await set(stage, alice, id, { isArchived: true })
    expect(await flagsIn(stage, alice, id)).toEqual({ isMuted: true, isArchived: true })
    await set(stage, alice, id, { isPinned: true })
    expect(await flagsIn(stage, alice, id)).toEqual({ isMuted: true, isPinned: true })
  })

  test('say when somebody who writes is to be heard of, beside being muted', async () => {
    const stage = createStage()
    const { alice, id } = await meet(stage)
    const rule = async () => {
      const { isMuted, mutedUntil, notifies } = (await view(stage, alice, id)).summary
      return [isMuted, mutedUntil, notifies]
    }
    await set(stage, alice, id, { notifies: 'mentions' })
    expect(await rule()).toEqual([undefined, undefined, 'mentions'])
    await set(stage, alice, id, { isMuted: true })
    expect(await rule()).toEqual([true, undefined, 'mentions'])
    alice.crash()
    await revive(stage, alice)
    await set(stage, alice, id, { isMuted: false, notifies: 'always' })
    expect(await rule()).toEqual([undefined, undefined, 'always'])
    await set(stage, alice, id, { notifies: undefined })
    expect(await rule()).toEqual([undefined, undefined, undefined])
  })

  test('are over by themselves where a chat is muted for a time, and then it comes back from the archive with the next message', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    const list = watchList(alice)
    const until = stage.scheduler.now() + 10 * MINUTE_MS
    await set(stage, alice, id, { isMuted: true, mutedUntil: until, isArchived: true })
    await say(stage, bob, id, 'are you there?')
    await stage.pass(5 * MINUTE_MS)
    expect(list()).toMatchObject([{ id, isMuted: true, mutedUntil: until, isArchived: true }])
    alice.crash()
    await revive(stage, alice)
    const after = watchList(alice)
    expect(after()).toMatchObject([{ id, isMuted: true, mutedUntil: until }])
    await stage.pass(6 * MINUTE_MS)
    expect([after()[0]?.isMuted, after()[0]?.mutedUntil]).toEqual([undefined, undefined])
    expect(await flagsIn(stage, alice, id), 'what came meanwhile does not bring it back').toEqual({ isArchived: true })
    await stage.pass(5 * MINUTE_MS)
    expect(await flagsIn(stage, alice, id)).toEqual({ isArchived: true })
    await say(stage, bob, id, 'still there?')
    await stage.pass(5_000)
    expect(await flagsIn(stage, alice, id)).toEqual({})
  })

  test.each([
    ['behind', -2 * DAY_MS],
    ['ahead', 2 * DAY_MS],
  ])('are over by this clock, whatever that of a writer says: %s', async (_, skew) => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    bob.skew = skew
    const list = watchList(alice)
    const shown = () => list()[0]
    await set(stage, alice, id, { isMuted: true, mutedUntil: stage.scheduler.now() + 10 * MINUTE_MS, isArchived: true })
    await say(stage, bob, id, 'while it is muted')
    await stage.pass(11 * MINUTE_MS)
    expect(shown()?.isMuted).toBeUndefined()
    expect(shown()?.isArchived, 'what came before brings it back no more').toBe(true)
    await say(stage, bob, id, 'after that')
    await stage.pass(20_000)
    expect(shown()?.isArchived).toBeUndefined()
  })

  test('mute for good where the time is one that no clock comes to', async () => {
    const stage = createStage()
    const { alice, id } = await meet(stage)
    const untilOf = async (mutedUntil: number) => {
      await set(stage, alice, id, { isMuted: true, mutedUntil })
      return (await view(stage, alice, id)).summary
    }
    expect((await untilOf(TIME_MS_MAX)).mutedUntil).toBe(TIME_MS_MAX)
    for (const none of [TIME_MS_MAX + 1, NaN, -1]) {
      const { isMuted, mutedUntil } = await untilOf(none)
      expect([isMuted, mutedUntil]).toEqual([true, undefined])
    }
  })

  test('touch no other chat of the list, and of one that is unknown nothing is kept', async () => {
    const stage = createStage()
    const { alice, id } = await meet(stage)
    const other = await invite(stage, alice, 'for carol')
    await stage.pass(MINUTE_MS)
    const list = watchList(alice)
    const before = list()
    await set(stage, alice, other.id, { isMuted: true })
    expect(list().filter((chat) => !before.includes(chat))).toMatchObject([{ id: other.id, isMuted: true }])
    const written = alice.written()
    await set(stage, alice, 'f'.repeat(64) as ConversationId, { isMuted: true })
    await set(stage, alice, other.id, { isMuted: true })
    expect([alice.written(), (await view(stage, alice, id)).summary.isMuted]).toEqual([written, undefined])
  })

  test('go with the chat', async () => {
    const stage = createStage()
    const { alice, id } = await meet(stage)
    await set(stage, alice, id, { isMuted: true, notifies: 'always', isArchived: true, isMarkedUnread: true })
    await stage.done(alice.engine().removeConversation({ conversation: id }))
    expect(tracesOf(alice, id)).toEqual([])
    expect(JSON.stringify(openAccount(alice).doc.toJSON())).not.toContain(id)
  })
})

describe('a chat that was marked as unread', () => {
  test('stays so until what is new in it is read, or by hand', async () => {
    const stage = createStage()
    const { alice, id } = await meet(stage)
    await stage.done(alice.engine().markRead({ conversation: id }))
    await set(stage, alice, id, { isMarkedUnread: true })
    expect((await view(stage, alice, id)).summary).toMatchObject({ isMarkedUnread: true, unread: 0 })
    await set(stage, alice, id, { isMarkedUnread: false })
    expect(await flagsIn(stage, alice, id)).toEqual({})
    await set(stage, alice, id, { isMarkedUnread: true })
    await stage.done(alice.engine().markRead({ conversation: id }))
    expect(await flagsIn(stage, alice, id)).toEqual({})
  })
})

describe('an archived chat', () => {
  test('comes back with a message of the other side, and stays when it was read and answered', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await set(stage, alice, id, { isArchived: true })
    await say(stage, alice, id, 'an own one does not bring it back')
    await stage.pass(5_000)
    expect(await flagsIn(stage, alice, id)).toEqual({ isArchived: true })
    await say(stage, bob, id, 'are you there?')
    await stage.pass(5_000)
    expect(await flagsIn(stage, alice, id)).toEqual({})
    await stage.done(alice.engine().markRead({ conversation: id }))
    await say(stage, alice, id, 'yes')
    alice.crash()
    await revive(stage, alice)
    expect(await flagsIn(stage, alice, id)).toEqual({})
  })

  test('is not brought back by reactions, names and edits', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await set(stage, alice, id, { isArchived: true })
    const [first] = (await view(stage, bob, id)).messages.filter(({ kind }) => kind === 'text')
    if (first === undefined) throw new Error('no message')
    await stage.done(bob.engine().react({ conversation: id, message: first.id, emoji: '👍', isSet: true }))
    await stage.done(bob.engine().setName({ name: 'Bob' }))
    await stage.pass(5_000)
    expect(await flagsIn(stage, alice, id)).toEqual({ isArchived: true })
  })

  test('that is muted stays, also when it is not muted any more, until the next message', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await set(stage, alice, id, { isArchived: true, isMuted: true })
    await say(stage, bob, id, 'hello?')
    await stage.pass(5_000)
    expect(await flagsIn(stage, alice, id)).toEqual({ isArchived: true, isMuted: true })
    await set(stage, alice, id, { isMuted: false })
    expect(await flagsIn(stage, alice, id)).toEqual({ isArchived: true })
    await say(stage, bob, id, 'still there?')
    await stage.pass(5_000)
    expect(await flagsIn(stage, alice, id)).toEqual({})
  })

  test('is not put away again by being muted later, or by the message going that brought it back', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await set(stage, alice, id, { isArchived: true })
    await say(stage, bob, id, 'a mistake')
    await stage.pass(5_000)
    const last = (await view(stage, bob, id)).messages.at(-1)
    if (last === undefined) throw new Error('no message')
    await stage.done(bob.engine().deleteMessage({ conversation: id, message: last.id }))
    await stage.pass(5_000)
    expect(await flagsIn(stage, alice, id)).toEqual({})
    await set(stage, alice, id, { isMuted: true })
    expect(await flagsIn(stage, alice, id)).toEqual({ isMuted: true })
  })

  test('is back where the engine ended before that was put down', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await set(stage, alice, id, { isArchived: true })
    const before = alice.documents()
    await say(stage, bob, id, 'are you there?')
    await stage.pass(5_000)
    alice.crash()
    // As if it had died between the commit of the message and the account document.
    alice.putDocuments(before)
    await revive(stage, alice)
    expect(await flagsIn(stage, alice, id)).toEqual({})
    await stage.pass(5_000)
    expect(archivedAt(openAccount(alice), id)).toBeUndefined()
  })

  test('at rest is archived still, and wakes for a flag', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await set(stage, alice, id, { isArchived: true })
    await stage.pass(5 * MINUTE_MS)
    alice.crash()
    await revive(stage, alice)
    const list = watchList(alice)
    expect(list()).toMatchObject([{ id, isArchived: true }])
    await set(stage, alice, id, { isMuted: true })
    expect(list()).toMatchObject([{ id, isArchived: true, isMuted: true }])
    await set(stage, alice, id, { isMuted: false })
    await stage.pass(5 * MINUTE_MS)
    await say(stage, bob, id, 'good morning')
    await stage.pass(5_000)
    expect(list()[0]?.isArchived).toBeUndefined()
  })
})

const openAccount = (person: Person) => openDocument('account', { client: 1, updates: person.documents().get('account') ?? [] })
