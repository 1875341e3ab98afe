// Parts of files at a relay, and what people who should not try with them.

import { describe, expect, test } from 'vitest'
import { PARCEL_BYTES, PARCEL_MS_MAX, PARCELS_DROPPED_MAX, parcelNameOf, relayCall, tryDecode, encode } from '@kith/protocol'
import { bindMailbox, connectCore, createWorld, meet, openMailbox } from '../../test/core-client.ts'
import { createMailboxKit } from '../../test/mailbox-keys.ts'
import { MAILBOX_PARCELS_MAX, PARCEL_GET_RATE, PARCEL_PUT_RATE, PARCELS_PERCENT_MAX } from '../limits.ts'
import { createMemoryStorage } from './index.ts'
import { bytesForParcels } from './parcels.ts'
import type { MailboxId, ParcelName, RelayAnswer, RelayRequest } from '@kith/protocol'

const nameOf = (n: number): ParcelName => {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(0, n)
  return parcelNameOf(bytes)
}
const parcelOf = (n: number): Uint8Array => {
  const bytes = new Uint8Array(PARCEL_BYTES)
  new DataView(bytes.buffer).setUint32(0, n)
  return bytes
}
const put = (n: number, ...mailboxes: readonly MailboxId[]): RelayRequest => ({
  kind: 'put-parcel',
  mailboxes,
  name: nameOf(n),
  parcel: parcelOf(n),
})
const get = (mailbox: MailboxId, n: number): RelayRequest => ({ kind: 'get-parcel', mailbox, name: nameOf(n) })
const find = (mailbox: MailboxId, n: number): RelayRequest => ({ kind: 'find-parcel', mailbox, name: nameOf(n) })
const drop = (mailbox: MailboxId, ...all: readonly number[]): RelayRequest => ({ kind: 'drop-parcels', mailbox, names: all.map(nameOf) })
const shortOf = (answer: RelayAnswer): unknown => {
  if (answer.kind === 'put') return answer.verdicts.map((verdict) => (verdict.kind === 'done' ? 'done' : verdict.reason))
  if (answer.kind === 'parcel') return new DataView(answer.parcel.buffer, answer.parcel.byteOffset).getUint32(0)
  return answer.kind === 'refused' ? answer.reason : answer.kind
}

describe('parcels', () => {
  test('are put by the writer, got by the owner when it asks, and gone when it has dropped them; nothing is pushed', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    expect(shortOf(await bob.ask(put(1, kit.mailbox)))).toEqual(['done'])
    expect(shortOf(await bob.ask(put(1, kit.mailbox)))).toEqual(['done'])
    expect(shortOf(await alice.ask(get(kit.mailbox, 1)))).toBe(1)
    expect(shortOf(await alice.ask(get(kit.mailbox, 2)))).toBe('unknown')
    expect(shortOf(await alice.ask(drop(kit.mailbox, 1, 2)))).toBe('done')
    expect(shortOf(await alice.ask(get(kit.mailbox, 1)))).toBe('unknown')
    expect(alice.blobs).toEqual([])
  })
  test('for many mailboxes lie there until the last owner has dropped them', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    const other = createMailboxKit()
    const carol = await connectCore(world)
    await carol.ask(other.create)
    await openMailbox(carol, other)
    await bindMailbox(bob, other)
    expect(shortOf(await bob.ask(put(1, kit.mailbox, other.mailbox)))).toEqual(['done', 'done'])
    await alice.ask(drop(kit.mailbox, 1))
    expect(shortOf(await carol.ask(get(other.mailbox, 1)))).toBe(1)
  })
  test('are taken back by their writer', async () => {
    const { kit, alice, bob } = await meet(createWorld())
    await bob.ask(put(1, kit.mailbox))
    expect([shortOf(await bob.ask(find(kit.mailbox, 1))), shortOf(await bob.ask(find(kit.mailbox, 2)))]).toEqual(['done', 'unknown'])
    expect(shortOf(await bob.ask(drop(kit.mailbox, 1)))).toBe('done')
    expect(shortOf(await alice.ask(get(kit.mailbox, 1)))).toBe('unknown')
  })
  test('are forgotten after their time', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    await bob.ask(put(1, kit.mailbox))
    world.now += PARCEL_MS_MAX
    expect(shortOf(await alice.ask(get(kit.mailbox, 1)))).toBe('unknown')
  })
})

describe('whoever has no right to a mailbox', () => {
  test('neither puts, gets nor drops anything there, and is not told whether there is something', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    await bob.ask(put(1, kit.mailbox))
    const mallory = await connectCore(world)
    const own = createMailboxKit()
    await mallory.ask(own.create)
    await openMailbox(mallory, own)
    await bindMailbox(mallory, own)
    expect(shortOf(await mallory.ask(put(2, kit.mailbox)))).toEqual(['denied'])
    expect(shortOf(await mallory.ask(put(2, kit.mailbox, own.mailbox))), 'nothing of it rubs off').toEqual(['denied', 'done'])
    for (const n of [1, 2, 3]) expect(shortOf(await mallory.ask(get(kit.mailbox, n)))).toBe('denied')
    expect(shortOf(await mallory.ask(find(kit.mailbox, 1)))).toBe('denied')
    expect(shortOf(await mallory.ask(get(own.mailbox, 1))), 'the name alone opens nothing').toBe('unknown')
    expect(shortOf(await mallory.ask(drop(kit.mailbox, 1)))).toBe('denied')
    expect(shortOf(await alice.ask(get(kit.mailbox, 1)))).toBe(1)
    expect(shortOf(await alice.ask(get(kit.mailbox, 2)))).toBe('unknown')
  })
  test('and has only its send key does not read, not even what it put there', async () => {
    const { kit, bob } = await meet(createWorld())
    await bob.ask(put(1, kit.mailbox))
    expect(shortOf(await bob.ask(get(kit.mailbox, 1)))).toBe('denied')
  })
  test('cannot spoil a parcel by knowing its name first: in each mailbox lies what its own writer put there', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    const mallory = await connectCore(world)
    const own = createMailboxKit()
    await mallory.ask(own.create)
    await bindMailbox(mallory, own)
    await mallory.ask({ ...put(1, own.mailbox), parcel: parcelOf(666) } as RelayRequest)
    await bob.ask(put(1, kit.mailbox))
    expect(shortOf(await alice.ask(get(kit.mailbox, 1)))).toBe(1)
  })
})

describe('a flood of parcels', () => {
  test('fills its own mailbox, takes no room from its messages, and none from other mailboxes', async () => {
    const world = createWorld()
    const { kit, bob } = await meet(world)
    const other = createMailboxKit()
    await bob.ask(other.create)
    await bindMailbox(bob, other)
    for (let n = 0; n < MAILBOX_PARCELS_MAX; n += 1) {
      world.now += 1_000
      expect(shortOf(await bob.ask(put(n, kit.mailbox)))).toEqual(['done'])
    }
    world.now += 1_000
    expect(shortOf(await bob.ask(put(MAILBOX_PARCELS_MAX, kit.mailbox, other.mailbox)))).toEqual(['full', 'done'])
    const deposited = await bob.ask({ kind: 'deposit', deposits: [{ mailboxes: [kit.mailbox], blob: new Uint8Array(100) }] })
    expect(deposited).toMatchObject({ kind: 'deposited', verdicts: [[{ kind: 'done' }]] })
  })
  test('is told to wait by bytes, and messages of the same stream are not', async () => {
    const world = createWorld()
    const { kit, bob } = await meet(world)
    const answers: unknown[] = []
    for (let n = 0; n * PARCEL_BYTES <= PARCEL_PUT_RATE.burst; n += 1) answers.push(shortOf(await bob.ask(put(n, kit.mailbox))))
    expect(answers.at(-1)).toBe('too-many')
    const deposited = await bob.ask({ kind: 'deposit', deposits: [{ mailboxes: [kit.mailbox], blob: new Uint8Array(100) }] })
    expect(deposited).toMatchObject({ kind: 'deposited', verdicts: [[{ kind: 'done' }]] })
  })
  test('of questions is told to wait, whether there is anything or not', async () => {
    const { kit, alice } = await meet(createWorld())
    for (let n = 0; n < PARCEL_GET_RATE.burst; n += 1) expect(shortOf(await alice.ask(get(kit.mailbox, n)))).toBe('unknown')
    expect(shortOf(await alice.ask(get(kit.mailbox, 0)))).toBe('too-many')
  })
  test('counts in the share of its address until it is fetched, and what one cannot put another can', async () => {
    const world = createWorld({ addressBytesMax: 100_000 })
    const kit = createMailboxKit()
    const alice = await connectCore(world)
    await alice.ask(kit.create)
    await openMailbox(alice, kit)
    const [one, other] = [await connectCore(world, '192.0.2.1'), await connectCore(world, '192.0.2.2')]
    for (const client of [one, other]) await bindMailbox(client, kit)
    expect(shortOf(await one.ask(put(1, kit.mailbox)))).toEqual(['done'])
    expect(shortOf(await one.ask(put(2, kit.mailbox)))).toBe('too-many')
    expect(shortOf(await other.ask(put(2, kit.mailbox)))).toEqual(['done'])
    expect(world.usedUp).toBe(1)
    await alice.ask(drop(kit.mailbox, 1))
    expect(shortOf(await one.ask(put(3, kit.mailbox)))).toEqual(['done'])
  })
  test('leaves room for messages in the store', async () => {
    const storeBytes = (PARCEL_BYTES * 100) / PARCELS_PERCENT_MAX
    const world = createWorld({ parcelBytesMax: bytesForParcels(storeBytes) })
    const { kit, bob } = await meet(world)
    expect(shortOf(await bob.ask(put(1, kit.mailbox)))).toEqual(['done'])
    expect(shortOf(await bob.ask(put(2, kit.mailbox)))).toEqual(['full'])
  })
  test('that the store cannot keep is refused, and leaves nothing counted', async () => {
    const memory = createMemoryStorage()
    let isBroken = true
    const storage = {
      ...memory,
      putParcel: (ask: Parameters<typeof memory.putParcel>[0]) => (isBroken ? Promise.reject(new Error('no disk')) : memory.putParcel(ask)),
    }
    const world = createWorld({ storage, addressBytesMax: 70_000 })
    const kit = createMailboxKit()
    const bob = await connectCore(world, '192.0.2.1')
    await bob.ask(kit.create)
    await bindMailbox(bob, kit)
    expect(shortOf(await bob.ask(put(1, kit.mailbox)))).toBe('busy')
    isBroken = false
    expect(shortOf(await bob.ask(put(1, kit.mailbox)))).toEqual(['done'])
  })
})

test('a parcel of another size is no call, and neither are too many names', () => {
  const { mailbox } = createMailboxKit()
  for (const length of [PARCEL_BYTES - 1, PARCEL_BYTES + 1]) {
    const request = { kind: 'put-parcel', mailboxes: [mailbox], name: nameOf(1), parcel: new Uint8Array(length) } as const
    expect(() => encode(relayCall, { id: 1, request })).toThrow()
  }
  const names = (count: number): RelayRequest => drop(mailbox, ...Array.from({ length: count }, (_, n) => n))
  expect(tryDecode(relayCall, encode(relayCall, { id: 1, request: names(PARCELS_DROPPED_MAX) }))).toBeDefined()
  expect(() => encode(relayCall, { id: 1, request: names(PARCELS_DROPPED_MAX + 1) })).toThrow()
})
