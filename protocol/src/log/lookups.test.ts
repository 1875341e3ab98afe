import { expect, test } from 'vitest'
import {
  batchOf,
  createAuthor,
  createReceiver,
  deliver,
  headOf,
  NOW,
  signed,
  unsigned,
  write,
  writeRun,
} from '../../test/fixtures/feeds.ts'
import { NO_ENTRY } from '../bytes/ids.ts'
import { RUN_ENTRIES_MAX } from '../limits.ts'
import { NO_LOOKUPS, placesFor, planLookups, toLookups } from './lookups.ts'
import { EMPTY_PARKING } from './parking.ts'
import type { Receiver, Written } from '../../test/fixtures/feeds.ts'
import type { WireEntry } from '../wire/entry.ts'
import type { FeedRange, KnownEntry, Lookups } from './lookups.ts'
import type { Parking } from './parking.ts'

const [alice, bob] = [createAuthor('alice'), createAuthor('bob')]
const run = writeRun(alice, 5)
const [first, second] = run as [Written, Written]
const at = deliver(createReceiver([alice, bob]), batchOf(run)).receiver

const planFor = (entries: readonly WireEntry[], { log, parking }: Receiver = at, placesMax = Infinity) =>
  planLookups({ log, parking, entries, placesMax })
const known = (entry: Written): KnownEntry => ({
  ...entry,
  device: alice.device,
  seq: entry.header.seq,
  prev: entry.header.prev,
  order: { time: NOW, depth: 0 },
  hasBody: true,
})

/** What is asked for after those were found that were asked for first. */
function furtherOf(entry: Written, found: readonly Written[] | Lookups, receiver = at): readonly FeedRange[] {
  const plan = planFor([signed(entry)], receiver)
  plan.first()
  return plan.further('size' in found ? found : toLookups(found.map(known)))
}

test('an entry takes the more places the less far it is from the tip: none beyond it, one behind it, and what proves a branch before it', () => {
  const { header } = write(bob, { deps: [headOf(second)] })
  expect([9, 2, 1, 0, -9].map((distance) => placesFor(header, distance))).toEqual([1, 1, 2, RUN_ENTRIES_MAX + 3, RUN_ENTRIES_MAX + 3])
  expect(placesFor(first.header, 2)).toBe(0)
})

test('what follows the only tip needs no look into the store, and nothing else does without', () => {
  const askedFor = (entry: Written, receiver = at) => planFor([signed(entry)], receiver).first()
  const last = run.at(-1)
  const place = [{ device: alice.device, from: 4, to: 4 }]
  expect(askedFor(write(alice, { after: last }))).toEqual([])
  expect(askedFor(write(alice, { seq: 5, prev: first.id })), 'behind another entry').toEqual(place)
  expect(askedFor(write(alice, { after: last, seq: 4 })), 'in the place of the tip').toEqual([{ device: alice.device, from: 3, to: 4 }])
  const forked = deliver(at, [signed(write(alice, { after: run[3] }))]).receiver
  expect(askedFor(write(alice, { after: last }), forked), 'where the feed has two tips').toEqual(place)
})

test('of an entry that is here nothing more is asked, though another one lies in its place', () => {
  const branch = write(alice, { after: first, deps: [{ ...headOf(write(bob)), seq: 0 }] })
  const bobs = deliver(at, [signed(write(bob))]).receiver
  const heads = [{ device: bob.device, from: 0, to: 0 }]
  expect(furtherOf(branch, [], bobs)).toEqual(heads)
  expect(furtherOf(branch, [branch], bobs)).toEqual([])
  expect(furtherOf(branch, [second, branch], bobs)).toEqual([])
})

test('what proves a branch is asked for behind an entry that is here, or the beginning, and behind nothing else', () => {
  const behind = (from: number): readonly FeedRange[] => [{ device: alice.device, from, to: 4 }]
  expect(furtherOf(write(alice, { after: second }), [second])).toEqual(behind(3))
  expect(furtherOf(write(alice, { after: second }), [])).toEqual([])
  expect(furtherOf(write(alice, { after: first }), [first])).toEqual(behind(2))
  expect(furtherOf(write(alice, { after: write(alice) }), [first])).toEqual([])
  const beginning = write(alice, { time: NOW + 9 })
  expect(beginning.header.prev).toBe(NO_ENTRY)
  expect(furtherOf(beginning, NO_LOOKUPS)).toEqual(behind(1))
})

test('as many places are asked for as may be, those of what is parked first', () => {
  const unknown = headOf(write(alice, { after: second }))
  const waits = (seq: number): Written => write(bob, { seq, prev: unknown.id, deps: [{ ...unknown, seq: 2 }] })
  const parked = deliver(at, [unsigned(waits(7))]).receiver
  expect([...parked.parking.conversations.values()].flat()).toHaveLength(1)
  const furtherAt = (parking: Parking, entries: readonly Written[], placesMax: number) => {
    const plan = planFor(entries.map(unsigned), { ...at, parking }, placesMax)
    plan.first()
    return [plan.further(NO_LOOKUPS), plan.items()]
  }
  const range = { device: alice.device, from: 2, to: 2 }
  expect(furtherAt(parked.parking, [], 1)).toEqual([[range], 0])
  expect(furtherAt(parked.parking, [], 0)).toEqual([[], 0])
  const far = write(bob, { seq: 9, prev: unknown.id, deps: [{ ...unknown, seq: 3 }] })
  expect(furtherAt(EMPTY_PARKING, [waits(8), far], 2)).toEqual([[{ ...range, to: 3 }], 2])
  expect(furtherAt(EMPTY_PARKING, [waits(8), far], 1)).toEqual([[{ ...range, to: 3 }], 1])
  expect(furtherAt(EMPTY_PARKING, [waits(8), far], 0)).toEqual([[], 0])
})

test('what was loaded twice is there once, and both of a disputed place are there', () => {
  const other = write(alice, { after: first })
  const found = toLookups([second, other, second, other].map(known))
  expect([...found.values()].map((all) => all.map(({ id }) => id))).toEqual([[second.id, other.id]])
})
