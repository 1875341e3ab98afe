// How old a list of devices may become, who signs it anew, and what somebody who is away for a year loses: nothing (docs/protocol.md §2.3).

import { expect, test } from 'vitest'
import { LIST_MS_MAX, LIST_RENEWED_MS, OWN_LISTS_KEPT_MAX } from '../../src/limits.ts'
import { toHex } from '../../src/bytes/bytes.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { renewList } from '../../src/node/devices/own-list.ts'
import { createDraft } from '../../src/node/draft.ts'
import { nodeOn } from '../simulation/disk.ts'
import { group, three } from './group-stage.ts'
import { link } from './linking-stage.ts'
import { createStage, DAY_MS, meet, MINUTE_MS, revive, say, texts, ticks, view } from './stage.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const listOf = (person: Person) => nodeOn(person.disk()).self.list
const pinnedBy = (person: Person, of: Person) => nodeOn(person.disk()).peers.get(of.ownDevice())?.list
const serials = (...people: readonly Person[]) => people.map((person) => listOf(person).serial)

/** Nobody is there for so long. */
async function away(stage: Stage, ms: number, ...people: readonly Person[]): Promise<void> {
  for (const person of people) person.crash()
  await stage.pass(ms)
}

/** Somebody comes and goes: for some minutes every so often. */
async function visits(stage: Stage, person: Person, times: number, every: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await away(stage, every, person)
    await revive(stage, person)
    await stage.pass(2 * MINUTE_MS)
  }
}

test('a list is signed anew once it is a month old, once, and contacts hear of it', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await away(stage, LIST_RENEWED_MS - 10 * MINUTE_MS, alice, bob)
  for (const person of [alice, bob]) await revive(stage, person)
  await stage.pass(MINUTE_MS)
  expect(serials(alice, bob)).toEqual([0, 0])
  await stage.pass(15 * MINUTE_MS)
  expect(serials(alice, bob)).toEqual([1, 1])
  expect(pinnedBy(alice, bob)?.hash).toEqual(listOf(bob).hash)
  expect(pinnedBy(bob, alice)?.hash).toEqual(listOf(alice).hash)
  await stage.pass(20 * MINUTE_MS)
  expect(serials(alice, bob)).toEqual([1, 1])
  await say(stage, alice, id, 'still here')
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, bob, id)).toContain('still here')
  // Nobody has one device more or less.
  for (const person of [alice, bob]) {
    const { messages } = await view(stage, person, id)
    expect(messages.filter((message) => message.kind === 'system' && message.event.startsWith('device'))).toEqual([])
  }
})

test('whom nobody has heard of for four months is written nothing, which is said, and gets all of it when they are back', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  bob.crash()
  await away(stage, LIST_MS_MAX - DAY_MS, alice)
  await revive(stage, alice)
  await say(stage, alice, id, 'just in time')
  await stage.pass(2 * MINUTE_MS)
  expect(await ticks(stage, alice, id)).toMatchObject({ 'just in time': 'relay' })
  await away(stage, 2 * DAY_MS, alice)
  await revive(stage, alice)
  await say(stage, alice, id, 'into the void')
  await stage.pass(2 * MINUTE_MS)
  expect(await ticks(stage, alice, id)).toMatchObject({ 'into the void': 'saved' })
  expect((await view(stage, alice, id)).waiting?.reason).toBe('list-old')
  await revive(stage, bob)
  await stage.pass(3 * MINUTE_MS)
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'just in time', 'into the void'])
  expect(await ticks(stage, alice, id)).toMatchObject({ 'into the void': 'delivered' })
})

test('two who were both away for a year go on as if it had been a day', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await away(stage, 365 * DAY_MS, alice, bob)
  await revive(stage, alice)
  await say(stage, alice, id, 'happy new year')
  await stage.pass(2 * MINUTE_MS)
  await away(stage, DAY_MS, alice)
  await revive(stage, bob)
  await say(stage, bob, id, 'and to you')
  await stage.pass(2 * MINUTE_MS)
  await away(stage, DAY_MS, bob)
  await revive(stage, alice)
  await stage.pass(2 * MINUTE_MS)
  await revive(stage, bob)
  await stage.pass(5 * MINUTE_MS)
  for (const person of [alice, bob])
    expect((await texts(stage, person, id)).toSorted()).toEqual(['and to you', 'happy new year', 'hello', 'welcome'])
})

test('whoever comes back after a year hears of all that others have renewed meanwhile', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  bob.crash()
  await visits(stage, alice, 12, LIST_RENEWED_MS + DAY_MS)
  expect(listOf(alice).serial).toBe(12)
  await say(stage, alice, id, 'are you there')
  await stage.pass(MINUTE_MS)
  await revive(stage, bob)
  await say(stage, bob, id, 'I am')
  await stage.pass(5 * MINUTE_MS)
  for (const person of [alice, bob])
    expect((await texts(stage, person, id)).toSorted()).toEqual(['I am', 'are you there', 'hello', 'welcome'])
  expect(pinnedBy(bob, alice)?.hash).toEqual(listOf(alice).hash)
})

test('a relay that keeps a removal from a contact cannot have the removed device written to for ever', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const tablet = await stage.enter('tablet')
  await link(stage, bob, tablet)
  await say(stage, tablet, id, 'from the tablet')
  await stage.pass(2 * MINUTE_MS)
  // Whoever has the tablet lets it believe that no time has passed, so that it renews nothing.
  tablet.crash()
  stage.network.relay.tamper = (push) => (push.device === alice.ownDevice() ? [] : [push])
  await stage.done(bob.engine().revokeDevice({ device: tablet.ownDevice() }))
  await stage.pass(MINUTE_MS)
  await away(stage, LIST_MS_MAX, alice, bob)
  tablet.skew = -LIST_MS_MAX
  await revive(stage, tablet)
  await revive(stage, alice)
  await say(stage, alice, id, 'for Bob alone')
  await stage.pass(5 * MINUTE_MS)
  expect(await texts(stage, tablet, id)).not.toContain('for Bob alone')
  expect((await view(stage, alice, id)).waiting?.reason).toBe('list-old')
  stage.network.relay.tamper = undefined
  await revive(stage, bob)
  for (const person of [alice, tablet]) await away(stage, MINUTE_MS, person)
  for (const person of [alice, tablet]) await revive(stage, person)
  await stage.pass(5 * MINUTE_MS)
  expect(await texts(stage, bob, id)).toContain('for Bob alone')
  expect(await texts(stage, tablet, id)).not.toContain('for Bob alone')
})

test('two own devices that renew it apart from each other make no fork: a contact, and both of them, end with one list', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const tablet = await stage.enter('tablet')
  await link(stage, bob, tablet)
  await stage.pass(2 * MINUTE_MS)
  await away(stage, LIST_RENEWED_MS, alice, bob, tablet)
  // On different days, and neither hears of the other.
  stage.network.relay.tamper = (push) => (push.device === bob.ownDevice() || push.device === tablet.ownDevice() ? [] : [push])
  await revive(stage, bob)
  await stage.pass(2 * MINUTE_MS)
  await away(stage, 2 * DAY_MS, bob)
  await revive(stage, tablet)
  await stage.pass(2 * MINUTE_MS)
  expect(serials(bob, tablet)).toEqual([2, 2])
  expect(toHex(listOf(bob).hash)).not.toBe(toHex(listOf(tablet).hash))
  stage.network.relay.tamper = undefined
  tablet.crash()
  for (const person of [bob, tablet, alice]) await revive(stage, person)
  await stage.pass(5 * MINUTE_MS)
  expect(toHex(listOf(bob).hash)).toBe(toHex(listOf(tablet).hash))
  for (const of of [bob, tablet]) expect(toHex(pinnedBy(alice, of)?.hash ?? new Uint8Array(0))).toBe(toHex(listOf(bob).hash))
  for (const person of [bob, tablet, alice]) await say(stage, person, id, `from ${person.name}`)
  await stage.pass(3 * MINUTE_MS)
  for (const person of [bob, tablet, alice])
    expect(await texts(stage, person, id)).toEqual(expect.arrayContaining(['from bob', 'from tablet', 'from alice']))
})

test('a clock that is wrong by some weeks holds up nobody, whosever it is and whichever way', async () => {
  for (const skew of [-80 * DAY_MS, 80 * DAY_MS]) {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await away(stage, DAY_MS, bob)
    bob.skew = skew
    await revive(stage, bob)
    await stage.pass(2 * MINUTE_MS)
    await away(stage, LIST_RENEWED_MS + DAY_MS, alice, bob)
    for (const person of [alice, bob]) await revive(stage, person)
    await stage.pass(3 * MINUTE_MS)
    for (const person of [alice, bob]) await say(stage, person, id, `from ${person.name}`)
    await stage.pass(3 * MINUTE_MS)
    for (const person of [alice, bob]) expect(await texts(stage, person, id)).toEqual(expect.arrayContaining(['from alice', 'from bob']))
  }
})

test('in a group, members who are there get what is written, and one who has been away for long gets it afterwards', async () => {
  const { stage, alice, bob, carol } = await three()
  const id = await group(stage, alice, [bob, carol])
  await stage.pass(3 * MINUTE_MS)
  carol.crash()
  await away(stage, LIST_MS_MAX - 10 * DAY_MS, alice, bob)
  for (const person of [alice, bob]) await revive(stage, person)
  await stage.pass(2 * MINUTE_MS)
  await away(stage, 11 * DAY_MS, alice, bob)
  for (const person of [alice, bob]) await revive(stage, person)
  await say(stage, alice, id, 'without Carol')
  await stage.pass(3 * MINUTE_MS)
  expect(await texts(stage, bob, id)).toContain('without Carol')
  await revive(stage, carol)
  await stage.pass(5 * MINUTE_MS)
  expect(await texts(stage, carol, id)).toContain('without Carol')
})

test('of the lists that somebody had, so many are kept', async () => {
  const stage = createStage()
  const alice = await stage.enter('alice')
  let state = nodeOn(alice.disk())
  for (let time = 1; time <= OWN_LISTS_KEPT_MAX + 2; time += 1) {
    const draft = createDraft(state, {
      now: toUnixMs(stage.scheduler.now() + time * DAY_MS),
      random: (length) => new Uint8Array(length).fill(time),
    })
    renewList(draft)
    state = draft.state
  }
  expect(state.self.list.serial).toBe(OWN_LISTS_KEPT_MAX + 2)
  expect(state.circle?.lists).toHaveLength(OWN_LISTS_KEPT_MAX)
  expect(toHex(state.circle?.lists.at(-1) ?? new Uint8Array())).toBe(toHex(state.self.list.signed))
})
