// One person with two devices: what one of them says ends nothing for the other, and what a relay shows to one only comes to the other another way.

import { expect, test } from 'vitest'
import { linkDevice } from '../simulation/devices.ts'
import { conversationOn } from '../simulation/disk.ts'
import { createPerson } from '../simulation/person.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { createStage, meet, MINUTE_MS, revive, say, texts, ticks } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

type Three = { readonly stage: Stage; readonly alice: Person; readonly bob: Person; readonly tablet: Person; readonly id: ConversationId }

/** Alice, and Bob with his first device and a tablet. */
async function three(how: 'direct' | 'mailbox'): Promise<Three> {
  const stage = createStage(how)
  const { alice, bob, id } = await meet(stage)
  await stage.pass(30_000)
  for (const person of [alice, bob]) person.crash()
  const luck = createSeeded(7)
  const linking = { conversation: id, relay: stage.network.address, now: stage.scheduler.now(), random: luck.bytes }
  const [first, other, last] = await linkDevice(bob.disk(), [alice.disk()], linking)
  if (first === undefined || other === undefined || last === undefined) throw new Error('nothing was linked')
  bob.put(first)
  alice.put(other)
  const tablet = createPerson({ name: 'tablet', scheduler: stage.scheduler, network: stage.network, luck, image: last })
  tablet.putDocuments(bob.documents())
  for (const person of [alice, bob, tablet]) await revive(stage, person)
  await stage.pass(10_000)
  return { stage, alice, bob, tablet, id }
}

const ALL = ['welcome', 'hello']

test.each(['direct', 'mailbox'] as const)(
  'what one device has confirmed is still delivered to the other, and from it (%s)',
  async (how) => {
    const { stage, alice, bob, tablet, id } = await three(how)
    tablet.crash()
    await say(stage, alice, id, 'for both')
    await stage.pass(30_000)
    expect(await texts(stage, bob, id)).toEqual([...ALL, 'for both'])
    expect(await ticks(stage, alice, id)).toMatchObject({ 'for both': 'delivered' })
    const confirmed = () => conversationOn(alice, id)?.delivery.get(tablet.ownDevice())?.claim.delivered
    const before = confirmed()
    bob.crash()
    await revive(stage, tablet)
    await stage.pass(30_000)
    expect(await texts(stage, tablet, id)).toEqual([...ALL, 'for both'])
    expect(confirmed()).toBeGreaterThan(before ?? 0)
    await say(stage, tablet, id, 'from the tablet')
    await stage.pass(30_000)
    expect(await texts(stage, alice, id)).toEqual([...ALL, 'for both', 'from the tablet'])
    await revive(stage, bob)
    await stage.pass(MINUTE_MS)
    expect(await texts(stage, bob, id)).toEqual([...ALL, 'for both', 'from the tablet'])
  },
)

test('a relay that splits views, and shows a message to one device only, is found out by a direct link between the two', async () => {
  const { stage, alice, bob, tablet, id } = await three('mailbox')
  // Nobody is met directly whose key has signed nothing yet.
  await say(stage, tablet, id, 'here too')
  await stage.pass(10_000)
  stage.network.relay.tamper = (push) => (push.device === tablet.device() ? [] : [push])
  for (const text of ['one', 'two']) await say(stage, alice, id, text)
  await stage.pass(MINUTE_MS)
  expect([await texts(stage, bob, id), await texts(stage, tablet, id)]).toEqual([
    [...ALL, 'here too', 'one', 'two'],
    [...ALL, 'here too'],
  ])
  alice.crash()
  stage.network.direct.faults = { dials: 1, linkBreaks: 0 }
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, tablet, id)).toEqual([...ALL, 'here too', 'one', 'two'])
})

test('a device that is read on tells the author so, whichever of two it is', async () => {
  const { stage, alice, tablet, id } = await three('mailbox')
  await say(stage, alice, id, 'seen on the tablet')
  await stage.pass(10_000)
  await stage.done(tablet.engine().markRead({ conversation: id }))
  await stage.pass(10_000)
  expect(await ticks(stage, alice, id)).toMatchObject({ 'seen on the tablet': 'read' })
})
