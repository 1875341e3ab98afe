// The account document between a person's own devices (docs/protocol.md §13.8): what is kept on one of them is soon on the others, and nobody else has a say in it.

import { describe, expect, test } from 'vitest'
import { concatBytes } from '../../src/bytes/bytes.ts'
import { decode, encode } from '../../src/bytes/codec.ts'
import { draftOf, isStarred, petnameOf, settingOf } from '../../src/documents/account.ts'
import { openDocument, snapshotOf } from '../../src/documents/document.ts'
import { markOf, vectorOf } from '../../src/documents/whole.ts'
import { hash } from '../../src/crypto/hash.ts'
import {
  ACCOUNT_PART_BYTES_MAX,
  ACCOUNT_PARTS_MAX,
  ACCOUNT_PAUSE_MS,
  ACCOUNT_PAUSE_MS_MAX,
  ACCOUNT_VECTOR_BYTES_MAX,
} from '../../src/limits.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { step } from '../../src/node/step.ts'
import { frame } from '../../src/wire/frame.ts'
import { nodeOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { FRAMES } from '../vectors/wire.ts'
import { accountOf } from './group-stage.ts'
import { link } from './linking-stage.ts'
import { createStage, invite, meet, MINUTE_MS, revive, say, texts } from './stage.ts'
import type { Document } from '../../src/documents/document.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { AccountPart } from '../../src/wire/frame.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

/** The document as it lies on a disk. */
const accountOn = (person: Person): Document => openDocument('account', { client: 1, updates: person.documents().get('account') ?? [] })

const write = (stage: Stage, person: Person, conversation: ConversationId, text: string) =>
  stage.done(person.engine().saveDraft({ conversation, text, ref: `draft ${text.slice(0, 9)}` }))

/** How long a change takes from one to the other at most, ms. */
const SOON_MS = ACCOUNT_PAUSE_MS_MAX + 5_000

async function pair(how: 'direct' | 'mailbox' = 'mailbox') {
  const stage = createStage(how)
  const { alice, bob, id } = await meet(stage)
  const tablet = await stage.enter('tablet')
  await link(stage, bob, tablet)
  await stage.pass(MINUTE_MS)
  return { stage, alice, bob, tablet, id }
}

describe.each(['mailbox', 'direct'] as const)('what a person keeps beside the chats (%s)', (how) => {
  test('follows to the other device, whichever of the two it was kept on', async () => {
    const { stage, alice, bob, tablet, id } = await pair(how)
    const message = (await stage.done(bob.look(id)))?.messages.find(({ kind }) => kind === 'text')?.id ?? expect.fail('no message')
    await write(stage, bob, id, 'half a sentence')
    await stage.done(bob.engine().setPetname({ account: accountOf(alice), name: 'Ali' }))
    await stage.done(bob.engine().star({ conversation: id, message, isSet: true }))
    await stage.done(tablet.engine().setSettings({ settings: { theme: 'dark', readReceipts: false } }))
    await stage.pass(SOON_MS)
    for (const device of [bob, tablet]) {
      const account = accountOn(device)
      expect([draftOf(account, id)?.text, petnameOf(account, accountOf(alice)), isStarred(account, message)]).toEqual([
        'half a sentence',
        'Ali',
        true,
      ])
      expect([settingOf(account, 'theme'), nodeOn(device.disk()).self.readReceipts]).toEqual(['dark', false])
    }
    expect((await stage.done(tablet.look(id)))?.draft?.text).toBe('half a sentence')
    expect(nodeOn(bob.disk()).circle?.mark).toBe(nodeOn(tablet.disk()).circle?.mark)
    // What is deleted leaves the other device as well.
    await stage.done(tablet.engine().send({ conversation: id, text: 'half a sentence', ref: 'draft half a se' }))
    await stage.pass(SOON_MS)
    for (const device of [bob, tablet]) expect(draftOf(accountOn(device), id)).toBeUndefined()
  })

  test('is put together where both have changed it without hearing of each other', async () => {
    const { stage, bob, tablet, id } = await pair(how)
    tablet.crash()
    await stage.done(bob.engine().setSettings({ settings: { theme: 'dark' } }))
    await stage.pass(SOON_MS)
    bob.crash()
    await revive(stage, tablet)
    await write(stage, tablet, id, 'on the way')
    await stage.pass(1_000)
    await revive(stage, bob)
    await stage.pass(MINUTE_MS)
    for (const device of [bob, tablet])
      expect([draftOf(accountOn(device), id)?.text, settingOf(accountOn(device), 'theme')]).toEqual(['on the way', 'dark'])
  })
})

test('who is blocked on one device is blocked on the other, until that is over', async () => {
  const { stage, alice, bob, tablet, id } = await pair()
  await stage.done(bob.engine().setBlocked({ account: accountOf(alice), isBlocked: true }))
  await stage.pass(SOON_MS)
  for (const device of [bob, tablet]) expect([...nodeOn(device.disk()).terms.blocked]).toEqual([accountOf(alice)])
  await say(stage, alice, id, 'are you there')
  await stage.pass(MINUTE_MS)
  for (const device of [bob, tablet]) expect(await texts(stage, device, id)).not.toContain('are you there')
  await stage.done(tablet.engine().setBlocked({ account: accountOf(alice), isBlocked: false }))
  await stage.pass(10 * MINUTE_MS)
  for (const device of [bob, tablet]) expect(await texts(stage, device, id)).toContain('are you there')
})

test('what is read on one device is not new on the other, whether it came there before or comes after', async () => {
  const { stage, alice, bob, tablet, id } = await pair()
  const unread = async (device: Person): Promise<number> => {
    let shown = -1
    const stop = device.engine().watchConversations((chats) => (shown = chats.find((chat) => chat.id === id)?.unread ?? -1))
    await stage.pass(100)
    stop()
    return shown
  }
  for (const text of ['one', 'two']) await say(stage, alice, id, text)
  await stage.pass(5_000)
  expect([await unread(bob), await unread(tablet)]).toEqual([3, 3])
  await stage.done(bob.engine().markRead({ conversation: id }))
  await stage.pass(SOON_MS)
  expect([await unread(bob), await unread(tablet)]).toEqual([0, 0])
  tablet.crash()
  await say(stage, alice, id, 'three')
  await stage.pass(5_000)
  await stage.done(bob.engine().markRead({ conversation: id }))
  await stage.pass(SOON_MS)
  await revive(stage, tablet)
  await stage.pass(SOON_MS)
  expect(await texts(stage, tablet, id)).toContain('three')
  expect(await unread(tablet)).toBe(0)
  await say(stage, alice, id, 'four')
  await stage.pass(5_000)
  expect([await unread(bob), await unread(tablet)]).toEqual([1, 1])
})

test('what both read at the same time counts as far as either has read', async () => {
  const { stage, alice, bob, tablet, id } = await pair()
  const unreadOn = (device: Person): number =>
    [...(nodeOn(device.disk()).conversations.get(id)?.view.feeds.values() ?? [])].reduce((sum, { unread }) => sum + unread.length, 0)
  for (let round = 0; round < 6; round += 1) {
    await say(stage, alice, id, `${round} for both`)
    await stage.pass(3_000)
    const [first, second] = round % 2 === 0 ? [bob, tablet] : [tablet, bob]
    await stage.done(first.engine().markRead({ conversation: id }))
    await say(stage, alice, id, `${round} for one`)
    await stage.pass(1_000)
    await stage.done(second.engine().markRead({ conversation: id }))
    await stage.pass(2 * SOON_MS)
    expect([round, unreadOn(bob), unreadOn(tablet)]).toEqual([round, 0, 0])
  }
})

test('a chat that was removed from one device stays removed there, and the other keeps it with all that belongs to it', async () => {
  const { stage, alice, bob, tablet, id } = await pair()
  const message = (await stage.done(bob.look(id)))?.messages.find(({ kind }) => kind === 'text')?.id ?? expect.fail('no message')
  await stage.done(tablet.engine().star({ conversation: id, message, isSet: true }))
  await stage.done(tablet.engine().setPetname({ account: accountOf(alice), name: 'Ali' }))
  await stage.pass(SOON_MS)
  await stage.done(bob.engine().removeConversation({ conversation: id }))
  await stage.pass(SOON_MS)
  expect([isStarred(accountOn(tablet), message), petnameOf(accountOn(tablet), accountOf(alice))]).toEqual([true, 'Ali'])
  // Others speak of it again: another device comes on either side.
  const [phone, notebook] = [await stage.enter('phone'), await stage.enter('notebook')]
  await link(stage, tablet, phone)
  await link(stage, alice, notebook)
  await stage.pass(2 * MINUTE_MS)
  await say(stage, alice, id, 'for those who have it')
  await stage.pass(MINUTE_MS)
  expect(nodeOn(bob.disk()).conversations.has(id)).toBe(false)
  for (const device of [tablet, phone]) expect(await texts(stage, device, id)).toContain('for those who have it')
})

test('a third device has it from the first minute, in as many parts as it takes', async () => {
  const { stage, bob, tablet, id } = await pair()
  const luck = createSeeded(7)
  const long = () => Array.from({ length: 14_000 }, () => luck.whole(0, 9)).join('')
  const places = [id]
  for (let at = 0; at < 4; at += 1) places.push((await invite(stage, bob, `invite ${at}`)).id)
  for (const place of places) await write(stage, bob, place, long())
  expect(snapshotOf(accountOn(bob)).length).toBeGreaterThan(ACCOUNT_PART_BYTES_MAX)
  const phone = await stage.enter('phone')
  await link(stage, tablet, phone)
  await stage.pass(MINUTE_MS)
  const drafts = (device: Person) => places.map((place) => draftOf(accountOn(device), place)?.text)
  for (const device of [tablet, phone]) expect(drafts(device)).toEqual(drafts(bob))
  for (const device of [bob, tablet, phone])
    expect([...(device.disk().tables.get('state')?.keys() ?? [])].filter((key) => key.startsWith('account-part'))).toEqual([])
})

test('who hears of it and dies at any moment has it all after a while', async () => {
  const { stage, bob, tablet, id } = await pair()
  for (let times = 0; times < 14; times += 1) {
    await write(stage, bob, id, `draft ${times}`)
    await stage.done(bob.engine().setSettings({ settings: { enterSends: times % 2 === 0 } }))
    tablet.crashAt(1 + times)
    await stage.pass(ACCOUNT_PAUSE_MS + 3_000)
    if (!tablet.isUp()) await revive(stage, tablet)
  }
  await stage.pass(MINUTE_MS)
  expect(draftOf(accountOn(tablet), id)?.text).toBe('draft 13')
  expect(settingOf(accountOn(tablet), 'enterSends')).toBe(false)
})

test('somebody who types without a pause is followed all the same, and few words go for many keys', async () => {
  const { stage, bob, tablet, id } = await pair()
  const before = nodeOn(tablet.disk()).peers.get(bob.ownDevice())?.taken?.bytes ?? 0
  for (let key = 0; key < 40; key += 1) {
    await write(stage, bob, id, 'x'.repeat(key + 1))
    await stage.pass(ACCOUNT_PAUSE_MS / 3)
  }
  expect(draftOf(accountOn(tablet), id)?.text.length).toBeGreaterThan(10)
  await stage.pass(SOON_MS)
  expect(draftOf(accountOn(tablet), id)?.text).toHaveLength(40)
  expect((nodeOn(tablet.disk()).peers.get(bob.ownDevice())?.taken?.bytes ?? 0) - before).toBeLessThan(6_000)
})

describe('a part of the account document', () => {
  /** What a device does with a part that comes on a link from another one. */
  function hear(person: Person, from: Person, part: AccountPart) {
    const node = nodeOn(person.disk())
    const source = { kind: 'link', device: from.ownDevice(), frame: new Uint8Array(0) } as const
    const input = { kind: 'received', source, frames: [{ kind: 'account', ...part }], lookups: new Map(), part: 'last' } as const
    const { writes, effects } = step(node, input, { now: toUnixMs(1_800_000_900_000), random: () => new Uint8Array(0) })
    return { rows: writes.flatMap((one) => (one.kind === 'put' && one.key.startsWith('account-part') ? [one.key] : [])), effects }
  }
  const update = snapshotOf(accountOf7())
  const part: AccountPart = { vector: vectorOf(accountOf7()), mark: markOf(accountOf7()), of: hash(update), part: 0, parts: 1, update }

  function accountOf7(): Document {
    const document = openDocument('account', { client: 7, updates: [] })
    document.doc.clientID = 7
    document.doc.getMap('settings').set('theme', 'dark')
    return document
  }

  test('counts from a device of this person, and from nobody else', async () => {
    const { alice, bob, tablet } = await pair()
    expect(hear(tablet, bob, part).rows).toHaveLength(1)
    const refused = hear(bob, alice, part)
    expect(refused.rows).toEqual([])
    expect(refused.effects).toContainEqual({ kind: 'refused', what: 'account', reason: 'stranger' })
    // She has no other device that could say so.
    expect(hear(alice, bob, part).effects).toContainEqual({ kind: 'refused', what: 'account', reason: 'stranger' })
  })

  test('counts no more once its device was revoked', async () => {
    const { stage, bob, tablet } = await pair()
    expect(hear(tablet, bob, part).rows).toHaveLength(1)
    await stage.done(tablet.engine().revokeDevice({ device: bob.ownDevice() }))
    await stage.pass(MINUTE_MS)
    expect(hear(tablet, bob, part).rows).toEqual([])
  })

  test('is so long and no longer, one of so many', () => {
    const coded = (change: Partial<AccountPart>) => encode(frame, { ...(FRAMES.account as { kind: 'account' } & AccountPart), ...change })
    const big = { update: new Uint8Array(ACCOUNT_PART_BYTES_MAX), vector: new Uint8Array(ACCOUNT_VECTOR_BYTES_MAX) }
    expect(decode(frame, coded({ ...big, part: ACCOUNT_PARTS_MAX - 1, parts: ACCOUNT_PARTS_MAX }))).toMatchObject(big)
    expect(() => coded({ update: new Uint8Array(ACCOUNT_PART_BYTES_MAX + 1) })).toThrow(RangeError)
    expect(() => coded({ vector: new Uint8Array(ACCOUNT_VECTOR_BYTES_MAX + 1) })).toThrow(RangeError)
    for (const [at, parts] of [
      [0, 0],
      [3, 3],
      [0, ACCOUNT_PARTS_MAX + 1],
    ] as const)
      expect(() => decode(frame, coded({ part: at, parts }))).toThrow('no such part')
  })

  test('that does not belong to the others changes nothing', async () => {
    const { stage, bob, tablet } = await pair('direct')
    const before = snapshotOf(accountOn(tablet))
    const rest = concatBytes(update, new Uint8Array([1]))
    const say = (one: AccountPart): void =>
      stage.network.inject(tablet.ownDevice(), {
        kind: 'frame',
        device: bob.ownDevice(),
        frame: encode(frame, { kind: 'account', ...one }),
      })
    for (const wrong of [
      { ...part, of: hash(rest) },
      { ...part, update: rest, of: hash(rest) },
    ]) {
      say(wrong)
      await stage.pass(2_000)
      expect(snapshotOf(accountOn(tablet))).toEqual(before)
    }
    expect(tablet.lines.filter((line) => line.includes('refused: account, malformed')).length).toBe(2)
    say(part)
    await stage.pass(2_000)
    expect(settingOf(accountOn(tablet), 'theme')).toBe('dark')
  })
})
