// What people do to messages, through the whole engine: each other's devices show the same, after a restart too, and nothing is left of what was deleted.

import { describe, expect, test } from 'vitest'
import { toHex, utf8ToBytes } from '../../src/bytes/bytes.ts'
import { QUOTE_LENGTH_MAX } from '../../src/conversation/limits.ts'
import { createStage, meet, messages, revive, say, view } from './stage.ts'
import type { ConversationId, EntryId } from '../../src/bytes/ids.ts'
import type { ConversationSummary, MessageView } from '../../src/views.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const MISSING = 'f'.repeat(64) as EntryId

async function idOf(stage: Stage, person: Person, id: ConversationId, words: string): Promise<EntryId> {
  const found = (await messages(stage, person, id)).find((message) => message.text === words)
  return found?.id ?? expect.fail(`nobody said ${words}`)
}

const lineOf = async (stage: Stage, person: Person, id: ConversationId, message: EntryId): Promise<MessageView> =>
  (await view(stage, person, id)).messages.find((line) => line.id === message) ?? expect.fail('no such line')

async function summaryOf(stage: Stage, person: Person): Promise<ConversationSummary> {
  let shown: readonly ConversationSummary[] = []
  person.engine().watchConversations((views) => (shown = views))()
  await stage.pass(0)
  return shown[0] ?? expect.fail('no chat')
}

/** Whether the disk holds these words anywhere outside the ciphertext of entries. */
const isOnDisk = (person: Person, words: string): boolean =>
  [...person.disk().tables.values()].some((rows) =>
    [...rows.values()].some(({ value }) => toHex(value).includes(toHex(utf8ToBytes(words)))),
  )

async function send(
  stage: Stage,
  person: Person,
  command: { readonly conversation: ConversationId; readonly text: string; readonly answers: EntryId },
) {
  return stage.done(person.engine().send({ ...command, ref: `${person.name} ${command.text}` }))
}

describe.each(['mailbox', 'direct'] as const)('what is done to a message (%s)', (how) => {
  test('is seen alike by both, and after a restart', async () => {
    const stage = createStage(how)
    const { alice, bob, id: conversation } = await meet(stage)
    const message = await idOf(stage, alice, conversation, 'hello')
    const engine = alice.engine()
    expect(await send(stage, alice, { conversation, text: 'hello yourself', answers: message })).toMatchObject({ kind: 'saved' })
    for (const emoji of ['👍', '❤️'])
      expect(await stage.done(engine.react({ conversation, message, emoji, isSet: true }))).toEqual({ kind: 'saved' })
    await stage.done(engine.react({ conversation, message, emoji: '❤️', isSet: false }))
    await stage.done(engine.pin({ conversation, message, isSet: true }))
    await stage.pass(5_000)
    await stage.done(bob.engine().edit({ conversation, message, text: 'hello Alice' }))
    await stage.done(bob.engine().react({ conversation, message, emoji: '👍', isSet: true }))
    await stage.pass(5_000)
    for (const person of [alice, bob]) {
      const expected = { text: 'hello Alice', isEdited: true, isPinned: true, reactions: [{ emoji: '👍', count: 2, isMine: true }] }
      expect(await lineOf(stage, person, conversation, message)).toMatchObject(expected)
      const answer = await lineOf(stage, person, conversation, await idOf(stage, person, conversation, 'hello yourself'))
      expect(answer).toMatchObject({ answers: { kind: 'text', id: message, mine: person === bob, text: 'hello Alice' } })
      person.crash()
      await revive(stage, person)
      expect(await lineOf(stage, person, conversation, message)).toMatchObject(expected)
    }
  })

  test('deletes it for both, and leaves nothing of it but what is on its way', async () => {
    const stage = createStage(how)
    const { alice, bob, id: conversation } = await meet(stage)
    await say(stage, bob, conversation, 'a secret')
    const message = await idOf(stage, bob, conversation, 'a secret')
    await stage.done(bob.engine().edit({ conversation, message, text: 'another secret' }))
    await stage.pass(5_000)
    await send(stage, alice, { conversation, text: 'what was that?', answers: message })
    await stage.pass(5_000)
    expect(await summaryOf(stage, alice)).toMatchObject({ unread: 2 })
    expect([alice, bob].map((person) => isOnDisk(person, 'another secret'))).toEqual([true, true])
    expect(await stage.done(bob.engine().deleteMessage({ conversation, message }))).toEqual({ kind: 'saved' })
    await stage.pass(5_000)
    for (const person of [alice, bob]) {
      expect(await lineOf(stage, person, conversation, message)).toMatchObject({ kind: 'deleted', mine: person === bob })
      const answer = await lineOf(stage, person, conversation, await idOf(stage, person, conversation, 'what was that?'))
      expect(answer).toMatchObject({ answers: { kind: 'deleted', id: message } })
      for (const words of ['a secret', 'another secret']) expect([words, isOnDisk(person, words)]).toEqual([words, false])
    }
    expect(await summaryOf(stage, alice)).toMatchObject({ unread: 1, last: { text: 'what was that?' } })
  })

  test('changes the last line of the list: an edit its words, a deletion the message', async () => {
    const stage = createStage(how)
    const { alice, bob, id: conversation } = await meet(stage)
    const message = await idOf(stage, bob, conversation, 'hello')
    await stage.done(bob.engine().edit({ conversation, message, text: 'hello again' }))
    await stage.pass(5_000)
    for (const person of [alice, bob]) expect((await summaryOf(stage, person)).last?.text).toBe('hello again')
    await stage.done(bob.engine().deleteMessage({ conversation, message }))
    await stage.pass(5_000)
    for (const person of [alice, bob]) expect((await summaryOf(stage, person)).last?.text).toBe('welcome')
    expect((await summaryOf(stage, alice)).unread).toBe(0)
  })
})

test('a command that would change nothing writes nothing, and one that may not be says why', async () => {
  const stage = createStage()
  const { alice, bob, id: conversation } = await meet(stage)
  const message = await idOf(stage, bob, conversation, 'hello')
  const here = { conversation, message }
  const entries = (): number => alice.disk().tables.get('entries')?.size ?? 0
  await stage.done(alice.engine().react({ ...here, emoji: '👍', isSet: true }))
  await stage.pass(5_000)
  const before = entries()
  const same = [alice.engine().react({ ...here, emoji: '👍', isSet: true }), alice.engine().pin({ ...here, isSet: false })]
  for (const outcome of same) expect(await stage.done(outcome)).toEqual({ kind: 'saved' })
  const refusals = [
    [alice.engine().edit({ ...here, text: 'forged' }), 'not-yours'],
    [alice.engine().deleteMessage(here), 'not-yours'],
    [alice.engine().react({ ...here, emoji: 'ok', isSet: true }), 'not-an-emoji'],
    [alice.engine().react({ ...here, emoji: Array.from({ length: 30 }, () => '👍').join('\u200d'), isSet: true }), 'not-an-emoji'],
    [alice.engine().react({ conversation, message: MISSING, emoji: '👍', isSet: true }), 'unknown-message'],
    [alice.engine().pin({ conversation: MISSING as string as ConversationId, message, isSet: true }), 'unknown-conversation'],
    [send(stage, alice, { conversation, text: 'to nobody', answers: MISSING }), 'unknown-message'],
  ] as const
  for (const [outcome, reason] of refusals) expect(await stage.done<unknown>(outcome)).toEqual({ kind: 'refused', reason })
  expect(entries()).toBe(before)
  const own = [
    [bob.engine().edit({ ...here, text: ' \u200b ' }), 'empty'],
    [bob.engine().edit({ ...here, text: 'a'.repeat(15_001) }), 'too-long'],
  ] as const
  for (const [outcome, reason] of own) expect(await stage.done(outcome)).toEqual({ kind: 'refused', reason })
  await stage.done(bob.engine().deleteMessage(here))
  expect(await stage.done(bob.engine().edit({ ...here, text: 'back again' }))).toEqual({ kind: 'refused', reason: 'unknown-message' })
})

test('a reply is sent once under its ref, and no other under the same', async () => {
  const stage = createStage()
  const { alice, id: conversation } = await meet(stage)
  const answers = await idOf(stage, alice, conversation, 'hello')
  const command = { conversation, text: 'hi', ref: 'one', answers }
  const first = await stage.done(alice.engine().send(command))
  expect(await stage.done(alice.engine().send(command))).toEqual(first)
  expect(await stage.done(alice.engine().send({ conversation, text: 'hi', ref: 'one' }))).toEqual({ kind: 'refused', reason: 'ref-used' })
})

test('of a message that is answered so much is shown and no more, and that it is missing while it is', async () => {
  const stage = createStage()
  const { alice, bob, id: conversation } = await meet(stage)
  await say(stage, bob, conversation, `${'long '.repeat(200)}end`)
  await stage.pass(5_000)
  const long = (await messages(stage, alice, conversation)).at(-1)?.id ?? expect.fail('no message')
  await send(stage, alice, { conversation, text: 'indeed', answers: long })
  const shown = await lineOf(stage, alice, conversation, await idOf(stage, alice, conversation, 'indeed'))
  const quote = shown.kind === 'text' ? shown.answers : undefined
  expect(quote?.kind === 'text' ? quote.text.length : undefined).toBe(QUOTE_LENGTH_MAX)
})

test('a deletion that meets a device which has not got the message leaves no trace of it there', async () => {
  const stage = createStage()
  const { alice, bob, id: conversation } = await meet(stage)
  await stage.pass(5_000)
  alice.crash()
  await say(stage, bob, conversation, 'not for long')
  const message = await idOf(stage, bob, conversation, 'not for long')
  await stage.done(bob.engine().deleteMessage({ conversation, message }))
  await stage.pass(5_000)
  await revive(stage, alice)
  await stage.pass(5_000)
  expect(await lineOf(stage, alice, conversation, message)).toMatchObject({ kind: 'deleted' })
  expect((await summaryOf(stage, alice)).unread).toBe(1)
  expect(isOnDisk(alice, 'not for long')).toBe(false)
})

describe('what a message said before', () => {
  test('is there for both, oldest first, and goes with it', async () => {
    const stage = createStage('mailbox')
    const { alice, bob, id: conversation } = await meet(stage)
    await say(stage, bob, conversation, 'one')
    const message = await idOf(stage, bob, conversation, 'one')
    for (const text of ['two', 'three']) {
      await stage.done(bob.engine().edit({ conversation, message, text }))
      await stage.pass(5_000)
    }
    for (const person of [alice, bob]) {
      const history = await stage.done(person.engine().readHistory({ conversation, message }))
      expect(history.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
      const times = history.map(({ time }) => time)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    }
    await stage.done(bob.engine().deleteMessage({ conversation, message }))
    await stage.pass(5_000)
    for (const person of [alice, bob]) expect(await stage.done(person.engine().readHistory({ conversation, message }))).toEqual([])
  })

  test('of one that was never edited is what it says, and of none is nothing', async () => {
    const stage = createStage('mailbox')
    const { alice, id: conversation } = await meet(stage)
    const message = await idOf(stage, alice, conversation, 'hello')
    expect((await stage.done(alice.engine().readHistory({ conversation, message }))).map(({ text }) => text)).toEqual(['hello'])
    expect(await stage.done(alice.engine().readHistory({ conversation, message: MISSING }))).toEqual([])
  })
})

describe('a message that is forgotten here', () => {
  test('is gone from this disk for good, and stays with the other', async () => {
    const stage = createStage('mailbox')
    const { alice, bob, id: conversation } = await meet(stage)
    await say(stage, bob, conversation, 'a secret')
    await stage.pass(5_000)
    const message = await idOf(stage, alice, conversation, 'a secret')
    await stage.done(bob.engine().edit({ conversation, message, text: 'another secret' }))
    await stage.pass(5_000)
    expect(isOnDisk(alice, 'another secret')).toBe(true)
    expect(await stage.done(alice.engine().forgetMessage({ conversation, message }))).toEqual({ kind: 'saved' })
    await stage.done(bob.engine().edit({ conversation, message, text: 'a third secret' }))
    await stage.done(bob.engine().react({ conversation, message, emoji: '👍', isSet: true }))
    await stage.pass(5_000)
    alice.crash()
    await revive(stage, alice)
    expect((await view(stage, alice, conversation)).messages.some(({ id }) => id === message)).toBe(false)
    expect(['a secret', 'another secret', 'a third secret'].filter((words) => isOnDisk(alice, words))).toEqual([])
    expect(await lineOf(stage, bob, conversation, message)).toMatchObject({ text: 'a third secret' })
    expect(await stage.done(alice.engine().forgetMessage({ conversation, message }))).toEqual({
      kind: 'refused',
      reason: 'unknown-message',
    })
  })

  test('may have been deleted for everyone: what is left of it goes, here alone and for good', async () => {
    const stage = createStage('mailbox')
    const { alice, bob, id: conversation } = await meet(stage)
    await say(stage, bob, conversation, 'taken back')
    await stage.pass(5_000)
    const message = await idOf(stage, alice, conversation, 'taken back')
    await stage.done(bob.engine().deleteMessage({ conversation, message }))
    await stage.pass(5_000)
    const kindsOf = async (who: typeof alice) =>
      (await view(stage, who, conversation)).messages.filter(({ id }) => id === message).map(({ kind }) => kind)
    expect(await kindsOf(alice)).toEqual(['deleted'])
    expect(await stage.done(alice.engine().forgetMessage({ conversation, message }))).toEqual({ kind: 'saved' })
    expect(await kindsOf(alice)).toEqual([])
    alice.crash()
    await revive(stage, alice)
    await stage.pass(5_000)
    expect(await kindsOf(alice)).toEqual([])
    expect(await kindsOf(bob)).toEqual(['deleted'])
  })

  test('still arrives where it was on its way', async () => {
    const stage = createStage('mailbox')
    const { alice, bob, id: conversation } = await meet(stage)
    bob.crash()
    await say(stage, alice, conversation, 'for you alone')
    const message = await idOf(stage, alice, conversation, 'for you alone')
    await stage.done(alice.engine().forgetMessage({ conversation, message }))
    alice.crash()
    await revive(stage, alice)
    await revive(stage, bob)
    await stage.pass(30_000)
    expect(await lineOf(stage, bob, conversation, message)).toMatchObject({ text: 'for you alone' })
    expect((await messages(stage, alice, conversation)).some(({ id }) => id === message)).toBe(false)
  })
})
