// Carry files (docs/protocol.md §15): what one device has goes to another by hand, and nothing else than what a mailbox would bring.

import { expect, test } from 'vitest'
import { goOffline, makeCarry, openCarry } from './carry-stage.ts'
import { group, three } from './group-stage.ts'
import { link } from './linking-stage.ts'
import { createStage, DAY_MS, meet, MINUTE_MS, revive, say, texts, ticks } from './stage.ts'
import { carryHead, carryKey, carryMark, sealCarryRecord } from '../../src/mailbox/carry-file.ts'
import { peerOn } from '../simulation/disk.ts'
import { CARRIES_AT_ONCE_MAX, CARRY_DEVICES_MAX, CARRY_PART_BYTES_MAX } from '../../src/limits.ts'
import type { Frame } from '../../src/wire/frame.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

async function apart(): Promise<{ readonly stage: Stage; readonly alice: Person; readonly bob: Person; readonly id: ConversationId }> {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  goOffline(stage, alice, bob)
  return { stage, alice, bob, id }
}

async function write(stage: Stage, person: Person, id: ConversationId, written: readonly string[]): Promise<void> {
  for (const text of written) await say(stage, person, id, text)
}

const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `${at}: some words, as in a message`)

test('what was written goes by file between devices that are never online together, and back come the ticks', async () => {
  const { stage, alice, bob, id } = await apart()
  await write(stage, alice, id, ['one', 'two'])
  const file = await makeCarry(stage, alice, { id, for: bob })
  expect(await ticks(stage, alice, id)).toMatchObject({ one: 'saved', two: 'saved' })
  expect(await openCarry(stage, bob, file)).toMatchObject({ kind: 'opened', entries: 2, isWaiting: false, chat: { conversation: id } })
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'one', 'two'])
  await say(stage, bob, id, 'three')
  const back = await makeCarry(stage, bob, { id, for: alice })
  expect(await openCarry(stage, alice, back)).toMatchObject({ kind: 'opened', entries: 1, isWaiting: false })
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'one', 'two', 'three'])
  expect(await ticks(stage, alice, id)).toMatchObject({ one: 'delivered', two: 'delivered' })
})

test('a thousand messages, over many chains', { timeout: 120_000 }, async () => {
  const { stage, alice, bob, id } = await apart()
  const written = numbered(1_000)
  await write(stage, alice, id, written)
  const began = performance.now()
  const file = await makeCarry(stage, alice, { id, for: bob })
  const made = performance.now()
  expect(await openCarry(stage, bob, file)).toMatchObject({ kind: 'opened', entries: 1_000, isWaiting: false })
  const opened = performance.now()
  const [making, opening] = [Math.round(made - began), Math.round(opened - made)]
  process.stdout.write(`1,000 messages in a file of ${file.length} bytes, made in ${making} ms, opened in ${opening} ms\n`)
  expect(await texts(stage, bob, id)).toContain(written.at(-1))
  const back = await makeCarry(stage, bob, { id, for: alice })
  await openCarry(stage, alice, back)
  expect(await ticks(stage, alice, id)).toMatchObject({ [written[999] as string]: 'delivered' })
  // The next one begins where they are known to be.
  expect((await makeCarry(stage, alice, { id, for: bob })).length).toBeLessThan(5_000)
})

test('opened twice, or an old one once more, a file changes nothing', async () => {
  const { stage, alice, bob, id } = await apart()
  await say(stage, alice, id, 'one')
  const first = await makeCarry(stage, alice, { id, for: bob })
  await say(stage, alice, id, 'two')
  const second = await makeCarry(stage, alice, { id, for: bob })
  for (const file of [second, first, second]) expect(await openCarry(stage, bob, file)).toMatchObject({ kind: 'opened', isWaiting: false })
  expect(await openCarry(stage, bob, first)).toMatchObject({ kind: 'opened', entries: 0 })
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'one', 'two'])
})

test('what was carried and what comes by the relay afterwards are the same', async () => {
  const { stage, alice, bob, id } = await apart()
  await write(stage, alice, id, ['one', 'two'])
  await openCarry(stage, bob, await makeCarry(stage, alice, { id, for: bob }))
  await say(stage, alice, id, 'three')
  for (const person of [alice, bob]) stage.network.setOnline(person.device(), 'online')
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'one', 'two', 'three'])
  expect(await ticks(stage, alice, id)).toMatchObject({ one: 'delivered', three: 'delivered' })
})

test('since a date: what is older stays out, unless it is not known to be there', async () => {
  const { stage, alice, bob, id } = await apart()
  await say(stage, alice, id, 'old')
  const old = await makeCarry(stage, alice, { id, for: bob })
  await openCarry(stage, bob, old)
  await openCarry(stage, alice, await makeCarry(stage, bob, { id, for: alice }))
  await stage.pass(DAY_MS)
  const since = stage.scheduler.now()
  await stage.pass(MINUTE_MS)
  await write(stage, alice, id, numbered(60))
  const [recent, all] = [await makeCarry(stage, alice, { id, for: bob, since }), await makeCarry(stage, alice, { id, for: bob, since: 0 })]
  expect(all.length).toBeGreaterThanOrEqual(recent.length)
  expect(await openCarry(stage, bob, recent)).toMatchObject({ kind: 'opened', entries: 60, isWaiting: false })
})

test('to other own devices goes all that was said, and to a group what its members may read', { timeout: 60_000 }, async () => {
  const { stage, alice, bob, carol } = await three()
  const club = await group(stage, alice, [bob, carol])
  await stage.pass(MINUTE_MS)
  await say(stage, bob, club, 'from bob')
  await stage.pass(MINUTE_MS)
  const tablet = await stage.enter('tablet')
  await link(stage, alice, tablet)
  await stage.pass(5 * MINUTE_MS)
  goOffline(stage, alice, bob, carol, tablet)
  await say(stage, alice, club, 'from alice')
  expect(await openCarry(stage, tablet, await makeCarry(stage, alice, { id: club, for: alice, since: 0 }))).toMatchObject({
    kind: 'opened',
    isWaiting: false,
  })
  expect(await texts(stage, tablet, club)).toEqual(['from bob', 'from alice'])
  await openCarry(stage, carol, await makeCarry(stage, alice, { id: club, for: carol }))
  expect(await texts(stage, carol, club)).toEqual(['from bob', 'from alice'])
  // What somebody hands on of others opens once its author's key has come, as by every other way.
  const handedOn = await makeCarry(stage, carol, { id: club, for: bob, since: 0 })
  expect(await openCarry(stage, bob, handedOn)).toMatchObject({ kind: 'opened', isWaiting: true })
  await openCarry(stage, bob, await makeCarry(stage, alice, { id: club, for: bob }))
  expect(await texts(stage, bob, club)).toEqual(['from bob', 'from alice'])
  expect(await openCarry(stage, bob, handedOn)).toMatchObject({ kind: 'opened', entries: 0, isWaiting: false })
})

test('attack: a file that was cut short brings what was whole, and says so', async () => {
  const { stage, alice, bob, id } = await apart()
  await write(stage, alice, id, numbered(300))
  const file = await makeCarry(stage, alice, { id, for: bob })
  for (const length of [0, 7, 40, 70]) {
    const reason = length === 0 ? 'no-carry-file' : 'cut-short'
    expect(await openCarry(stage, bob, file.slice(0, length))).toMatchObject({ kind: 'refused', reason, entries: 0 })
  }
  const cut = await openCarry(stage, bob, file.slice(0, file.length - 20_000))
  expect(cut).toMatchObject({ kind: 'refused', reason: 'cut-short', isWaiting: false })
  expect(cut.kind === 'refused' && cut.entries).toBeGreaterThan(50)
  const rest = await openCarry(stage, bob, file)
  expect(rest).toMatchObject({ kind: 'opened', isWaiting: false })
  expect(await texts(stage, bob, id)).toContain(numbered(300).at(-1))
})

test('attack: of a file in which one bit was turned, anywhere, nothing counts from there on', { timeout: 60_000 }, async () => {
  const { stage, alice, bob, id } = await apart()
  await say(stage, alice, id, 'one')
  const file = await makeCarry(stage, alice, { id, for: bob })
  const places = [...Array(90).keys(), ...Array.from({ length: 40 }, (_, at) => Math.floor((at * (file.length - 1)) / 39))]
  for (const at of places) {
    const altered = file.slice()
    altered[at] = (altered[at] as number) ^ 1
    const outcome = await openCarry(stage, bob, altered)
    expect([at, outcome.kind]).toEqual([at, 'refused'])
  }
  expect((await texts(stage, bob, id)).filter((text) => text === 'one').length).toBeLessThan(2)
  expect(await openCarry(stage, bob, file)).toMatchObject({ kind: 'opened' })
})

test('attack: records that were swapped, repeated or taken out, and bytes behind the end', async () => {
  const { stage, alice, bob, id } = await apart()
  await write(stage, alice, id, numbered(250))
  const file = await makeCarry(stage, alice, { id, for: bob })
  const head = file.slice(0, 66)
  const records: Uint8Array[] = []
  for (let at = 66; at < file.length;) {
    const length = 6 + new DataView(file.buffer, file.byteOffset + at + 2, 4).getUint32(0)
    records.push(file.slice(at, at + length))
    at += length
  }
  expect(records.length).toBeGreaterThan(2)
  const [first, second, ...others] = records as [Uint8Array, Uint8Array, ...Uint8Array[]]
  const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]))
  const refused = (reason: string) => ({ kind: 'refused', reason })
  expect(await openCarry(stage, bob, joined(head, second, first, ...others))).toMatchObject(refused('altered'))
  expect(await openCarry(stage, bob, joined(head, first, first, second, ...others))).toMatchObject(refused('altered'))
  expect(await openCarry(stage, bob, joined(head, first, ...others))).toMatchObject(refused('altered'))
  expect(await openCarry(stage, bob, joined(file, records.at(-1) as Uint8Array))).toMatchObject(refused('altered'))
  expect(await openCarry(stage, bob, joined(file, Uint8Array.of(0, 0)))).toMatchObject(refused('cut-short'))
  expect(await openCarry(stage, bob, file)).toMatchObject({ kind: 'opened' })
})

test('attack: a file for somebody else, one’s own, no such file, and a newer one', async () => {
  const { stage, alice, bob, carol } = await three()
  const id = await group(stage, alice, [bob, carol])
  await stage.pass(MINUTE_MS)
  goOffline(stage, alice, bob, carol)
  await say(stage, alice, id, 'for bob')
  const file = await makeCarry(stage, alice, { id, for: bob })
  for (const other of [carol, alice])
    expect(await openCarry(stage, other, file)).toMatchObject({ kind: 'refused', reason: 'not-for-this-device', entries: 0 })
  const newer = file.slice()
  newer[16] = 2
  expect(await openCarry(stage, bob, newer)).toMatchObject({ kind: 'refused', reason: 'newer' })
  expect(await openCarry(stage, bob, new TextEncoder().encode('%PDF-1.7 and so on'))).toMatchObject({ reason: 'no-carry-file' })
  const many = file.slice()
  many[49] = CARRY_DEVICES_MAX + 1
  expect(await openCarry(stage, bob, many)).toMatchObject({ reason: 'altered' })
  expect(await openCarry(stage, bob, new Uint8Array(CARRY_PART_BYTES_MAX + 1), CARRY_PART_BYTES_MAX + 1)).toMatchObject({
    reason: 'altered',
  })
})

/** A file as somebody can make it who has what Alice was given to write to Bob. */
function forged(alice: Person, bob: Person, records: readonly (readonly Frame[])[]): Uint8Array {
  const sealKey = peerOn(alice, bob.device()).outbox?.sealKey
  if (sealKey === undefined) throw new Error('no mailbox')
  const salt = new Uint8Array(32).fill(9)
  const share = { slot: 0, salt, key: carryKey(sealKey, salt) }
  const parts = records.map((frames, index) => sealCarryRecord(share, { index, isLast: index === records.length - 1 }, frames))
  return Uint8Array.from([carryHead({ salt, marks: [carryMark(sealKey, salt)] }), ...parts].flatMap((part) => [...part]))
}

test('attack: a contact’s file speaks of a chat in which it has no part, of two at once, or says what it has', async () => {
  const { stage, alice, bob, carol } = await three()
  const secret = await group(stage, bob, [alice])
  await stage.pass(MINUTE_MS)
  const entries = (conversation: ConversationId): Frame => ({ kind: 'entries', conversation, entries: [] })
  const unknown = 'ab'.repeat(32) as ConversationId
  expect(await openCarry(stage, bob, forged(alice, bob, [[entries(unknown)], []]))).toMatchObject({ reason: 'unknown-chat' })
  expect(await openCarry(stage, bob, forged(alice, bob, [[entries(secret), entries(unknown)], []]))).toMatchObject({ reason: 'altered' })
  const have: Frame = { kind: 'have', have: [] }
  expect(await openCarry(stage, bob, forged(alice, bob, [[have], []]))).toMatchObject({ reason: 'altered' })
  // That of Alice and Carol is none of Bob's, nor is a group of Bob's and Carol's one of Alice's.
  const other = await group(stage, alice, [carol], 'Others')
  await stage.pass(MINUTE_MS)
  expect(await openCarry(stage, bob, forged(alice, bob, [[entries(other)], []]))).toMatchObject({ reason: 'unknown-chat' })
})

test('attack: a file of somebody who is blocked brings nothing, and none is made for them', async () => {
  const { stage, alice, bob, id } = await apart()
  await say(stage, alice, id, 'one')
  const file = await makeCarry(stage, alice, { id, for: bob })
  const account = peerOn(bob, alice.device()).account
  await stage.done(bob.engine().setBlocked({ account, isBlocked: true }))
  expect(await openCarry(stage, bob, file)).toMatchObject({ kind: 'refused', reason: 'not-for-this-device', entries: 0 })
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello'])
  expect(await stage.done(bob.engine().makeCarry({ conversation: id, account, since: undefined }))).toEqual({
    kind: 'refused',
    reason: 'not-met',
  })
})

test('a part that comes twice or not in its turn is asked for from the beginning, and a crash in between loses nothing', async () => {
  const { stage, alice, bob, id } = await apart()
  await write(stage, alice, id, numbered(250))
  const file = await makeCarry(stage, alice, { id, for: bob })
  const part = (at: number) =>
    stage.done(bob.engine().openCarry({ carry: 'x', at, bytes: file.slice(at, at + 70_000), isLast: at + 70_000 >= file.length }))
  expect(await part(0)).toEqual({ kind: 'more' })
  bob.crash()
  await revive(stage, bob)
  expect(await part(70_000)).toMatchObject({ kind: 'refused', reason: 'gone' })
  expect(await openCarry(stage, bob, file)).toMatchObject({ kind: 'opened', isWaiting: false })
  expect(await stage.done(alice.engine().readCarry({ carry: 'none' }))).toEqual({ kind: 'refused', reason: 'gone' })
})

test('of more files at once than there may be, the one that was begun first gives way', async () => {
  const { stage, alice, bob, id } = await apart()
  const { account } = peerOn(alice, bob.device())
  const begin = () => stage.done(alice.engine().makeCarry({ conversation: id, account, since: 0 }))
  const made: string[] = []
  for (let count = 0; count <= CARRIES_AT_ONCE_MAX; count += 1) {
    const file = await begin()
    if (file.kind === 'ready') made.push(file.carry)
  }
  const read = (carry: string | undefined) => stage.done(alice.engine().readCarry({ carry: carry ?? '' }))
  expect(await read(made[0])).toEqual({ kind: 'refused', reason: 'gone' })
  expect(await read(made.at(-1))).toMatchObject({ kind: 'bytes', isLast: true })
})
