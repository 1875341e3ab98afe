// Two people with a home relay each: what is wrong with the other one's is told apart from what is wrong here, and ends when they come back.

import { expect, test } from 'vitest'
import { createNetwork } from '../simulation/network.ts'
import { createPerson } from '../simulation/person.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { toHex } from '../../src/bytes/bytes.ts'
import { createStage, invite, MINUTE_MS, open, revive, say, texts, ticks, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { NetworkEvent } from '../../src/ports.ts'
import type { Person } from '../simulation/person.ts'
import type { SimulatedNetwork } from '../simulation/network.ts'
import type { Stage } from './stage.ts'

type Two = {
  readonly stage: Stage
  readonly theirs: SimulatedNetwork
  readonly alice: Person
  readonly bob: Person
  readonly id: ConversationId
}

/** Where `home` is one's own relay, and `other` is there as well; devices meet directly through the first of the two alone. */
const joined = (home: SimulatedNetwork, other: SimulatedNetwork, first: SimulatedNetwork): SimulatedNetwork => ({
  ...first,
  relay: home.relay,
  get address() {
    return home.address
  },
  get addresses() {
    return home.addresses
  },
  attach: (device, moment) => {
    const [here, there] = [home.attach(device, moment), other.attach(device, moment)]
    const meeting = first === home ? here : there
    const each = (act: (port: typeof here) => void): void => [here, there].forEach(act)
    return {
      ...meeting,
      setRelays: (relays) => each((port) => port.setRelays(relays)),
      request: (relay, asked) => (relay === toHex(home.address.key) ? here : there).request(relay, asked),
      listen: (listener: (event: NetworkEvent) => void) => each((port) => port.listen(listener)),
      detach: () => each((port) => port.detach()),
    }
  },
})

/** Alice is at the stage's relay, Bob at another one. He has said “hello”. */
async function meetAcross(how: 'direct' | 'mailbox' = 'mailbox'): Promise<Two> {
  const stage = createStage(how)
  const luck = createSeeded(7)
  const theirs = createNetwork(stage.scheduler, luck.fork(), 'ws://127.0.0.1:2')
  const enter = async (name: string, network: SimulatedNetwork): Promise<Person> => {
    const person = createPerson({ name, scheduler: stage.scheduler, network, luck: luck.fork() })
    await revive(stage, person)
    return person
  }
  const alice = await enter('alice', joined(stage.network, theirs, stage.network))
  const bob = await enter('bob', joined(theirs, stage.network, stage.network))
  const { id, link } = await invite(stage, alice, 'welcome')
  await open(stage, bob, link)
  await say(stage, bob, id, 'hello')
  await stage.pass(5_000)
  await say(stage, alice, id, 'hello Bob')
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'hello Bob'])
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'hello Bob'])
  return { stage, theirs, alice, bob, id }
}

const reasonOf = async ({ stage, alice, id }: Two): Promise<string | undefined> => (await view(stage, alice, id)).waiting?.reason

test('a contact’s relay that does not answer is not called one’s own', async () => {
  const two = await meetAcross()
  const { stage, theirs, alice, bob, id } = two
  bob.crash()
  theirs.relay.restart(10 * MINUTE_MS, 'kept')
  await say(stage, alice, id, 'see you at 7')
  await stage.pass(2 * MINUTE_MS)
  expect(await reasonOf(two)).toBe('their-relay-away')
  stage.network.relay.restart(10 * MINUTE_MS, 'kept')
  await stage.pass(1_000)
  expect(await reasonOf(two)).toBe('relay-away')
  await stage.pass(11 * MINUTE_MS)
  expect(await ticks(stage, alice, id)).toMatchObject({ 'see you at 7': 'relay' })
})

test('a contact’s relay that lost its key is said to be gone, and what waited goes to the new one once they are back', async () => {
  const two = await meetAcross()
  const { stage, theirs, alice, bob, id } = two
  bob.crash()
  await say(stage, alice, id, 'at the relay')
  await stage.pass(5_000)
  expect(await ticks(stage, alice, id)).toMatchObject({ 'at the relay': 'relay' })
  theirs.relay.restart(500, 'lost with its key')
  await say(stage, alice, id, 'saved here')
  await stage.pass(2 * MINUTE_MS)
  expect(await ticks(stage, alice, id)).toMatchObject({ 'saved here': 'saved' })
  expect(await reasonOf(two)).toBe('their-relay-gone')
  await revive(stage, bob)
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, bob, id)).toEqual(expect.arrayContaining(['at the relay', 'saved here']))
  expect(await reasonOf(two)).toBeUndefined()
  bob.crash()
  await say(stage, alice, id, 'for later')
  await stage.pass(MINUTE_MS)
  expect(await ticks(stage, alice, id)).toMatchObject({ 'for later': 'relay' })
})

test('people who are connected directly go on while a relay of theirs has lost its key', async () => {
  const two = await meetAcross('direct')
  const { stage, theirs, alice, bob, id } = two
  theirs.relay.restart(500, 'lost with its key')
  await stage.pass(MINUTE_MS)
  await say(stage, alice, id, 'still here')
  await stage.pass(2 * MINUTE_MS)
  expect((await view(stage, alice, id)).route).toBe('direct')
  expect(await texts(stage, bob, id)).toContain('still here')
  expect(await reasonOf(two)).toBeUndefined()
})

test('a relay that is back with its key is not called gone any more', async () => {
  const two = await meetAcross()
  const { stage, theirs, alice, bob, id } = two
  bob.crash()
  const [relay, url] = [toHex(theirs.address.key), theirs.address.url]
  theirs.relay.restart(3 * MINUTE_MS, 'kept')
  await stage.pass(1_000)
  theirs.inject(alice.device(), { kind: 'relay-replaced', relay, url: 'ws://127.0.0.1:3' })
  await say(stage, alice, id, 'see you at 7')
  await stage.pass(2 * MINUTE_MS)
  expect(await reasonOf(two)).toBe('their-relay-away')
  theirs.inject(alice.device(), { kind: 'relay-replaced', relay, url })
  await stage.pass(1_000)
  expect(await reasonOf(two)).toBe('their-relay-gone')
  await stage.pass(2 * MINUTE_MS)
  expect(await reasonOf(two)).toBe('peer-away')
})
