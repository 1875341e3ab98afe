// What every storage adapter promises the relay. An adapter's own test calls this with a way to open a fresh storage.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { blobIdOf, hash, mailboxIdOf, recordIdOf } from '@kith/protocol'
import { handleContract } from './handle-contract.ts'
import { heldContract } from './held-contract.ts'
import { parcelContract } from './parcel-contract.ts'
import type { MailboxId } from '@kith/protocol'
import type { Ask, DepositOutcome, Storage, StoredBlob, Wake } from '../../src/storage/storage.ts'

const NOW = 1_800_000_000_000
const QUOTA = { blobs: 3, bytes: 300 }
const key = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const mailboxNumber = (n: number): MailboxId => mailboxIdOf(key(n))
const RECORD = recordIdOf(key(9))

type Adapter = {
  readonly open: () => Promise<Storage>
  /** Another relay's way to the store that was opened last, where there is such a thing. */
  readonly openAnother?: () => Promise<Storage>
  readonly copies: Storage['copies']
}

export function storageContract(name: string, { open, openAnother, copies }: Adapter): void {
  describe(`storage contract: ${name}`, () => {
    let storage: Storage
    const mailbox = mailboxNumber(1)
    const deposit = async (blob: Uint8Array, { to = mailbox, expires = NOW + 1_000 }: More = {}) => {
      const deposits = [{ mailboxes: [to], id: blobIdOf(hash(blob)), blob }]
      const [outcome] = await storage.deposit({ deposits, expires, quota: QUOTA })
      return outcome?.places[0]
    }
    const read = async (more: Partial<Ask<'readBlobs'>> = {}) =>
      (await storage.readBlobs({ mailbox, after: 0, limit: 10, bytes: Infinity, now: NOW, ...more })).blobs
    const create = (id: MailboxId, now = NOW) => storage.createMailbox({ mailbox: id, readKey: key(1), sendKey: key(2), now })

    beforeEach(async () => {
      storage = await open()
      await create(mailbox)
    })
    afterEach(() => storage.close())

    gatherContract({ storage: () => storage, create, deposit, read, copies })
    mailboxContract({ storage: () => storage, create, deposit, read, copies })
    pushContract({ storage: () => storage, create, deposit, read, copies })
    parcelContract({ storage: () => storage, create, copies })
    heldContract({ storage: () => storage, create })
    handleContract(() => storage)
    sharedBlobContract({ storage: () => storage, create, deposit, read, copies })
    if (openAnother)
      describe('shared by two relays', () => {
        sharedStoreContract({ storage: () => storage, create, deposit, read, copies }, openAnother)
      })
    recordContract(() => storage)
    prekeyContract(() => storage)
  })
}

type Mailboxes = {
  readonly storage: () => Storage
  readonly create: (id: MailboxId, now?: number) => Promise<string>
  readonly deposit: (blob: Uint8Array, more?: More) => Promise<DepositOutcome['places'][number] | undefined>
  readonly read: (more?: Partial<Ask<'readBlobs'>>) => Promise<readonly StoredBlob[]>
  readonly copies: Storage['copies']
}
type More = { readonly to?: MailboxId; readonly expires?: number }

const idOf = (bytes: Uint8Array) => blobIdOf(hash(bytes))
const remove = (storage: Storage, mailbox: MailboxId, ...blobs: readonly Uint8Array[]) =>
  storage.deleteBlobs({ from: [{ mailbox, blobs: blobs.map(idOf) }] })

function pushContract({ storage, create, deposit }: Mailboxes): void {
  const [mailbox, second, unknown] = [mailboxNumber(1), mailboxNumber(2), mailboxNumber(3)]
  const [here, there] = [new Uint8Array(300).fill(7), new Uint8Array(300).fill(8)]
  const blob = new Uint8Array(50).fill(1)
  const pushes = async (...mailboxes: readonly MailboxId[]) => (await storage().pushesOf({ mailboxes })).map((push) => push?.[0])

  test('where a device is to be woken is told while something waits in its mailbox', async () => {
    await create(second)
    await storage().setPush({ mailboxes: [mailbox, second, unknown], push: here })
    expect(await pushes(mailbox, second, unknown)).toEqual([undefined, undefined, undefined])
    await deposit(blob)
    expect((await storage().pushesOf({ mailboxes: [unknown, mailbox] }))[1]).toEqual(here)
    await deposit(blob, { to: second })
    expect(await pushes(second, unknown, mailbox)).toEqual([7, undefined, 7])
    await remove(storage(), mailbox, blob)
    expect(await pushes(mailbox, second)).toEqual([undefined, 7])
  })
  test('a later place takes the place of the one before, and one that is gone is taken away only where it is still that one', async () => {
    await create(second)
    for (const to of [mailbox, second]) await deposit(blob, { to })
    await storage().setPush({ mailboxes: [mailbox, second], push: here })
    await storage().setPush({ mailboxes: [mailbox], push: there })
    expect(await pushes(mailbox, second)).toEqual([8, 7])
    await storage().setPush({ mailboxes: [mailbox, second], push: undefined, was: here })
    expect(await pushes(mailbox, second)).toEqual([8, undefined])
    await storage().setPush({ mailboxes: [mailbox, second], push: here, was: there })
    expect(await pushes(mailbox, second)).toEqual([7, undefined])
    await storage().setPush({ mailboxes: [mailbox, second], push: undefined })
    expect(await pushes(mailbox, second)).toEqual([undefined, undefined])
  })
  test('where a device is to be woken goes with its mailbox', async () => {
    const forget = [() => storage().purgeMailbox({ mailbox }), () => storage().sweep({ now: NOW, idleBefore: NOW + 1, rows: 10 })]
    for (const act of forget) {
      await storage().setPush({ mailboxes: [mailbox], push: here })
      await act()
      await create(mailbox)
      await deposit(blob)
      expect(await pushes(mailbox)).toEqual([undefined])
    }
  })
}

function mailboxContract({ storage, create, deposit, read, copies }: Mailboxes): void {
  const mailbox = mailboxNumber(1)
  const blob = (n: number, length = 100): Uint8Array => new Uint8Array(length).fill(n)

  test('a mailbox is created once, and may be created again with the same keys only', async () => {
    expect(await create(mailboxNumber(2))).toBe('created')
    expect(await create(mailboxNumber(2))).toBe('same')
    expect(await storage().createMailbox({ mailbox: mailboxNumber(2), readKey: key(1), sendKey: key(3), now: NOW })).toBe('taken')
    const [known, unknown] = await storage().mailboxKeys({ mailboxes: [mailboxNumber(2), mailboxNumber(3)] })
    expect([...(known?.sendKey ?? [])]).toEqual([...key(2)])
    expect(unknown).toBeUndefined()
  })
  test('deposits are numbered from 1 and read oldest first', async () => {
    const outcomes = await Promise.all([deposit(blob(1)), deposit(blob(2)), deposit(blob(3))])
    expect(outcomes).toEqual([1, 2, 3].map((seq) => ({ kind: 'stored', seq, fresh: true })))
    expect((await read()).map((stored) => stored.blob[0])).toEqual([1, 2, 3])
    expect((await read({ after: 1, limit: 1 })).map(({ seq }) => seq)).toEqual([2])
    expect((await read())[0]?.id).toBe(idOf(blob(1)))
  })
  test('the same blob again is stored once and keeps its number', async () => {
    await deposit(blob(1))
    expect(await deposit(blob(1))).toEqual({ kind: 'stored', seq: 1, fresh: false })
    expect(await read()).toHaveLength(1)
  })
  test('what it holds is counted, fullest mailbox first, and a mailbox can be purged with all that waits in it', async () => {
    await create(mailboxNumber(2))
    await deposit(blob(1))
    await deposit(blob(1), { to: mailboxNumber(2) })
    await deposit(blob(2), { to: mailboxNumber(2) })
    const usage = await storage().usage({ fullest: 1 })
    expect(usage).toMatchObject({ mailboxes: 2, blobs: 3, records: 0, fullest: [{ mailbox: mailboxNumber(2), blobs: 2, bytes: 200 }] })
    expect(usage.bytes).toBeGreaterThan(0)
    expect(await storage().purgeMailbox({ mailbox: mailboxNumber(3) })).toBeUndefined()
    const purged = await storage().purgeMailbox({ mailbox: mailboxNumber(2) })
    expect(purged?.blobs).toEqual([idOf(blob(1)), idOf(blob(2))])
    expect(purged?.gone).toEqual(copies === 'each' ? purged?.blobs : [idOf(blob(2))])
    expect(await deposit(blob(3), { to: mailboxNumber(2) })).toEqual({ kind: 'unknown' })
    expect(await read()).toHaveLength(1)
    expect(await storage().usage({ fullest: 0 })).toMatchObject({ mailboxes: 1, blobs: 1, fullest: [] })
  })
  test('every blob can be kept for longer, and none for longer than to a moment; the newest expiry is known', async () => {
    expect(await storage().newestExpiry({})).toEqual({ newest: undefined })
    await deposit(blob(1), { expires: NOW + 10 })
    await deposit(blob(2), { expires: NOW + 20 })
    expect(await storage().newestExpiry({})).toEqual({ newest: NOW + 20 })
    await storage().shiftBlobs({ by: 1_000 })
    expect(await storage().newestExpiry({})).toEqual({ newest: NOW + 1_020 })
    expect(await read({ now: NOW + 1_009 })).toHaveLength(2)
    expect(await read({ now: NOW + 1_010 })).toHaveLength(1)
    await storage().capBlobs({ latest: NOW + 1_015 })
    expect(await storage().newestExpiry({})).toEqual({ newest: NOW + 1_015 })
    expect(await read({ now: NOW + 1_009 })).toHaveLength(2)
    expect(await read({ now: NOW + 1_014 })).toHaveLength(1)
  })
  test('the same blob in another mailbox is another blob', async () => {
    await create(mailboxNumber(2))
    await deposit(blob(1))
    expect(await deposit(blob(1), { to: mailboxNumber(2) })).toEqual({ kind: 'stored', seq: 1, fresh: true })
    await remove(storage(), mailbox, blob(1))
    expect(await read({ mailbox: mailboxNumber(2) })).toHaveLength(1)
  })
  test('a deposit into a mailbox that does not exist is unknown', async () => {
    expect(await deposit(blob(1), { to: mailboxNumber(2) })).toEqual({ kind: 'unknown' })
  })
  test('one blob over the count is full; a known blob still counts as stored; room comes back with deletion', async () => {
    for (const n of [1, 2, 3]) expect((await deposit(blob(n, 1)))?.kind).toBe('stored')
    expect(await deposit(blob(4, 1))).toEqual({ kind: 'full' })
    expect((await deposit(blob(3, 1)))?.kind).toBe('stored')
    await remove(storage(), mailbox, blob(1, 1))
    expect(await deposit(blob(4, 1))).toEqual({ kind: 'stored', seq: 4, fresh: true })
  })
  test('one byte over the quota is full, and other mailboxes are not', async () => {
    await create(mailboxNumber(2))
    expect((await deposit(blob(1, 300)))?.kind).toBe('stored')
    expect(await deposit(blob(2, 1))).toEqual({ kind: 'full' })
    expect((await deposit(blob(2, 1), { to: mailboxNumber(2) }))?.kind).toBe('stored')
  })
  test('deleting what is not there changes nothing', async () => {
    await deposit(blob(1))
    expect(await remove(storage(), mailbox, blob(2), blob(2))).toEqual([{ blobs: [], gone: [] }])
    expect(await remove(storage(), mailboxNumber(7), blob(1))).toEqual([{ blobs: [], gone: [] }])
    expect(await read()).toHaveLength(1)
  })
  test('deleting answers with what was there, once', async () => {
    await deposit(blob(1, 10))
    await deposit(blob(2, 20))
    const ids = [idOf(blob(2, 20)), idOf(blob(1, 10))]
    expect(await remove(storage(), mailbox, blob(2, 20), blob(3), blob(1, 10), blob(1, 10))).toEqual([{ blobs: ids, gone: ids }])
  })
  test('reading stops after so many blobs, and with the one that reaches so many bytes; it says whether there may be more', async () => {
    for (const n of [1, 2, 3]) await deposit(blob(n, 50))
    const readUpTo = async (more: Partial<Ask<'readBlobs'>>) => {
      const found = await storage().readBlobs({ mailbox, after: 0, limit: 10, bytes: 1_000, now: NOW, ...more })
      return [found.blobs.map(({ seq }) => seq), found.more]
    }
    expect(await readUpTo({})).toEqual([[1, 2, 3], false])
    expect(await readUpTo({ limit: 2 })).toEqual([[1, 2], true])
    expect(await readUpTo({ bytes: 50 })).toEqual([[1], true])
    expect(await readUpTo({ bytes: 51 })).toEqual([[1, 2], true])
    expect(await readUpTo({ after: 2, bytes: 51 })).toEqual([[3], false])
  })
  test('a blob is gone from its expiry on, and swept room can be used again', async () => {
    await deposit(blob(1, 300), { expires: NOW + 5 })
    expect(await read({ now: NOW + 4 })).toHaveLength(1)
    expect(await read({ now: NOW + 5 })).toHaveLength(0)
    await storage().sweep({ now: NOW + 5, idleBefore: 0, rows: 10 })
    expect((await deposit(blob(2, 300)))?.kind).toBe('stored')
  })
  test('a blob that is deposited again is kept until the later expiry', async () => {
    await deposit(blob(1), { expires: NOW + 5 })
    await deposit(blob(1), { expires: NOW + 9 })
    await deposit(blob(1), { expires: NOW + 7 })
    expect(await read({ now: NOW + 8 })).toHaveLength(1)
  })
  test('a mailbox that was not opened for long is forgotten; opening it counts, at the given grain', async () => {
    await create(mailboxNumber(2))
    await create(mailboxNumber(3))
    await storage().markOpened({ mailboxes: [mailboxNumber(2)], now: NOW + 100, grainMs: 100 })
    await storage().markOpened({ mailboxes: [mailboxNumber(3)], now: NOW + 99, grainMs: 100 })
    await storage().sweep({ now: NOW + 100, idleBefore: NOW + 50, rows: 10 })
    const found = await storage().mailboxKeys({ mailboxes: [mailbox, mailboxNumber(2), mailboxNumber(3)] })
    expect(found.map((keys) => keys !== undefined)).toEqual([false, true, false])
  })
  test('sweeping in small steps ends and leaves only what is alive', async () => {
    for (const n of [1, 2, 3]) await deposit(blob(n, 1), { expires: NOW + (n === 3 ? 100 : 5) })
    for (let steps = 0; (await storage().sweep({ now: NOW + 5, idleBefore: 0, rows: 1 })).more; steps++) expect(steps).toBeLessThan(10)
    expect((await read({ now: NOW })).map(({ seq }) => seq)).toEqual([3])
  })
}

/** What waits, put together: one blob takes the place of many, in each mailbox that holds all of them. */
function gatherContract({ storage, create, deposit, read, copies }: Mailboxes): void {
  const blob = (n: number, length = 60): Uint8Array => new Uint8Array(length).fill(n)
  const [first, second] = [mailboxNumber(1), mailboxNumber(2)]
  const gather = (blobs: readonly Uint8Array[], into: Uint8Array, { to = [first], expires = NOW + 1_000 } = {}) =>
    storage().gather({ mailboxes: to, blobs: blobs.map(idOf), id: idOf(into), blob: into, expires, quota: QUOTA })
  const numbersIn = async (mailbox: MailboxId) => (await read({ mailbox })).map((each) => [each.seq, each.blob[0]])
  const nothing = { blobs: [], gone: [] }
  const isCopied = copies === 'each'

  test('one takes the place and the number of the last of them, and what came later stays behind it', async () => {
    for (const n of [1, 2, 3]) await deposit(blob(n))
    expect(await gather([blob(1), blob(2)], blob(9, 120))).toEqual({
      isNew: true,
      places: ['gathered'],
      deleted: [{ blobs: [blob(1), blob(2)].map(idOf), gone: [blob(1), blob(2)].map(idOf) }],
    })
    expect(await numbersIn(first)).toEqual([
      [2, 9],
      [3, 3],
    ])
    expect(await deposit(blob(4))).toEqual({ kind: 'stored', seq: 4, fresh: true })
    expect(await storage().usage({ fullest: 1 })).toMatchObject({ blobs: 3, fullest: [{ mailbox: first, blobs: 3, bytes: 240 }] })
  })
  test('nothing happens where one of them is not there any more, nor in a mailbox that does not exist', async () => {
    await create(second)
    for (const to of [first, second]) for (const n of [1, 2]) await deposit(blob(n), { to })
    await remove(storage(), second, blob(1))
    expect(await gather([blob(1), blob(2), blob(1)], blob(9), { to: [second, mailboxNumber(3), first] })).toEqual({
      isNew: true,
      places: ['unknown', 'unknown', 'gathered'],
      deleted: [nothing, nothing, { blobs: [blob(1), blob(2)].map(idOf), gone: (isCopied ? [blob(1), blob(2)] : [blob(1)]).map(idOf) }],
    })
    expect(await numbersIn(second)).toEqual([[2, 2]])
    expect(await numbersIn(first)).toEqual([[2, 9]])
    expect(await gather([blob(5)], blob(8))).toEqual({ isNew: false, places: ['unknown'], deleted: [nothing] })
  })
  test('asked for once more it is the same, and kept until the later expiry', async () => {
    await deposit(blob(1))
    await gather([blob(1)], blob(9), { expires: NOW + 5 })
    expect(await gather([blob(1)], blob(9), { expires: NOW + 9 })).toEqual({ isNew: false, places: ['gathered'], deleted: [nothing] })
    expect(await read({ now: NOW + 8 })).toHaveLength(1)
    expect(await read({ now: NOW + 9 })).toHaveLength(0)
  })
  test('what it frees counts before what it takes, and one byte over the quota is full', async () => {
    for (const n of [1, 2, 3]) await deposit(blob(n, 100))
    expect((await gather([blob(1, 100), blob(2, 100)], blob(9, 201))).places).toEqual(['full'])
    expect(await numbersIn(first)).toHaveLength(3)
    expect((await gather([blob(1, 100), blob(2, 100)], blob(9, 200))).places).toEqual(['gathered'])
    expect(await deposit(blob(4, 1))).toEqual({ kind: 'full' })
    await remove(storage(), first, blob(9, 200))
    expect((await deposit(blob(4, 200)))?.kind).toBe('stored')
  })
  test('it is kept for all mailboxes, and goes with the last of them, or each copy with its own', async () => {
    await create(second)
    for (const to of [first, second]) await deposit(blob(1), { to })
    expect(await gather([blob(1)], blob(9), { to: [first, second] })).toMatchObject({
      isNew: true,
      places: ['gathered', 'gathered'],
      deleted: [{ gone: isCopied ? [idOf(blob(1))] : [] }, { gone: [idOf(blob(1))] }],
    })
    expect(await remove(storage(), first, blob(9))).toEqual([{ blobs: [idOf(blob(9))], gone: isCopied ? [idOf(blob(9))] : [] }])
    expect(await remove(storage(), second, blob(9))).toEqual([{ blobs: [idOf(blob(9))], gone: [idOf(blob(9))] }])
  })
}

/** One blob for many mailboxes: kept once, and gone with the last of them; or a copy in each, which is new and goes with it. */
function sharedBlobContract({ storage, create, deposit, read, copies }: Mailboxes): void {
  const blob = new Uint8Array(100).fill(1)
  const other = new Uint8Array(100).fill(2)
  const [first, second, third] = [mailboxNumber(1), mailboxNumber(2), mailboxNumber(3)]
  const depositFor = (mailboxes: readonly MailboxId[], ...blobs: readonly Uint8Array[]) =>
    storage().deposit({ deposits: blobs.map((each) => ({ mailboxes, id: idOf(each), blob: each })), expires: NOW + 1_000, quota: QUOTA })
  const stored = (seq: number, fresh = true) => ({ kind: 'stored', seq, fresh })
  const isCopied = copies === 'each'

  test('a blob for many mailboxes is numbered in each, read from each, and new once', async () => {
    await create(second)
    await deposit(other, { to: second })
    expect(await depositFor([first, second], blob)).toEqual([{ isNew: true, places: [stored(1), stored(2)] }])
    expect((await read({ mailbox: first })).map((each) => each.blob)).toEqual([blob])
    expect((await read({ mailbox: second })).map((each) => each.blob)).toEqual([other, blob])
    await create(third)
    expect(await depositFor([third], blob)).toEqual([{ isNew: isCopied, places: [stored(1)] }])
  })
  test('the same for the same mailbox is the same place, also within one deposit', async () => {
    await create(second)
    expect(await depositFor([first, first], blob)).toEqual([{ isNew: true, places: [stored(1), stored(1, false)] }])
    expect(await depositFor([first, second], blob, blob)).toEqual([
      { isNew: isCopied, places: [stored(1, false), stored(1)] },
      { isNew: false, places: [stored(1, false), stored(1, false)] },
    ])
    expect(await read()).toHaveLength(1)
  })
  test('a mailbox that is unknown or full refuses nothing for the others', async () => {
    await create(second)
    for (const n of [5, 6, 7]) await deposit(new Uint8Array(1).fill(n))
    expect(await depositFor([first, third, second], blob)).toEqual([
      { isNew: true, places: [{ kind: 'full' }, { kind: 'unknown' }, stored(1)] },
    ])
    expect(await depositFor([first, third], other)).toEqual([{ isNew: false, places: [{ kind: 'full' }, { kind: 'unknown' }] }])
  })
  test('counts in full in the quota of each mailbox', async () => {
    await create(second)
    const large = new Uint8Array(300)
    await depositFor([first, second], large)
    for (const to of [first, second]) expect(await deposit(new Uint8Array(1), { to })).toEqual({ kind: 'full' })
    await remove(storage(), first, large)
    expect((await deposit(new Uint8Array(1), { to: first }))?.kind).toBe('stored')
    expect(await deposit(new Uint8Array(1), { to: second })).toEqual({ kind: 'full' })
  })
  test('goes with the last mailbox that lets go of it, and is new after that', async () => {
    await create(second)
    await depositFor([first, second], blob)
    expect(await remove(storage(), second, blob)).toEqual([{ blobs: [idOf(blob)], gone: isCopied ? [idOf(blob)] : [] }])
    expect(await read()).toHaveLength(1)
    expect(await read({ mailbox: second })).toEqual([])
    expect(await remove(storage(), first, blob)).toEqual([{ blobs: [idOf(blob)], gone: [idOf(blob)] }])
    expect(await depositFor([second], blob)).toEqual([{ isNew: true, places: [stored(2)] }])
  })
  test('many mailboxes let go of it in one call', async () => {
    await create(second)
    await depositFor([first, second], blob, other)
    const [all, ids] = [
      [blob, other],
      [idOf(blob), idOf(other)],
    ]
    expect(
      await storage().deleteBlobs({
        from: [
          { mailbox: first, blobs: all.map(idOf) },
          { mailbox: second, blobs: all.map(idOf) },
        ],
      }),
    ).toEqual([
      { blobs: ids, gone: isCopied ? ids : [] },
      { blobs: ids, gone: ids },
    ])
  })
  test('expires in each mailbox by itself, and goes with the last', async () => {
    await create(second)
    await deposit(blob, { to: first, expires: NOW + 5 })
    await deposit(blob, { to: second, expires: NOW + 9 })
    await storage().sweep({ now: NOW + 5, idleBefore: 0, rows: 10 })
    expect(await read({ mailbox: first })).toEqual([])
    expect(await read({ mailbox: second })).toHaveLength(1)
    await storage().sweep({ now: NOW + 9, idleBefore: 0, rows: 10 })
    expect(await depositFor([first], blob)).toMatchObject([{ isNew: true }])
  })
  test('stays for the others when one mailbox is forgotten, and goes when all are', async () => {
    await create(second, NOW + 100)
    await depositFor([first, second], blob)
    await storage().sweep({ now: NOW, idleBefore: NOW + 50, rows: 10 })
    expect(await read({ mailbox: second })).toHaveLength(1)
    await storage().sweep({ now: NOW, idleBefore: NOW + 500, rows: 10 })
    await create(third)
    expect(await depositFor([third], blob)).toMatchObject([{ isNew: true }])
  })
}

/** Two relays on one store. */
function sharedStoreContract({ storage, create, deposit, read }: Mailboxes, openAnother: () => Promise<Storage>): void {
  const [first, second] = [mailboxNumber(1), mailboxNumber(2)]
  const blob = new Uint8Array(100).fill(1)
  let other: Storage
  beforeEach(async () => void (other = await openAnother()))
  afterEach(() => other.close())

  const hear = (one: Storage) => {
    const heard: Wake[] = []
    one.shared?.subscribe((wake) => void heard.push(wake))
    return heard
  }
  const depositAt = (one: Storage, to: MailboxId, bytes: Uint8Array) =>
    one.deposit({ deposits: [{ mailboxes: [to], id: idOf(bytes), blob: bytes }], expires: NOW + 1_000, quota: QUOTA })

  test('what one stores the other reads, numbers on from, and counts in the same quota', async () => {
    await deposit(blob)
    expect((await depositAt(other, first, new Uint8Array([1])))[0]?.places).toEqual([{ kind: 'stored', seq: 2, fresh: true }])
    expect((await depositAt(other, first, blob))[0]?.places).toEqual([{ kind: 'stored', seq: 1, fresh: false }])
    expect((await depositAt(other, first, new Uint8Array(200)))[0]?.places).toEqual([{ kind: 'full' }])
    expect((await read()).map(({ seq }) => seq)).toEqual([1, 2])
  })
  test('many deposits at once from both are numbered without a gap, and no more of them are stored than there is room for', async () => {
    const bytes = Array.from({ length: 20 }, (_, n) => new Uint8Array([n]))
    const outcomes = await Promise.all(bytes.map((each, n) => depositAt(n % 2 === 0 ? storage() : other, first, each)))
    const seqs = outcomes.flatMap(([outcome]) => outcome?.places ?? []).flatMap((place) => (place.kind === 'stored' ? [place.seq] : []))
    expect(seqs.toSorted((a, b) => a - b)).toEqual([1, 2, 3])
    expect((await read()).map(({ seq }) => seq)).toEqual([1, 2, 3])
  })
  test('whoever listens to a mailbox hears of what the other stores there, and not of its own or of other mailboxes', async () => {
    await create(second)
    const heard = hear(other)
    await other.shared?.listen([first])
    await depositAt(other, first, new Uint8Array([1]))
    await deposit(blob, { to: second })
    await deposit(blob)
    await expect.poll(() => heard).toEqual([{ kind: 'stored', mailbox: first }])
  })
  test('who listened before hears that the other does now, and no more after that', async () => {
    const [before, after] = [hear(storage()), hear(other)]
    await storage().shared?.listen([first])
    await other.shared?.listen([first])
    await deposit(blob)
    await expect.poll(() => [before, after]).toEqual([[{ kind: 'taken', mailbox: first }], [{ kind: 'stored', mailbox: first }]])
  })
  test('whoever stored a blob hears when the other lets it go', async () => {
    const heard = hear(storage())
    await deposit(blob)
    await other.deleteBlobs({ from: [{ mailbox: first, blobs: [idOf(blob)] }] })
    await deposit(new Uint8Array([2]))
    await remove(storage(), first, new Uint8Array([2]))
    await expect.poll(() => heard).toEqual([{ kind: 'released', mailbox: first, blob: idOf(blob) }])
  })
  test('a turn is taken by one of them', async () => {
    const all = await Promise.all([storage(), other, storage()].map(async (one) => one.shared?.takeTurn('sweep', 60_000)))
    expect(all.filter((isMine) => isMine)).toHaveLength(1)
    expect(await other.shared?.takeTurn('shift', 60_000)).toBe(true)
    expect(await other.shared?.time()).toBeTypeOf('number')
  })
}

function recordContract(storage: () => Storage): void {
  const put = (more: Partial<Ask<'putRecord'>> = {}) =>
    storage().putRecord({ record: RECORD, owner: key(1), serial: 1, expires: NOW + 10, blob: key(5), now: NOW, perOwner: 2, ...more })
  const get = (now = NOW) => storage().getRecord({ record: RECORD, now })

  test('a record belongs to its first writer, and its serial must grow', async () => {
    expect(await put()).toBe('stored')
    expect(await put()).toBe('stored')
    expect(await put({ blob: key(6) })).toBe('stale')
    expect(await put({ serial: 0 })).toBe('stale')
    expect(await put({ owner: key(2), serial: 2 })).toBe('denied')
    expect(await put({ serial: 2, blob: key(6) })).toBe('stored')
    const found = await get()
    expect(found).toMatchObject({ kind: 'record', serial: 2, expires: NOW + 10 })
    expect(found?.kind === 'record' && [...found.blob]).toEqual([...key(6)])
  })
  test('an ended record leaves the word of its owner until its expiry', async () => {
    await put()
    await storage().endRecord({ record: RECORD, word: key(7), now: NOW })
    const ended = await get()
    expect(ended?.kind === 'ended' && [...ended.word]).toEqual([...key(7)])
    expect([...((await get())?.owner ?? [])]).toEqual([...key(1)])
    expect(await put({ serial: 2 })).toBe('ended')
    expect(await get(NOW + 10)).toBeUndefined()
  })
  test('the first claim of a record stays, through later puts too, and until the record has ended', async () => {
    const claim = (n: number, now = NOW) => storage().claimRecord({ record: RECORD, claimant: key(n), proof: key(n + 1), now })
    const claimantOf = (found: Awaited<ReturnType<typeof get>>) => (found?.kind === 'record' ? found.claim?.claimant[0] : found?.kind)
    expect(await claim(20)).toBeUndefined()
    await put()
    expect(claimantOf(await get())).toBeUndefined()
    expect(claimantOf(await claim(20))).toBe(20)
    expect(claimantOf(await claim(30))).toBe(20)
    expect(await put({ serial: 2, blob: key(6) })).toBe('stored')
    const found = await get()
    expect(found?.kind === 'record' && found.claim && [...found.claim.proof]).toEqual([...key(21)])
    await storage().endRecord({ record: RECORD, word: key(7), now: NOW })
    expect(claimantOf(await claim(20))).toBe('ended')
    expect(await claim(20, NOW + 10)).toBeUndefined()
  })
  test('a record that expired takes its claim along', async () => {
    await put()
    await storage().claimRecord({ record: RECORD, claimant: key(20), proof: key(21), now: NOW })
    expect(await put({ owner: key(2), now: NOW + 10, expires: NOW + 20 })).toBe('stored')
    expect(await get(NOW + 10)).toMatchObject({ kind: 'record', claim: undefined })
  })
  test('an expired record is unknown and may be owned anew, swept or not', async () => {
    await put()
    expect(await get(NOW + 9)).toBeDefined()
    expect(await get(NOW + 10)).toBeUndefined()
    expect(await put({ owner: key(2), now: NOW + 10, expires: NOW + 20 })).toBe('stored')
    await storage().sweep({ now: NOW + 20, idleBefore: 0, rows: 10 })
    expect(await get(NOW)).toBeUndefined()
  })
  test('one record too many of one owner is full, and of another owner is not', async () => {
    await put()
    expect(await put({ record: recordIdOf(key(10)) })).toBe('stored')
    expect(await put({ record: recordIdOf(key(11)) })).toBe('full')
    expect(await put({ record: recordIdOf(key(11)), owner: key(2) })).toBe('stored')
    expect(await put({ serial: 2 })).toBe('stored')
  })
}

function prekeyContract(storage: () => Storage): void {
  const put = (more: Partial<Ask<'putPrekeys'>> = {}) => {
    const oneTime = [key(1), key(2)]
    const ask = { record: RECORD, owner: key(1), serial: 1, reusable: key(5), oneTime, expires: NOW + 10, now: NOW, kept: 3 }
    return storage().putPrekeys({ ...ask, ...more })
  }
  const take = async (now = NOW) => {
    const taken = await storage().takePrekeys({ record: RECORD, now })
    return taken && { reusable: taken.reusable[0], oneTime: taken.oneTime?.[0], left: taken.left }
  }

  test('each one-time prekey is given out once, oldest first; the reusable ones stay', async () => {
    expect(await put()).toBe('stored')
    expect(await take()).toEqual({ reusable: 5, oneTime: 1, left: 1 })
    expect(await take()).toEqual({ reusable: 5, oneTime: 2, left: 0 })
    expect(await take()).toEqual({ reusable: 5, oneTime: undefined, left: 0 })
  })
  test('a later put replaces the reusable and adds one-time prekeys; the oldest go when there are too many', async () => {
    await put()
    expect(await put({ serial: 2, reusable: key(6), oneTime: [key(3), key(4)] })).toBe('stored')
    expect(await take()).toEqual({ reusable: 6, oneTime: 2, left: 2 })
  })
  test('the same put again adds nothing, an older one is stale, and a stranger is denied', async () => {
    await put()
    expect(await put()).toBe('stored')
    expect(await put({ serial: 0 })).toBe('stale')
    expect(await put({ reusable: key(7) })).toBe('stale')
    expect(await put({ owner: key(2), serial: 2 })).toBe('denied')
    expect((await take())?.left).toBe(1)
  })
  test('prekeys that nobody renewed are unknown, and a new owner starts without the old ones', async () => {
    await put()
    expect(await take(NOW + 10)).toBeUndefined()
    expect(await put({ owner: key(2), oneTime: [], now: NOW + 10, expires: NOW + 20 })).toBe('stored')
    expect(await take(NOW + 11)).toEqual({ reusable: 5, oneTime: undefined, left: 0 })
    await storage().sweep({ now: NOW + 20, idleBefore: 0, rows: 10 })
    expect(await take(NOW + 11)).toBeUndefined()
  })
}
