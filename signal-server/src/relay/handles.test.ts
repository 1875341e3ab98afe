// The directory: whose a handle is, who finds it, what a first word costs, and what comes of trying to get around any of it.

import { describe, expect, test } from 'vitest'
import {
  blobIdOf,
  hash,
  HANDLE_CLOCK_MS_MAX,
  HANDLE_MS,
  HANDLE_PREFIX_LENGTH_MIN,
  HANDLES_FOUND_MAX,
  HELLO_BLOB_BYTES_MAX,
  HELLO_WORK_MS,
} from '@kith/protocol'
import { readHandleClaim, workHourAt } from '@kith/protocol/handle'
import { bindMailbox, connectCore, createWorld, openMailbox, settle } from '../../test/core-client.ts'
import { createClaimant, helloBlob, helloOf, idleNonce } from '../../test/handle-kit.ts'
import { acknowledgementOf, depositOf, shortOf } from '../../test/mailbox-keys.ts'
import {
  ADDRESS_FINDS_RATE,
  ADDRESS_HANDLES_RATE,
  ADDRESS_HELLOS_RATE,
  HANDLE_CLAIM_RATE,
  HANDLE_FIND_RATE,
  HANDLE_WAIT_MS,
  HANDLES_PER_ACCOUNT_MAX,
  HANDLES_SOUGHT_COST,
  HELLO_RATE,
  HELLOS_WAITING_MAX,
} from '../limits.ts'
import type { RelayAnswer } from '@kith/protocol'
import type { CoreClient, World } from '../../test/core-client.ts'

/** Alice, whose device listens to the mailbox that she names. */
async function comeIn(world: World) {
  const claimant = createClaimant(world)
  const client = await connectCore(world)
  await client.ask(claimant.kit.create)
  await openMailbox(client, claimant.kit)
  return { ...claimant, client }
}
async function start() {
  const world = createWorld()
  return { world, alice: await comeIn(world), stranger: await connectCore(world) }
}
const find = (client: CoreClient, handle: string, isBeginning = false) => client.ask({ kind: 'find-handle', handle, isBeginning })
const handleIn = (answer: RelayAnswer) => (answer.kind === 'handle' ? readHandleClaim(answer.claim)?.handle : shortOf(answer))
const foundIn = (answer: RelayAnswer) => (answer.kind === 'handles' ? answer.handles : shortOf(answer))

describe('a handle', () => {
  test('is found as it was claimed, by whoever knows it, however they write what looks alike', async () => {
    const { alice, stranger } = await start()
    const claim = alice.claim('alice.w0lf')
    expect(shortOf(await find(stranger, 'alice.w0lf'))).toBe('unknown')
    expect(shortOf(await alice.client.ask(claim))).toBe('done')
    expect(await find(stranger, 'alice.w0lf')).toEqual({ kind: 'handle', claim: claim.claim })
    expect(handleIn(await find(stranger, 'alicewolf'))).toBe('alice.w0lf')
    expect(shortOf(await find(stranger, 'alice.wol'))).toBe('unknown')
  })
  test('is nobody else’s, nor is one that looks like it; given up, it is free after its time', async () => {
    const { world, alice } = await start()
    const bob = await comeIn(world)
    await alice.client.ask(alice.claim('alice'))
    for (const handle of ['alice', 'a1ice', 'al-ice']) expect(shortOf(await bob.client.ask(bob.claim(handle)))).toBe('taken')
    world.now += 1
    expect(shortOf(await alice.client.ask(alice.claim('alice', { isGivenUp: true, issued: world.now })))).toBe('done')
    expect(shortOf(await find(bob.client, 'alice'))).toBe('unknown')
    world.now += HANDLE_WAIT_MS - 1
    expect(shortOf(await bob.client.ask(bob.claim('alice', { issued: world.now })))).toBe('taken')
    world.now += 1
    expect(shortOf(await bob.client.ask(bob.claim('alice', { issued: world.now })))).toBe('done')
  })
  test('that nobody renews is over after its time, and nobody else’s for as long as one that was given up', async () => {
    const { world, alice } = await start()
    const bob = await comeIn(world)
    await alice.client.ask(alice.claim('alice'))
    world.now += HANDLE_MS
    expect(shortOf(await find(bob.client, 'alice'))).toBe('unknown')
    expect(shortOf(await bob.client.ask(bob.claim('alice', { issued: world.now })))).toBe('taken')
    world.now += HANDLE_WAIT_MS
    await world.relay.sweep()
    expect(shortOf(await bob.client.ask(bob.claim('alice', { issued: world.now })))).toBe('done')
  })
  test('is one for each account, which may change it only so often', async () => {
    const { world, alice } = await start()
    for (let n = 0; n < HANDLES_PER_ACCOUNT_MAX; n++) {
      expect(shortOf(await alice.client.ask(alice.claim(`alice${n + 2}`, { issued: (world.now += 1) })))).toBe('done')
      expect(shortOf(await alice.client.ask(alice.claim('other', { issued: (world.now += 1) })))).toBe('full')
      expect(shortOf(await alice.client.ask(alice.claim(`alice${n + 2}`, { isGivenUp: true, issued: (world.now += 1) })))).toBe('done')
      world.now += 3 * HANDLE_CLAIM_RATE.refillMs
    }
    expect(shortOf(await alice.client.ask(alice.claim('other', { issued: world.now })))).toBe('full')
    expect(shortOf(await alice.client.ask(alice.claim('alice2', { issued: world.now })))).toBe('done')
  })
  test('has so many characters, in one form', async () => {
    const { world } = await start()
    const wrong = ['al', 'a.b', 'Alice', 'al ice', '.alice', 'alice.', 'al..ice', 'аlice', '123', 'a'.repeat(24).replace(/^a/, '@')]
    for (const handle of wrong) {
      const alice = await comeIn(world)
      expect(shortOf(await find(alice.client, handle)), handle).toBe('malformed')
      expect(shortOf(await alice.client.ask(alice.claim(handle))), handle).toBe('malformed')
    }
  })
})

describe('whoever wants the handle of somebody else', () => {
  test('gets nowhere with a claim that another device signed, or that was altered', async () => {
    const { alice } = await start()
    const { client, claim } = alice
    expect(shortOf(await client.ask(claim('alice', { seed: new Uint8Array(32).fill(7) })))).toBe('denied')
    const altered = claim('alice').claim
    altered[altered.length - 70] = (altered[altered.length - 70] as number) ^ 1
    expect(['denied', 'malformed']).toContain(shortOf(await client.ask({ kind: 'claim-handle', claim: altered })))
    expect(shortOf(await client.ask(claim('alice', { relayKey: new Uint8Array(32).fill(7) }))), 'said at another relay').toBe('denied')
    expect(shortOf(await client.ask(claim('alice')))).toBe('done')
  })
  test('cannot claim one in the name of an account whose device list they have', async () => {
    const { world, alice } = await start()
    const mallory = await comeIn(world)
    expect(shortOf(await mallory.client.ask(mallory.claim('alice', { list: alice.list })))).toBe('denied')
    expect(shortOf(await mallory.client.ask(alice.claim('alice', { mailbox: mallory.kit.mailbox, seed: mallory.seed })))).toBe('denied')
    expect(shortOf(await find(mallory.client, 'alice'))).toBe('unknown')
    expect(shortOf(await mallory.client.ask(mallory.claim('alice')))).toBe('done')
  })
  test('cannot say again what its owner has said before, nor have first words left in a mailbox that is not theirs', async () => {
    const { world, alice, stranger } = await start()
    const before = alice.claim('alice')
    await alice.client.ask(before)
    expect(shortOf(await stranger.ask(before)), 'from a stream that has not opened that mailbox').toBe('denied')
    const later = alice.claim('alice', { isListed: true, issued: (world.now += 1) })
    await alice.client.ask(later)
    expect(shortOf(await alice.client.ask(before)), 'from its own').toBe('stale')
    const gone = alice.claim('alice', { isGivenUp: true, issued: (world.now += 1) })
    await alice.client.ask(gone)
    await alice.client.ask(alice.claim('alice', { issued: (world.now += 1) }))
    expect(shortOf(await stranger.ask(gone)), 'that it was given up').toBe('stale')
    const mallory = await comeIn(world)
    expect(shortOf(await mallory.client.ask(mallory.claim('mallory', { mailbox: alice.kit.mailbox })))).toBe('denied')
  })
  test('cannot keep it with a device that was taken out, once another one has claimed it since', async () => {
    const { world, alice } = await start()
    await alice.client.ask(alice.claim('alice', { list: alice.laterList }))
    world.now += 1
    expect(shortOf(await alice.client.ask(alice.claim('alice', { issued: world.now })))).toBe('stale')
    expect(shortOf(await alice.client.ask(alice.claim('alice', { issued: world.now, list: alice.laterList })))).toBe('done')
  })
  test('cannot claim one ahead of its time, or from long ago', async () => {
    const { world, alice } = await start()
    for (const off of [HANDLE_CLOCK_MS_MAX + 1, -HANDLE_CLOCK_MS_MAX - 1])
      expect(shortOf(await alice.client.ask(alice.claim('alice', { issued: world.now + off })))).toBe('stale')
    expect(shortOf(await alice.client.ask(alice.claim('alice', { issued: world.now + HANDLE_CLOCK_MS_MAX })))).toBe('done')
  })
  test('may claim only so many from one address', async () => {
    const world = createWorld()
    const alice = createClaimant(world)
    const claimFrom = async (address: string) => {
      const client = await connectCore(world, address)
      await client.ask(alice.kit.create)
      await openMailbox(client, alice.kit)
      return shortOf(await client.ask(alice.claim('alice', { issued: (world.now += 1) })))
    }
    for (let n = 0; n < ADDRESS_HANDLES_RATE.burst; n++) expect(await claimFrom('one')).toBe('done')
    expect(await claimFrom('one')).toBe('too-many')
    expect(await claimFrom('other')).toBe('done')
    world.now += ADDRESS_HANDLES_RATE.refillMs
    expect(await claimFrom('one')).toBe('done')
  })
})

describe('whoever wants to know who is there', () => {
  async function crowd() {
    const { world, stranger } = await start()
    for (let n = 0; n < HANDLES_FOUND_MAX + 2; n++) {
      const one = await comeIn(world)
      await one.client.ask(one.claim(`annab.${String.fromCodePoint(97 + n)}`, { isListed: n !== 1 }))
    }
    return { world, stranger }
  }
  test('finds by the beginning only those who allow it, so many at once, and none by less than four characters', async () => {
    const { stranger } = await crowd()
    const found = foundIn(await find(stranger, 'anna', true))
    expect(found).toHaveLength(HANDLES_FOUND_MAX)
    expect(found).not.toContain('annab.b')
    expect(foundIn(await find(stranger, 'annab.j', true))).toEqual(['annab.j'])
    for (const short of ['a'.repeat(HANDLE_PREFIX_LENGTH_MIN - 1), 'a.b-c', '%%%%', 'ann_', '____'])
      expect(shortOf(await find(stranger, short, true)), short).toBe('malformed')
  })
  test('may look only so often: from one stream, and from one address by however many', async () => {
    const { world } = await start()
    const alone = await connectCore(world)
    const harvests = HANDLE_FIND_RATE.burst / HANDLES_SOUGHT_COST
    for (let n = 0; n < harvests; n++) expect((await find(alone, 'anna', true)).kind).toBe('handles')
    expect(shortOf(await find(alone, 'anna'))).toBe('too-many')
    world.now += HANDLE_FIND_RATE.refillMs
    expect(shortOf(await find(alone, 'anna'))).toBe('unknown')
    let asked = 0
    for (let streams = 0; streams < ADDRESS_FINDS_RATE.burst / HANDLE_FIND_RATE.burst; streams++) {
      const stream = await connectCore(world, 'one')
      for (let n = 0; n < HANDLE_FIND_RATE.burst; n++, asked++) expect(shortOf(await find(stream, 'anna'))).toBe('unknown')
    }
    expect(asked).toBe(ADDRESS_FINDS_RATE.burst)
    expect(shortOf(await find(await connectCore(world, 'one'), 'anna'))).toBe('too-many')
    expect(shortOf(await find(await connectCore(world, 'other'), 'anna'))).toBe('unknown')
  })
})

describe('a first word', () => {
  test('reaches the device that claimed the handle, and is kept once', async () => {
    const { world, alice, stranger } = await start()
    const { mailbox } = alice.kit
    await alice.client.ask(alice.claim('alice'))
    const hello = helloOf(world, { handle: 'alice', mailbox })
    expect(shortOf(await stranger.ask(hello))).toBe('done')
    await settle()
    expect(alice.client.blobs).toEqual([hello.blob])
    expect(shortOf(await stranger.ask(hello))).toBe('done')
    await settle()
    expect(alice.client.blobs).toHaveLength(1)
  })
  test('without work is refused, and so is work that was done for another blob, mailbox, relay or hour', async () => {
    const { world, alice, stranger } = await start()
    const bob = await comeIn(world)
    await alice.client.ask(alice.claim('alice'))
    await bob.client.ask(bob.claim('bob'))
    const { mailbox } = alice.kit
    const good = helloOf(world, { handle: 'alice', mailbox })
    const { blob, hour } = good
    expect(shortOf(await stranger.ask({ ...good, nonce: idleNonce(world, { mailbox, blob, hour }) })), 'none').toBe('work')
    expect(shortOf(await stranger.ask({ ...good, blob: helloBlob() })), 'another blob').toBe('work')
    expect(shortOf(await stranger.ask({ ...good, handle: 'bob' })), 'another mailbox').toBe('work')
    expect(shortOf(await stranger.ask({ ...good, hour: hour - 1 })), 'another hour').toBe('work')
    const elsewhere = helloOf({ ...world, key: new Uint8Array(32) }, { handle: 'alice', mailbox, blob })
    expect(shortOf(await stranger.ask(elsewhere)), 'another relay').toBe('work')
    await settle()
    expect([...alice.client.blobs, ...bob.client.blobs]).toEqual([])
    expect(shortOf(await stranger.ask(good))).toBe('done')
  })
  test('may be worked for in the hour before, not in one that is over or to come', async () => {
    const { world, alice, stranger } = await start()
    const { mailbox } = alice.kit
    await alice.client.ask(alice.claim('alice'))
    const now = workHourAt(world.now)
    for (const [hour, said] of [
      [now - 1, 'done'],
      [now - 2, 'stale'],
      [now + 1, 'stale'],
    ] as const)
      expect(shortOf(await stranger.ask(helloOf(world, { handle: 'alice', mailbox, hour })))).toBe(said)
    const old = helloOf(world, { handle: 'alice', mailbox })
    world.now += 2 * HELLO_WORK_MS
    expect(shortOf(await stranger.ask(old))).toBe('stale')
  })
  test('goes to nobody who has no handle any more, or whose mailbox is gone', async () => {
    const { world, alice, stranger } = await start()
    const { mailbox } = alice.kit
    const hello = helloOf(world, { handle: 'alice', mailbox })
    expect(shortOf(await stranger.ask(hello))).toBe('unknown')
    await alice.client.ask(alice.claim('alice'))
    await world.relay.purge(mailbox)
    expect(shortOf(await stranger.ask(hello))).toBe('unknown')
    await alice.client.ask(alice.claim('alice', { isGivenUp: true, issued: (world.now += 1) }))
    expect(shortOf(await stranger.ask(hello))).toBe('unknown')
  })
  test('has so many bytes, and so many wait; what the owner fetches makes room', async () => {
    const { world, alice } = await start()
    const { mailbox } = alice.kit
    await alice.client.ask(alice.claim('alice'))
    alice.client.close()
    const leave = async (blob?: Uint8Array) => {
      const stream = await connectCore(world)
      return shortOf(await stream.ask(helloOf(world, { handle: 'alice', mailbox, ...(blob ? { blob } : {}) })))
    }
    expect(await leave(new Uint8Array(HELLO_BLOB_BYTES_MAX + 1))).toBe('too-large')
    expect(await leave(new Uint8Array(HELLO_BLOB_BYTES_MAX))).toBe('done')
    // What lies there already, whoever left it, counts.
    const friend = await connectCore(world)
    await bindMailbox(friend, alice.kit)
    for (let n = 1; n < HELLOS_WAITING_MAX; n++) await friend.ask(depositOf(mailbox, new Uint8Array(100).fill(n)))
    expect(await leave()).toBe('full')
    const again = await connectCore(world)
    await openMailbox(again, alice.kit)
    await settle()
    await again.ask(acknowledgementOf(mailbox, [blobIdOf(hash(new Uint8Array(100).fill(1)))]))
    expect(await leave()).toBe('done')
  })
  test('does not open the mailbox to other deposits', async () => {
    const { world, alice, stranger } = await start()
    const { mailbox } = alice.kit
    await alice.client.ask(alice.claim('alice'))
    await stranger.ask(helloOf(world, { handle: 'alice', mailbox }))
    expect(shortOf(await stranger.ask(depositOf(mailbox, helloBlob())))).toBe('denied')
  })
  test('can be left only so often: from one stream, and from one address by however many', async () => {
    const { world } = await start()
    const hello = { kind: 'leave-hello', handle: 'alice', hour: workHourAt(world.now), nonce: 0, blob: new Uint8Array(9) } as const
    const said = async (client: CoreClient) => shortOf(await client.ask(hello))
    const alone = await connectCore(world)
    for (let n = 0; n < HELLO_RATE.burst; n++) expect(await said(alone)).toBe('unknown')
    expect(await said(alone)).toBe('too-many')
    for (let streams = 0; streams < ADDRESS_HELLOS_RATE.burst / HELLO_RATE.burst; streams++) {
      const stream = await connectCore(world, 'one')
      for (let n = 0; n < HELLO_RATE.burst; n++) expect(await said(stream)).toBe('unknown')
    }
    expect(await said(await connectCore(world, 'one'))).toBe('too-many')
    expect(await said(await connectCore(world, 'other'))).toBe('unknown')
  })
})
