// What every storage adapter promises about parcels of files.

import { expect, test } from 'vitest'
import { blobIdOf, hash, mailboxIdOf, parcelNameOf } from '@kith/protocol'
import type { MailboxId } from '@kith/protocol'
import type { Ask, Storage } from '../../src/storage/storage.ts'

const NOW = 1_800_000_000_000
const QUOTA = { parcels: 3, bytes: Infinity }
const key = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const mailboxNumber = (n: number): MailboxId => mailboxIdOf(key(n))
const nameNumber = (n: number) => parcelNameOf(key(n))
const parcelNumber = (n: number): Uint8Array => new Uint8Array(1_000).fill(n)

type Parcels = {
  readonly storage: () => Storage
  readonly create: (id: MailboxId, now?: number) => Promise<string>
  readonly copies: Storage['copies']
}

export function parcelContract({ storage, create, copies }: Parcels): void {
  const [mailbox, second, unknown] = [mailboxNumber(1), mailboxNumber(2), mailboxNumber(3)]
  const put = (n: number, more: Partial<Ask<'putParcel'>> = {}) => {
    const parcel = more.parcel ?? parcelNumber(n)
    const ask = { mailboxes: [mailbox], name: nameNumber(n), id: blobIdOf(hash(parcel)), parcel, expires: NOW + 1_000, quota: QUOTA }
    return storage().putParcel({ ...ask, ...more })
  }
  const get = async (n: number, { from = mailbox, now = NOW } = {}) =>
    (await storage().getParcel({ mailbox: from, name: nameNumber(n), now }))?.[0]
  const drop = (from: MailboxId, ...names: readonly number[]) => storage().dropParcels({ mailbox: from, names: names.map(nameNumber) })
  /** What counts as gone, under the name or the id that this adapter tells. */
  const told = (...all: readonly number[]) =>
    all.map((n) => (copies === 'each' ? (nameNumber(n) as string) : (blobIdOf(hash(parcelNumber(n))) as string)))

  test('a parcel lies under its name in each mailbox, whole, until it is dropped there', async () => {
    await create(second)
    expect(await put(1, { mailboxes: [mailbox, unknown, second] })).toEqual({ isNew: true, places: ['stored', 'unknown', 'stored'] })
    expect(await storage().getParcel({ mailbox, name: nameNumber(1), now: NOW })).toEqual(parcelNumber(1))
    expect([await get(2), await get(1, { from: unknown })]).toEqual([undefined, undefined])
    expect(await drop(mailbox, 1, 2)).toEqual({ blobs: told(1), gone: copies === 'each' ? told(1) : [] })
    expect([await get(1), await get(1, { from: second })]).toEqual([undefined, 1])
    expect(await drop(second, 1)).toEqual({ blobs: told(1), gone: told(1) })
    expect([await get(1, { from: second }), await drop(second, 1)]).toEqual([undefined, { blobs: [], gone: [] }])
    expect(await put(1), 'as if it had never been there').toEqual({ isNew: true, places: ['stored'] })
  })
  test('the first of a name stays, and is kept for longer when it comes again', async () => {
    await put(1)
    expect(await put(1, { parcel: parcelNumber(9), expires: NOW + 2_000 })).toMatchObject({ places: ['kept'] })
    expect(await get(1, { now: NOW + 1_999 })).toBe(1)
    expect(await get(1, { now: NOW + 2_000 })).toBeUndefined()
  })
  test('one too many is full, in its mailbox only, and dropping one makes room', async () => {
    await create(second)
    for (const n of [1, 2, 3]) await put(n)
    expect(await put(4, { mailboxes: [mailbox, second] })).toMatchObject({ places: ['full', 'stored'] })
    expect(await put(3), 'one that is there needs none').toMatchObject({ places: ['kept'] })
    await drop(mailbox, 2)
    expect(await put(4)).toMatchObject({ places: ['stored'] })
  })
  test('parcels leave blobs alone, and blobs parcels', async () => {
    for (const n of [1, 2, 3]) await put(n)
    const blob = parcelNumber(1)
    const id = blobIdOf(hash(blob))
    const quota = { blobs: 1, bytes: 1_000 }
    const [outcome] = await storage().deposit({ deposits: [{ mailboxes: [mailbox], id, blob }], expires: NOW + 1_000, quota })
    expect(outcome?.places[0]?.kind).toBe('stored')
    await storage().deleteBlobs({ from: [{ mailbox, blobs: [id] }] })
    expect(await get(1)).toBe(1)
    expect((await storage().readBlobs({ mailbox, after: 0, limit: 9, bytes: Infinity, now: NOW })).blobs).toEqual([])
  })
  test('what is over is swept, in small steps too, and makes room', async () => {
    await create(second)
    for (const n of [1, 2, 3]) await put(n, { mailboxes: [mailbox, second], expires: NOW + (n === 3 ? 50 : 5) })
    for (let steps = 0; (await storage().sweep({ now: NOW + 5, idleBefore: 0, rows: 1 })).more; steps++) expect(steps).toBeLessThan(20)
    expect([await get(1), await get(2), await get(3)]).toEqual([undefined, undefined, 3])
    expect(await put(4)).toMatchObject({ places: ['stored'] })
  })
  test('a clock that was set moves them with the blobs', async () => {
    await put(1)
    await storage().shiftBlobs({ by: 500 })
    expect(await get(1, { now: NOW + 1_499 })).toBe(1)
    await storage().capBlobs({ latest: NOW + 20 })
    expect([await get(1, { now: NOW + 19 }), await get(1, { now: NOW + 20 })]).toEqual([1, undefined])
    await storage().sweep({ now: NOW + 20, idleBefore: 0, rows: 9 })
    expect(await put(1)).toMatchObject({ places: ['stored'] })
  })
  test('they go with their mailbox', async () => {
    const forget = [() => storage().purgeMailbox({ mailbox }), () => storage().sweep({ now: NOW, idleBefore: NOW + 1, rows: 10 })]
    for (const act of forget) {
      for (const n of [1, 2, 3]) await put(n)
      const purged = await act()
      if (purged !== undefined && 'gone' in purged) expect([purged.blobs, [...purged.gone].sort()]).toEqual([[], told(1, 2, 3).sort()])
      expect(await put(1)).toMatchObject({ places: ['unknown'] })
      await create(mailbox)
      expect(await get(1)).toBeUndefined()
      expect(await put(4), 'nothing of them counts any more').toMatchObject({ places: ['stored'] })
      await drop(mailbox, 4)
    }
  })
  test.runIf(copies === 'one')('all of them together take no more than there is room for', async () => {
    await create(second)
    const quota = { parcels: 9, bytes: 2_000 }
    expect(await put(1, { mailboxes: [mailbox, second], quota })).toMatchObject({ places: ['stored', 'stored'] })
    expect(await put(2, { quota })).toMatchObject({ places: ['stored'] })
    expect(await put(3, { quota })).toEqual({ isNew: false, places: ['full'] })
    await drop(mailbox, 1)
    expect(await put(3, { quota }), 'the other mailbox has it still').toMatchObject({ places: ['full'] })
    await drop(second, 1)
    expect(await put(3, { quota })).toMatchObject({ places: ['stored'] })
  })
}
