// Pushing to the owner: order, window, the newest stream, and what happens when storage fails.

import { describe, expect, test } from 'vitest'
import { BLOBS_PER_PUSH_MAX, blobIdOf, hash, RELAY_FRAME_BYTES_MAX, RELAY_PUSH_BYTES_WINDOW, RELAY_PUSH_WINDOW } from '@kith/protocol'
import { bindMailbox, connectCore, createWorld, meet, openMailbox, settle } from '../../test/core-client.ts'
import { acknowledgementOf, createMailboxKit, depositOf, randomBlob, shortOf, verdictsIn } from '../../test/mailbox-keys.ts'
import { DISK_RETRY_MS } from '../limits.ts'
import { createMemoryStorage, StorageError } from './index.ts'
import type { CoreClient } from '../../test/core-client.ts'
import type { MailboxKit } from '../../test/mailbox-keys.ts'

async function depositAll(client: CoreClient, { mailbox }: MailboxKit, count: number): Promise<readonly Uint8Array[]> {
  const blobs = Array.from({ length: count }, () => randomBlob(16))
  for (const blob of blobs) expect(shortOf(await client.ask(depositOf(mailbox, blob)))).toBe('deposited')
  return blobs
}
const acknowledge = (client: CoreClient, { mailbox }: MailboxKit, blobs: readonly Uint8Array[]) =>
  client.ask(
    acknowledgementOf(
      mailbox,
      blobs.map((blob) => blobIdOf(hash(blob))),
    ),
  )

describe('pushing', () => {
  test('brings what is stored, oldest first, then what arrives, each once', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    alice.close()
    const stored = await depositAll(bob, kit, 3)
    const again = await connectCore(world)
    await openMailbox(again, kit)
    await settle()
    const fresh = await depositAll(bob, kit, 3)
    await bob.ask(depositOf(kit.mailbox, fresh[0] ?? randomBlob()))
    await settle()
    expect(again.blobs).toEqual([...stored, ...fresh])
    expect(again.heard.slice(0, 3)).toEqual(['answer', 'answer', 'push'])
  })
  test('stops at the window and goes on, oldest first, as acknowledgements come', async () => {
    const { kit, alice, bob } = await meet(createWorld())
    const blobs = await depositAll(bob, kit, RELAY_PUSH_WINDOW + 3)
    await settle()
    expect(alice.blobs).toEqual(blobs.slice(0, RELAY_PUSH_WINDOW))
    await acknowledge(alice, kit, blobs.slice(0, 2))
    await settle()
    expect(alice.blobs).toEqual(blobs.slice(0, RELAY_PUSH_WINDOW + 2))
    await acknowledge(alice, kit, blobs.slice(0, 2))
    await settle()
    expect(alice.blobs).toHaveLength(RELAY_PUSH_WINDOW + 2)
    await acknowledge(alice, kit, blobs.slice(2, 3))
    await settle()
    expect(alice.blobs).toEqual(blobs)
  })
  test('stops at the bytes of the window too, whatever their number', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    alice.close()
    const blobs = Array.from({ length: 20 }, () => randomBlob(65_536))
    for (const blob of blobs) await bob.ask(depositOf(kit.mailbox, blob))
    const again = await connectCore(world)
    await openMailbox(again, kit)
    await settle()
    expect(again.blobs).toHaveLength(RELAY_PUSH_BYTES_WINDOW / 65_536)
    await acknowledge(again, kit, blobs.slice(0, 2))
    await settle()
    expect(again.blobs).toHaveLength(RELAY_PUSH_BYTES_WINDOW / 65_536 + 2)
    await acknowledge(again, kit, blobs.slice(0, 18))
    await settle()
    expect(again.blobs).toEqual(blobs)
  })
  test('brings many blobs in one frame, as many as it has room for', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    alice.close()
    await bob.ask(depositOf(kit.mailbox, ...Array.from({ length: 100 }, () => randomBlob(16))))
    await depositAll(bob, kit, BLOBS_PER_PUSH_MAX - 99)
    for (const blob of Array.from({ length: 3 }, () => randomBlob(60_000))) await bob.ask(depositOf(kit.mailbox, blob))
    const again = await connectCore(world)
    await openMailbox(again, kit)
    await settle()
    expect(again.pushes).toEqual([BLOBS_PER_PUSH_MAX, 3, 1])
    expect(again.blobs).toHaveLength(BLOBS_PER_PUSH_MAX + 4)
    expect(3 * 60_000).toBeGreaterThan(RELAY_FRAME_BYTES_MAX)
  })
  test('what is deposited together leaves together', async () => {
    const { kit, alice, bob } = await meet(createWorld())
    const blobs = [randomBlob(), randomBlob(), randomBlob()]
    await bob.ask(depositOf(kit.mailbox, ...blobs))
    await settle()
    expect(alice.blobs).toEqual(blobs)
    expect(alice.pushes).toEqual([3])
  })
  test('the window is one for all mailboxes of a stream, and none of them starves', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    const second = createMailboxKit()
    await alice.ask(second.create)
    await bindMailbox(bob, second)
    alice.close()
    const first = await depositAll(bob, kit, RELAY_PUSH_WINDOW)
    await depositAll(bob, second, 2)
    const again = await connectCore(world)
    await openMailbox(again, kit, second)
    await settle()
    expect(again.blobs).toHaveLength(RELAY_PUSH_WINDOW)
    await acknowledge(again, kit, first)
    await settle()
    expect(again.blobs).toHaveLength(RELAY_PUSH_WINDOW + 2)
  })
  test('goes to the newest stream that opened the mailbox; the older one may still acknowledge', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    const [old = randomBlob()] = await depositAll(bob, kit, 1)
    await settle()
    const newer = await connectCore(world)
    await openMailbox(newer, kit)
    await settle()
    const [fresh = randomBlob()] = await depositAll(bob, kit, 1)
    await settle()
    expect(alice.blobs).toEqual([old])
    expect(newer.blobs).toEqual([old, fresh])
    expect(shortOf(await acknowledge(alice, kit, [old]))).toBe('acknowledged')
    alice.close()
    const [last = randomBlob()] = await depositAll(bob, kit, 1)
    await settle()
    expect(newer.blobs).toEqual([old, fresh, last])
  })
  test('goes to the stream that opened the mailbox before, when the newest one ends: several devices may listen to one', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    const [second, third] = [await connectCore(world), await connectCore(world)]
    for (const stream of [second, third]) await openMailbox(stream, kit)
    second.close()
    const [one = randomBlob()] = await depositAll(bob, kit, 1)
    await settle()
    expect([alice.blobs, third.blobs]).toEqual([[], [one]])
    third.close()
    await settle()
    const [other = randomBlob()] = await depositAll(bob, kit, 1)
    await settle()
    expect(alice.blobs).toEqual([one, other])
  })
  test('a blob of a depositor who left before the answer is pushed all the same', async () => {
    const { kit, alice, bob } = await meet(createWorld())
    const blob = randomBlob()
    void bob.ask(depositOf(kit.mailbox, blob))
    await Promise.resolve()
    bob.close()
    await settle()
    expect(alice.blobs).toEqual([blob])
  })
})

describe('a storage that fails', () => {
  test('means a refusal for the one who asked, and nothing pushed that is not stored', async () => {
    const memory = createMemoryStorage()
    let failing: 'disk' | 'busy' | undefined
    const fail = async (): Promise<void> => {
      if (failing) throw new StorageError(failing, 'the test says so')
    }
    const storage = { ...memory, deposit: (ask: Parameters<typeof memory.deposit>[0]) => fail().then(() => memory.deposit(ask)) }
    const world = createWorld({ storage })
    const { kit, alice, bob } = await meet(world)
    const blob = randomBlob()
    failing = 'disk'
    const answer = await bob.ask(depositOf(kit.mailbox, blob))
    expect(verdictsIn(answer)).toEqual([{ kind: 'refused', reason: 'disk', retryMs: DISK_RETRY_MS }])
    failing = 'busy'
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, blob)))).toBe('busy')
    await settle()
    expect(alice.blobs).toEqual([])
    failing = undefined
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, blob)))).toBe('deposited')
    await settle()
    expect(alice.blobs).toEqual([blob])
    expect(world.reports).toHaveLength(2)
  })
  test('acknowledgements that the disk refused cost the stream nothing: it goes on, and what was not deleted is pushed to the next', async () => {
    const memory = createMemoryStorage()
    let isFull = false
    const deleteBlobs = (ask: Parameters<typeof memory.deleteBlobs>[0]) =>
      isFull ? Promise.reject(new StorageError('disk', 'full')) : memory.deleteBlobs(ask)
    const world = createWorld({ storage: { ...memory, deleteBlobs } })
    const { kit, alice, bob } = await meet(world)
    isFull = true
    for (const blob of await depositAll(bob, kit, RELAY_PUSH_WINDOW)) {
      await settle()
      expect(shortOf(await alice.ask(acknowledgementOf(kit.mailbox, [blobIdOf(hash(blob))])))).toBe('disk')
    }
    isFull = false
    const [last] = await depositAll(bob, kit, 1)
    await settle()
    expect(alice.blobs.at(-1)).toEqual(last)
    alice.close()
    const again = await connectCore(world)
    await openMailbox(again, kit)
    await settle()
    expect(again.blobs).toHaveLength(RELAY_PUSH_WINDOW)
  })
  test('a read that fails is tried again with the next ping, without a gap', async () => {
    const memory = createMemoryStorage()
    let isFailing = false
    const storage = {
      ...memory,
      readBlobs: (ask: Parameters<typeof memory.readBlobs>[0]) =>
        isFailing ? Promise.reject(new StorageError('disk', 'no')) : memory.readBlobs(ask),
    }
    const world = createWorld({ storage })
    const { kit, alice, bob } = await meet(world)
    alice.close()
    const blobs = await depositAll(bob, kit, 2)
    const again = await connectCore(world)
    isFailing = true
    await openMailbox(again, kit)
    await settle()
    expect(again.blobs).toEqual([])
    isFailing = false
    await again.ask({ kind: 'ping' })
    await settle()
    expect(again.blobs).toEqual(blobs)
  })
})
