// Groups made by commands: contacts are added, meet each other without the one who added them, and go.

import { describe, expect, test } from 'vitest'
import { reachOf } from '../../src/host/network/reachability.ts'
import { nodeOn } from '../simulation/disk.ts'
import { accountOf, group, members, three } from './group-stage.ts'
import { revive, say, texts, view } from './stage.ts'
import type { Person } from '../simulation/person.ts'

test.each([1, 2, 3, 4])('two members meet, whoever of the three hears first of the others (seed %i)', async (seed) => {
  const { stage, alice, bob, carol } = await three('direct', seed)
  await group(stage, alice, [bob, carol])
  await stage.pass(60_000)
  for (const [one, other] of [
    [bob, carol],
    [carol, bob],
  ] as const)
    expect(nodeOn(one.disk()).peers.has(other.ownDevice())).toBe(true)
})

describe.each(['mailbox', 'direct'] as const)('a group (%s)', (how) => {
  test('members who are not each other’s contacts write to each other', async () => {
    const { stage, alice, bob, carol } = await three(how)
    const id = await group(stage, alice, [bob, carol])
    await say(stage, alice, id, 'welcome all')
    await stage.pass(60_000)
    for (const person of [alice, bob, carol]) {
      expect(person.lines.filter((line) => line.includes('failed'))).toEqual([])
      expect(await texts(stage, person, id)).toEqual(['welcome all'])
      expect((await members(stage, person, id)).map(({ role }) => role)).toEqual(['owner', 'member', 'member'])
      expect((await view(stage, person, id)).title).toBe('Club')
    }
    const { peers } = nodeOn(bob.disk())
    expect([peers.has(carol.ownDevice()), peers.has(alice.ownDevice())]).toEqual([true, true])
    // Only contacts are dialled, and learn an address.
    expect([...reachOf(nodeOn(bob.disk())).byDevice.keys()]).toEqual([alice.ownDevice()])
    alice.crash()
    await say(stage, bob, id, 'from bob')
    await stage.pass(60_000)
    await say(stage, carol, id, 'from carol')
    await stage.pass(60_000)
    expect(await texts(stage, carol, id)).toEqual(['welcome all', 'from bob', 'from carol'])
    expect(await texts(stage, bob, id)).toEqual(['welcome all', 'from bob', 'from carol'])
    await revive(stage, alice)
    await stage.pass(60_000)
    expect(await texts(stage, alice, id)).toEqual(['welcome all', 'from bob', 'from carol'])
  })
  test('whoever is removed reads nothing that was written after its removal was seen, and is told so', async () => {
    const { stage, alice, bob, carol } = await three(how)
    const id = await group(stage, alice, [bob, carol])
    await stage.pass(60_000)
    await say(stage, bob, id, 'before')
    await stage.pass(30_000)
    expect(await stage.done(alice.engine().removeMember({ conversation: id, account: accountOf(bob) }))).toEqual({ kind: 'saved' })
    await stage.pass(60_000)
    for (const person of [alice, carol]) await say(stage, person, id, `after, ${person.name}`)
    await stage.pass(60_000)
    const chainOf = (person: Person) => nodeOn(person.disk()).conversations.get(id)?.chain.chain
    const held = [...(nodeOn(bob.disk()).conversations.get(id)?.chains.values() ?? [])].flat().map(({ chain }) => chain)
    for (const person of [alice, carol]) expect(held).not.toContain(chainOf(person))
    const after = ['before', 'after, alice', 'after, carol']
    expect([await texts(stage, alice, id), await texts(stage, carol, id)]).toEqual([after, after])
    expect(await texts(stage, bob, id)).toEqual(['before'])
    expect((await view(stage, bob, id)).summary.role).toBeUndefined()
    expect(await stage.done(bob.engine().send({ conversation: id, text: 'still here', ref: 'x' }))).toMatchObject({ kind: 'refused' })
    expect((await members(stage, carol, id)).map(({ account }) => account)).toEqual([accountOf(alice), accountOf(carol)])
    expect(nodeOn(bob.disk()).conversations.get(id)?.log.feeds.get(carol.ownDevice())?.tips.at(-1)?.seq).toBeLessThan(
      nodeOn(alice.disk()).conversations.get(id)?.log.feeds.get(carol.ownDevice())?.tips.at(-1)?.seq ?? 0,
    )
  })

  test('whoever is added later sees the title and what comes, and nothing of before', async () => {
    const { stage, alice, bob, carol } = await three(how)
    const id = await group(stage, alice, [bob])
    await stage.pass(60_000)
    for (const text of ['one', 'two']) await say(stage, bob, id, text)
    await stage.pass(30_000)
    expect(await stage.done(alice.engine().addMembers({ conversation: id, members: [accountOf(carol)] }))).toEqual({ kind: 'saved' })
    await stage.pass(60_000)
    expect(await texts(stage, carol, id)).toEqual([])
    expect((await view(stage, carol, id)).title).toBe('Club')
    for (const person of [alice, bob, carol]) await say(stage, person, id, `hello, ${person.name}`)
    await stage.pass(60_000)
    const all = ['hello, alice', 'hello, bob', 'hello, carol']
    expect(await texts(stage, carol, id)).toEqual(all)
    expect(await texts(stage, bob, id)).toEqual(['one', 'two', ...all])
    expect(await texts(stage, alice, id)).toEqual(['one', 'two', ...all])
  })

  test('whoever is added later sees the title also where its author has written much around it', async () => {
    const { stage, alice, bob, carol } = await three(how)
    const id = await group(stage, alice, [bob])
    await stage.pass(60_000)
    for (let at = 0; at < 25; at++) await say(stage, alice, id, `${at} ${'a'.repeat(600)}`)
    await stage.done(alice.engine().setTitle({ conversation: id, title: 'Society' }))
    for (let at = 25; at < 50; at++) await say(stage, alice, id, `${at} ${'a'.repeat(600)}`)
    await stage.pass(60_000)
    await stage.done(alice.engine().addMembers({ conversation: id, members: [accountOf(carol)] }))
    await stage.pass(120_000)
    expect((await view(stage, bob, id)).title).toBe('Society')
    expect((await view(stage, carol, id)).title).toBe('Society')
    expect(await texts(stage, carol, id)).toEqual([])
  })

  test('whoever is added later knows the names of those who were there, contacts or not', async () => {
    const { stage, alice, bob, carol } = await three(how)
    await stage.done(alice.engine().setName({ name: 'Alice' }))
    await stage.done(bob.engine().setName({ name: 'Bob' }))
    const id = await group(stage, alice, [bob])
    await stage.pass(60_000)
    await say(stage, bob, id, 'before carol')
    await stage.done(alice.engine().addMembers({ conversation: id, members: [accountOf(carol)] }))
    await stage.pass(120_000)
    const names = new Map((await members(stage, carol, id)).map(({ account, name }) => [account, name]))
    expect([names.get(accountOf(alice)), names.get(accountOf(bob))]).toEqual(['Alice', 'Bob'])
    expect(await texts(stage, carol, id)).toEqual([])
  })

  test('whoever leaves is gone for all, and an admin who was raised goes on without the owner', async () => {
    const { stage, alice, bob, carol } = await three(how)
    const id = await group(stage, alice, [bob, carol])
    await stage.pass(60_000)
    const raised = await stage.done(alice.engine().setRole({ conversation: id, account: accountOf(bob), role: 'owner' }))
    expect(raised).toEqual({ kind: 'saved' })
    await stage.pass(30_000)
    expect(await stage.done(alice.engine().leaveGroup({ conversation: id }))).toEqual({ kind: 'saved' })
    await stage.pass(60_000)
    for (const person of [bob, carol])
      expect((await members(stage, person, id)).map(({ account, role }) => [account, role])).toEqual([
        [accountOf(bob), 'owner'],
        [accountOf(carol), 'member'],
      ])
    await say(stage, carol, id, 'without alice')
    await stage.pass(60_000)
    expect(await texts(stage, bob, id)).toEqual(['without alice'])
    expect(await texts(stage, alice, id)).toEqual([])
    expect(await stage.done(carol.engine().removeMember({ conversation: id, account: accountOf(bob) }))).toMatchObject({
      reason: 'not-allowed',
    })
    expect(await stage.done(bob.engine().removeMember({ conversation: id, account: accountOf(carol) }))).toEqual({ kind: 'saved' })
  })

  test('all of it stays so after everybody has started anew', async () => {
    const { stage, alice, bob, carol } = await three(how)
    const id = await group(stage, alice, [bob, carol])
    await stage.pass(60_000)
    await say(stage, bob, id, 'before')
    await stage.pass(30_000)
    for (const person of [alice, bob, carol]) person.crash()
    for (const person of [alice, bob, carol]) await revive(stage, person)
    await say(stage, carol, id, 'after')
    await stage.pass(60_000)
    for (const person of [alice, bob, carol]) {
      expect(await texts(stage, person, id)).toEqual(['before', 'after'])
      expect(await members(stage, person, id)).toHaveLength(3)
    }
  })
})
