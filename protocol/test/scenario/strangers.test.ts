// Frames of strangers, and contacts who speak for others: nothing of it counts, and everybody else's messages go on.

import { expect, test } from 'vitest'
import { decode, encode } from '../../src/bytes/codec.ts'
import { toHex } from '../../src/bytes/bytes.ts'
import { entryIdOf } from '../../src/bytes/ids.ts'
import { entryIdOfHeader } from '../../src/log/entry.ts'
import { sealBlob } from '../../src/mailbox/blob.ts'
import { storedEntry } from '../../src/node/rows/stored-entry.ts'
import { entryHeader } from '../../src/wire/entry.ts'
import { frame } from '../../src/wire/frame.ts'
import { haveOf } from '../fixtures/have.ts'
import { conversationOn, nodeOn } from '../simulation/disk.ts'
import { createPerson } from '../simulation/person.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { createStage, DAY_MS, invite, meet, open, say, texts, ticks } from './stage.ts'
import type { ConversationId, DeviceId } from '../../src/bytes/ids.ts'
import type { StoreRange } from '../../src/ports.ts'
import type { Frame } from '../../src/wire/frame.ts'
import type { EntryHeader, WireEntry } from '../../src/wire/entry.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

/** Entries of a conversation as they lie on somebody's disk. */
const entriesOf = (person: Person, id: ConversationId): readonly WireEntry[] =>
  [...(person.disk().tables.get('entries') ?? [])]
    .filter(([key]) => key.startsWith(id))
    .map(([, row]) => decode(storedEntry, row.value).wire)

function give(stage: Stage, to: Person, { from, frames }: { readonly from: DeviceId; readonly frames: readonly Frame[] }): void {
  for (const item of frames) stage.network.inject(to.device(), { kind: 'frame', device: from, frame: encode(frame, item) })
}

async function threeOfThem(stage: Stage) {
  const pair = await meet(stage)
  const carol = await stage.enter('carol')
  const { id: other, link } = await invite(stage, pair.alice, 'for carol')
  await open(stage, carol, link)
  await say(stage, carol, other, 'carol is here')
  await stage.pass(5_000)
  return { ...pair, carol, other }
}

test('entries of one contact that another presents are not taken, in their own conversation or in the other', async () => {
  const stage = createStage()
  const { alice, bob, carol, id, other } = await threeOfThem(stage)
  stage.network.setOnline(bob.device(), 'offline')
  await say(stage, bob, id, 'only from me')
  const stolen = entriesOf(bob, id)
  give(stage, alice, {
    from: carol.device(),
    frames: [
      { kind: 'entries', conversation: id, entries: stolen },
      { kind: 'entries', conversation: other, entries: stolen },
    ],
  })
  await stage.pass(3_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  expect(await texts(stage, alice, other)).toEqual(['for carol', 'carol is here'])
  expect(alice.lines.join('\n')).toMatch(/entries, unknown-conversation[^]*entry, (conversation|unknown-device)/)
  stage.network.setOnline(bob.device(), 'online')
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'only from me'])
})

test('for entries of a conversation that their sender has no part in, nothing is read', async () => {
  const stage = createStage()
  const { alice, bob, carol, id } = await threeOfThem(stage)
  await stage.pass(3_000)
  let reads = 0
  const { read } = alice.store()
  Object.assign(alice.store(), {
    read: (range: StoreRange) => {
      if (range.table === 'entries') reads += 1
      return read(range)
    },
  })
  const frames: readonly Frame[] = [{ kind: 'entries', conversation: id, entries: entriesOf(bob, id).slice(0, 1) }]
  give(stage, alice, { from: carol.device(), frames })
  await stage.pass(100)
  expect(reads).toBe(0)
  give(stage, alice, { from: bob.device(), frames })
  await stage.pass(100)
  expect(reads).toBeGreaterThan(0)
})

test('an envelope of one contact that another presents is not opened, and opens when its own sender brings it', async () => {
  const stage = createStage()
  const { alice, bob, carol, id } = await threeOfThem(stage)
  stage.network.setOnline(bob.device(), 'offline')
  // A week later there is a new chain, and an envelope that brings it.
  bob.skew = 7 * DAY_MS
  await say(stage, bob, id, 'with a new chain')
  const envelopes = [...nodeOn(bob.disk()).peers.values()].flatMap((peer) => peer.envelopes.map(({ envelope }) => envelope))
  expect(envelopes.length).toBeGreaterThan(0)
  const before = alice.disk().tables.get('peers')?.get(bob.device())
  give(stage, alice, {
    from: carol.device(),
    frames: envelopes.map((envelope) => ({ kind: 'envelope', from: bob.device(), envelope })),
  })
  await stage.pass(3_000)
  expect(alice.lines.join('\n')).toContain('envelope, stranger')
  expect(alice.disk().tables.get('peers')?.get(bob.device())).toEqual(before)
  stage.network.setOnline(bob.device(), 'online')
  await stage.pass(5_000)
  expect((await texts(stage, alice, id)).at(-1)).toBe('with a new chain')
})

test('an answer to an invite that was taken back uses up no prekey', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id, link } = await invite(stage, alice, 'welcome')
  await open(stage, bob, link)
  // Taken back where nobody can hear it yet, so that the answer is given all the same.
  stage.network.setOnline(alice.device(), 'offline')
  await stage.done(alice.engine().revokeInvite({ conversation: id }))
  const prekeys = () => alice.disk().tables.get('state')?.get('prekeys')
  const before = prekeys()
  await say(stage, bob, id, 'hello')
  await stage.pass(5_000)
  stage.network.setOnline(alice.device(), 'online')
  await stage.pass(5_000)
  expect(alice.lines.join('\n')).toContain('envelope, stranger')
  expect(prekeys()).toEqual(before)
})

test('frames of somebody who is no contact change nothing', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const mallory = await stage.enter('mallory')
  const rows = alice.disk()
  const frames: readonly Frame[] = [
    { kind: 'entries', conversation: id, entries: entriesOf(bob, id) },
    { kind: 'envelope', from: bob.device(), envelope: new Uint8Array(900).fill(1) },
    { kind: 'envelope', from: mallory.device(), envelope: new Uint8Array(900).fill(1) },
    { kind: 'device-list', list: new Uint8Array(200) },
    { kind: 'have', have: [haveOf(id)] },
  ]
  give(stage, alice, { from: mallory.device(), frames })
  await stage.pass(3_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  for (const table of ['entries', 'timeline', 'conversations', 'peers'] as const)
    expect(alice.disk().tables.get(table)).toEqual(rows.tables.get(table))
})

test('a contact who sends rubbish without end costs log lines by the kind, and nothing else', async () => {
  const stage = createStage()
  const { alice, bob, carol, id, other } = await threeOfThem(stage)
  const rubbish: Frame = {
    kind: 'entries',
    conversation: other,
    entries: Array.from({ length: 200 }, (_, at) => ({ header: new Uint8Array(300).fill(at), signature: undefined, body: undefined })),
  }
  for (let at = 0; at < 100; at++) give(stage, alice, { from: carol.device(), frames: [rubbish] })
  await say(stage, bob, id, 'can you hear me?')
  await stage.pass(5_000)
  expect((await texts(stage, alice, id)).at(-1)).toBe('can you hear me?')
  expect(alice.lines.length).toBeLessThan(120)
})

test('more than can be read in time is let go of, and comes again', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const large: Frame = {
    kind: 'entries',
    conversation: id,
    entries: Array.from({ length: 60 }, () => ({ header: new Uint8Array(1_500), signature: undefined, body: undefined })),
  }
  for (let at = 0; at < 400; at++) give(stage, alice, { from: bob.device(), frames: [large] })
  await say(stage, bob, id, 'after the flood')
  await stage.pass(10_000)
  expect((await texts(stage, alice, id)).at(-1)).toBe('after the flood')
  expect(alice.lines.some((line) => line.includes('too much at once'))).toBe(true)
})

test('a link of somebody who names another address for the home relay does not lead away from it', async () => {
  const stage = createStage()
  const told: (readonly string[])[] = []
  const { address, attach } = stage.network
  const watched: typeof stage.network = {
    ...stage.network,
    attach: (device, moment) => {
      const network = attach(device, moment)
      const setRelays: typeof network.setRelays = (relays) => {
        told.push(relays.map(({ url }) => url))
        network.setRelays(relays)
      }
      return { ...network, setRelays }
    },
  }
  const enter = async (name: string, network: typeof stage.network): Promise<Person> => {
    const person = createPerson({ name, scheduler: stage.scheduler, network, luck: createSeeded(name.length) })
    await stage.done(person.start())
    await stage.pass(2_000)
    return person
  }
  const alice = await enter('alice', watched)
  const mallory = await enter('mallory', { ...stage.network, address: { ...address, url: 'wss://attacker.example' } })
  const { link } = await invite(stage, mallory, 'look at this')
  await open(stage, alice, link)
  await stage.pass(60_000)
  expect(told.flat().filter((url) => url !== address.url)).toEqual([])
})

test.each([
  ['the last entry', -2],
  ['an entry that comes later', -1],
])('an unsigned entry in an early place that names %s as the one before it holds up nothing', async (_, named) => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  for (const text of ['a', 'b', 'c', 'd']) {
    await say(stage, bob, id, text)
    await stage.pass(2_000)
  }
  stage.network.setOnline(bob.device(), 'offline')
  await say(stage, bob, id, 'next')
  const own = entriesOf(bob, id)
    .map(({ header }) => ({ bytes: header, header: decode(entryHeader, header) }))
    .filter(({ header }) => header.device === bob.device())
  const last = own.at(-1)
  const before = own.at(named)
  if (last === undefined || before === undefined) throw new Error('nothing was written')
  const forged = encode(entryHeader, { ...last.header, kind: 'content', seq: 2, prev: entryIdOfHeader(before.bytes), deps: [] })
  give(stage, alice, {
    from: bob.device(),
    frames: [{ kind: 'entries', conversation: id, entries: [{ header: forged, signature: undefined, body: undefined }] }],
  })
  await stage.pass(1_000)
  stage.network.inject(alice.device(), { kind: 'peer-down', device: bob.device() })
  stage.network.setOnline(bob.device(), 'online')
  for (const text of ['later 1', 'later 2', 'later 3']) {
    await stage.pass(10_000)
    await say(stage, bob, id, text)
  }
  await stage.pass(60_000)
  expect((await texts(stage, alice, id)).slice(-4)).toEqual(['next', 'later 1', 'later 2', 'later 3'])
  expect(alice.lines.filter((line) => line.includes('failed'))).toEqual([])
})

test('who has a used link cannot keep its guest from being told what arrived, nor have anybody look for what does not exist', async () => {
  const stage = createStage()
  const [alice, bob, mallory] = [await stage.enter('alice'), await stage.enter('bob'), await stage.enter('mallory')]
  const { id, link } = await invite(stage, alice, 'welcome')
  await open(stage, mallory, link)
  const { grant } = conversationOn(mallory, id)?.invitation ?? expect.fail('no invitation')
  await open(stage, bob, link)
  const device = bob.device()
  await say(stage, bob, id, 'hello')
  await stage.pass(300)
  bob.crash()
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  const [own] = entriesOf(alice, id).map((wire) => decode(entryHeader, wire.header))
  if (own === undefined) throw new Error('nothing was written')
  const forged = [alice.device(), device].map((author, at): WireEntry => {
    const place = { conversation: id, device: author, seq: 5_000 + at, prev: entryIdOf(new Uint8Array(32).fill(7)) }
    const header: EntryHeader = { ...own, ...place, kind: 'content' }
    return { header: encode(entryHeader, header), signature: undefined, body: undefined }
  })
  const blob = sealBlob(grant, [{ kind: 'entries', conversation: id, entries: forged }])
  stage.network.inject(alice.device(), { kind: 'blobs', relay: toHex(grant.relay.key), blobs: [{ mailbox: grant.mailbox, blob }] })
  await stage.pass(2_000)
  await stage.done(bob.start())
  await say(stage, bob, id, 'are you there?')
  await stage.pass(10_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'are you there?'])
  expect(await ticks(stage, bob, id)).toEqual({ hello: 'delivered', 'are you there?': 'delivered' })
  expect((conversationOn(alice, id) ?? expect.fail('no conversation')).missing).toBeUndefined()
})
