// How much of the store may wait from one address, and when its room comes back.

import { describe, expect, test } from 'vitest'
import {
  BLOB_BYTES_MAX,
  blobIdOf,
  hash,
  mailboxIdOf,
  prekeysPutStatement,
  recordIdOf,
  recordPutStatement,
  sign,
  signingKeyOf,
} from '@kith/protocol'
import { bindMailbox, connectCore, createWorld, openMailbox } from '../../test/core-client.ts'
import { acknowledgementOf, createMailboxKit, depositOf, randomBlob, shortOf, verdictsIn } from '../../test/mailbox-keys.ts'
import { BLOB_MS_MAX, ITEM_PAGE_BYTES, ITEM_ROW_BYTES, SHARE_RETRY_MS, SHARES_REMEMBERED_MAX } from '../limits.ts'
import { createMemoryStorage, StorageError } from './index.ts'
import { createShares, keepWithin } from './shares.ts'
import type { CoreClient, World } from '../../test/core-client.ts'
import type { MailboxId } from '@kith/protocol'
import type { Storage } from './index.ts'

/** What the smallest thing takes. */
const ITEM = ITEM_ROW_BYTES + ITEM_PAGE_BYTES
const HOME = '192.0.2.1'
const ELSEWHERE = '192.0.2.2'

async function writer(world: World, address: string | undefined) {
  const client = await connectCore(world, address)
  const kit = createMailboxKit()
  await client.ask(kit.create)
  await bindMailbox(client, kit)
  const deposit = async (blob: Uint8Array = randomBlob()): Promise<string> => shortOf(await client.ask(depositOf(kit.mailbox, blob)))
  return { client, kit, deposit }
}
const SEED = new Uint8Array(32).fill(1)
const OWNED = { record: recordIdOf(SEED), owner: signingKeyOf(SEED) }

async function putRecord(client: CoreClient, serial: number): Promise<string> {
  const [blob, expires] = [randomBlob(), 2_000_000_000_000]
  const signature = sign(SEED, recordPutStatement(OWNED.record, serial, expires, blob))
  return shortOf(await client.ask({ kind: 'put-record', ...OWNED, serial, expires, blob, signature }))
}
async function putPrekeys(client: CoreClient, serial: number): Promise<string> {
  const [reusable, oneTime] = [randomBlob(), [randomBlob(), randomBlob()]]
  const signature = sign(SEED, prekeysPutStatement(OWNED.record, serial, reusable, oneTime))
  return shortOf(await client.ask({ kind: 'put-prekeys', ...OWNED, serial, reusable, oneTime, signature }))
}

describe('one address', () => {
  test('fills its share by however many mailboxes and streams, and waits; others go on', async () => {
    const world = createWorld({ addressBytesMax: 3 * ITEM })
    const first = await writer(world, HOME)
    const second = await writer(world, HOME)
    expect([await first.deposit(), await second.deposit(), await second.deposit()]).toEqual(['deposited', 'deposited', 'deposited'])
    expect(verdictsIn(await first.client.ask(depositOf(first.kit.mailbox, randomBlob())))).toEqual([
      { kind: 'refused', reason: 'too-many', retryMs: SHARE_RETRY_MS },
    ])
    expect(await putRecord(second.client, 1)).toBe('too-many')
    expect(world.usedUp).toBe(2)
    expect(await (await writer(world, ELSEWHERE)).deposit()).toBe('deposited')
    expect(await (await writer(world, undefined)).deposit(randomBlob(BLOB_BYTES_MAX))).toBe('deposited')
  })
  test('cannot go over it with many deposits at once', async () => {
    const { deposit } = await writer(createWorld({ addressBytesMax: 3 * ITEM }), HOME)
    const answers = await Promise.all(Array.from({ length: 10 }, () => deposit()))
    expect(answers.filter((answer) => answer === 'deposited')).toHaveLength(3)
  })
  test('has room again when what it brought is fetched, by whom and from where does not matter', async () => {
    const world = createWorld({ addressBytesMax: ITEM })
    const { kit, deposit } = await writer(world, HOME)
    const blob = randomBlob()
    expect([await deposit(blob), await deposit()]).toEqual(['deposited', 'too-many'])
    const alice = await connectCore(world, ELSEWHERE)
    await openMailbox(alice, kit)
    const acknowledge = () => alice.ask(acknowledgementOf(kit.mailbox, [blobIdOf(hash(blob))]))
    await acknowledge()
    await acknowledge()
    expect([await deposit(), await deposit()]).toEqual(['deposited', 'too-many'])
  })
  test('pays once for the bytes of a blob for many mailboxes, and a row for each', async () => {
    const world = createWorld({ addressBytesMax: ITEM_PAGE_BYTES + 5 * ITEM_ROW_BYTES })
    const alice = await connectCore(world, HOME)
    const kits = [createMailboxKit(), createMailboxKit(), createMailboxKit()]
    for (const { create } of kits) await alice.ask(create)
    await openMailbox(alice, ...kits)
    await bindMailbox(alice, ...kits)
    const [blob, mailboxes] = [randomBlob(), kits.map(({ mailbox }) => mailbox)]
    const [first, second, third] = mailboxes as [MailboxId, MailboxId, MailboxId]
    expect(shortOf(await alice.ask(depositOf(mailboxes, blob)))).toBe('deposited')
    expect(shortOf(await alice.ask(depositOf(first, randomBlob())))).toBe('too-many')
    for (const mailbox of [first, second]) await alice.ask(acknowledgementOf(mailbox, [blobIdOf(hash(blob))]))
    expect(shortOf(await alice.ask(depositOf(first, randomBlob())))).toBe('too-many')
    await alice.ask(acknowledgementOf(third, [blobIdOf(hash(blob))]))
    expect(shortOf(await alice.ask(depositOf(first, randomBlob())))).toBe('deposited')
  })
  test('has room again when what it brought is over, which a blob that comes again is not', async () => {
    const world = createWorld({ addressBytesMax: 2 * ITEM })
    const { deposit } = await writer(world, HOME)
    const blob = randomBlob()
    await deposit(blob)
    world.now += BLOB_MS_MAX - 1
    expect([await deposit(blob), await deposit(), await deposit()]).toEqual(['deposited', 'deposited', 'too-many'])
    world.now += BLOB_MS_MAX - 1
    await world.relay.sweep()
    expect(await deposit()).toBe('too-many')
    world.now += 1
    await world.relay.sweep()
    expect([await deposit(), await deposit(), await deposit()]).toEqual(['deposited', 'deposited', 'too-many'])
  })
  test('pays nothing for what is not kept', async () => {
    const memory = createMemoryStorage()
    let isFull = true
    const deposit: Storage['deposit'] = (ask) => (isFull ? Promise.reject(new StorageError('disk', 'full')) : memory.deposit(ask))
    const bob = await writer(createWorld({ addressBytesMax: 2 * ITEM, storage: { ...memory, deposit } }), HOME)
    for (let n = 0; n < 3; n++) expect(await bob.deposit()).toBe('disk')
    isFull = false
    const blob = randomBlob()
    for (let n = 0; n < 3; n++) expect(await bob.deposit(blob)).toBe('deposited')
    expect([await bob.deposit(), await bob.deposit()]).toEqual(['deposited', 'too-many'])
  })
  test('pays for a record once, however often it is put, in whatever order the answers come', async () => {
    const world = createWorld({ addressBytesMax: 4 * ITEM })
    const [bob, again] = [await writer(world, HOME), await connectCore(world, HOME)]
    for (const serial of [5, 6, 7]) expect(await putRecord(bob.client, serial)).toBe('recorded')
    expect(await Promise.all([putRecord(bob.client, 3), putRecord(again, 8)])).toEqual(['stale', 'recorded'])
    expect(await Promise.all([putRecord(bob.client, 9), putRecord(again, 4)])).toEqual(['recorded', 'stale'])
    for (let n = 0; n < 3; n++) expect(await bob.deposit()).toBe('deposited')
    expect(await bob.deposit()).toBe('too-many')
  })
  test('pays for prekeys beside a record of the same id', async () => {
    const { client, deposit } = await writer(createWorld({ addressBytesMax: 4 * ITEM }), HOME)
    expect([await putRecord(client, 1), await putPrekeys(client, 1), await putPrekeys(client, 2)]).toEqual(['recorded', 'done', 'done'])
    expect([await deposit(), await deposit(), await deposit()]).toEqual(['deposited', 'deposited', 'too-many'])
  })
})

test('what was quiet for longest counts for nobody when there is too much to remember', async () => {
  const shares = createShares(ITEM)
  const keep = async (address: string, n: number): Promise<boolean> => {
    const mailbox = mailboxIdOf(new Uint8Array(new Uint32Array(8).fill(n).buffer))
    const item = { place: `mailbox ${mailbox}`, bytes: ITEM, until: 1 } as const
    return (await keepWithin(shares.of(address), item, { keep: () => Promise.resolve(true), isKept: Boolean })) ?? false
  }
  expect([await keep(HOME, 0), await keep(HOME, 0)]).toEqual([true, false])
  for (let n = 1; n < SHARES_REMEMBERED_MAX; n++) await keep(`address ${n}`, n)
  expect(await keep(HOME, 0)).toBe(false)
  expect(await keep(ELSEWHERE, SHARES_REMEMBERED_MAX)).toBe(true)
  expect([await keep(HOME, 0), await keep(HOME, 0)]).toEqual([true, false])
  expect(await keep('address 2', 0)).toBe(false)
})
