// Direct links: while the relay is gone, lost in the middle, and made anew before the old one is missed.

import { expect, test } from 'vitest'
import { decode, encode } from '../../src/bytes/codec.ts'
import { entryIdOf } from '../../src/bytes/ids.ts'
import { storedEntry } from '../../src/node/rows/stored-entry.ts'
import { sealTo } from '../../src/session/pairing.ts'
import { encodePayload } from '../../src/session/payload.ts'
import { frame } from '../../src/wire/frame.ts'
import { haveOf } from '../fixtures/have.ts'
import { peerOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { createStage, invite, meet, MINUTE_MS, open, say, texts, ticks, view } from './stage.ts'
import type { ConversationId, DeviceId } from '../../src/bytes/ids.ts'
import type { Frame } from '../../src/wire/frame.ts'
import type { Stage } from './stage.ts'

/** Conversations that frames of a device speak about, from now on. */
function spokenOf(stage: Stage, device: DeviceId): ReadonlySet<ConversationId> {
  const spoken = new Set<ConversationId>()
  const { direct } = stage.network
  const { send } = direct
  const listen: typeof send = (client, to, bytes) => {
    const said = decode(frame, bytes)
    if (client.device === device && said.kind === 'have') said.have.forEach(({ conversation }) => spoken.add(conversation))
    if (client.device === device && said.kind === 'entries') spoken.add(said.conversation)
    return send(client, to, bytes)
  }
  Object.assign(direct, { send: listen })
  return spoken
}

test('messages go directly where a link is, and the route says so', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  expect((await view(stage, bob, id)).route).toBe('direct')
  const before = alice.lines.length
  stage.network.relay.refuse = (request) => (request.kind === 'deposit' ? { kind: 'refused', reason: 'busy', retryMs: 0 } : undefined)
  await say(stage, bob, id, 'straight to you')
  await stage.pass(1_000)
  expect(await ticks(stage, bob, id)).toMatchObject({ 'straight to you': 'delivered' })
  expect(alice.lines.length).toBe(before)
})

test('a direct conversation goes on while the relay is gone', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  stage.network.relay.restart(10 * MINUTE_MS, 'kept')
  await stage.pass(2_000)
  for (let at = 0; at < 5; at++) {
    await say(stage, bob, id, `bob ${at}`)
    await say(stage, alice, id, `alice ${at}`)
    await stage.pass(500)
  }
  const expected = ['welcome', 'hello', ...Array.from({ length: 5 }, (_, at) => [`bob ${at}`, `alice ${at}`]).flat()]
  expect((await texts(stage, alice, id)).toSorted()).toEqual(expected.toSorted())
  expect(await texts(stage, bob, id)).toEqual(await texts(stage, alice, id))
  expect((await view(stage, bob, id)).route).toBe('direct')
  expect(new Set(Object.values(await ticks(stage, bob, id)))).toEqual(new Set(['delivered']))
})

test('a link that dies in the middle of a conversation leaves nothing behind: the relay takes over', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  for (let at = 0; at < 12; at++) {
    await say(stage, at % 2 === 0 ? bob : alice, id, `line ${at}`)
    if (at % 4 === 3) stage.network.direct.cut()
    stage.network.direct.faults = { dials: at % 3 === 0 ? 1 : 0, linkBreaks: 0 }
  }
  await stage.pass(MINUTE_MS)
  expect((await texts(stage, alice, id)).length).toBe(14)
  expect(await texts(stage, bob, id)).toEqual(await texts(stage, alice, id))
})

test.each([0, 1, 5, 20, 60, 100])(
  'a link that is replaced %i ms after a message, before anybody misses it, loses nothing while the relay is gone',
  async (after) => {
    const stage = createStage('direct', 7 + after)
    const { alice, bob, id } = await meet(stage)
    await stage.pass(10_000)
    stage.network.relay.restart(10 * MINUTE_MS, 'kept')
    await stage.pass(1_000)
    for (let at = 0; at < 6; at++) {
      await say(stage, bob, id, `bob ${at}`)
      await stage.pass(after)
      stage.network.direct.cut(undefined, 'renew')
      await stage.pass(300)
    }
    await stage.pass(5_000)
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', ...Array.from({ length: 6 }, (_, at) => `bob ${at}`)])
  },
)

test('a link on which nothing is confirmed gets the relay as a second way', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  stage.network.direct.faults = { dials: 1, linkBreaks: 0, silence: 'kept' }
  await say(stage, bob, id, 'are you there?')
  await stage.pass(2_000)
  expect(await ticks(stage, bob, id)).toMatchObject({ 'are you there?': 'saved' })
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'are you there?'])
})

test('who opens another link of a contact is not known for it before the answer', async () => {
  const stage = createStage('direct')
  const { alice, bob } = await meet(stage)
  await stage.pass(10_000)
  const second = await invite(stage, alice, 'once more')
  await open(stage, bob, second.link)
  stage.network.direct.cut()
  await stage.pass(MINUTE_MS)
  expect(alice.lines.filter((line) => line.includes('unknown-conversation'))).toEqual([])
  await say(stage, bob, second.id, 'here I am')
  await stage.pass(10_000)
  expect(await texts(stage, alice, second.id)).toEqual(['once more', 'here I am'])
})

test('nobody finds out by asking whether a contact has opened another link', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  const second = await invite(stage, alice, 'once more')
  await open(stage, bob, second.link)
  await say(stage, alice, second.id, 'are you there?')
  await stage.pass(3_000)
  const entries = [...(alice.disk().tables.get('entries') ?? [])].flatMap(([key, row]) =>
    key.startsWith(second.id) ? [decode(storedEntry, row.value).wire] : [],
  )
  const heads = [{ device: alice.device(), seq: 1_000, id: entryIdOf(new Uint8Array(32).fill(9)) }]
  const spoken = spokenOf(stage, bob.device())
  const questions: readonly Frame[] = [
    { kind: 'have', have: [haveOf(second.id, heads)] },
    { kind: 'have', have: [haveOf(second.id)] },
    { kind: 'entries', conversation: second.id, entries },
  ]
  for (const question of questions) {
    stage.network.inject(bob.device(), { kind: 'frame', device: alice.device(), frame: encode(frame, question) })
    await stage.pass(MINUTE_MS)
  }
  await say(stage, bob, id, 'hello again')
  await stage.pass(3_000)
  expect(spoken).toEqual(new Set([id]))
  await say(stage, bob, second.id, 'here I am')
  await stage.pass(10_000)
  expect(spoken).toEqual(new Set([id, second.id]))
  expect(await texts(stage, alice, second.id)).toEqual(['once more', 'are you there?', 'here I am'])
  expect(await texts(stage, bob, second.id)).toEqual(await texts(stage, alice, second.id))
})

test('who claims to have been restored in a conversation that was not answered leaves no trace there', async () => {
  const stage = createStage('direct')
  const { alice, bob } = await meet(stage)
  await stage.pass(10_000)
  const second = await invite(stage, alice, 'once more')
  await open(stage, bob, second.link)
  const { pairing } = peerOn(alice, bob.device())
  if (pairing === undefined) throw new Error('no session')
  const now = { now: stage.scheduler.now(), random: createSeeded(1).bytes }
  const { envelope } = sealTo(pairing, encodePayload([{ kind: 'lost', conversation: second.id }]), now)
  const said: Frame = { kind: 'envelope', from: alice.device(), envelope }
  const before = peerOn(bob, alice.device())
  stage.network.inject(bob.device(), { kind: 'frame', device: alice.device(), frame: encode(frame, said) })
  await stage.pass(3_000)
  expect(peerOn(bob, alice.device()).pairing).not.toEqual(before.pairing)
  // An envelope that waits there would keep prekeys back from the other conversation, where its founder could see that.
  expect(peerOn(bob, alice.device()).envelopes).toEqual(before.envelopes)
})
