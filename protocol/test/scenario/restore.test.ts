// A device that starts from an older disk: what it had written since comes back from the others, and the talk goes on both ways.

import { describe, expect, test } from 'vitest'
import { toHex } from '../../src/bytes/bytes.ts'
import { decode, encode } from '../../src/bytes/codec.ts'
import { deviceIdOf, entryIdOf } from '../../src/bytes/ids.ts'
import { CHAIN_RENEWAL_MESSAGES, KEYS_PER_ENVELOPE_MAX } from '../../src/limits.ts'
import { sealBlob } from '../../src/mailbox/blob.ts'
import { storedEntry } from '../../src/node/rows/stored-entry.ts'
import { entryHeader } from '../../src/wire/entry.ts'
import { frame } from '../../src/wire/frame.ts'
import { haveOf } from '../fixtures/have.ts'
import { peerOn } from '../simulation/disk.ts'
import { createStage, DAY_MS, meet, messages, MINUTE_MS, revive, say, texts, ticks, view } from './stage.ts'
import type { ConversationId, DeviceId } from '../../src/bytes/ids.ts'
import type { NetworkEvent } from '../../src/ports.ts'
import type { EntryHeader, Head } from '../../src/wire/entry.ts'
import type { Frame } from '../../src/wire/frame.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

type Pair = { readonly stage: Stage; readonly alice: Person; readonly bob: Person; readonly id: ConversationId }

/** Both show the same messages in the same order, and no own one waits for its tick. */
async function expectLevel({ stage, alice, bob, id }: Pair): Promise<void> {
  const [hers, his] = [await view(stage, alice, id), await view(stage, bob, id)]
  expect(hers.messages.map((message) => message.id)).toEqual(his.messages.map((message) => message.id))
  for (const person of [alice, bob]) expect(new Set(Object.values(await ticks(stage, person, id)))).toEqual(new Set(['delivered']))
  expect([hers.waiting, his.waiting]).toEqual([undefined, undefined])
}

const conflicts = async ({ stage, id }: Pair, person: Person): Promise<readonly string[]> =>
  (await messages(stage, person, id)).flatMap(({ conflict, text }) => (conflict ? [text] : []))

/** Headers of one feed as they lie on somebody's disk. */
const headersOf = (person: Person, device: DeviceId): readonly EntryHeader[] =>
  [...(person.disk().tables.get('entries')?.values() ?? [])]
    .map(({ value }) => decode(entryHeader, decode(storedEntry, value).wire.header))
    .filter((header) => header.device === device)

// Bob's disk is kept once he knows the chain that Alice writes with; what follows is lost with the newer disk, and Alice has it.
async function restored(how: 'direct' | 'mailbox'): Promise<Pair & { readonly device: DeviceId }> {
  const stage = createStage(how)
  const { alice, bob, id } = await meet(stage)
  await say(stage, alice, id, 'glad you came')
  await stage.pass(10_000)
  const backup = bob.disk()
  for (const text of ['lost one', 'lost two']) {
    await say(stage, bob, id, text)
    await stage.pass(1_000)
  }
  await stage.pass(5_000)
  await say(stage, alice, id, 'my answer to that')
  await stage.pass(5_000)
  await say(stage, bob, id, 'lost three')
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toContain('lost three')
  const device = bob.device()
  bob.restore(backup)
  return { stage, alice, bob, id, device }
}

const LOST = ['welcome', 'hello', 'glad you came', 'lost one', 'lost two', 'my answer to that', 'lost three']

describe.each(['direct', 'mailbox'] as const)('a restored old profile (%s)', { timeout: 60_000 }, (how) => {
  test('gets its own lost entries back and the talk goes on both ways, ticks included', async () => {
    const pair = await restored(how)
    const { stage, alice, bob, id } = pair
    await revive(stage, bob)
    await stage.pass(5_000)
    await say(stage, alice, id, 'are you back?')
    await stage.pass(MINUTE_MS)
    expect(await texts(stage, bob, id)).toEqual([...LOST, 'are you back?'])
    for (let round = 0; round < 3; round++) {
      await say(stage, bob, id, `bob ${round}`)
      await stage.pass(2_000)
      await say(stage, alice, id, `alice ${round}`)
      await stage.pass(2_000)
    }
    await stage.pass(10_000)
    expect(await texts(stage, alice, id)).toEqual([
      ...LOST,
      'are you back?',
      ...[0, 1, 2].flatMap((round) => [`bob ${round}`, `alice ${round}`]),
    ])
    await expectLevel(pair)
    expect(await conflicts(pair, alice)).toEqual([])
    expect(await conflicts(pair, bob)).toEqual([])
    const places = headersOf(alice, bob.device())
    expect(new Set(places.map(({ seq }) => seq)).size).toBe(places.length)
    expect(new Set(places.map(({ chain, step }) => `${chain}/${step}`)).size).toBe(places.length)
    expect(bob.lines.filter((line) => line.includes('older than what others have'))).toHaveLength(1)
  })

  test('that writes before it hears forks, both see both branches marked, and the talk goes on', async () => {
    const pair = await restored(how)
    const { stage, alice, bob, id, device } = pair
    stage.network.setOnline(device, 'offline')
    await revive(stage, bob)
    for (const text of ['other one', 'other two']) await say(stage, bob, id, text)
    stage.network.setOnline(device, 'online')
    await stage.pass(2 * MINUTE_MS)
    const all = [...LOST, 'other one', 'other two']
    expect((await texts(stage, alice, id)).toSorted()).toEqual(all.toSorted())
    expect((await texts(stage, bob, id)).toSorted()).toEqual(all.toSorted())
    const disputed = ['lost one', 'lost three', 'lost two', 'other one', 'other two']
    for (const person of [alice, bob]) expect((await conflicts(pair, person)).toSorted()).toEqual(disputed)
    for (const text of ['and now?', 'go on']) {
      await say(stage, bob, id, `bob: ${text}`)
      await stage.pass(2_000)
      await say(stage, alice, id, `alice: ${text}`)
      await stage.pass(2_000)
    }
    await stage.pass(MINUTE_MS)
    // A number and a step were used twice where the histories part, never again, and never with the same random bytes.
    const places = headersOf(alice, device)
    const twice = places.length - new Set(places.map(({ seq }) => seq)).size
    expect(places.length - new Set(places.map(({ chain, step }) => `${chain}/${step}`)).size).toBe(twice)
    expect(twice).toBeGreaterThan(0)
    expect(twice).toBeLessThanOrEqual(4)
    expect(new Set(places.map(({ random }) => toHex(random))).size).toBe(places.length)
    expect((await texts(stage, alice, id)).slice(-4)).toEqual(['bob: and now?', 'alice: and now?', 'bob: go on', 'alice: go on'])
    for (const person of [alice, bob])
      expect((await conflicts(pair, person)).toSorted()).toEqual(['bob: and now?', 'bob: go on', ...disputed])
    await expectLevel(pair)
  })

  test('of the side that receives gets the other side’s entries back too', async () => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    await stage.pass(10_000)
    const backup = alice.disk()
    for (let at = 0; at < 45; at++) await say(stage, at % 3 === 0 ? alice : bob, id, `line ${at}`)
    await stage.pass(20_000)
    alice.restore(backup)
    await revive(stage, alice)
    await say(stage, bob, id, 'do you have it all?')
    await stage.pass(2 * MINUTE_MS)
    expect((await texts(stage, alice, id)).toSorted()).toEqual((await texts(stage, bob, id)).toSorted())
    expect(await texts(stage, alice, id)).toHaveLength(48)
    await say(stage, alice, id, 'all of it')
    await stage.pass(10_000)
    await expectLevel({ stage, alice, bob, id })
    expect(await conflicts({ stage, alice, bob, id }, bob)).toEqual([])
  })
})

test('two histories of more entries than one envelope has keys for are both read by everybody', { timeout: 60_000 }, async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  const backup = bob.disk()
  const lines = (history: string): readonly string[] => Array.from({ length: KEYS_PER_ENVELOPE_MAX + 1 }, (_, at) => `${history} ${at}`)
  for (const text of lines('lost')) await say(stage, bob, id, text)
  await stage.pass(10_000)
  const device = bob.device()
  bob.restore(backup)
  stage.network.setOnline(device, 'offline')
  await revive(stage, bob)
  for (const text of lines('other')) await say(stage, bob, id, text)
  stage.network.setOnline(device, 'online')
  await stage.pass(2 * MINUTE_MS)
  const all = ['welcome', 'hello', ...lines('lost'), ...lines('other')].toSorted()
  expect((await texts(stage, alice, id)).toSorted()).toEqual(all)
  // The older disk knows the chain of then, and none after it.
  const beyond = lines('lost').slice(CHAIN_RENEWAL_MESSAGES - 2)
  expect((await texts(stage, bob, id)).toSorted()).toEqual(all.filter((text) => !beyond.includes(text)))
})

test.each(['direct', 'mailbox'] as const)(
  'a disk from before the last chains and sessions reads on from here (%s)',
  async (how) => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    await stage.pass(10_000)
    const backup = bob.disk()
    for (let week = 0; week < 3; week++) {
      for (const person of [alice, bob]) {
        person.skew += 4 * DAY_MS
        await say(stage, person, id, `${person.name} in week ${week}`)
        await stage.pass(3_000)
        await say(stage, person === alice ? bob : alice, id, `answer to ${person.name} in week ${week}`)
        await stage.pass(3_000)
      }
    }
    bob.restore(backup)
    await revive(stage, bob)
    await stage.pass(5_000)
    await say(stage, alice, id, 'can you read this?')
    await stage.pass(2 * MINUTE_MS)
    expect(await texts(stage, bob, id)).toContain('can you read this?')
    await say(stage, bob, id, 'yes, and you?')
    await stage.pass(10_000)
    await say(stage, alice, id, 'yes')
    await stage.pass(10_000)
    expect((await texts(stage, alice, id)).slice(-3)).toEqual(['can you read this?', 'yes, and you?', 'yes'])
    expect((await texts(stage, bob, id)).slice(-3)).toEqual(['can you read this?', 'yes, and you?', 'yes'])
    expect(await conflicts({ stage, alice, bob, id }, alice)).toEqual([])
    // What was written with chains that the older disk does not know stays closed to it, and is never called delivered.
    const hers = await ticks(stage, alice, id)
    expect(new Set(Object.values(hers))).toEqual(new Set(['delivered', 'unreadable']))
    expect(hers).toMatchObject({ 'can you read this?': 'delivered', yes: 'delivered', 'alice in week 2': 'unreadable' })
    expect(await ticks(stage, bob, id)).toMatchObject({ 'yes, and you?': 'delivered' })
  },
  60_000,
)

test('two that have agreed again say nothing more, on a link or by mailbox', async () => {
  for (const how of ['direct', 'mailbox'] as const) {
    const { stage, bob, id, device } = await restored(how)
    stage.network.setOnline(device, 'offline')
    await revive(stage, bob)
    await say(stage, bob, id, 'other')
    stage.network.setOnline(device, 'online')
    await stage.pass(10 * MINUTE_MS)
    const before = stage.network.traffic()
    await stage.pass(60 * MINUTE_MS)
    expect(stage.network.traffic()).toBe(before)
  }
}, 60_000)

describe('hostile heads', { timeout: 60_000 }, () => {
  const strange = (seq: number) => ({ seq, id: entryIdOf(new Uint8Array(32).fill(seq & 255)) })

  test.each(['direct', 'mailbox'] as const)('cost next to nothing, and the talk goes on (%s)', async (how) => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    for (let at = 0; at < 10; at++) await say(stage, bob, id, `line ${at}`)
    await stage.pass(20_000)
    const [mine, theirs] = [bob.device(), alice.device()]
    const unknown = Array.from({ length: 900 }, (_, at) => ({ device: deviceIdOf(new Uint8Array(32).fill(at & 255)), ...strange(at) }))
    const claims: readonly (readonly Head[])[] = [
      [{ device: mine, ...strange(0xffff_ffff) }],
      [{ device: theirs, ...strange(0xffff_ffff) }],
      [{ device: mine, ...strange(3) }],
      Array.from({ length: 900 }, (_, at) => ({ device: theirs, ...strange(at) })),
      unknown,
      [],
    ]
    const before = stage.network.traffic()
    const rows = bob.disk().tables.get('entries')?.size
    for (let round = 0; round < 20; round++) {
      for (const heads of claims) {
        const said: Frame = { kind: 'have', have: [haveOf(id, heads)] }
        if (how === 'direct') stage.network.inject(mine, { kind: 'frame', device: theirs, frame: encode(frame, said) })
        else stage.network.inject(mine, blobFor(stage, alice, said))
      }
      await stage.pass(1_000)
    }
    await stage.pass(60 * MINUTE_MS)
    // Less than was said, though every round begins with other claims than the last one ended with.
    expect(stage.network.traffic() - before).toBeLessThan(20 * claims.length)
    expect(bob.disk().tables.get('entries')?.size).toBe(rows)
    await say(stage, bob, id, 'still here')
    await stage.pass(MINUTE_MS)
    expect((await texts(stage, alice, id)).at(-1)).toBe('still here')
    expect(await conflicts({ stage, alice, bob, id }, bob)).toEqual([])
  })
})

function blobFor(stage: Stage, writer: Person, said: Frame): NetworkEvent {
  const { outbox = expect.fail('no mailbox') } = peerOn(writer)
  const { mailbox } = outbox
  return { kind: 'blobs', relay: toHex(stage.network.address.key), blobs: [{ mailbox, blob: sealBlob(outbox, [said]) }] }
}
