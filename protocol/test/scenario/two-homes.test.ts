// A conversation at two relays: one of them and its disk may go at any moment, and nothing that it had acknowledged is lost. Nobody needs a new
// invite for it, and what is left for one who strips the second relay is what there was before.

import { describe, expect, test } from 'vitest'
import { toHex } from '../../src/bytes/bytes.ts'
import { parseGroupLink } from '../../src/invite/group-link.ts'
import { ONE_BY_ONE_MAILBOXES_MAX } from '../../src/limits.ts'
import { nodeOn } from '../simulation/disk.ts'
import { accountOf, group, members, three } from './group-stage.ts'
import { link } from './linking-stage.ts'
import { createStage, invite, meet, MINUTE_MS, open, revive, say, texts, ticks, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Peer } from '../../src/node/state.ts'
import type { Person } from '../simulation/person.ts'
import type { RelayPath } from '../simulation/relay-path.ts'
import type { Stage } from './stage.ts'

const SECOND = 'ws://127.0.0.1:2'
const THIRD = 'ws://127.0.0.1:3'
/** So many that what one writes goes to the others' mailboxes in one deposit. */
const MANY = ONE_BY_ONE_MAILBOXES_MAX + 1

type Met = { readonly stage: Stage; readonly alice: Person; readonly bob: Person; readonly id: ConversationId }

async function meetAtTwo(also: readonly string[] = [SECOND], how: 'mailbox' | 'direct' = 'mailbox'): Promise<Met> {
  const stage = createStage(how, 1, also)
  const met = await meet(stage)
  await say(stage, met.alice, met.id, 'hello Bob')
  await stage.pass(MINUTE_MS)
  return { stage, ...met }
}

const peerOn = (person: Person): Peer => {
  const [peer] = [...nodeOn(person.disk()).peers.values()]
  if (peer === undefined) throw new Error(`${person.name} knows nobody`)
  return peer
}

/** Where this person is written to now. */
const usedBy = ({ stage }: Met, writer: Person): RelayPath => {
  const key = toHex(peerOn(writer).outbox?.relay.key ?? new Uint8Array())
  const path = stage.network.relays.find((relay) => toHex(relay.address().key) === key)
  if (path === undefined) throw new Error('at no relay')
  return path
}

describe('a conversation at two relays', () => {
  test('each names two, and one mailbox lies at both under names that nobody else can relate', async () => {
    const met = await meetAtTwo()
    for (const person of [met.alice, met.bob]) {
      const { inbox, outbox, spare } = peerOn(person)
      expect(inbox).toMatchObject({ registered: true, second: { registered: true } })
      expect(spare).toMatchObject({ isFirst: false })
      expect(spare?.grant.mailbox).not.toBe(outbox?.mailbox)
      expect(toHex(spare?.grant.relay.key ?? new Uint8Array())).not.toBe(toHex(outbox?.relay.key ?? new Uint8Array()))
    }
  })

  test('what one relay had acknowledged is not lost with its disk, whoever is away', async () => {
    const met = await meetAtTwo()
    const { stage, alice, bob, id } = met
    bob.crash()
    for (const text of ['one', 'two', 'three']) await say(stage, alice, id, text)
    await stage.pass(3_000)
    expect(await ticks(stage, alice, id)).toMatchObject({ one: 'relay', two: 'relay', three: 'relay' })
    usedBy(met, alice).perish()
    await stage.pass(15_000)
    await revive(stage, bob)
    await stage.pass(3_000)
    expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'hello Bob', 'one', 'two', 'three'])
  })

  test('of two who write to each other each is heard again within 5 s', async () => {
    const met = await meetAtTwo()
    const { stage, alice, bob, id } = met
    usedBy(met, alice).perish()
    await say(stage, alice, id, 'are you there?')
    await say(stage, bob, id, 'I am')
    await stage.pass(5_000)
    expect(await texts(stage, bob, id)).toContain('are you there?')
    expect(await texts(stage, alice, id)).toContain('I am')
  })

  test('a writer who was away finds out when they are back', async () => {
    const met = await meetAtTwo()
    const { stage, alice, bob, id } = met
    bob.crash()
    await say(stage, alice, id, 'while you are away')
    await stage.pass(3_000)
    const used = usedBy(met, alice)
    alice.crash()
    used.perish()
    await stage.pass(MINUTE_MS)
    await revive(stage, alice)
    await stage.pass(10_000)
    alice.crash()
    await revive(stage, bob)
    await stage.pass(5_000)
    expect(await texts(stage, bob, id)).toContain('while you are away')
  })

  test('a relay that was away for a moment is gone back to after a while, and nothing is there twice', async () => {
    const met = await meetAtTwo()
    const { stage, alice, bob, id } = met
    const first = usedBy(met, alice)
    first.restart(20_000, 'kept')
    await say(stage, alice, id, 'during')
    await stage.pass(10_000)
    expect(usedBy(met, alice)).not.toBe(first)
    expect(await texts(stage, bob, id)).toContain('during')
    await say(stage, alice, id, 'after')
    await stage.pass(12 * MINUTE_MS)
    // Whoever rests is owed nothing, and is looked at again with the next word.
    await say(stage, alice, id, 'later')
    await stage.pass(5_000)
    expect(usedBy(met, alice)).toBe(first)
    expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'hello Bob', 'during', 'after', 'later'])
  })

  test('where this device has no network nobody is left for another relay', async () => {
    const met = await meetAtTwo()
    const { stage, alice, id } = met
    const first = usedBy(met, alice)
    stage.network.setOnline(alice.device(), 'offline')
    await say(stage, alice, id, 'from the tunnel')
    await stage.pass(10 * MINUTE_MS)
    stage.network.setOnline(alice.device(), 'online')
    await stage.pass(MINUTE_MS)
    expect(usedBy(met, alice)).toBe(first)
    expect(await ticks(stage, alice, id)).toMatchObject({ 'from the tunnel': 'delivered' })
  })

  test('a relay that is silent for long is left for a third without a new invite, and then the second may go too', async () => {
    const met = await meetAtTwo([SECOND, THIRD])
    const { stage, alice, bob, id } = met
    const [first, other] = [usedBy(met, alice), toHex(peerOn(alice).spare?.grant.relay.key ?? new Uint8Array())]
    first.perish()
    await say(stage, alice, id, 'a while')
    await stage.pass(45 * MINUTE_MS)
    const second = stage.network.relays.find((relay) => toHex(relay.address().key) === other)
    second?.perish()
    await say(stage, alice, id, 'still here')
    await say(stage, bob, id, 'me too')
    await stage.pass(20_000)
    expect(await texts(stage, bob, id)).toContain('still here')
    expect(await texts(stage, alice, id)).toContain('me too')
  })

  test('a list that names other relays moves no mailbox away from one that answers', async () => {
    const met = await meetAtTwo()
    const { stage, alice, bob, id } = met
    const [before, first] = [peerOn(bob).inbox?.keys.mailbox, usedBy(met, alice)]
    const other = createStage('mailbox', 9, [SECOND]).network
    // What a hostile page would say: the relays that there are, and two of the attacker's own in front of them.
    stage.network.listed = () => other.addresses.map((address, at) => ({ ...address, url: `ws://127.0.0.1:${7 + at}` }))
    for (const person of [alice, bob]) {
      person.crash()
      await revive(stage, person)
    }
    await stage.pass(45 * MINUTE_MS)
    expect(peerOn(bob).inbox?.keys.mailbox).toBe(before)
    expect(usedBy(met, alice)).toBe(first)
    await say(stage, alice, id, 'as before')
    await stage.pass(5_000)
    expect(await texts(stage, bob, id)).toContain('as before')
  })

  test('with two relays that are well a message costs no more than with one', async () => {
    const costs: number[] = []
    for (const also of [[], [SECOND]]) {
      const { stage, alice, bob, id } = await meetAtTwo(also)
      bob.crash()
      await stage.pass(MINUTE_MS)
      const before = stage.network.traffic()
      for (let at = 0; at < 10; at += 1) {
        await say(stage, alice, id, `message ${at}`)
        await stage.pass(2_000)
      }
      costs.push(stage.network.traffic() - before)
    }
    expect(costs[1]).toBe(costs[0])
  })
})

/** Somebody who has come by a link of Alice's. */
async function befriend(stage: Stage, alice: Person, name: string): Promise<Person> {
  const person = await stage.enter(name)
  const made = await invite(stage, alice, `welcome ${name}`)
  await say(stage, person, await open(stage, person, made.link), 'hi')
  await stage.pass(5_000)
  return person
}

describe('a group at two relays', () => {
  /** Alice, Bob and Carol, who each write to the others at one relay. */
  async function together() {
    const met = await three('mailbox', 1, [SECOND])
    const { stage, alice, bob, carol } = met
    const id = await group(stage, alice, [bob, carol])
    await stage.pass(2 * MINUTE_MS)
    for (const person of [alice, bob, carol]) await say(stage, person, id, `${person.name} is here`)
    await stage.pass(MINUTE_MS)
    return { ...met, id }
  }

  /** Where most of what this person writes goes. */
  function busiest(stage: Stage, writer: Person): RelayPath {
    const keys = [...nodeOn(writer.disk()).peers.values()].flatMap(({ outbox }) => (outbox === undefined ? [] : [toHex(outbox.relay.key)]))
    const [first] = stage.network.relays.toSorted((a, b) => count(keys, b) - count(keys, a))
    if (first === undefined) throw new Error('no relay')
    return first
  }

  const count = (keys: readonly string[], relay: RelayPath): number => keys.filter((key) => key === toHex(relay.address().key)).length

  test('goes on when the relay at which its members have their mailboxes dies while they write', async () => {
    const { stage, alice, bob, carol, id } = await together()
    carol.crash()
    const said = ['one', 'two', 'three', 'four', 'five', 'six']
    for (const [at, text] of said.entries()) {
      await say(stage, at % 2 === 0 ? alice : bob, id, text)
      if (at === 2) busiest(stage, alice).perish()
      await stage.pass(500)
    }
    await stage.pass(15_000)
    await revive(stage, carol)
    await stage.pass(15_000)
    const begun = ['alice', 'bob', 'carol'].map((name) => `${name} is here`)
    for (const person of [alice, bob, carol]) expect((await texts(stage, person, id)).toSorted()).toEqual([...begun, ...said].toSorted())
  })

  test('goes on when the relay dies at which what is written goes to many at once', async () => {
    const stage = createStage('mailbox', 1, [SECOND])
    // All of them are from before there were two, so each is written to at the first.
    const [only] = stage.network.addresses
    if (only === undefined) throw new Error('no relay')
    stage.network.listed = () => [only]
    const alice = await stage.enter('alice')
    const others: Person[] = []
    for (let at = 0; at < MANY; at += 1) others.push(await befriend(stage, alice, `guest ${at}`))
    const id = await group(stage, alice, others)
    await stage.pass(2 * MINUTE_MS)
    stage.network.listed = () => stage.network.addresses
    for (const person of [alice, ...others]) {
      person.crash()
      await revive(stage, person)
    }
    await stage.pass(5 * MINUTE_MS)
    const [first] = stage.network.relays
    const deposits: number[] = []
    if (first === undefined) throw new Error('no relay')
    first.refuse = (request) => {
      if (request.kind === 'deposit') deposits.push(...request.deposits.map(({ mailboxes }) => mailboxes.length))
      return undefined
    }
    const said = ['one', 'two', 'three', 'four', 'five']
    for (const [at, text] of said.entries()) {
      await say(stage, at % 2 === 0 ? alice : (others[0] as Person), id, text)
      if (at === 2) first.perish()
      await stage.pass(1_000)
    }
    expect(Math.max(...deposits)).toBeGreaterThan(ONE_BY_ONE_MAILBOXES_MAX)
    await stage.pass(30_000)
    for (const person of others) expect((await texts(stage, person, id)).toSorted()).toEqual(said.toSorted())
    expect(await ticks(stage, alice, id)).toMatchObject({ one: 'delivered', three: 'delivered', five: 'delivered' })
  }, 90_000)

  test.each(['is gone', 'goes once it was asked'])('lets somebody in by a link whose relay %s', async (how) => {
    const { stage, alice, bob, id } = await together()
    expect(await stage.done(alice.engine().openGroupLink({ conversation: id, uses: 1, ms: 7 * 86_400_000 }))).toEqual({ kind: 'saved' })
    await stage.pass(30_000)
    const text = (await view(stage, alice, id)).groupLink?.text ?? expect.fail('no link')
    const named = toHex(parseGroupLink(text)?.relay.key ?? new Uint8Array())
    const first = stage.network.relays.find((relay) => toHex(relay.address().key) === named)
    const dave = await stage.enter('dave')
    alice.crash()
    if (how === 'is gone') first?.perish()
    await stage.done(dave.engine().openInvite({ link: text }))
    if (how !== 'is gone') bob.crash()
    await stage.done(dave.engine().joinGroup({ conversation: id }))
    await stage.pass(10_000)
    if (how !== 'is gone') first?.perish()
    if (how !== 'is gone') await revive(stage, bob)
    await revive(stage, alice)
    await stage.pass(3 * MINUTE_MS)
    for (const person of [alice, bob, dave])
      expect((await members(stage, person, id)).map(({ account }) => account)).toContain(accountOf(dave))
    await say(stage, bob, id, 'hello Dave')
    await say(stage, dave, id, 'hello all')
    await stage.pass(15_000)
    expect(await texts(stage, dave, id)).toContain('hello Dave')
    expect(await texts(stage, alice, id)).toContain('hello all')
    // It was for one, whichever of its mailboxes somebody asks in.
    const erin = await stage.enter('erin')
    await stage.done(erin.engine().openInvite({ link: text }))
    await stage.done(erin.engine().joinGroup({ conversation: id }))
    await stage.pass(3 * MINUTE_MS)
    expect(await members(stage, bob, id)).toHaveLength(4)
  })

  test('by a link that was taken back nobody comes at the second relay either', async () => {
    const { stage, alice, bob, id } = await together()
    await stage.done(alice.engine().openGroupLink({ conversation: id, uses: 5, ms: 7 * 86_400_000 }))
    await stage.pass(30_000)
    const shown = (await view(stage, alice, id)).groupLink ?? expect.fail('no link')
    await stage.done(alice.engine().closeGroupLink({ conversation: id, link: shown.link }))
    await stage.pass(30_000)
    const named = toHex(parseGroupLink(shown.text)?.relay.key ?? new Uint8Array())
    stage.network.relays.find((relay) => toHex(relay.address().key) === named)?.perish()
    const dave = await stage.enter('dave')
    await stage.done(dave.engine().openInvite({ link: shown.text }))
    await stage.done(dave.engine().joinGroup({ conversation: id }))
    await stage.pass(5 * MINUTE_MS)
    expect(await members(stage, bob, id)).toHaveLength(3)
  })
})

test('a device is linked though the home relay is gone', async () => {
  const met = await meetAtTwo()
  const { stage, alice, bob, id } = met
  const home = toHex(nodeOn(alice.disk()).home?.key ?? new Uint8Array())
  stage.network.relays.find((relay) => toHex(relay.address().key) === home)?.perish()
  await stage.pass(10_000)
  const tablet = await stage.enter('tablet')
  await link(stage, alice, tablet)
  await stage.pass(2 * MINUTE_MS)
  expect(await texts(stage, tablet, id)).toContain('hello Bob')
  await say(stage, tablet, id, 'from the tablet')
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, bob, id)).toContain('from the tablet')
  await say(stage, bob, id, 'to both')
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, tablet, id)).toContain('to both')
  expect(await texts(stage, alice, id)).toContain('to both')
})
