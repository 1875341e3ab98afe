// Who is let in by a link, and what the link is worth from then on: what somebody who keeps it can neither read nor say.

import { expect, test } from 'vitest'
import { decode } from '../../src/bytes/codec.ts'
import { toHex } from '../../src/bytes/bytes.ts'
import { INVITE_MS_MAX } from '../../src/limits.ts'
import { sealBlob } from '../../src/mailbox/blob.ts'
import { grantOf } from '../../src/mailbox/keys.ts'
import { storedEntry } from '../../src/node/rows/stored-entry.ts'
import { entryHeader } from '../../src/wire/entry.ts'
import { inviteSecretsOf } from '../../src/invite/secrets.ts'
import { haveOf } from '../fixtures/have.ts'
import { conversationOn, nodeOn } from '../simulation/disk.ts'
import { answerWhileAway, createStage, invite, letBothClaim, meet, MINUTE_MS, open, revive, say, texts, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Conversation, OpenInvite } from '../../src/node/state.ts'
import type { Frame } from '../../src/wire/frame.ts'
import type { Person } from '../simulation/person.ts'

const conversationOf = (person: Person, id: ConversationId): Conversation =>
  conversationOn(person, id) ?? expect.fail('no such conversation')

/** Chains of the entries that somebody wrote, in order. */
const chainsUsed = (person: Person, id: ConversationId): readonly string[] =>
  [...(person.disk().tables.get('entries') ?? [])]
    .filter(([key]) => key.startsWith(`${id}/${person.device()}`))
    .map(([, row]) => decode(entryHeader, decode(storedEntry, row.value).wire.header).chain)

function openInviteOf(person: Person, id: ConversationId): OpenInvite {
  const own = conversationOf(person, id).invite
  return own?.status === 'open' ? own : expect.fail('no open invite')
}

test('what is written after somebody was let in is sealed under a chain that the packet never had', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id, link } = await invite(stage, alice, 'welcome')
  const inPacket = openInviteOf(alice, id).handouts.map(({ handout }) => handout.chain)
  expect(chainsUsed(alice, id).every((chain) => inPacket.some((other) => other === chain))).toBe(true)
  await open(stage, bob, link)
  await say(stage, bob, id, 'hello')
  await stage.pass(5_000)
  const before = chainsUsed(alice, id).length
  await say(stage, alice, id, 'between us')
  await stage.pass(5_000)
  const after = chainsUsed(alice, id).slice(before)
  expect(after.length).toBeGreaterThan(0)
  for (const chain of after) expect(inPacket).not.toContain(chain)
  expect(await texts(stage, bob, id)).toContain('between us')
})

/** What the disk still has of the secrets of an invite: in the rows of its conversation, and of the prekey that was for its guest alone. */
function secretsLeft(person: Person, id: ConversationId, before: OpenInvite): readonly string[] {
  const rows = [...(person.disk().tables.get('conversations') ?? [])].flatMap(([key, { value }]) =>
    key.startsWith(id) ? [toHex(value)] : [],
  )
  const { oneTime } = nodeOn(person.disk()).prekeys
  const { secret, bundle, handouts } = before
  const parts = { secret, ...inviteSecretsOf(secret), handout: handouts[0]?.handout.key ?? secret }
  const inRows = Object.entries(parts).flatMap(([name, bytes]) => (rows.some((row) => row.includes(toHex(bytes))) ? [name] : []))
  return oneTime.some((held) => held.id === bundle.oneTime?.id) ? [...inRows, 'prekey'] : inRows
}

test('the secrets of an invite are kept while somebody may come by it, and no longer', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const [used, again, revoked, expired] = [
    await invite(stage, alice, 'one'),
    await invite(stage, alice, 'two'),
    await invite(stage, alice, 'three'),
    await invite(stage, alice, 'four'),
  ]
  const before = new Map([used, again, revoked, expired].map(({ id }) => [id, openInviteOf(alice, id)]))
  const left = ({ id }: typeof used) => secretsLeft(alice, id, before.get(id) ?? expect.fail('no invite'))
  for (const each of [used, again, revoked, expired]) expect(left(each)).toEqual(['secret', 'handout', 'prekey'])
  for (const { id, link } of [used, again]) {
    await open(stage, bob, link)
    await say(stage, bob, id, `hello ${id}`)
  }
  stage.network.setOnline(alice.device(), 'offline')
  await stage.done(alice.engine().revokeInvite({ conversation: revoked.id }))
  expect(left(revoked)).toEqual([])
  alice.crash()
  await revive(stage, alice)
  stage.network.setOnline(alice.device(), 'online')
  await stage.pass(10_000)
  for (const { id } of [used, again]) expect(await texts(stage, alice, id)).toContain(`hello ${id}`)
  // The first chain is kept like any other until what was sealed under the next one is confirmed.
  for (const each of [used, again]) expect(left(each).filter((name) => name !== 'handout')).toEqual([])
  for (const { id } of [used, again]) expect(conversationOf(alice, id).invite).toMatchObject({ status: 'used' })
  const carol = await stage.enter('carol')
  expect(await stage.done(carol.engine().openInvite({ link: revoked.link }))).toEqual({ kind: 'refused', reason: 'revoked' })
  expect(await stage.done(carol.engine().openInvite({ link: used.link }))).toEqual({ kind: 'refused', reason: 'used' })
  expect(conversationOf(alice, revoked.id).invite).toMatchObject({ status: 'revoked', ends: undefined })
  expect(left(expired)).toEqual(['secret', 'handout', 'prekey'])
  for (const person of [alice, bob, carol]) person.crash()
  await stage.pass(INVITE_MS_MAX)
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  expect(left(expired)).toEqual([])
  expect((await view(stage, alice, expired.id)).invite).toMatchObject({ state: 'expired', link: undefined })
})

test('a clock that is wrong takes the secret of no invite that its relay still gives', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id, link } = await invite(stage, alice, 'welcome')
  alice.skew = INVITE_MS_MAX + MINUTE_MS
  stage.network.relay.restart(100, 'kept')
  await stage.pass(MINUTE_MS)
  expect((await view(stage, alice, id)).invite?.state).toBe('expired')
  alice.skew = 0
  await open(stage, bob, link)
  await say(stage, bob, id, 'hello')
  await stage.pass(10_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
})

test('somebody who is a contact already is not let in by a link that was taken back', async () => {
  const stage = createStage()
  const { alice, bob } = await meet(stage)
  const { id, link } = await invite(stage, alice, 'second')
  await open(stage, bob, link)
  // Taken back where nobody can hear it yet, so that the answer is given all the same.
  stage.network.setOnline(alice.device(), 'offline')
  await stage.done(alice.engine().revokeInvite({ conversation: id }))
  await say(stage, bob, id, 'hello again')
  await stage.pass(5_000)
  stage.network.setOnline(alice.device(), 'online')
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['second'])
  expect((await view(stage, alice, id)).summary.phase).toBe('inviting')
  expect(alice.lines.join('\n')).toContain('envelope, token')
})

test('somebody who is a contact already is not let in by a link that another has used', async () => {
  const stage = createStage()
  const { alice, bob } = await meet(stage)
  const carol = await stage.enter('carol')
  const { id, link } = await invite(stage, alice, 'second')
  letBothClaim(stage)
  alice.crash()
  for (const guest of [carol, bob]) await open(stage, guest, link)
  for (const guest of [carol, bob]) {
    await say(stage, guest, id, `from ${guest.name}`)
    await stage.pass(2_000)
  }
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['second', 'from carol'])
  expect([...conversationOf(alice, id).log.feeds.keys()].toSorted()).toEqual([alice.device(), carol.device()].toSorted())
  expect(await view(stage, bob, id)).toMatchObject({ isTooLate: true, lateReason: 'used' })
})

test.each([
  { who: 'a contact', clocks: 'all clocks' },
  { who: 'a contact', clocks: 'the clock of its maker' },
  { who: 'a stranger', clocks: 'all clocks' },
  { who: 'a stranger', clocks: 'the clock of its maker' },
])('$who whose answer is read after the link has expired by $clocks is not let in', async ({ who, clocks }) => {
  const stage = createStage()
  const { alice, bob } = await meet(stage)
  const guest = who === 'a contact' ? bob : await stage.enter('carol')
  const { id, link } = await invite(stage, alice, 'second')
  alice.crash()
  await open(stage, guest, link)
  await say(stage, guest, id, 'too late')
  await stage.pass(5_000)
  for (const person of [bob, guest]) person.crash()
  if (clocks === 'all clocks') await stage.pass(INVITE_MS_MAX)
  else alice.skew = INVITE_MS_MAX
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['second'])
  expect((await view(stage, alice, id)).invite?.state).toBe('expired')
  // Where the relay says so too, nobody asks for what was left there.
  if (clocks !== 'all clocks' && who === 'a stranger')
    expect(alice.lines.join('\n'), 'not even looked at').toContain('device list, stranger')
})

test('what is said in the mailbox of a link about what somebody has counts for nothing, since everybody with the link can say it', async () => {
  const stage = createStage()
  const { alice, bob, id } = await answerWhileAway(stage)
  await stage.pass(3_000)
  const bobs = bob.device()
  // While bob has not said that he knows of it, alice still listens to the mailbox of the link.
  bob.crash()
  await revive(stage, alice)
  await say(stage, alice, id, 'for bob')
  await stage.pass(MINUTE_MS)
  const { invite: used, delivery } = conversationOf(alice, id)
  if (used?.status !== 'used') throw new Error('nobody was let in')
  expect(delivery.get(bobs)?.atRelay).toBeGreaterThan(0)
  const before = stage.network.traffic()
  const nothing: Frame = { kind: 'have', have: [haveOf(id)] }
  const blob = sealBlob(grantOf(used.inbox.keys), [nothing])
  stage.network.inject(alice.device(), { kind: 'blobs', relay: toHex(used.relay.key), blobs: [{ mailbox: used.inbox.keys.mailbox, blob }] })
  await stage.pass(5_000)
  expect(conversationOf(alice, id).delivery).toEqual(delivery)
  expect(stage.network.traffic(), 'nothing is sent again').toBe(before)
})
