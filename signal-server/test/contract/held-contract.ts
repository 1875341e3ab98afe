// What every storage adapter promises about blobs that are held back until a moment.

import { expect, test } from 'vitest'
import { heldNameOf, mailboxIdOf } from '@kith/protocol'
import type { HeldBlob, MailboxId } from '@kith/protocol'
import type { Storage } from '../../src/storage/storage.ts'

const NOW = 1_800_000_000_000
const MOST = 3
const key = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const mailboxNumber = (n: number): MailboxId => mailboxIdOf(key(n))

type Parts = { readonly storage: () => Storage; readonly create: (id: MailboxId, now?: number) => Promise<string> }

export function heldContract({ storage, create }: Parts): void {
  const [mailbox, second, unknown] = [mailboxNumber(1), mailboxNumber(2), mailboxNumber(3)]
  const heldNumber = (n: number, inMailbox = mailbox): HeldBlob => ({
    mailbox: inMailbox,
    name: heldNameOf(key(n)),
    wakes: n % 2 === 1,
    blob: new Uint8Array(1_000).fill(n),
  })
  const hold = (at: number, ...held: readonly HeldBlob[]) => storage().hold({ held, at, most: MOST })
  const due = async (now: number, rows = 10) => (await storage().dueHeld({ now, rows })).map(({ blob }) => blob[0])
  const drop = (...held: readonly HeldBlob[]) => storage().dropHeld({ held })

  test('what is held back is due from its moment on, the earliest first, whole, and until it is dropped', async () => {
    expect(await hold(NOW + 2, heldNumber(1))).toEqual(['stored'])
    expect(await hold(NOW + 1, heldNumber(2), heldNumber(2, unknown))).toEqual(['stored', 'unknown'])
    expect(await due(NOW)).toEqual([])
    expect(await storage().dueHeld({ now: NOW + 1, rows: 10 })).toEqual([heldNumber(2)])
    expect(await due(NOW + 2)).toEqual([2, 1])
    expect(await due(NOW + 2, 1), 'no more than were asked for').toEqual([2])
    expect(await drop(heldNumber(2), heldNumber(3))).toEqual([true, false])
    expect(await due(NOW + 2)).toEqual([1])
  })
  test('the first of a name stays, with its moment, in each mailbox by itself', async () => {
    await create(second)
    await hold(NOW + 5, heldNumber(1))
    const other = { ...heldNumber(9), name: heldNumber(1).name }
    expect(await hold(NOW, other)).toEqual(['kept'])
    expect(await hold(NOW, { ...other, mailbox: second })).toEqual(['stored'])
    expect(await due(NOW)).toEqual([9])
    expect(await due(NOW + 5)).toEqual([9, 1])
  })
  test('one too many held back is full, in its mailbox only, and dropping one makes room', async () => {
    await create(second)
    expect(await hold(NOW, ...[1, 2, 3, 4].map((n) => heldNumber(n)))).toEqual(['stored', 'stored', 'stored', 'full'])
    expect(await hold(NOW, heldNumber(4, second), heldNumber(3))).toEqual(['stored', 'kept'])
    await drop(heldNumber(2))
    expect(await hold(NOW, heldNumber(4))).toEqual(['stored'])
  })
  test("what is held back goes with its mailbox, purged or forgotten, and is in nobody else's way", async () => {
    await create(second, NOW - 10)
    await hold(NOW, heldNumber(1), heldNumber(2, second))
    expect(await storage().purgeMailbox({ mailbox })).toEqual({ blobs: [], gone: [] })
    expect(await due(NOW)).toEqual([2])
    for (let more = true; more;) more = (await storage().sweep({ now: NOW, idleBefore: NOW - 5, rows: 100 })).more
    expect(await due(NOW)).toEqual([])
    await create(mailbox)
    expect(await hold(NOW, heldNumber(1))).toEqual(['stored'])
    expect(await storage().newestExpiry({})).toEqual({ newest: undefined })
  })
}
