// Polls, checklists and notes through whole engines: apart and together again, in groups, on own devices, and gone for everyone.

import { describe, expect, test } from 'vitest'
import { toHex, utf8ToBytes } from '../../src/bytes/bytes.ts'
import { LIVING_KEPT_MAX } from '../../src/documents/living-limits.ts'
import { LIVING_BYTES_MAX } from '../../src/limits.ts'
import { link } from './linking-stage.ts'
import { accountOf, group, three } from './group-stage.ts'
import { createStage, meet, messages, revive } from './stage.ts'
import type { ConversationId, EntryId } from '../../src/bytes/ids.ts'
import type { LivingAct } from '../../src/engine.ts'
import type { LivingView } from '../../src/living-views.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

type Place = { readonly stage: Stage; readonly conversation: ConversationId; readonly message: EntryId }

async function make(stage: Stage, maker: Person, conversation: ConversationId, form: number, text: string): Promise<Place> {
  const outcome = await stage.done(maker.engine().makeLiving({ conversation, form, text, ref: text }))
  if (outcome.kind !== 'saved') return expect.fail(outcome.reason)
  await stage.pass(10_000)
  return { stage, conversation, message: outcome.message }
}

const act = ({ stage, ...ref }: Place, person: Person, doing: LivingAct) => stage.done(person.engine().changeLiving({ ...ref, act: doing }))

async function read({ stage, ...ref }: Place, person: Person): Promise<LivingView> {
  const { living } = await stage.done(person.engine().readLiving(ref))
  return living ?? expect.fail('it is not here')
}

async function votes(place: Place, person: Person): Promise<readonly number[]> {
  const view = await read(place, person)
  return view.kind === 'poll' ? view.options.map(({ voters }) => voters.length) : expect.fail('no poll')
}

async function items(place: Place, person: Person): Promise<readonly string[]> {
  const view = await read(place, person)
  return view.kind === 'checklist' ? view.items.map(({ text, isDone }) => `${isDone ? 'x' : '-'} ${text}`) : expect.fail('no checklist')
}

async function note(place: Place, person: Person): Promise<string> {
  const view = await read(place, person)
  return view.kind === 'note' ? view.text : expect.fail('no note')
}

const isOnDisk = (person: Person, words: string): boolean =>
  [...person.disk().tables.values()].some((rows) =>
    [...rows.values()].some(({ value }) => toHex(value).includes(toHex(utf8ToBytes(words)))),
  )

describe.each(['mailbox', 'direct'] as const)('a living message (%s)', (how) => {
  test('says the same to both when they hear of each other again, and after a restart', async () => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    const list = await make(stage, alice, id, 3, 'Shopping\nMilk\nBread')
    const plan = await make(stage, bob, id, 4, 'Plan\none\ntwo\nthree')
    expect((await messages(stage, bob, id)).at(-2)).toMatchObject({ text: '☑️ Shopping\nMilk\nBread', living: { form: 3, changes: 0 } })
    alice.crash()
    await act(list, bob, { kind: 'add', text: 'Eggs' })
    await act(plan, bob, { kind: 'write', from: 'one\ntwo\nthree', to: 'one\ntwo\nTHREE' })
    bob.crash()
    await revive(stage, alice)
    await act(list, alice, { kind: 'tick', item: 'f0', isDone: true })
    await act(plan, alice, { kind: 'write', from: 'one\ntwo\nthree', to: 'ONE\ntwo\nthree' })
    expect(await items(list, alice)).toEqual(['x Milk', '- Bread'])
    await revive(stage, bob)
    await stage.pass(60_000)
    for (const person of [alice, bob]) {
      expect(await items(list, person)).toEqual(['x Milk', '- Bread', '- Eggs'])
      expect(await note(plan, person)).toBe('ONE\ntwo\nTHREE')
      person.crash()
      await revive(stage, person)
      expect(await items(list, person)).toEqual(['x Milk', '- Bread', '- Eggs'])
      expect((await messages(stage, person, id)).find((one) => one.id === list.message)?.living).toEqual({ form: 3, changes: 2 })
    }
  })

  test('goes for both, with all that was done to it', async () => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    const list = await make(stage, alice, id, 3, 'Secret list')
    await act(list, bob, { kind: 'add', text: 'a secret item' })
    await stage.pass(10_000)
    expect([alice, bob].map((person) => isOnDisk(person, 'a secret item'))).toEqual([true, true])
    await stage.done(alice.engine().deleteMessage({ conversation: id, message: list.message }))
    await stage.pass(10_000)
    for (const person of [alice, bob]) {
      for (const words of ['a secret item', 'Secret list']) expect([words, isOnDisk(person, words)]).toEqual([words, false])
      expect(await act(list, person, { kind: 'add', text: 'late' })).toEqual({ kind: 'refused', reason: 'unknown-message' })
    }
  })
})

test('a poll in a group: a removed member’s later votes do not count, and nobody edits or closes what is not theirs', async () => {
  const { stage, alice, bob, carol } = await three()
  const id = await group(stage, alice, [bob, carol])
  await stage.pass(60_000)
  const poll = await make(stage, alice, id, 1, 'Lunch?\nSoup\nPizza')
  await stage.pass(30_000)
  for (const [person, option] of [
    [alice, 0],
    [bob, 1],
    [carol, 1],
  ] as const)
    expect(await act(poll, person, { kind: 'vote', options: [option] })).toEqual({ kind: 'saved' })
  await stage.pass(60_000)
  for (const person of [alice, bob, carol]) expect(await votes(poll, person)).toEqual([1, 2])
  expect(await act(poll, bob, { kind: 'close' })).toEqual({ kind: 'refused', reason: 'not-yours' })
  expect(await stage.done(alice.engine().edit({ conversation: id, message: poll.message, text: 'Dinner?' }))).toMatchObject({
    kind: 'refused',
  })
  await stage.done(alice.engine().removeMember({ conversation: id, account: accountOf(bob) }))
  bob.crash()
  await stage.pass(60_000)
  expect(await act(poll, carol, { kind: 'vote', options: [0] })).toEqual({ kind: 'saved' })
  await revive(stage, bob)
  await act(poll, bob, { kind: 'vote', options: [0] })
  await stage.pass(60_000)
  for (const person of [alice, carol]) expect(await votes(poll, person)).toEqual([2, 1])
  await act(poll, alice, { kind: 'close' })
  await stage.pass(60_000)
  expect(await act(poll, carol, { kind: 'vote', options: [1] })).toEqual({ kind: 'refused', reason: 'over' })
  expect(await votes(poll, carol)).toEqual([2, 1])
})

test('leaving somebody out is for oneself, and lasts', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const list = await make(stage, alice, id, 3, 'Shopping\nMilk')
  await act(list, bob, { kind: 'add', text: 'Spam' })
  await act(list, bob, { kind: 'rename', item: 'f0', text: 'Spam too' })
  await stage.pass(10_000)
  expect(await items(list, alice)).toEqual(['- Spam too', '- Spam'])
  const { message } = list
  await stage.done(alice.engine().leaveOut({ conversation: id, message, account: accountOf(bob), isOut: true }))
  expect(await items(list, alice)).toEqual(['- Milk'])
  alice.crash()
  await revive(stage, alice)
  expect(await items(list, alice)).toEqual(['- Milk'])
  expect(await items(list, bob)).toEqual(['- Spam too', '- Spam'])
  await stage.done(alice.engine().leaveOut({ conversation: id, message, account: accountOf(bob), isOut: false }))
  expect(await items(list, alice)).toEqual(['- Spam too', '- Spam'])
})

test('a device that comes later has it as the others have', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  const poll = await make(stage, bob, id, 2, 'When?\nMonday\nFriday')
  await act(poll, alice, { kind: 'vote', options: [0, 1] })
  await act(poll, bob, { kind: 'vote', options: [1] })
  await stage.pass(10_000)
  const phone = await stage.enter('phone')
  await link(stage, alice, phone)
  await stage.pass(120_000)
  expect(await votes(poll, phone)).toEqual([1, 2])
  await act(poll, phone, { kind: 'vote', options: [0] })
  await stage.pass(30_000)
  for (const person of [alice, bob, phone]) expect(await votes(poll, person)).toEqual([1, 1])
})

test('what is no poll, checklist or note is not made', async () => {
  const stage = createStage()
  const { alice, id: conversation } = await meet(stage)
  const engine = alice.engine()
  for (const [form, text, reason] of [
    [1, 'Only one\noption', 'empty'],
    [3, ' \n ', 'empty'],
    [9, 'What is this?', 'empty'],
    [4, `Long\n${'x'.repeat(LIVING_BYTES_MAX)}`, 'too-long'],
  ] as const)
    expect(await stage.done(engine.makeLiving({ conversation, form, text, ref: `${form} ${text}` }))).toEqual({ kind: 'refused', reason })
})

test('more of them are read than are kept in memory', async () => {
  const stage = createStage()
  const { alice, id } = await meet(stage)
  const all: Place[] = []
  for (let at = 0; at <= LIVING_KEPT_MAX; at++) all.push(await make(stage, alice, id, 3, `List ${at}\nMilk`))
  for (const place of all) expect(await act(place, alice, { kind: 'tick', item: 'f0', isDone: true })).toEqual({ kind: 'saved' })
  for (const place of all) expect(await items(place, alice)).toEqual(['x Milk'])
})
