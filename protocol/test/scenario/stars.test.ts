// Messages that a person stars: for themselves alone, found again in one list, gone with the message.

import { describe, expect, test } from 'vitest'
import { createStage, invite, meet, messages, revive, say } from './stage.ts'
import { openDocument } from '../../src/documents/document.ts'
import { STARS_MAX } from '../../src/documents/limits.ts'
import { setStar, starsOf } from '../../src/documents/stars.ts'
import { STARS_READ_MAX, STAR_TEXT_LENGTH_MAX } from '../../src/limits.ts'
import type { ConversationId, EntryId } from '../../src/bytes/ids.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const idOf = async (stage: Stage, person: Person, conversation: ConversationId, text: string): Promise<EntryId> => {
  const found = (await messages(stage, person, conversation)).find((message) => message.text === text)
  if (found === undefined) throw new Error(`no message ${text}`)
  return found.id
}
const star = async (stage: Stage, person: Person, conversation: ConversationId, text: string, isSet = true) =>
  stage.done(person.engine().star({ conversation, message: await idOf(stage, person, conversation, text), isSet }))
const starred = async (stage: Stage, person: Person) =>
  (await stage.done(person.engine().readStars({ limit: 50 }))).stars.map(({ text }) => text)
const starsKept = (person: Person) =>
  starsOf(openDocument('account', { client: 1, updates: person.documents().get('account') ?? [] })).map(({ message }) => message)

describe('a star', () => {
  test('is shown on its message, here alone, and outlives a restart', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await say(stage, alice, id, 'the address is Main Street 4')
    await stage.pass(5_000)
    expect(await star(stage, alice, id, 'hello')).toEqual({ kind: 'saved' })
    const flags = async (person: Person) => (await messages(stage, person, id)).map(({ isStarred }) => isStarred === true)
    expect(await flags(alice)).toEqual([false, true, false])
    alice.crash()
    await revive(stage, alice)
    await stage.pass(5_000)
    expect([await flags(alice), await flags(bob)]).toEqual([
      [false, true, false],
      [false, false, false],
    ])
    await star(stage, alice, id, 'hello', false)
    expect(await flags(alice)).toEqual([false, false, false])
  })

  test('changes the one message that a watch shows, and no other', async () => {
    const stage = createStage()
    const { alice, id } = await meet(stage)
    const shown: (readonly { readonly id: string }[])[] = []
    alice
      .engine()
      .watchConversation({ conversation: id, anchor: { kind: 'end' }, before: 10, after: 0 }, (now) => shown.push(now?.messages ?? []))
    await stage.pass(100)
    const before = shown.at(-1) ?? []
    await star(stage, alice, id, 'hello')
    await stage.pass(100)
    expect(shown.at(-1)?.filter((message) => !before.includes(message))).toMatchObject([{ text: 'hello', isStarred: true }])
  })

  test('is not set on what is not here', async () => {
    const stage = createStage()
    const { alice, id } = await meet(stage)
    const message = 'a'.repeat(64) as EntryId
    const refused = { kind: 'refused', reason: 'unknown-message' }
    expect(await stage.done(alice.engine().star({ conversation: id, message, isSet: true }))).toEqual(refused)
    const elsewhere = { conversation: 'b'.repeat(64) as ConversationId, message: await idOf(stage, alice, id, 'hello'), isSet: true }
    expect(await stage.done(alice.engine().star(elsewhere))).toEqual(refused)
  })
})

describe('the list of stars', () => {
  test('has the newest star first, of all chats, in parts', async () => {
    const stage = createStage()
    const { alice, id } = await meet(stage)
    const other = await invite(stage, alice, 'for carol')
    for (const [chat, text] of [
      [id, 'hello'],
      [other.id, 'for carol'],
      [id, 'welcome'],
    ] as const) {
      await star(stage, alice, chat, text)
      await stage.pass(1_000)
    }
    expect(await starred(stage, alice)).toEqual(['welcome', 'for carol', 'hello'])
    const first = await stage.done(alice.engine().readStars({ limit: 2 }))
    expect(first).toMatchObject({ hasMore: true, stars: [{ conversation: id, mine: true }, { conversation: other.id }] })
    expect(await stage.done(alice.engine().readStars({ limit: 2, after: first.stars.at(-1) }))).toMatchObject({
      hasMore: false,
      stars: [{ text: 'hello', mine: false }],
    })
  })

  test('shows what a message says now, and a part of what is long', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await say(stage, bob, id, 'x'.repeat(1_000))
    await stage.pass(5_000)
    await star(stage, alice, id, 'hello')
    await stage.pass(1_000)
    await star(stage, alice, id, 'x'.repeat(1_000))
    await stage.done(bob.engine().edit({ conversation: id, message: await idOf(stage, bob, id, 'hello'), text: 'good day' }))
    await stage.pass(5_000)
    expect(await starred(stage, alice)).toEqual(['x'.repeat(STAR_TEXT_LENGTH_MAX), 'good day'])
  })

  test('lets go of what was deleted, for everyone or here, and of what is over', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await stage.done(bob.engine().send({ conversation: id, text: 'brief', ref: 'brief', ttl: 60 }))
    await say(stage, bob, id, 'wrong')
    await stage.pass(5_000)
    for (const text of ['welcome', 'hello', 'brief', 'wrong']) await star(stage, alice, id, text)
    const [wrong, hello] = [await idOf(stage, bob, id, 'wrong'), await idOf(stage, alice, id, 'hello')]
    await stage.done(bob.engine().deleteMessage({ conversation: id, message: wrong }))
    await stage.done(alice.engine().forgetMessage({ conversation: id, message: hello }))
    await stage.pass(120_000)
    expect(await starred(stage, alice)).toEqual(['welcome'])
    await stage.pass(1_000)
    expect(starsKept(alice)).toEqual([await idOf(stage, alice, id, 'welcome')])
  })

  test('has nothing of a chat that was removed, and its stars are kept no longer', async () => {
    const stage = createStage()
    const { alice, id } = await meet(stage)
    const other = await invite(stage, alice, 'for carol')
    await star(stage, alice, id, 'hello')
    await star(stage, alice, other.id, 'for carol')
    await stage.done(alice.engine().removeConversation({ conversation: id }))
    expect(await starred(stage, alice)).toEqual(['for carol'])
    expect(starsKept(alice)).toHaveLength(1)
  })

  test('is bounded: so many stars, and so many read at once', async () => {
    const stage = createStage()
    const { alice, id } = await meet(stage)
    const account = openDocument('account', { client: 5, updates: [] })
    const updates = Array.from({ length: STARS_MAX - 1 }, (_, at) => {
      const message = at.toString(16).padStart(64, '0') as EntryId
      return setStar(account, { message, conversation: id, time: at }) as Uint8Array
    })
    alice.crash()
    const documents = alice.documents()
    alice.putDocuments(new Map([...documents, ['account', [...(documents.get('account') ?? []), ...updates]]]))
    await revive(stage, alice)
    expect(await star(stage, alice, id, 'hello')).toEqual({ kind: 'saved' })
    expect(await star(stage, alice, id, 'welcome')).toEqual({ kind: 'refused', reason: 'too-many-stars' })
    expect(await star(stage, alice, id, 'hello'), 'what is set is set').toEqual({ kind: 'saved' })
    await star(stage, alice, id, 'hello', false)
    expect(await star(stage, alice, id, 'welcome')).toEqual({ kind: 'saved' })
    // None of the others is here; those that may come yet keep their stars.
    expect(await stage.done(alice.engine().readStars({ limit: STARS_READ_MAX + 1 }))).toMatchObject({
      stars: [{ text: 'welcome' }],
      hasMore: false,
    })
    expect(starsKept(alice)).toHaveLength(STARS_MAX)
  })

  test('reads STARS_READ_MAX at most', async () => {
    const stage = createStage()
    const { alice, id } = await meet(stage)
    for (let at = 0; at <= STARS_READ_MAX; at += 1) {
      await say(stage, alice, id, `message ${at}`)
      await star(stage, alice, id, `message ${at}`)
    }
    const { stars, hasMore } = await stage.done(alice.engine().readStars({ limit: 10_000 }))
    expect([stars.length, hasMore]).toEqual([STARS_READ_MAX, true])
  })
})

test('a star that a newer version wrote otherwise is left alone', async () => {
  const account = openDocument('account', { client: 1, updates: [] })
  const [message, conversation] = ['a'.repeat(64) as EntryId, 'b'.repeat(64) as ConversationId]
  setStar(account, { message, conversation, time: 1 })
  for (const [key, value] of [
    ['c'.repeat(64), { conversation: 'short', time: 1 }],
    ['d'.repeat(64), { conversation, time: 'noon' }],
    ['e', { conversation, time: 1 }],
    ['f'.repeat(64), 'a text'],
  ] as const)
    account.doc.getMap('stars').set(key, value)
  expect(starsOf(account)).toEqual([{ message, conversation, time: 1 }])
})
