import { expect, test } from 'vitest'
import {
  batchOf,
  CARRIER,
  createAuthor,
  createReceiver,
  deliver,
  MEMBERS,
  NOW,
  signed,
  write,
  writeRun,
} from '../../test/fixtures/feeds.ts'
import { toHex } from '../bytes/bytes.ts'
import { entryIdOf } from '../bytes/ids.ts'
import { hash } from '../crypto/hash.ts'
import { admitEntries } from './admit.ts'
import { extendLog, knownAt } from './extend.ts'
import { readEntry } from './incoming.ts'
import { NO_LOOKUPS } from './lookups.ts'
import { orderOf } from './order.ts'
import { EMPTY_PARKING } from './parking.ts'
import type { Admission } from './admit.ts'
import type { EntryRefusal, Incoming } from './incoming.ts'
import type { Written } from '../../test/fixtures/feeds.ts'

const alice = createAuthor('alice')
const { log } = createReceiver([alice])
const run = writeRun(alice, 3)
const [first, second, third] = run as [Written, Written, Written]

/** A batch of which the first entry is judged so. */
const judged = (reason: EntryRefusal | undefined): Admission =>
  admitEntries({
    log,
    parking: EMPTY_PARKING,
    lookups: NO_LOOKUPS,
    from: CARRIER,
    entries: batchOf(run),
    members: new Set([toHex(MEMBERS)]),
    judge: ({ id }) => (id === first.id ? reason : undefined),
    now: NOW,
  })
const waitingAfter = ({ parking }: Admission): number => [...parking.conversations.values()].flat().length

test('with an entry that is judged to stay out, all stay out that follow it', () => {
  expect(judged(undefined).accepted.map(({ id }) => id)).toEqual(run.map(({ id }) => id))
  const { accepted, refused, log: after } = judged('shut')
  expect(accepted).toEqual([])
  expect(refused.map(({ reason }) => reason)).toEqual(['shut', 'shut', 'shut'])
  expect(after).toEqual(log)
})

test('what may be judged otherwise another time is kept for it, and what may not is not', () => {
  expect(waitingAfter(judged(undefined))).toBe(0)
  expect(waitingAfter(judged('shut'))).toBe(3)
  expect(waitingAfter(judged('members'))).toBe(0)
})

test('a head that lies before a tip has to be looked up, and one beside it is not here', () => {
  const at = deliver(createReceiver([alice]), batchOf(run)).receiver.log
  const found = (seq: number, id = entryIdOf(hash(Uint8Array.of(seq)))) =>
    knownAt({ log: at, lookups: NO_LOOKUPS }, { device: alice.device, seq, id })
  expect(found(2, third.id)).toMatchObject({ hasBody: undefined })
  expect(found(2)).toBeUndefined()
  expect(found(3)).toBeUndefined()
  expect(() => found(1)).toThrow('lacks a place')
})

test('a branch whose sibling was not looked up is a bug, and throws', () => {
  const at = deliver(createReceiver([alice]), batchOf(run)).receiver
  const branch = write(alice, { after: first })
  const read = readEntry(signed(branch), { log: at.log, from: CARRIER, now: NOW, members: undefined })
  const entry = read.kind === 'read' ? read.entry : expect.fail('refused')
  const arranged = [{ entry: entry as Incoming, order: orderOf(branch.header, []), isVerified: true }]
  const sibling = at.stored.filter(({ id }) => id === second.id)
  const lookups = new Map([[`${alice.device}/00000001`, sibling]])
  expect(extendLog({ log: at.log, lookups }, { arranged, covered: [] }).forks).toMatchObject([{ seq: 1 }])
  expect(() => extendLog({ log: at.log, lookups: NO_LOOKUPS }, { arranged, covered: [] })).toThrow('a branch without a sibling')
})
