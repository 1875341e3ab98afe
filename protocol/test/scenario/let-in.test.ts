// Who is let in by a link, and what the link is worth from then on: what somebody who keeps it can neither read nor say.

import { expect, test } from 'vitest'
import { decode } from '../../src/bytes/codec.ts'
import { toHex } from '../../src/bytes/bytes.ts'
import { INVITE_MS_MAX } from '../../src/limits.ts'
import { sealBlob } from '../../src/mailbox/blob.ts'
import { grantOf } from '../../src/mailbox/keys.ts'
import { storedEntry } from '../../src/node/stored-entry.ts'
import { entryHeader } from '../../src/wire/entry.ts'
import { decodeRow } from '../../src/host/rows.ts'
import { answerWhileAway, createStage, invite, letBothClaim, meet, MINUTE_MS, open, revive, say, texts, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Conversation } from '../../src/node/state.ts'
import type { Frame } from '../../src/wire/frame.ts'
import type { Person } from '../simulation/person.ts'

function rowOf(person: Person, id: ConversationId): Conversation {
  const row = person.disk().tables.get('conversations')?.get(id)
  if (row === undefined) throw new Error('no such conversation')
  return decodeRow<Conversation>(row.value)
}

/** Chains of the entries that somebody wrote, in order. */
const chainsUsed = (person: Person, id: ConversationId): readonly string[] =>
  [...(person.disk().tables.get('entries') ?? [])]
    .filter(([key]) => key.startsWith(`${id}/${person.device()}`))
    .map(([, row]) => decode(entryHeader, decode(storedEntry, row.value).wire.header).chain)

test('what is written after somebody was let in is sealed under a chain that the packet never had', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id, link } = await invite(stage, alice, 'welcome')
  const inPacket = rowOf(alice, id).invite?.handouts.map(({ handout }) => handout.chain) ?? []
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

test('the first states of chains are kept for the packet while the invite is open, and no longer', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const [used, revoked] = [await invite(stage, alice, 'one'), await invite(stage, alice, 'two')]
  for (const { id } of [used, revoked]) expect(rowOf(alice, id).invite?.handouts).not.toEqual([])
  await open(stage, bob, used.link)
  await say(stage, bob, used.id, 'hello')
  await stage.done(alice.engine().revokeInvite({ conversation: revoked.id }))
  await stage.pass(5_000)
  for (const { id } of [used, revoked]) expect(rowOf(alice, id).invite?.handouts).toEqual([])
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
  expect([...rowOf(alice, id).log.feeds.keys()].toSorted()).toEqual([alice.device(), carol.device()].toSorted())
  expect(await view(stage, bob, id)).toMatchObject({ isTooLate: true, lateReason: 'used' })
})

test.each(['a contact', 'a stranger'])('%s whose answer is read after the link has expired is not let in', async (who) => {
  const stage = createStage()
  const { alice, bob } = await meet(stage)
  const guest = who === 'a contact' ? bob : await stage.enter('carol')
  const { id, link } = await invite(stage, alice, 'second')
  alice.crash()
  await open(stage, guest, link)
  await say(stage, guest, id, 'too late')
  await stage.pass(5_000)
  for (const person of [bob, guest]) person.crash()
  await stage.pass(INVITE_MS_MAX)
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['second'])
  expect((await view(stage, alice, id)).invite?.state).toBe('expired')
  if (who === 'a stranger') expect(alice.lines.join('\n'), 'not even looked at').toContain('device list, stranger')
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
  const { invite: used, delivery } = rowOf(alice, id)
  if (used?.status !== 'used') throw new Error('nobody was let in')
  expect(delivery.get(bobs)?.deposited).toBeGreaterThan(0)
  const before = stage.network.traffic()
  const nothing: Frame = { kind: 'have', have: [{ conversation: id, heads: [] }] }
  const blob = sealBlob(grantOf(used.inbox.keys), [nothing])
  stage.network.inject(alice.device(), { kind: 'blobs', relay: toHex(used.relay.key), blobs: [{ mailbox: used.inbox.keys.mailbox, blob }] })
  await stage.pass(5_000)
  expect(rowOf(alice, id).delivery).toEqual(delivery)
  expect(stage.network.traffic(), 'nothing is sent again').toBe(before)
})
