// Several relays on one store, each with devices of its own.

import { describe, expect, test } from 'vitest'
import { blobIdOf, hash } from '@kith/protocol'
import { createSharedMemory } from './index.ts'
import { bodyBytesOf } from './shares.ts'
import { bindMailbox, connectCore, createWorld, openMailbox, settle } from '../../test/core-client.ts'
import { acknowledgementOf, createMailboxKit, depositOf, randomBlob, shortOf } from '../../test/mailbox-keys.ts'
import { ITEM_ROW_BYTES } from '../limits.ts'
import type { Storage } from '../storage/storage.ts'

/** Alice listens at one relay, and Bob deposits at another. */
async function startTwo(addressBytesMax = Infinity) {
  const open = createSharedMemory()
  const stores = [open(), open()] as const
  const [here, there] = stores.map((storage) => createWorld({ storage, addressBytesMax })) as [World, World]
  const kit = createMailboxKit()
  const alice = await connectCore(here)
  const bob = await connectCore(there, 'bob')
  await alice.ask(kit.create)
  await openMailbox(alice, kit)
  await bindMailbox(bob, kit)
  return { here, there, kit, alice, bob, open, store: stores[0] }
}
type World = ReturnType<typeof createWorld>

describe('a blob that comes to another relay', () => {
  test('is pushed to the device that listens here, in its turn', async () => {
    const { kit, alice, bob, here } = await startTwo()
    const own = await connectCore(here)
    await bindMailbox(own, kit)
    const blobs = [randomBlob(), randomBlob(), randomBlob()]
    for (const [n, blob] of blobs.entries())
      expect(shortOf(await (n === 1 ? own : bob).ask(depositOf(kit.mailbox, blob)))).toBe('deposited')
    await settle()
    expect(alice.blobs).toEqual(blobs)
  })
  test('may be acknowledged here, and then it is gone there as well', async () => {
    const { kit, alice, bob, there } = await startTwo()
    const blob = randomBlob()
    await bob.ask(depositOf(kit.mailbox, blob))
    await settle()
    expect(shortOf(await alice.ask(acknowledgementOf(kit.mailbox, [blobIdOf(hash(blob))])))).toBe('acknowledged')
    const again = await connectCore(there)
    await openMailbox(again, kit)
    await settle()
    expect(again.blobs).toEqual([])
  })
  test('counts in the share of its address no more once it was fetched here', async () => {
    const { kit, alice, bob, there } = await startTwo(bodyBytesOf(1_064) + ITEM_ROW_BYTES)
    const blob = randomBlob()
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, blob)))).toBe('deposited')
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, randomBlob())))).toBe('too-many')
    expect(there.usedUp).toBe(1)
    await alice.ask(acknowledgementOf(kit.mailbox, [blobIdOf(hash(blob))]))
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, randomBlob())))).toBe('deposited')
  })
})

test('the device that came last listens, whichever relay it came to', async () => {
  const { kit, alice, bob, there } = await startTwo()
  const later = await connectCore(there)
  await openMailbox(later, kit)
  await bob.ask(depositOf(kit.mailbox, randomBlob()))
  await settle()
  expect([alice.blobs.length, later.blobs.length]).toEqual([0, 1])
})
test('after a break everything that waits is pushed again, and this relay is the one that is told again', async () => {
  const open = createSharedMemory()
  let wake: Parameters<NonNullable<Storage['shared']>['subscribe']>[0] = () => {}
  const mine = open()
  const listened: number[] = []
  const shared: NonNullable<Storage['shared']> = {
    ...(mine.shared as NonNullable<Storage['shared']>),
    subscribe: (listener) => void (wake = listener),
    listen: async (mailboxes) => void listened.push(mailboxes.length),
  }
  const here = createWorld({ storage: { ...mine, shared } })
  const there = createWorld({ storage: open() })
  const kit = createMailboxKit()
  const alice = await connectCore(here)
  await alice.ask(kit.create)
  await openMailbox(alice, kit)
  const bob = await connectCore(there)
  await bindMailbox(bob, kit)
  // Nobody tells the relay of it.
  const blob = randomBlob()
  await bob.ask(depositOf(kit.mailbox, blob))
  await settle()
  expect(alice.blobs).toEqual([])
  wake({ kind: 'all' })
  await settle()
  expect(alice.blobs).toEqual([blob])
  wake({ kind: 'all' })
  await settle()
  expect([alice.blobs, listened]).toEqual([
    [blob, blob],
    [1, 1, 1],
  ])
})
