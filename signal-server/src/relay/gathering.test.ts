// What waits for somebody who is away, put together.

import { describe, expect, test } from 'vitest'
import { blobIdOf, GATHERED_BLOBS_MAX, hash, tryDecode, encode, relayCall } from '@kith/protocol'
import { bindMailbox, connectCore, createWorld, meet, openMailbox, settle } from '../../test/core-client.ts'
import { createMailboxKit } from '../../test/mailbox-keys.ts'
import { createMemoryStorage } from './index.ts'
import type { MailboxId, RelayAnswer, RelayRequest } from '@kith/protocol'

const blobOf = (fill: number, length = 100): Uint8Array => new Uint8Array(length).fill(fill)
const idOf = (blob: Uint8Array) => blobIdOf(hash(blob))
const depositOf = (mailbox: MailboxId, ...blobs: readonly Uint8Array[]): RelayRequest => ({
  kind: 'deposit',
  deposits: blobs.map((blob) => ({ mailboxes: [mailbox], blob })),
})
const gatherOf = (mailboxes: readonly MailboxId[], blobs: readonly Uint8Array[], blob: Uint8Array): RelayRequest => ({
  kind: 'gather',
  mailboxes,
  blobs: blobs.map(idOf),
  blob,
})
const shortOf = (answer: RelayAnswer): unknown =>
  answer.kind === 'gathered'
    ? answer.verdicts.map((verdict) => (verdict.kind === 'done' ? 'done' : verdict.reason))
    : answer.kind === 'refused'
      ? answer.reason
      : answer.kind

describe('what waits is put together', () => {
  test('for somebody who is away, and is what they get when they come', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    alice.close()
    await bob.ask(depositOf(kit.mailbox, blobOf(1), blobOf(2), blobOf(3)))
    expect(shortOf(await bob.ask(gatherOf([kit.mailbox], [blobOf(1), blobOf(2)], blobOf(9, 200))))).toEqual(['done'])
    const back = await connectCore(world)
    await openMailbox(back, kit)
    await settle()
    expect(back.blobs.map(([fill]) => fill)).toEqual([9, 3])
  })

  test('and nothing of it is pushed to whoever was given the parts; what they acknowledge is let go of, the one comes once more', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    await bob.ask(depositOf(kit.mailbox, blobOf(1), blobOf(2)))
    await settle()
    expect(shortOf(await bob.ask(gatherOf([kit.mailbox], [blobOf(1), blobOf(2)], blobOf(9))))).toEqual(['done'])
    await alice.ask({ kind: 'acknowledge', stored: [{ mailbox: kit.mailbox, blobs: [idOf(blobOf(1)), idOf(blobOf(2))] }] })
    await settle()
    expect(alice.blobs.map(([fill]) => fill)).toEqual([1, 2])
    const again = await connectCore(world)
    await openMailbox(again, kit)
    await settle()
    expect(again.blobs.map(([fill]) => fill)).toEqual([9])
  })

  test('of whoever has fetched any of it already nothing is put together', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    await bob.ask(depositOf(kit.mailbox, blobOf(1), blobOf(2)))
    await alice.ask({ kind: 'acknowledge', stored: [{ mailbox: kit.mailbox, blobs: [idOf(blobOf(1))] }] })
    expect(shortOf(await bob.ask(gatherOf([kit.mailbox], [blobOf(1), blobOf(2)], blobOf(9))))).toEqual(['unknown'])
  })

  test('only where this stream may write, each mailbox by itself', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    const other = createMailboxKit()
    await alice.ask(other.create)
    const carol = await connectCore(world)
    await bindMailbox(carol, other)
    for (const [writer, mailbox] of [
      [bob, kit.mailbox],
      [carol, other.mailbox],
    ] as const)
      await writer.ask(depositOf(mailbox, blobOf(1), blobOf(2)))
    const asked = gatherOf([other.mailbox, kit.mailbox, other.mailbox], [blobOf(1), blobOf(2)], blobOf(9))
    expect(shortOf(await bob.ask(asked))).toEqual(['denied', 'done', 'denied'])
    expect(shortOf(await carol.ask(asked))).toEqual(['done', 'denied', 'done'])
  })

  test('of nothing is malformed, and a blob that is one byte too large is refused before it is looked for', async () => {
    const { kit, bob } = await meet(createWorld())
    await bob.ask(depositOf(kit.mailbox, blobOf(1)))
    expect(shortOf(await bob.ask(gatherOf([kit.mailbox], [], blobOf(9))))).toBe('malformed')
    expect(shortOf(await bob.ask(gatherOf([kit.mailbox], [blobOf(1)], blobOf(9, 65_577))))).toBe('too-large')
    expect(shortOf(await bob.ask(gatherOf([kit.mailbox], [blobOf(1)], blobOf(9, 65_576))))).toEqual(['done'])
  })

  test('one more than may be put together at once is not even a call', () => {
    const call = (count: number) => ({
      id: 1,
      request: gatherOf(
        [],
        Array.from({ length: count }, (_, at) => blobOf(at)),
        blobOf(9),
      ),
    })
    const bytes = encode(relayCall, call(GATHERED_BLOBS_MAX))
    expect(tryDecode(relayCall, bytes)).toEqual(call(GATHERED_BLOBS_MAX))
    expect(() => encode(relayCall, call(GATHERED_BLOBS_MAX + 1))).toThrow(RangeError)
  })

  test('a disk that takes nothing is said to be one, and nothing was let go of', async () => {
    const memory = createMemoryStorage()
    const gather = (): Promise<never> => Promise.reject(new Error('the disk is away'))
    const world = createWorld({ storage: { ...memory, gather } })
    const { kit, alice, bob } = await meet(world)
    await bob.ask(depositOf(kit.mailbox, blobOf(1)))
    expect(shortOf(await bob.ask(gatherOf([kit.mailbox], [blobOf(1)], blobOf(9))))).toBe('busy')
    await settle()
    expect(alice.blobs).toHaveLength(1)
  })
})

describe('the share of an address', () => {
  const address = '203.0.113.7'
  const from = async (world: ReturnType<typeof createWorld>) => {
    const kit = createMailboxKit()
    const client = await connectCore(world, address)
    await client.ask(kit.create)
    await bindMailbox(client, kit)
    return { kit, client }
  }

  test('counts what took the place of others, and those no more', async () => {
    // Room for six blobs of a page, with their rows.
    const world = createWorld({ addressBytesMax: 6 * 8_192 })
    const { kit, client } = await from(world)
    for (let round = 0; round < 20; round += 1) {
      const blobs = [1, 2, 3].map((n) => blobOf(10 * round + n))
      await client.ask(depositOf(kit.mailbox, ...blobs))
      const before = round === 0 ? [] : [blobOf(200 + round - 1)]
      expect(shortOf(await client.ask(gatherOf([kit.mailbox], [...before, ...blobs], blobOf(200 + round))))).toEqual(['done'])
    }
    expect(world.usedUp).toBe(0)
  })

  test('is used up by it as by deposits', async () => {
    const world = createWorld({ addressBytesMax: 2 * 8_192 })
    const { kit, client } = await from(world)
    await client.ask(depositOf(kit.mailbox, blobOf(1)))
    expect(shortOf(await client.ask(gatherOf([kit.mailbox], [blobOf(1)], blobOf(9, 40_000))))).toBe('too-many')
    expect(world.usedUp).toBe(1)
  })
})
