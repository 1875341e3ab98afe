// Messages that go after their time: on every device that has them, by its own clock, with all that it kept of them.

import { expect, test } from 'vitest'
import { createStage, DAY_MS, MINUTE_MS, meet, messages, revive, say, texts, ticks } from './stage.ts'
import { decode } from '../../src/bytes/codec.ts'
import { EXPIRED_AT_ONCE_MAX } from '../../src/limits.ts'
import { storedEntry } from '../../src/node/rows/stored-entry.ts'
import type { ConversationId, EntryId } from '../../src/bytes/ids.ts'
import type { ConversationSummary } from '../../src/views.ts'
import type { Table } from '../../src/ports.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

test('a message goes from both devices when its time is over, and the last line with it', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await brief(stage, bob, id, { text: 'for a minute', seconds: 60 })
  await stage.pass(20_000)
  for (const person of [alice, bob]) {
    expect(await texts(stage, person, id)).toEqual(['welcome', 'hello', 'for a minute'])
    expect(lastLine(await summary(stage, person))).toBe('for a minute')
    expect(traces(person, 'for a minute')).not.toEqual([])
  }
  await stage.pass(2 * MINUTE_MS)
  for (const person of [alice, bob]) {
    expect(await texts(stage, person, id)).toEqual(['welcome', 'hello'])
    expect(lastLine(await summary(stage, person))).toBe('hello')
    expect(traces(person, 'for a minute')).toEqual([])
    expect(indexed(person)).toEqual([])
  }
  const own = [...(bob.disk().tables.get('entries')?.values() ?? [])].map(({ value }) => decode(storedEntry, value).wire.body)
  expect(own.filter((body) => body === undefined)).toHaveLength(1)
  await say(stage, bob, id, 'and on it goes')
  await stage.pass(20_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'and on it goes'])
})

test('one whose time is over while its device is off goes after the next start', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await brief(stage, bob, id, { text: 'for a minute', seconds: 60 })
  await stage.pass(20_000)
  alice.crash()
  await stage.pass(2 * MINUTE_MS)
  await revive(stage, alice)
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  expect(traces(alice, 'for a minute')).toEqual([])
})

test('one that went before it was delivered holds up nothing behind it', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  stage.network.relay.restart(30_000, 'kept')
  await brief(stage, bob, id, { text: 'for a second', seconds: 1 })
  await stage.pass(10_000)
  expect(indexed(bob), 'it is gone here before the relay is back').toEqual([])
  await stage.pass(MINUTE_MS)
  await say(stage, bob, id, 'for ever')
  await stage.pass(MINUTE_MS)
  expect((await ticks(stage, bob, id))['for ever']).toBe('delivered')
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'for ever'])
})

test('all that was done to it goes too, and what was edited with it; an answer stays', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const message = await brief(stage, bob, id, { text: 'for a minute', seconds: 60 })
  await stage.pass(20_000)
  await stage.done(alice.engine().react({ conversation: id, message, emoji: '👍', isSet: true }))
  await stage.done(alice.engine().send({ conversation: id, text: 'an answer', ref: 'answer', answers: message }))
  await stage.done(bob.engine().edit({ conversation: id, message, text: 'in other words' }))
  await stage.pass(20_000)
  for (const person of [alice, bob]) {
    expect(await messages(stage, person, id)).toMatchObject([{}, {}, { text: 'in other words' }, { answers: { text: 'in other words' } }])
    expect(rowsIn(person, 'relations')).not.toEqual([])
  }
  await stage.pass(MINUTE_MS)
  for (const person of [alice, bob]) {
    expect(await messages(stage, person, id)).toMatchObject([{}, {}, { text: 'an answer', answers: { kind: 'missing' } }])
    expect([...traces(person, 'for a minute'), ...traces(person, 'in other words')]).toEqual([])
    expect(rowsIn(person, 'relations')).toEqual([])
    expect(indexed(person)).toEqual([])
  }
})

test('an edit that comes where its message has been longer takes that along in its own time', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  const message = await brief(stage, bob, id, { text: 'for a minute', seconds: 60 })
  await stage.pass(40_000)
  await stage.done(bob.engine().edit({ conversation: id, message, text: 'in other words' }))
  await revive(stage, alice)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'in other words'])
  await stage.pass(30_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  await stage.pass(MINUTE_MS)
  expect([...traces(alice, 'for a minute'), ...traces(alice, 'in other words'), ...indexed(alice)]).toEqual([])
})

test('what is done to a message that has gone leaves nothing, and does not bring it back', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const message = await brief(stage, bob, id, { text: 'for a minute', seconds: 60 })
  await stage.pass(20_000)
  bob.crash()
  await stage.pass(20_000)
  await stage.done(alice.engine().react({ conversation: id, message, emoji: '👍', isSet: true }))
  await stage.pass(MINUTE_MS)
  await revive(stage, bob)
  await stage.pass(20_000)
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello'])
  expect(rowsIn(bob, 'relations')).toEqual([])
  const outcomes = await stage.done(
    Promise.all([
      bob.engine().edit({ conversation: id, message, text: 'again' }),
      bob.engine().react({ conversation: id, message, emoji: '👍', isSet: true }),
      bob.engine().send({ conversation: id, text: 'again', ref: 'again', answers: message }),
    ]),
  )
  expect(outcomes).toMatchObject(outcomes.map(() => ({ kind: 'refused', reason: 'unknown-message' })))
})

test('an own one that comes back to a restored disk after its time is not shown again', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  const backup = bob.disk()
  await brief(stage, bob, id, { text: 'for a minute', seconds: 60 })
  await say(stage, bob, id, 'for ever')
  await stage.pass(2 * MINUTE_MS)
  bob.restore(backup)
  await revive(stage, bob)
  await say(stage, alice, id, 'are you back?')
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'for ever', 'are you back?'])
  expect([...traces(bob, 'for a minute'), ...indexed(bob)]).toEqual([])
})

test('an unread message that goes is not unread any more', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await brief(stage, bob, id, { text: 'for a minute', seconds: 60 })
  await stage.pass(20_000)
  const before = (await summary(stage, alice))?.unread ?? 0
  await stage.pass(MINUTE_MS)
  expect((await summary(stage, alice))?.unread).toBe(before - 1)
})

test.each([-30 * DAY_MS, 30 * DAY_MS])('it stays as long where it came, though its author has a clock that is %i ms off', async (skew) => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  bob.skew = skew
  await brief(stage, bob, id, { text: 'for a minute', seconds: 60 })
  await stage.pass(40_000)
  expect(await texts(stage, alice, id)).toContain('for a minute')
  await stage.pass(30_000)
  for (const person of [alice, bob]) expect(await texts(stage, person, id)).toEqual(['welcome', 'hello'])
})

test('a chat that is removed takes along what says when its messages would have gone', async () => {
  const stage = createStage()
  const { bob, id } = await meet(stage)
  await brief(stage, bob, id, { text: 'for a day', seconds: 86_400 })
  expect(indexed(bob)).toHaveLength(1)
  await stage.done(bob.engine().removeConversation({ conversation: id }))
  expect(indexed(bob)).toEqual([])
})

test('many go a part at a time, and what is not due stays', async () => {
  const stage = createStage()
  const { bob, id } = await meet(stage)
  const count = EXPIRED_AT_ONCE_MAX + 10
  for (let i = 0; i < count; i++) await brief(stage, bob, id, { text: `line ${i}`, seconds: 60 })
  await brief(stage, bob, id, { text: 'later', seconds: 86_400 })
  expect(indexed(bob)).toHaveLength(count + 1)
  await stage.pass(3 * MINUTE_MS)
  expect(indexed(bob)).toHaveLength(1)
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'later'])
})

async function brief(
  stage: Stage,
  person: Person,
  id: ConversationId,
  { text, seconds }: { readonly text: string; readonly seconds: number },
): Promise<EntryId> {
  const outcome = await stage.done(person.engine().send({ conversation: id, text, ref: text, ttl: seconds }))
  if (outcome.kind !== 'saved') throw new Error(outcome.reason)
  return outcome.message
}

function summary(stage: Stage, person: Person): Promise<ConversationSummary | undefined> {
  return stage.done(
    new Promise((resolve) => {
      const stop = person.engine().watchConversations(([view]) => {
        queueMicrotask(() => stop())
        resolve(view)
      })
    }),
  )
}

const lastLine = (view: ConversationSummary | undefined): string | undefined => view?.last?.text

/** Rows that hold a text in the clear, as this store keeps them. */
const traces = (person: Person, text: string): readonly string[] =>
  [...person.disk().tables].flatMap(([table, rows]) =>
    [...rows].flatMap(([key, { value }]) => (Buffer.from(value).includes(text) ? [`${table} ${key}`] : [])),
  )

const rowsIn = (person: Person, table: Table): readonly string[] => [...(person.disk().tables.get(table)?.keys() ?? [])]

const indexed = (person: Person): readonly string[] => rowsIn(person, 'state').filter((key) => key.startsWith('expires/'))
