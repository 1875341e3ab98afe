// A link by which people join a group (docs/protocol.md §12.6): while its maker is away, and what somebody may try with it.

import { describe, expect, test } from 'vitest'
import { toHex } from '../../src/bytes/bytes.ts'
import { parseGroupLink } from '../../src/invite/group-link.ts'
import { GROUP_LINK_MS_MAX } from '../../src/limits.ts'
import { nodeOn } from '../simulation/disk.ts'
import { accountOf, group, members, three } from './group-stage.ts'
import { DAY_MS, MINUTE_MS, revive, say, texts, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const WEEK_MS = 7 * DAY_MS

async function linked(how: 'direct' | 'mailbox' = 'mailbox', uses = 50, ms = WEEK_MS) {
  const { stage, alice, bob, carol } = await three(how)
  const id = await group(stage, alice, [bob])
  await stage.pass(MINUTE_MS)
  await say(stage, alice, id, 'before')
  const link = await openLink(stage, alice, id, { uses, ms })
  await stage.pass(30_000)
  return { stage, alice, bob, carol, id, link }
}

async function openLink(stage: Stage, person: Person, conversation: ConversationId, { uses = 50, ms = WEEK_MS } = {}): Promise<string> {
  expect(await stage.done(person.engine().openGroupLink({ conversation, uses, ms }))).toEqual({ kind: 'saved' })
  await stage.pass(5_000)
  return (await view(stage, person, conversation)).groupLink?.text ?? expect.fail('no link')
}

const look = (stage: Stage, person: Person, link: string) => stage.done(person.engine().openInvite({ link }))
const ask = (stage: Stage, person: Person, conversation: ConversationId) => stage.done(person.engine().joinGroup({ conversation }))
const joining = async (stage: Stage, person: Person, id: ConversationId) => (await view(stage, person, id)).joining
const names = async (stage: Stage, person: Person, id: ConversationId) => (await members(stage, person, id)).map(({ account }) => account)

async function join(stage: Stage, person: Person, link: string): Promise<void> {
  const opened = await look(stage, person, link)
  if (opened.kind !== 'opened') throw new Error(opened.reason)
  await ask(stage, person, opened.conversation)
  await stage.pass(MINUTE_MS)
}

test('a link lasts no longer than links may', async () => {
  const { stage, link } = await linked('mailbox', 50, 2 * GROUP_LINK_MS_MAX)
  const left = (parseGroupLink(link)?.expires ?? Infinity) * 1_000 - stage.scheduler.now()
  expect(left).toBeGreaterThan(GROUP_LINK_MS_MAX - 10 * MINUTE_MS)
  expect(left).toBeLessThanOrEqual(GROUP_LINK_MS_MAX)
})

describe.each(['mailbox', 'direct'] as const)('a link of a group (%s)', (how) => {
  test('lets somebody in who knows nobody there, while its maker is away', async () => {
    const { stage, alice, bob, id, link } = await linked(how)
    alice.crash()
    const dave = await stage.enter('dave')
    expect(await look(stage, dave, link)).toMatchObject({ kind: 'opened', conversation: id })
    expect((await view(stage, dave, id)).title).toBe('Club')
    expect(await joining(stage, dave, id)).toEqual({ members: 2, state: 'looked' })
    await stage.pass(MINUTE_MS)
    expect(await names(stage, bob, id)).toHaveLength(2)
    await ask(stage, dave, id)
    await stage.pass(MINUTE_MS)
    expect(await joining(stage, dave, id)).toBeUndefined()
    expect((await view(stage, dave, id)).summary.role).toBe('member')
    for (const person of [bob, dave]) expect(person.lines.filter((line) => line.includes('failed'))).toEqual([])
    await say(stage, dave, id, 'from dave')
    await say(stage, bob, id, 'from bob')
    await stage.pass(MINUTE_MS)
    // Nothing of before: nobody has allowed that.
    expect(await texts(stage, dave, id)).toEqual(['from dave', 'from bob'])
    expect(await texts(stage, bob, id)).toEqual(['before', 'from dave', 'from bob'])
    await revive(stage, alice)
    await stage.pass(2 * MINUTE_MS)
    expect(await texts(stage, alice, id)).toEqual(['before', 'from dave', 'from bob'])
    expect((await view(stage, alice, id)).groupLink).toMatchObject({ used: 1, uses: 50, isOver: false })
    const lines = (await view(stage, alice, id)).messages.filter(({ kind }) => kind === 'members')
    expect(lines.at(-1)).toMatchObject({ event: 'let-in', about: [{ account: accountOf(dave) }] })
  })
})

test('a request waits while nobody of the group is there, across restarts of whoever asks', async () => {
  const { stage, alice, bob, id, link } = await linked()
  for (const person of [alice, bob]) person.crash()
  const dave = await stage.enter('dave')
  await join(stage, dave, link)
  expect(await joining(stage, dave, id)).toEqual({ members: 2, state: 'sent' })
  dave.crash()
  await revive(stage, dave)
  expect(await joining(stage, dave, id)).toEqual({ members: 2, state: 'sent' })
  await revive(stage, bob)
  await stage.pass(2 * MINUTE_MS)
  expect((await view(stage, dave, id)).summary.role).toBe('member')
})

test('several come by it, one after the other, and each lets the next one in', async () => {
  const { stage, alice, bob, id, link } = await linked()
  const dave = await stage.enter('dave')
  await join(stage, dave, link)
  for (const person of [alice, bob]) person.crash()
  const erin = await stage.enter('erin')
  await join(stage, erin, link)
  expect((await view(stage, erin, id)).summary.role).toBe('member')
  await say(stage, erin, id, 'hello dave')
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, dave, id)).toEqual(['hello dave'])
})

test('a link that was taken back lets nobody in, whoever hears of it, and says so', async () => {
  const { stage, alice, bob, id, link } = await linked()
  const { link: entry } = (await view(stage, alice, id)).groupLink ?? expect.fail('no link')
  const [dave, erin] = [await stage.enter('dave'), await stage.enter('erin')]
  await join(stage, dave, link)
  await look(stage, erin, link)
  expect(await stage.done(alice.engine().closeGroupLink({ conversation: id, link: entry }))).toEqual({ kind: 'saved' })
  await stage.pass(MINUTE_MS)
  await ask(stage, erin, id)
  await stage.pass(5 * MINUTE_MS)
  expect(await joining(stage, erin, id)).toMatchObject({ state: 'gone' })
  expect(await names(stage, bob, id)).toHaveLength(3)
  // Who is no admin takes nothing back, and opens nothing.
  const again = await openLink(stage, alice, id)
  expect(again).not.toBe(link)
  await stage.pass(30_000)
  const open = (await view(stage, bob, id)).groupLink ?? expect.fail('a member does not see it')
  expect(await stage.done(bob.engine().closeGroupLink({ conversation: id, link: open.link }))).toMatchObject({ reason: 'not-allowed' })
  expect(await stage.done(bob.engine().openGroupLink({ conversation: id, uses: 1, ms: 1 }))).toMatchObject({ reason: 'not-allowed' })
})

test('a link whose time is over is refused when it is opened, and by members', async () => {
  const { stage, bob, id, link } = await linked('mailbox', 50, 3 * 60 * MINUTE_MS)
  const [dave, erin] = [await stage.enter('dave'), await stage.enter('erin')]
  await look(stage, dave, link)
  await stage.pass(3 * 60 * MINUTE_MS)
  expect(await look(stage, erin, link)).toEqual({ kind: 'refused', reason: 'expired' })
  await ask(stage, dave, id)
  await stage.pass(2 * MINUTE_MS)
  expect(await joining(stage, dave, id)).toMatchObject({ state: 'over' })
  expect(await names(stage, bob, id)).toHaveLength(2)
})

test('whoever was removed does not come back by it, though all members hear the request', async () => {
  const { stage, alice, bob, id, link } = await linked()
  const dave = await stage.enter('dave')
  await join(stage, dave, link)
  expect(await names(stage, bob, id)).toHaveLength(3)
  await stage.done(alice.engine().removeMember({ conversation: id, account: accountOf(dave) }))
  await stage.pass(MINUTE_MS)
  await join(stage, dave, link)
  expect(await joining(stage, dave, id)).toMatchObject({ state: 'removed' })
  for (const person of [alice, bob]) expect(await names(stage, person, id)).toHaveLength(2)
})

test('what somebody asked before they left does not bring them back: only asking anew does', async () => {
  const { stage, alice, bob, id, link } = await linked()
  const dave = await stage.enter('dave')
  const asked: { mailboxes: readonly string[]; blob: Uint8Array }[] = []
  stage.network.relay.forge = (request, answer) => {
    if (request.kind === 'deposit') asked.push(...request.deposits)
    return answer
  }
  await look(stage, dave, link)
  await ask(stage, dave, id)
  await stage.pass(MINUTE_MS)
  const [desk] = nodeOn(bob.disk()).conversations.get(id)?.group?.desks ?? []
  const replayed = asked.find(({ mailboxes }) => desk !== undefined && mailboxes.includes(desk.keys.mailbox)) ?? expect.fail('not asked')
  await stage.done(dave.engine().leaveGroup({ conversation: id }))
  await stage.pass(MINUTE_MS)
  expect(await names(stage, bob, id)).toHaveLength(2)
  for (const person of [alice, bob]) {
    const [to] = nodeOn(person.disk()).conversations.get(id)?.group?.desks ?? []
    if (to !== undefined)
      stage.network.inject(person.ownDevice(), {
        kind: 'blobs',
        relay: toHex(to.keys.relay.key),
        blobs: [{ mailbox: to.keys.mailbox, blob: replayed.blob }],
      })
  }
  await stage.pass(MINUTE_MS)
  expect(await names(stage, bob, id)).toHaveLength(2)
  await join(stage, dave, link)
  expect(await names(stage, bob, id)).toHaveLength(3)
})

test('a link for one lets in one', async () => {
  const { stage, bob, id, link } = await linked('mailbox', 1)
  const [dave, erin] = [await stage.enter('dave'), await stage.enter('erin')]
  await join(stage, dave, link)
  expect((await view(stage, dave, id)).summary.role).toBe('member')
  await join(stage, erin, link)
  expect(await joining(stage, erin, id)).toMatchObject({ state: 'sent' })
  expect(await names(stage, bob, id)).toHaveLength(3)
  expect((await view(stage, bob, id)).groupLink).toMatchObject({ used: 1, isOver: true })
})

test('a link of somebody who is no admin any more is closed for everybody', async () => {
  const { stage, alice, bob, id } = await linked()
  await stage.done(alice.engine().setRole({ conversation: id, account: accountOf(bob), role: 'admin' }))
  const { link: first } = (await view(stage, alice, id)).groupLink ?? expect.fail('no link')
  await stage.done(alice.engine().closeGroupLink({ conversation: id, link: first }))
  await stage.pass(MINUTE_MS)
  const bobs = await openLink(stage, bob, id)
  await stage.pass(30_000)
  const dave = await stage.enter('dave')
  await look(stage, dave, bobs)
  await stage.done(alice.engine().setRole({ conversation: id, account: accountOf(bob), role: 'member' }))
  await stage.pass(MINUTE_MS)
  await ask(stage, dave, id)
  await stage.pass(3 * MINUTE_MS)
  for (const person of [alice, bob]) {
    expect((await view(stage, person, id)).groupLink).toBeUndefined()
    expect(await names(stage, person, id)).toHaveLength(2)
  }
})
