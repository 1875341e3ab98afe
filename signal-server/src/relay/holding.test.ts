// What a relay holds back until a date: who may leave it and take it back, when it goes, and what a flood of it comes to.

import { describe, expect, test } from 'vitest'
import { HELD_BYTES_MAX, HELD_MS_MAX, HELD_PER_CALL_MAX, encode, heldNameOf, relayCall } from '@kith/protocol'
import { bindMailbox, connectCore, createWorld, meet, openMailbox, settle } from '../../test/core-client.ts'
import { createMailboxKit, depositOf, randomBlob, shortOf as shortAnswer } from '../../test/mailbox-keys.ts'
import { MAILBOX_BLOBS_MAX, MAILBOX_HELD_MAX, RELEASE_ROWS_MAX } from '../limits.ts'
import { createMemoryStorage } from './index.ts'
import type { MailboxId, RelayAnswer, RelayRequest } from '@kith/protocol'

const DAY_MS = 86_400_000

const numbered = (n: number, length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setUint32(0, n)
  return bytes
}
const blobOf = (n: number): Uint8Array => numbered(n, HELD_BYTES_MAX)
const heldOf = (n: number, mailbox: MailboxId, blob = blobOf(n)) => ({ mailbox, name: heldNameOf(numbered(n, 32)), wakes: true, blob })
const hold = (at: number, n: number, ...mailboxes: readonly MailboxId[]): RelayRequest => ({
  kind: 'hold',
  at,
  held: mailboxes.map((mailbox) => heldOf(n, mailbox)),
})
const takeBack = (n: number, mailbox: MailboxId): RelayRequest => ({ kind: 'hold', at: 0, held: [heldOf(n, mailbox, new Uint8Array())] })
const shortOf = (answer: RelayAnswer): unknown =>
  answer.kind === 'held' ? answer.verdicts.map((verdict) => (verdict.kind === 'done' ? 'done' : verdict.reason)) : shortAnswer(answer)

describe('what is held back', () => {
  test('is pushed to its owner at its date and not before, with its writer gone', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    expect(shortOf(await bob.ask(hold(world.now + DAY_MS, 1, kit.mailbox)))).toEqual(['done'])
    bob.close()
    world.now += DAY_MS - 1
    await world.relay.release()
    await settle()
    expect(alice.blobs).toEqual([])
    world.now += 1
    await world.relay.release()
    await settle()
    expect(alice.blobs).toEqual([blobOf(1)])
    await world.relay.release()
    await settle()
    expect(alice.blobs).toHaveLength(1)
  })
  test('lies in the mailbox of whoever is away at its date, and wakes them', async () => {
    const woken: MailboxId[] = []
    const world = createWorld({ wakeUps: { stored: (mailboxes: readonly MailboxId[]) => void woken.push(...mailboxes) } as never })
    const { kit, alice, bob } = await meet(world)
    alice.close()
    await bob.ask(hold(world.now + DAY_MS, 1, kit.mailbox))
    world.now += DAY_MS
    await world.relay.release()
    expect(woken).toEqual([kit.mailbox])
    const again = await connectCore(world)
    await openMailbox(again, kit)
    await settle()
    expect(again.blobs).toEqual([blobOf(1)])
  })
  test('is left once, however often it is said, and taken back however often that is said', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    for (let n = 0; n < 2; n += 1) expect(shortOf(await bob.ask(hold(world.now, 1, kit.mailbox)))).toEqual(['done'])
    for (let n = 0; n < 2; n += 1) expect(shortOf(await bob.ask(takeBack(1, kit.mailbox)))).toEqual(['done'])
    await world.relay.release()
    await settle()
    expect(alice.blobs).toEqual([])
  })
  test('that was deposited when the relay died before it was dropped comes once more, and is dropped then', async () => {
    const memory = createMemoryStorage()
    let dies = true
    const dropHeld = (ask: Parameters<typeof memory.dropHeld>[0]) => (dies ? Promise.reject(new Error('gone')) : memory.dropHeld(ask))
    const world = createWorld({ storage: { ...memory, dropHeld } })
    const { kit, alice, bob } = await meet(world)
    await bob.ask(hold(world.now, 1, kit.mailbox))
    await expect(world.relay.release()).rejects.toThrow('gone')
    dies = false
    await world.relay.release()
    await settle()
    expect(await memory.dueHeld({ now: world.now, rows: 9 })).toEqual([])
    const again = await connectCore(world)
    await openMailbox(again, kit)
    await settle()
    expect([...alice.blobs, ...again.blobs]).toEqual([blobOf(1)])
  })
  test('has room in a mailbox that is full of blobs', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    alice.close()
    for (let n = 0; n < MAILBOX_BLOBS_MAX; n += 1) await bob.ask(depositOf(kit.mailbox, randomBlob(16)))
    expect(await bob.ask(depositOf(kit.mailbox, randomBlob(16)))).toMatchObject({ verdicts: [[{ reason: 'full' }]] })
    await bob.ask(hold(world.now, 1, kit.mailbox))
    await world.relay.release()
    expect(await world.relay.purge(kit.mailbox)).toBe(MAILBOX_BLOBS_MAX + 1)
  })
  test('goes out at once, however much is due', async () => {
    const world = createWorld()
    const { alice, bob } = await meet(world)
    const kits = Array.from({ length: Math.ceil((RELEASE_ROWS_MAX + 1) / MAILBOX_HELD_MAX) }, createMailboxKit)
    for (const kit of kits) await alice.ask(kit.create)
    await bindMailbox(bob, ...kits)
    for (const { mailbox } of kits) for (let n = 0; n < MAILBOX_HELD_MAX; n += 1) await bob.ask(hold(world.now, n, mailbox))
    await world.relay.release()
    for (const { mailbox } of kits) expect(await world.relay.purge(mailbox)).toBe(MAILBOX_HELD_MAX)
  })
  test('goes out when the clock says so: set forward early, set back late, and never twice', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    const at = world.now + 10 * DAY_MS
    await bob.ask(hold(at, 1, kit.mailbox))
    world.now -= 5 * DAY_MS
    await world.relay.release()
    await settle()
    expect(alice.blobs).toEqual([])
    world.now = at + 400 * DAY_MS
    await world.relay.release()
    world.now = at
    await world.relay.release()
    await settle()
    expect(alice.blobs).toEqual([blobOf(1)])
  })
})

describe('whoever has no right to a mailbox', () => {
  test('neither leaves nor takes back anything there, and is not told whether there is something', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    await bob.ask(hold(world.now, 1, kit.mailbox))
    const mallory = await connectCore(world)
    const own = createMailboxKit()
    await mallory.ask(own.create)
    await bindMailbox(mallory, own)
    expect(shortOf(await mallory.ask(hold(world.now, 2, kit.mailbox, own.mailbox)))).toEqual(['denied', 'done'])
    expect(shortOf(await mallory.ask(takeBack(1, kit.mailbox)))).toEqual(['denied'])
    expect(shortOf(await mallory.ask(takeBack(3, kit.mailbox)))).toEqual(['denied'])
    expect(shortOf(await alice.ask(takeBack(1, kit.mailbox))), 'nor does its owner').toEqual(['denied'])
    await world.relay.release()
    await settle()
    expect(alice.blobs).toEqual([blobOf(1)])
  })
})

describe('a flood of what is held back', () => {
  test('fills its own mailbox and no other, and taking one back makes room', async () => {
    const world = createWorld()
    const { kit, bob } = await meet(world)
    const other = createMailboxKit()
    await bob.ask(other.create)
    await bindMailbox(bob, other)
    const at = world.now + DAY_MS
    for (let n = 0; n < MAILBOX_HELD_MAX; n += 1) expect(shortOf(await bob.ask(hold(at, n, kit.mailbox)))).toEqual(['done'])
    expect(shortOf(await bob.ask(hold(at, MAILBOX_HELD_MAX, kit.mailbox, other.mailbox)))).toEqual(['full', 'done'])
    await bob.ask(takeBack(0, kit.mailbox))
    expect(shortOf(await bob.ask(hold(at, MAILBOX_HELD_MAX, kit.mailbox)))).toEqual(['done'])
    expect(shortAnswer(await bob.ask(depositOf(kit.mailbox, randomBlob(16))))).toBe('deposited')
  })
  test('counts in the share of its address until it is taken back or due', async () => {
    const world = createWorld({ addressBytesMax: 6_000 })
    const kit = createMailboxKit()
    const [one, other] = [await connectCore(world, '192.0.2.1'), await connectCore(world, '192.0.2.2')]
    await other.ask(kit.create)
    for (const client of [one, other]) await bindMailbox(client, kit)
    const at = world.now + DAY_MS
    expect(shortOf(await one.ask(hold(at, 1, kit.mailbox)))).toEqual(['done'])
    expect(shortOf(await one.ask(hold(at, 2, kit.mailbox)))).toBe('too-many')
    expect(shortOf(await other.ask(hold(at, 2, kit.mailbox)))).toEqual(['done'])
    await one.ask(takeBack(1, kit.mailbox))
    expect(shortOf(await one.ask(hold(at, 3, kit.mailbox)))).toEqual(['done'])
  })
  test('for a date too far away is refused', async () => {
    const world = createWorld()
    const { kit, bob } = await meet(world)
    expect(shortOf(await bob.ask(hold(world.now + HELD_MS_MAX, 1, kit.mailbox)))).toEqual(['done'])
    expect(shortOf(await bob.ask(hold(world.now + HELD_MS_MAX + 1, 2, kit.mailbox)))).toBe('too-large')
  })
  test('that the store cannot keep is refused, and leaves nothing counted', async () => {
    const memory = createMemoryStorage()
    let isBroken = true
    const storage = {
      ...memory,
      hold: (ask: Parameters<typeof memory.hold>[0]) => (isBroken ? Promise.reject(new Error('no disk')) : memory.hold(ask)),
    }
    const world = createWorld({ storage, addressBytesMax: 6_000 })
    const kit = createMailboxKit()
    const bob = await connectCore(world, '192.0.2.1')
    await bob.ask(kit.create)
    await bindMailbox(bob, kit)
    expect(shortOf(await bob.ask(hold(world.now, 1, kit.mailbox)))).toBe('busy')
    isBroken = false
    expect(shortOf(await bob.ask(hold(world.now, 1, kit.mailbox)))).toEqual(['done'])
  })
})

test('a blob that is larger than a key needs is no call, and neither are too many', () => {
  const { mailbox } = createMailboxKit()
  const ask = (held: readonly ReturnType<typeof heldOf>[]) => encode(relayCall, { id: 1, request: { kind: 'hold', at: 0, held } })
  expect(() => ask([heldOf(1, mailbox)])).not.toThrow()
  expect(() => ask([heldOf(1, mailbox, numbered(1, HELD_BYTES_MAX + 1))])).toThrow()
  const many = (count: number) => Array.from({ length: count }, (_, n) => heldOf(n, mailbox))
  expect(() => ask(many(HELD_PER_CALL_MAX))).not.toThrow()
  expect(() => ask(many(HELD_PER_CALL_MAX + 1))).toThrow()
})
