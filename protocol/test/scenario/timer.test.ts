// The time after which messages of a chat go: whoever is in it sets it, and everybody's messages take it from then on.

import { expect, test } from 'vitest'
import { createStage, MINUTE_MS, meet, revive, say, texts, view } from './stage.ts'
import { accountOf, group, three } from './group-stage.ts'
import { applyAdmitted, openDocument, setValue } from '../../src/documents/document.ts'
import { admitUpdate } from '../../src/documents/admission.ts'
import { DOCUMENT_KINDS } from '../../src/documents/kinds.ts'
import { readMeta, setTimer, timerIn } from '../../src/documents/meta.ts'
import { createDocumentState } from '../../src/documents/state.ts'
import type { DocumentState } from '../../src/documents/state.ts'
import { TIMER_SECONDS_MAX, TIMER_SECONDS_MIN } from '../../src/documents/limits.ts'
import type { Person } from '../simulation/person.ts'

test('what both write after it was set goes, and what was there stays', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  expect((await view(stage, bob, id)).timer).toBe(0)
  expect(await stage.done(alice.engine().setTimer({ conversation: id, seconds: 300 }))).toEqual({ kind: 'saved' })
  await stage.pass(20_000)
  for (const person of [alice, bob]) {
    const { timer, messages } = await view(stage, person, id)
    expect(timer).toBe(300)
    expect(messages.at(-1)).toMatchObject({ kind: 'system', event: 'timed', seconds: 300, mine: person === alice })
  }
  await say(stage, bob, id, 'from Bob')
  await say(stage, alice, id, 'from Alice')
  await stage.pass(20_000)
  for (const person of [alice, bob])
    expect(await texts(stage, person, id)).toEqual(expect.arrayContaining(['welcome', 'hello', 'from Bob', 'from Alice']))
  await stage.pass(7 * MINUTE_MS)
  for (const person of [alice, bob]) expect(await texts(stage, person, id)).toEqual(['welcome', 'hello'])
})

test('it holds after a start, and ends for everybody when one of them turns it off', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.done(alice.engine().setTimer({ conversation: id, seconds: 300 }))
  await stage.pass(20_000)
  bob.crash()
  await revive(stage, bob)
  await say(stage, bob, id, 'brief')
  await stage.pass(20_000)
  await stage.done(bob.engine().setTimer({ conversation: id, seconds: 0 }))
  await stage.pass(20_000)
  await say(stage, alice, id, 'lasting')
  await stage.pass(7 * MINUTE_MS)
  for (const person of [alice, bob]) {
    expect(await texts(stage, person, id)).toEqual(['welcome', 'hello', 'lasting'])
    expect((await view(stage, person, id)).messages).toContainEqual(expect.objectContaining({ event: 'timed', seconds: 0 }))
  }
})

test('whoever says a time of their own is heard', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.done(alice.engine().setTimer({ conversation: id, seconds: 300 }))
  await stage.done(alice.engine().send({ conversation: id, text: 'for ever', ref: 'for ever', ttl: 0 }))
  await stage.pass(7 * MINUTE_MS)
  for (const person of [alice, bob]) expect(await texts(stage, person, id)).toEqual(['welcome', 'hello', 'for ever'])
})

test('a poll goes with its votes, and nothing of either is left', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.done(alice.engine().setTimer({ conversation: id, seconds: 300 }))
  const made = await stage.done(
    alice.engine().makeLiving({ conversation: id, form: 1, text: 'Where?\nIn the garden\nAt home', ref: 'poll' }),
  )
  if (made.kind !== 'saved') throw new Error(made.reason)
  await stage.pass(20_000)
  const voted = bob.engine().changeLiving({ conversation: id, message: made.message, act: { kind: 'vote', options: [0] } })
  expect(await stage.done(voted)).toEqual({ kind: 'saved' })
  await stage.pass(20_000)
  expect([alice, bob].map(votes)).toEqual([1, 1])
  await stage.pass(7 * MINUTE_MS)
  for (const person of [alice, bob]) expect(await texts(stage, person, id)).toEqual(['welcome', 'hello'])
  expect([alice, bob].map(votes)).toEqual([0, 0])
})

test.each(['broken', 'lost'] as const)('it holds where the document that says it is %s', async (what) => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.done(alice.engine().setTimer({ conversation: id, seconds: 300 }))
  await stage.pass(20_000)
  bob.crash()
  const name = `meta/${id}`
  const documents = new Map(bob.documents())
  expect(documents.delete(name)).toBe(true)
  if (what === 'broken') documents.set(name, [Uint8Array.of(1, 200, 200, 200)])
  bob.putDocuments(documents)
  await revive(stage, bob)
  await say(stage, bob, id, 'brief')
  await stage.pass(20_000)
  for (const person of [alice, bob]) expect(await texts(stage, person, id)).toContain('brief')
  await stage.pass(7 * MINUTE_MS)
  for (const person of [alice, bob]) expect(await texts(stage, person, id)).toEqual(['welcome', 'hello'])
})

test('in a group it is told who set it, and counts whoever that is for this person', async () => {
  const { stage, alice, bob, carol } = await three()
  const id = await group(stage, alice, [bob, carol])
  await stage.pass(20_000)
  await stage.done(carol.engine().setName({ name: 'Carol' }))
  await stage.done(bob.engine().setBlocked({ account: accountOf(carol), isBlocked: true }))
  await stage.pass(20_000)
  await stage.done(carol.engine().setTimer({ conversation: id, seconds: 300 }))
  await stage.pass(20_000)
  for (const person of [alice, bob]) {
    const { timer, messages } = await view(stage, person, id)
    expect(timer).toBe(300)
    expect(messages.at(-1)).toMatchObject({ event: 'timed', seconds: 300, mine: false, author: { account: accountOf(carol) } })
  }
  await say(stage, bob, id, 'brief')
  await stage.pass(8 * MINUTE_MS)
  for (const person of [alice, bob, carol]) expect(await texts(stage, person, id)).not.toContain('brief')
})

test('messages that are sent in one go keep their order while the time is looked up', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.done(alice.engine().setTimer({ conversation: id, seconds: 3_600 }))
  alice.crash()
  await revive(stage, alice)
  const words = Array.from({ length: 20 }, (_, at) => `word ${at}`)
  await stage.done(Promise.all(words.map((text) => alice.engine().send({ conversation: id, text, ref: text }))))
  await stage.pass(20_000)
  expect((await texts(stage, bob, id)).filter((text) => text.startsWith('word'))).toEqual(words)
})

test.each(['', '-1', '060', '1.5', '1e3', ' 60', 'never', String(TIMER_SECONDS_MAX + 1), '9'.repeat(400)])(
  'a timer that says %j counts as none',
  (value) => {
    const theirs = openDocument('meta', { client: 7, updates: [] })
    const update = setValue(theirs, { root: 'meta', key: 'timer', value })
    const ours = openDocument('meta', { client: 9, updates: [] })
    if (update !== undefined) applyAdmitted(ours, update)
    expect(readMeta(ours).timer).toBe(0)
  },
)

test('one that is too short is the shortest, and one that is none is told as the end of a timer', () => {
  const theirs = openDocument('meta', { client: 7, updates: [] })
  const made = (value: string): Uint8Array => setValue(theirs, { root: 'meta', key: 'timer', value }) ?? new Uint8Array()
  const short = made('1')
  expect(readMeta(theirs).timer).toBe(TIMER_SECONDS_MIN)
  const state = admittedAll([short])
  expect(timerIn(short, state)).toBe(TIMER_SECONDS_MIN)
  const none = made('never')
  expect(readMeta(theirs).timer).toBe(0)
  expect(timerIn(none, admittedAll([short, none]))).toBe(0)
})

test('one that is deleted is told as the end of a timer, and what else is deleted is not', () => {
  const theirs = openDocument('meta', { client: 7, updates: [] })
  const at = { root: 'meta', key: 'timer' }
  const title = setValue(theirs, { root: 'meta', key: 'title', value: 'Boats' }) ?? new Uint8Array()
  const set = setTimer(theirs, 300) ?? new Uint8Array()
  const untitled = setValue(theirs, { root: 'meta', key: 'title', value: undefined }) ?? new Uint8Array()
  expect(timerIn(untitled, admittedAll([title, set, untitled]))).toBeUndefined()
  const gone = setValue(theirs, { ...at, value: undefined }) ?? new Uint8Array()
  expect(readMeta(theirs).timer).toBe(0)
  expect(timerIn(gone, admittedAll([title, set, untitled, gone]))).toBe(0)
})

test('the longest one is a year, and no other number is taken', () => {
  const document = openDocument('meta', { client: 7, updates: [] })
  expect(setTimer(document, TIMER_SECONDS_MAX)).toBeDefined()
  expect(setTimer(document, TIMER_SECONDS_MAX)).toBeUndefined()
  for (const seconds of [TIMER_SECONDS_MAX + 1, TIMER_SECONDS_MIN - 1, -1, 0.5, Number.NaN])
    expect(() => setTimer(document, seconds)).toThrow(RangeError)
})

const votes = (person: Person): number =>
  [...(person.disk().tables.get('bodies')?.keys() ?? [])].filter((key) => key.includes('/change/')).length

/** The document in which these were admitted one after the other. */
const admittedAll = (updates: readonly Uint8Array[]): DocumentState =>
  updates.reduce((state, update) => {
    const verdict = admitUpdate({ update, client: 7, state, policy: DOCUMENT_KINDS.meta })
    if (verdict.kind !== 'admitted') throw new Error(verdict.kind)
    return verdict.state
  }, createDocumentState())
