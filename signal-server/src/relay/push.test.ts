// Pushing to the owner: order, window, the newest stream, and what happens when storage fails.

import { describe, expect, test } from 'vitest'
import { blobIdOf, hash, RELAY_PUSH_WINDOW } from '@kith/protocol'
import { bindMailbox, connectCore, createWorld, meet, openMailbox, settle, shortOf } from '../../test/core-client.ts'
import { createMailboxKit, randomBlob } from '../../test/mailbox-keys.ts'
import { createMemoryStorage, StorageError } from './index.ts'
import type { CoreClient } from '../../test/core-client.ts'
import type { MailboxKit } from '../../test/mailbox-keys.ts'

async function depositAll(client: CoreClient, { mailbox }: MailboxKit, count: number): Promise<readonly Uint8Array[]> {
  const blobs = Array.from({ length: count }, () => randomBlob(16))
  for (const blob of blobs) expect(shortOf(await client.ask({ kind: 'deposit', mailbox, blob }))).toBe('deposited')
  return blobs
}
const acknowledge = (client: CoreClient, { mailbox }: MailboxKit, blobs: readonly Uint8Array[]) =>
  client.ask({ kind: 'acknowledge', mailbox, blobs: blobs.map((blob) => blobIdOf(hash(blob))) })

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
    await bob.ask({ kind: 'deposit', mailbox: kit.mailbox, blob: fresh[0] ?? randomBlob() })
    await settle()
    expect(again.blobs).toEqual([...stored, ...fresh])
    expect(again.heard.slice(0, 3)).toEqual(['answer', 'answer', 'blob'])
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
    expect(shortOf(await acknowledge(alice, kit, [old]))).toBe('done')
    alice.close()
    const [last = randomBlob()] = await depositAll(bob, kit, 1)
    await settle()
    expect(newer.blobs).toEqual([old, fresh, last])
  })
  test('a blob of a depositor who left before the answer is pushed all the same', async () => {
    const { kit, alice, bob } = await meet(createWorld())
    const blob = randomBlob()
    void bob.ask({ kind: 'deposit', mailbox: kit.mailbox, blob })
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
    const answer = await bob.ask({ kind: 'deposit', mailbox: kit.mailbox, blob })
    expect(answer).toMatchObject({ kind: 'refused', reason: 'disk' })
    expect(answer.kind === 'refused' && answer.retryMs).toBeGreaterThan(0)
    failing = 'busy'
    expect(shortOf(await bob.ask({ kind: 'deposit', mailbox: kit.mailbox, blob }))).toBe('busy')
    await settle()
    expect(alice.blobs).toEqual([])
    failing = undefined
    expect(shortOf(await bob.ask({ kind: 'deposit', mailbox: kit.mailbox, blob }))).toBe('deposited')
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
      expect(shortOf(await alice.ask({ kind: 'acknowledge', mailbox: kit.mailbox, blobs: [blobIdOf(hash(blob))] }))).toBe('disk')
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
