// A person takes one of their devices out: nobody writes to it, nothing that it writes counts, and it is told (docs/protocol.md §13.7).

import { describe, expect, test } from 'vitest'
import { conversationOn, nodeOn } from '../simulation/disk.ts'
import { group, three } from './group-stage.ts'
import { link } from './linking-stage.ts'
import { createStage, meet, MINUTE_MS, revive, say, texts, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { AppView } from '../../src/views.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

type Two = { readonly stage: Stage; readonly alice: Person; readonly bob: Person; readonly tablet: Person; readonly id: ConversationId }

/** Alice, and Bob with his first device and a tablet, on which all three have written. */
async function two(how: 'direct' | 'mailbox' = 'mailbox'): Promise<Two> {
  const stage = createStage(how)
  const { alice, bob, id } = await meet(stage)
  const tablet = await stage.enter('tablet')
  await link(stage, bob, tablet)
  await stage.pass(MINUTE_MS)
  for (const person of [alice, bob, tablet]) await say(stage, person, id, `${person.name}, before`)
  await stage.pass(MINUTE_MS)
  return { stage, alice, bob, tablet, id }
}

const BEFORE = ['welcome', 'hello', 'alice, before', 'bob, before', 'tablet, before']
const revoke = ({ stage, bob, tablet }: Two) => stage.done(bob.engine().revokeDevice({ device: tablet.ownDevice() }))
const appOf = (person: Person): AppView => {
  let shown: AppView | undefined
  person.engine().watchApp((view) => (shown = view))()
  if (shown === undefined) throw new Error('nothing is shown')
  return shown
}
const chainsHeld = (person: Person, id: ConversationId) =>
  [...(conversationOn(person, id)?.chains.values() ?? [])].flat().map(({ chain }) => chain)

describe.each(['mailbox', 'direct'] as const)('a device that was revoked (%s)', (how) => {
  test('is written to by nobody, and reads nothing that is written from then on', async () => {
    const all = await two(how)
    const { stage, alice, bob, tablet, id } = all
    expect(await revoke(all)).toEqual({ kind: 'saved' })
    await stage.pass(MINUTE_MS)
    await say(stage, alice, id, 'alice, after')
    await say(stage, bob, id, 'bob, after')
    await stage.pass(2 * MINUTE_MS)
    for (const person of [alice, bob]) expect(await texts(stage, person, id)).toEqual([...BEFORE, 'alice, after', 'bob, after'])
    expect(await texts(stage, tablet, id)).toEqual(BEFORE)
    // Both sides are told once of each, in the order in which it was said.
    for (const person of [alice, bob]) {
      const said = (await view(stage, person, id)).messages.flatMap((message) => (message.kind === 'system' ? [message] : []))
      expect(said.filter(({ event }) => event.startsWith('device')).map(({ event, mine }) => [event, mine])).toEqual([
        ['device-added', person === bob],
        ['device-removed', person === bob],
      ])
    }
    for (const person of [alice, bob]) expect(chainsHeld(tablet, id)).not.toContain(conversationOn(person, id)?.chain.chain)
    const length = (person: Person, of: Person) => conversationOn(person, id)?.log.feeds.get(of.ownDevice())?.tips.at(-1)?.seq ?? -1
    expect(length(tablet, alice)).toBeLessThan(length(bob, alice))
  })

  test('is told so, and writes nothing more by itself', async () => {
    const all = await two(how)
    const { stage, tablet, id } = all
    expect(appOf(tablet).isRevoked).toBeUndefined()
    await revoke(all)
    await stage.pass(MINUTE_MS)
    expect(appOf(tablet).isRevoked).toBe(true)
    expect(await stage.done(tablet.engine().send({ conversation: id, text: 'still here', ref: 'x' }))).toMatchObject({ kind: 'refused' })
  })

  test('and does not hear of it writes for nobody', async () => {
    const all = await two(how)
    const { stage, alice, bob, tablet, id } = all
    tablet.crash()
    await revoke(all)
    await stage.pass(MINUTE_MS)
    // What tells it never comes.
    stage.network.relay.tamper = (push) => (push.device === tablet.ownDevice() ? [] : [push])
    await revive(stage, tablet)
    await say(stage, tablet, id, 'from a thief')
    await stage.pass(2 * MINUTE_MS)
    expect(await texts(stage, tablet, id)).toContain('from a thief')
    for (const person of [alice, bob]) expect(await texts(stage, person, id)).toEqual(BEFORE)
    expect(conversationOn(alice, id)?.log.feeds.get(tablet.ownDevice())?.tips).toEqual(
      conversationOn(bob, id)?.log.feeds.get(tablet.ownDevice())?.tips,
    )
  })
})

test('what it wrote before, and only the other own device had, counts for the contact too', async () => {
  const all = await two()
  const { stage, alice, bob, tablet, id } = all
  alice.crash()
  await say(stage, tablet, id, 'last words')
  await stage.pass(20_000)
  expect(await texts(stage, bob, id)).toContain('last words')
  await revoke(all)
  await stage.pass(20_000)
  await revive(stage, alice)
  await stage.pass(2 * MINUTE_MS)
  await say(stage, bob, id, 'after')
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual([...BEFORE, 'last words', 'after'])
})

test('in a group the others go on without it', async () => {
  const { stage, alice, bob, carol } = await three('mailbox')
  const id = await group(stage, alice, [bob, carol])
  await stage.pass(MINUTE_MS)
  const tablet = await stage.enter('tablet')
  await link(stage, bob, tablet)
  await stage.pass(3 * MINUTE_MS)
  await say(stage, tablet, id, 'from the tablet')
  await stage.pass(2 * MINUTE_MS)
  expect(await texts(stage, carol, id)).toEqual(['from the tablet'])
  expect(await stage.done(bob.engine().revokeDevice({ device: tablet.ownDevice() }))).toEqual({ kind: 'saved' })
  await stage.pass(2 * MINUTE_MS)
  for (const person of [alice, bob, carol]) await say(stage, person, id, `${person.name}, after`)
  await stage.pass(3 * MINUTE_MS)
  const after = ['from the tablet', 'alice, after', 'bob, after', 'carol, after']
  for (const person of [alice, bob, carol]) expect(await texts(stage, person, id)).toEqual(after)
  expect(await texts(stage, tablet, id)).toEqual(['from the tablet'])
})

test('a device that is none of the own ones, or this one, is not revoked', async () => {
  const { stage, alice, bob } = await two()
  for (const device of [alice.ownDevice(), bob.ownDevice()])
    expect(await stage.done(bob.engine().revokeDevice({ device }))).toEqual({ kind: 'refused', reason: 'unknown-device' })
  expect(nodeOn(bob.disk()).self.list.serial).toBe(1)
})

test('a revoked device revokes nobody, and its place is free for another', async () => {
  const all = await two()
  const { stage, alice, bob, tablet, id } = all
  tablet.crash()
  await revoke(all)
  await stage.pass(MINUTE_MS)
  stage.network.relay.tamper = (push) => (push.device === tablet.ownDevice() ? [] : [push])
  await revive(stage, tablet)
  await stage.done(tablet.engine().revokeDevice({ device: bob.ownDevice() }))
  await stage.pass(2 * MINUTE_MS)
  for (const person of [alice, bob]) await say(stage, person, id, `${person.name}, after`)
  await stage.pass(MINUTE_MS)
  for (const person of [alice, bob]) expect(await texts(stage, person, id)).toEqual([...BEFORE, 'alice, after', 'bob, after'])
  const phone = await stage.enter('phone')
  await link(stage, bob, phone)
  await stage.pass(2 * MINUTE_MS)
  expect(await texts(stage, phone, id)).toEqual([...BEFORE, 'alice, after', 'bob, after'])
})
