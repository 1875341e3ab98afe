// One person, several devices: how the second comes by the account and by what there is, and what all of them see from then on.

import { describe, expect, test } from 'vitest'
import { toHex } from '../../src/bytes/bytes.ts'
import { nodeOn } from '../simulation/disk.ts'
import { accountOf, group, three } from './group-stage.ts'
import { link, watchLinking } from './linking-stage.ts'
import { createStage, invite, meet, MINUTE_MS, open, revive, say, texts, ticks, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

test('a new device that was compared has the account, and both have the same list of devices and talk', async () => {
  const stage = createStage()
  const [phone, laptop] = [await stage.enter('phone'), await stage.enter('laptop')]
  await stage.done(phone.engine().setName({ name: 'Ana' }))
  await link(stage, phone, laptop)
  await stage.pass(10_000)
  const [one, two] = [nodeOn(phone.disk()), nodeOn(laptop.disk())]
  expect(two.self.account).toBe(one.self.account)
  expect(two.self.name).toBe('Ana')
  expect(toHex(two.self.list.hash)).toBe(toHex(one.self.list.hash))
  expect(one.self.list.serial).toBe(1)
  expect(one.self.list.devices.map(({ id }) => id).toSorted()).toEqual([phone.ownDevice(), laptop.ownDevice()].toSorted())
  const [seen, other] = [watchLinking(phone), watchLinking(laptop)]
  await stage.pass(1_000)
  const named = (devices: ReturnType<typeof seen.devices>) => devices.map(({ device, name, isThis }) => ({ device, name, isThis }))
  expect(named(seen.devices())).toEqual([
    { device: phone.ownDevice(), name: 'phone’s first', isThis: true },
    { device: laptop.ownDevice(), name: 'laptop', isThis: false },
  ])
  expect(named(other.devices())).toEqual([
    { device: laptop.ownDevice(), name: 'laptop', isThis: true },
    { device: phone.ownDevice(), name: 'phone’s first', isThis: false },
  ])
  const circle = one.circle?.conversation
  expect(two.circle?.conversation).toBe(circle)
  const heads = (node: typeof one): readonly string[] =>
    [...(node.conversations.get(circle as NonNullable<typeof circle>)?.log.feeds.values() ?? [])]
      .map(({ device, tips }) => `${device} ${tips.map(({ id }) => id).join()}`)
      .toSorted()
  expect(heads(two)).toEqual(heads(one))
})

test('a third device knows the two others, and they know it', async () => {
  const stage = createStage()
  const [phone, laptop, tablet] = [await stage.enter('phone'), await stage.enter('laptop'), await stage.enter('tablet')]
  await link(stage, phone, laptop)
  await link(stage, phone, tablet)
  await stage.pass(60_000)
  const all = [phone, laptop, tablet].map((person) => nodeOn(person.disk()))
  for (const { self } of all) expect(self.list.devices).toHaveLength(3)
})

describe('a second device of somebody who has a chat', () => {
  test('shows the chat with all that was said, and writes and reads in it', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    for (const text of ['one', 'two', 'three']) await say(stage, alice, id, text)
    await say(stage, bob, id, 'four')
    await stage.pass(10_000)
    const tablet = await stage.enter('tablet')
    await link(stage, bob, tablet)
    await stage.pass(30_000)
    expect(await texts(stage, tablet, id)).toEqual(['welcome', 'hello', 'one', 'two', 'three', 'four'])
    await say(stage, alice, id, 'for both')
    await stage.pass(10_000)
    expect(await texts(stage, tablet, id)).toContain('for both')
    expect(await texts(stage, bob, id)).toContain('for both')
    await say(stage, tablet, id, 'from the tablet')
    await say(stage, bob, id, 'from the first')
    await stage.pass(20_000)
    const all = await texts(stage, alice, id)
    expect(all).toContain('from the tablet')
    expect(all).toContain('from the first')
    expect(await texts(stage, tablet, id)).toEqual(all)
    expect(await texts(stage, bob, id)).toEqual(all)
    expect(await ticks(stage, tablet, id)).toMatchObject({ 'from the tablet': 'delivered', 'from the first': 'delivered' })
  })
})

/** Each of these devices shows the same texts, and these are among them. */
async function expectAlike(stage: Stage, people: readonly Person[], id: ConversationId, among: readonly string[]): Promise<void> {
  const [first, ...others] = await Promise.all(people.map((person) => texts(stage, person, id)))
  for (const text of among) expect(first).toContain(text)
  for (const shown of others) expect(shown).toEqual(first)
}

describe.each(['mailbox', 'direct'] as const)('two people with two devices each (%s)', (how) => {
  test('hear each other from all four', async () => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    const [tablet, phone] = [await stage.enter('tablet'), await stage.enter('phone')]
    await link(stage, bob, tablet)
    await stage.pass(20_000)
    await link(stage, alice, phone)
    await stage.pass(MINUTE_MS)
    const all = [alice, phone, bob, tablet]
    for (const person of all) await say(stage, person, id, `from ${person.name}`)
    await stage.pass(MINUTE_MS)
    await expectAlike(stage, all, id, ['welcome', 'hello', ...all.map(({ name }) => `from ${name}`)])
  })

  test('hear each other in what was begun afterwards, on whichever device', async () => {
    const stage = createStage(how)
    const { alice, bob } = await meet(stage)
    const [tablet, phone] = [await stage.enter('tablet'), await stage.enter('phone')]
    await link(stage, bob, tablet)
    await link(stage, alice, phone)
    await stage.pass(MINUTE_MS)
    const all = [alice, phone, bob, tablet]
    const next = await invite(stage, tablet, 'a second chat')
    await open(stage, phone, next.link)
    await say(stage, phone, next.id, 'which began on the phone')
    await stage.pass(2 * MINUTE_MS)
    for (const person of all) await say(stage, person, next.id, `${person.name} here`)
    await stage.pass(MINUTE_MS)
    await expectAlike(stage, all, next.id, ['a second chat', 'which began on the phone', ...all.map(({ name }) => `${name} here`)])
  })
})

test('a contact who was away meets the new device when it comes back, and misses nothing', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  const tablet = await stage.enter('tablet')
  await link(stage, bob, tablet)
  await stage.pass(20_000)
  await say(stage, bob, id, 'while you were away')
  await say(stage, tablet, id, 'from the tablet')
  await stage.pass(20_000)
  await revive(stage, alice)
  await stage.pass(2 * MINUTE_MS)
  await say(stage, alice, id, 'back')
  await stage.pass(MINUTE_MS)
  await expectAlike(stage, [alice, bob, tablet], id, ['while you were away', 'from the tablet', 'back'])
})

test('what was read on one device is not new on the next, and what was not is', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.done(bob.engine().markRead({ conversation: id }))
  for (const text of ['one', 'two']) await say(stage, alice, id, text)
  await stage.pass(10_000)
  const tablet = await stage.enter('tablet')
  await link(stage, bob, tablet)
  await stage.pass(MINUTE_MS)
  const unread = async (person: Person) => (await view(stage, person, id)).summary.unread
  expect([await unread(bob), await unread(tablet)]).toEqual([2, 2])
  await say(stage, alice, id, 'three')
  await stage.pass(10_000)
  expect([await unread(bob), await unread(tablet)]).toEqual([3, 3])
})

test('what was changed, deleted and reacted to before is so on the new device', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const write = async (text: string) => {
    const outcome = await stage.done(bob.engine().send({ conversation: id, text, ref: text }))
    if (outcome.kind !== 'saved') throw new Error(outcome.reason)
    return outcome.message
  }
  const [edited, deleted, liked] = [await write('first words'), await write('not this'), await write('nice')]
  await stage.done(bob.engine().edit({ conversation: id, message: edited, text: 'better words' }))
  await stage.done(bob.engine().deleteMessage({ conversation: id, message: deleted }))
  await stage.pass(10_000)
  await stage.done(alice.engine().react({ conversation: id, message: liked, emoji: '👍', isSet: true }))
  await stage.pass(10_000)
  const tablet = await stage.enter('tablet')
  await link(stage, bob, tablet)
  await stage.pass(MINUTE_MS)
  const shown = await texts(stage, tablet, id)
  expect(shown).toEqual(['welcome', 'hello', 'better words', 'nice'])
  const kinds = async (person: Person): Promise<readonly string[]> =>
    (await view(stage, person, id)).messages.flatMap(({ id: message, kind }) => (message === deleted ? [kind] : []))
  expect([await kinds(tablet), await kinds(bob)]).toEqual([['deleted'], ['deleted']])
  expect(shown).toEqual(await texts(stage, bob, id))
  expect(tablet.lines.filter((line) => line.includes('failed'))).toEqual([])
})

test('a group is there with its members and all that this account could read, and the others take the new device in', async () => {
  const { stage, alice, bob, carol } = await three('mailbox')
  const id = await group(stage, alice, [bob, carol])
  await say(stage, alice, id, 'welcome all')
  await stage.pass(MINUTE_MS)
  await say(stage, carol, id, 'from carol')
  await stage.pass(MINUTE_MS)
  const tablet = await stage.enter('tablet')
  await link(stage, bob, tablet)
  await stage.pass(3 * MINUTE_MS)
  await say(stage, carol, id, 'for all of you')
  await say(stage, tablet, id, 'from the tablet')
  await say(stage, alice, id, 'seen')
  await stage.pass(3 * MINUTE_MS)
  await expectAlike(stage, [alice, bob, carol, tablet], id, ['welcome all', 'from carol', 'for all of you', 'from the tablet', 'seen'])
  expect(nodeOn(tablet.disk()).conversations.get(id)?.group?.membership.members.has(accountOf(alice))).toBe(true)
})

test('a new device that dies over and over while everything comes ends up with all of it', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  for (let at = 0; at < 120; at += 1) bob.say(id, `${at}`)
  await stage.pass(30_000)
  const tablet = await stage.enter('tablet')
  await link(stage, bob, tablet)
  for (let times = 0; times < 12; times += 1) {
    tablet.crashAt(3 + times)
    await stage.pass(1_500)
    if (!tablet.isUp()) await revive(stage, tablet)
  }
  await stage.pass(2 * MINUTE_MS)
  await say(stage, alice, id, 'done')
  await stage.pass(30_000)
  await expectAlike(stage, [alice, bob, tablet], id, ['0', '119', 'done'])
})
