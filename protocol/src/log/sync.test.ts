import { describe, expect, it } from 'vitest'
import {
  batchOf,
  createAuthor,
  createReceiver,
  deliver,
  deliverAll,
  headOf,
  signed,
  viewOf,
  write,
  writeRun,
} from '../../test/fixtures/feeds.ts'
import { RUN_ENTRIES_MAX } from '../limits.ts'
import { headsOf } from './log.ts'
import { FORK_BRANCHES_MAX } from './limits.ts'
import { NO_LOOKUPS, toLookups } from './lookups.ts'
import { headsIn, isBehind, isKnown, lookupsForHeads, missingFor } from './sync.ts'
import type { Head, WireEntry } from '../wire/entry.ts'
import type { Receiver, Written } from '../../test/fixtures/feeds.ts'

const alice = createAuthor('alice')
const bob = createAuthor('bob')
const empty = createReceiver([alice, bob])
const a = writeRun(alice, 5)
const b = writeRun(bob, 3)

const lookupsOf = (mine: Receiver, theirs: readonly Head[]) => {
  const ranges = lookupsForHeads(mine.log, theirs)
  return toLookups(
    mine.stored.filter((known) =>
      ranges.some((range) => range.device === known.device && range.from <= known.seq && known.seq <= range.to),
    ),
  )
}
const missing = (mine: Receiver, theirs: readonly Head[]) => missingFor(mine.log, { isWhole: true, heads: theirs }, lookupsOf(mine, theirs))

/** One exchange: what `mine` sends after it heard what `theirs` has. */
function exchange(mine: Receiver, theirs: Receiver, bodies: ReadonlyMap<string, WireEntry>): Receiver {
  const ranges = missing(mine, headsOf(theirs.log))
  const lacking = mine.accepted.filter((entry) =>
    ranges.some(({ device, from, to }) => entry.header.device === device && entry.header.seq >= from && entry.header.seq <= to),
  )
  const inOrder = lacking.toSorted((one, other) => (one.orderKey < other.orderKey ? -1 : 1))
  return deliver(
    theirs,
    inOrder.map((entry) => bodies.get(entry.id) as WireEntry),
  ).receiver
}
const wiresOf = (...entries: readonly Written[]): ReadonlyMap<string, WireEntry> =>
  new Map(entries.map((entry) => [entry.id, signed(entry)]))

describe('the have exchange', () => {
  it('between two that agree sends nothing', () => {
    const mine = deliver(empty, [...batchOf(a), ...batchOf(b)]).receiver
    expect(missing(mine, headsOf(mine.log))).toEqual([])
    expect(lookupsForHeads(mine.log, headsOf(mine.log))).toEqual([])
  })

  it('sends a feed from its beginning to somebody who has nothing', () => {
    const mine = deliver(empty, batchOf(a)).receiver
    expect(missing(mine, [])).toEqual([{ device: alice.device, from: 0, to: 4 }])
  })

  it('sends what comes after their head', () => {
    const mine = deliver(empty, [...batchOf(a), ...batchOf(b)]).receiver
    expect(missing(mine, [headOf(a[1] as Written), headOf(b[2] as Written)])).toEqual([{ device: alice.device, from: 2, to: 4 }])
  })

  it('sends nothing of a feed that somebody did not speak of who said before what it has', () => {
    const mine = deliver(empty, [...batchOf(a), ...batchOf(b)]).receiver
    const part = (heads: readonly Head[]) => missingFor(mine.log, { isWhole: false, heads }, lookupsOf(mine, heads))
    expect(part([])).toEqual([])
    expect(part([headOf(b[0] as Written)])).toEqual([{ device: bob.device, from: 1, to: 2 }])
    expect(part([{ ...headOf(a[0] as Written), device: createAuthor('mallory').device }])).toEqual([])
  })

  it('sends nothing of a feed of which they have more, and says that we lack it', () => {
    const mine = deliver(empty, batchOf(a.slice(0, 2))).receiver
    expect(lookupsForHeads(mine.log, [headOf(a[2] as Written)])).toEqual([])
    const theirs = [headOf(a[4] as Written)]
    expect(missing(mine, theirs)).toEqual([])
    expect(isBehind(mine.log, theirs, lookupsOf(mine, theirs))).toBe(true)
    expect(isBehind(mine.log, [headOf(a[0] as Written)], lookupsOf(mine, [headOf(a[0] as Written)]))).toBe(false)
  })

  it('knows its own tips without a look into the store, by number and hash', () => {
    const mine = deliver(empty, batchOf(a)).receiver
    const tip = headOf(a[4] as Written)
    expect(isKnown(mine.log, tip, NO_LOOKUPS)).toBe(true)
    expect(isKnown(mine.log, { ...tip, seq: 3 }, NO_LOOKUPS)).toBe(false)
    expect(isKnown(mine.log, { ...tip, id: headOf(a[3] as Written).id }, NO_LOOKUPS)).toBe(false)
  })

  it('looks at no more heads of a feed than it can have branches, and at none of a feed that is not here', () => {
    const heads = (author: typeof alice): readonly Head[] =>
      Array.from({ length: FORK_BRANCHES_MAX + 1 }, (_, seq) => ({ ...headOf(a[0] as Written), device: author.device, seq }))
    expect(headsIn(empty.log, [...heads(alice), ...heads(createAuthor('mallory')), ...heads(bob)])).toEqual([
      ...heads(alice).slice(0, FORK_BRANCHES_MAX),
      ...heads(bob).slice(0, FORK_BRANCHES_MAX),
    ])
  })

  it('brings two with different halves together in one round', () => {
    const wires = wiresOf(...a, ...b)
    const one = deliver(empty, batchOf(a)).receiver
    const other = deliver(empty, batchOf(b)).receiver
    expect(viewOf(exchange(one, other, wires))).toEqual(viewOf(exchange(other, one, wires)))
  })

  it('brings both branches of a fork to both sides, and then falls silent', () => {
    const left = writeRun(alice, 4, a[4])
    const right = [write(alice, { after: a[4] })]
    const wires = wiresOf(...a, ...left, ...right)
    let one = deliverAll(empty, [batchOf(a), batchOf(left)])
    let other = deliverAll(empty, [batchOf(a), right.map(signed)])
    for (let round = 0; round < 2; round++) {
      other = exchange(one, other, wires)
      one = exchange(other, one, wires)
    }
    expect(viewOf(one)).toEqual(viewOf(other))
    expect(one.log.feeds.get(alice.device)?.fork?.seq).toBe(5)
    expect(missing(one, headsOf(other.log))).toEqual([])
    expect(missing(other, headsOf(one.log))).toEqual([])
  })

  it('sends exactly what is lacking: a first entry to somebody without, none again that they have', () => {
    const first = deliver(empty, batchOf(a.slice(0, 1))).receiver
    expect(missing(first, [])).toEqual([{ device: alice.device, from: 0, to: 0 }])
    const all = deliver(empty, batchOf(a)).receiver
    expect(missing(all, [headOf(a[0] as Written)])).toEqual([{ device: alice.device, from: 1, to: 4 }])
  })

  it('looks for no head beyond its own feed, and is behind as soon as one is not here', () => {
    const mine = deliver(empty, [...batchOf(a.slice(0, 2)), ...batchOf(b)]).receiver
    const theirs = [headOf(b[2] as Written), headOf(a[4] as Written)]
    expect(lookupsForHeads(mine.log, theirs)).toEqual([])
    expect(isBehind(mine.log, theirs, lookupsOf(mine, theirs))).toBe(true)
  })

  it('knows a head of either branch', () => {
    const [left, right] = [writeRun(alice, 3, a[4]), writeRun(alice, 2, a[4])]
    const mine = deliverAll(empty, [batchOf(a), batchOf(left), batchOf(right)])
    for (const entry of [left[0], right[0]] as Written[]) {
      const theirs = [headOf(entry)]
      expect(isKnown(mine.log, headOf(entry), lookupsOf(mine, theirs))).toBe(true)
      expect(missing(mine, theirs)).toEqual([{ device: alice.device, from: 5, to: 7 }])
    }
  })

  it('sends a run from before a head that is not here, whose branch nobody knows', () => {
    const long = writeRun(alice, RUN_ENTRIES_MAX + 8)
    const mine = deliverAll(empty, [batchOf(long.slice(0, 40)), batchOf(long.slice(40))])
    const stranger = (seq: number): Head => ({ ...headOf(a[0] as Written), seq, id: headOf(b[0] as Written).id })
    const [last, top] = [RUN_ENTRIES_MAX + 5, long.length - 1]
    expect(missing(mine, [stranger(last)])).toEqual([{ device: alice.device, from: last + 1 - RUN_ENTRIES_MAX, to: top }])
    expect(missing(mine, [stranger(last), stranger(top + 1)])).toEqual([
      { device: alice.device, from: last + 1 - RUN_ENTRIES_MAX, to: top },
    ])
    expect(missing(mine, [stranger(top)])).toEqual([{ device: alice.device, from: top + 1 - RUN_ENTRIES_MAX, to: top }])
    expect(missing(mine, [stranger(2)])).toEqual([{ device: alice.device, from: 0, to: top }])
    expect(missing(mine, [stranger(top + 1)])).toEqual([])
  })

  it('sends a forked feed to somebody whose branch is longer and not here', () => {
    const [left, right] = [writeRun(alice, 2, a[4]), writeRun(alice, 1, a[4])]
    const mine = deliverAll(empty, [batchOf(a), batchOf(left), batchOf(right)])
    const stranger = { ...headOf(left[1] as Written), seq: 9, id: headOf(b[0] as Written).id }
    expect(missing(mine, [stranger])).toEqual([{ device: alice.device, from: 0, to: 6 }])
  })

  it('is idempotent: sending twice changes nothing', () => {
    const wires = wiresOf(...a)
    const mine = deliver(empty, batchOf(a)).receiver
    const once = exchange(mine, empty, wires)
    expect(deliver(once, a.map(signed)).receiver.log).toBe(once.log)
  })
})
