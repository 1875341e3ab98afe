import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { accountIdOf } from '../bytes/ids.ts'
import { hash } from '../crypto/hash.ts'
import { RECEIPT_UNREADABLE_MAX } from '../limits.ts'
import { NO_CLAIM } from '../wire/receipt.ts'
import { addsNothing, bestTick, claimDue, claimWithin, joinClaims, tickIn, untold } from './claim.ts'
import { confirmable } from './feed-view.ts'
import { UNREADABLE_KEPT_MAX } from './limits.ts'
import { emptyFeedView } from './state.ts'
import type { Claim } from '../wire/receipt.ts'
import type { FeedView } from './state.ts'

const feedOf = (feed: Partial<FeedView>): FeedView => ({ ...emptyFeedView(accountIdOf(hash(new Uint8Array(1)))), ...feed })
const claimOf = (claim: Partial<Claim>): Claim => ({ ...NO_CLAIM, ...claim })
const range = (from: number, count: number): readonly number[] => Array.from({ length: count }, (_, at) => from + at)

describe('a claim about a feed', () => {
  test('is due for what arrived, and then no more', () => {
    const feed = feedOf({ length: 3 })
    expect(claimDue(feed, NO_CLAIM, 'told')).toEqual(claimOf({ delivered: 3 }))
    expect(claimDue(feed, claimOf({ delivered: 3 }), 'told')).toBeUndefined()
    expect(claimDue(feedOf({ length: 4 }), claimOf({ delivered: 3 }), 'told')).toEqual(claimOf({ delivered: 4 }))
  })

  test('is not due for a feed in which nothing is', () => {
    expect(claimDue(feedOf({}), NO_CLAIM, 'told')).toBeUndefined()
  })

  test('tells what was read only where that is wanted', () => {
    const feed = feedOf({ length: 3, read: 3 })
    expect(claimDue(feed, NO_CLAIM, 'told')).toEqual(claimOf({ delivered: 3, read: 3 }))
    expect(claimDue(feed, NO_CLAIM, 'kept')).toEqual(claimOf({ delivered: 3 }))
    expect(claimDue(feed, claimOf({ delivered: 3 }), 'kept')).toBeUndefined()
    expect(claimDue(feed, claimOf({ delivered: 3 }), 'told')).toEqual(claimOf({ delivered: 3, read: 3 }))
  })

  test('says nothing of reading once that is kept, whatever was told before', () => {
    expect(claimDue(feedOf({ length: 4, read: 4 }), claimOf({ delivered: 3, read: 3 }), 'kept')).toEqual(claimOf({ delivered: 4 }))
  })

  test('does not confirm what has not been opened, nor anything after it', () => {
    expect(claimDue(feedOf({ length: 6, unopened: [3, 4], read: 6 }), NO_CLAIM, 'told')).toEqual(claimOf({ delivered: 3, read: 3 }))
    expect(claimDue(feedOf({ length: 6, unopened: [0] }), NO_CLAIM, 'told')).toBeUndefined()
  })

  test('names what cannot be read, once', () => {
    const feed = feedOf({ length: 3, unreadable: [1], read: 3 })
    const due = claimDue(feed, NO_CLAIM, 'told') ?? expect.fail('nothing is due')
    expect(due).toEqual({ delivered: 3, read: 3, unreadable: [1], recovered: [] })
    expect(claimDue(feed, due, 'told')).toBeUndefined()
  })

  test('names what can be read after all, if it was called unreadable before', () => {
    const feed = feedOf({ length: 3 })
    expect(claimDue(feed, claimOf({ delivered: 3, unreadable: [1] }), 'told')).toEqual(claimOf({ delivered: 3, recovered: [1] }))
    expect(claimDue(feed, claimOf({ delivered: 3, unreadable: [1], recovered: [1] }), 'told')).toBeUndefined()
    expect(claimDue(feed, claimOf({ delivered: 3 }), 'told')).toBeUndefined()
  })

  test('names so many entries at once, and its lengthss wait for the rest', () => {
    const feed = feedOf({ length: 201, read: 201, unreadable: range(3, RECEIPT_UNREADABLE_MAX + 2) })
    const first = claimDue(feed, NO_CLAIM, 'told') ?? expect.fail('nothing is due')
    const open = RECEIPT_UNREADABLE_MAX + 3
    expect(first).toEqual({ delivered: open, read: open, unreadable: range(3, RECEIPT_UNREADABLE_MAX), recovered: [] })
    const second = claimDue(feed, first, 'told') ?? expect.fail('nothing is due')
    expect(second).toEqual({ delivered: 201, read: 201, unreadable: range(open, 2), recovered: [] })
    expect(claimDue(feed, joinClaims(first, second), 'told')).toBeUndefined()
  })

  test('names so many recovered ones at once, and the others the next time', () => {
    const told = claimOf({ delivered: 201, unreadable: range(3, RECEIPT_UNREADABLE_MAX + 2) })
    const first = claimDue(feedOf({ length: 201 }), told, 'told') ?? expect.fail('nothing is due')
    expect(first.recovered).toEqual(range(3, RECEIPT_UNREADABLE_MAX))
    const second = claimDue(feedOf({ length: 201 }), joinClaims(told, first), 'told')
    expect(second?.recovered).toEqual(range(3 + RECEIPT_UNREADABLE_MAX, 2))
  })

  test('confirms nothing behind as many unreadable entries as are remembered', () => {
    const feed = feedOf({ length: UNREADABLE_KEPT_MAX + 8, unreadable: range(3, UNREADABLE_KEPT_MAX) })
    let told = NO_CLAIM
    for (let due = claimDue(feed, told, 'kept'); due !== undefined; due = claimDue(feed, told, 'kept')) told = joinClaims(told, due)
    expect(told).toEqual({ delivered: UNREADABLE_KEPT_MAX + 3, read: 0, unreadable: range(3, UNREADABLE_KEPT_MAX), recovered: [] })
  })
})

const seqs = fc.uniqueArray(fc.nat(60), { maxLength: 50 }).map((found) => found.toSorted((a, b) => a - b))
const lengths = fc.nat(61)
/** What a feed can be: no entry is awaited and unreadable at once. */
const anyFeed = fc
  .record({ length: lengths, read: lengths, unreadable: seqs, unopened: fc.uniqueArray(fc.nat(60), { maxLength: 5 }) })
  .map(({ length, read, unreadable, unopened }) =>
    feedOf({ length, read, unreadable, unopened: unopened.filter((seq) => !unreadable.includes(seq)).toSorted((a, b) => a - b) }),
  )
const anyClaim: fc.Arbitrary<Claim> = fc
  .record({ delivered: lengths, read: lengths, unreadable: seqs, recovered: seqs })
  .map((claim) => ({ ...claim, delivered: Math.max(claim.delivered, claim.read) }))

test('claims about any feed come to an end, say all of it, and never tick an entry that cannot be read before it is named', () => {
  fc.assert(
    fc.property(anyFeed, (feed) => {
      let told = NO_CLAIM
      for (let due = claimDue(feed, told, 'told'); due !== undefined; due = claimDue(feed, told, 'told')) {
        expect(due.unreadable.length).toBeLessThanOrEqual(RECEIPT_UNREADABLE_MAX)
        told = joinClaims(told, due)
        for (const seq of feed.unreadable) expect([undefined, 'unreadable']).toContain(tickIn(told, seq))
      }
      expect(told.delivered).toBe(confirmable(feed))
      expect(told.unreadable).toEqual(feed.unreadable)
    }),
  )
})

describe('claims that are joined', () => {
  test('say the same in every order, however often each comes', () => {
    fc.assert(
      fc.property(fc.array(anyClaim, { minLength: 1, maxLength: 5 }), fc.infiniteStream(fc.nat(4)), (claims, picks) => {
        const all = claims.reduce(joinClaims)
        const others = Array.from({ length: 10 }, () => claims[picks.next().value % claims.length] as Claim)
        expect([...others, ...claims.toReversed()].reduce(joinClaims)).toEqual(all)
        expect(joinClaims(all, all)).toEqual(all)
        for (const claim of claims) expect(addsNothing(all, claim)).toBe(true)
      }),
    )
  })

  test('never go back', () => {
    const read = claimOf({ delivered: 3, read: 3 })
    expect(joinClaims(read, claimOf({ delivered: 1, read: 1 }))).toEqual(read)
  })

  test('have received what they have read', () => {
    expect(joinClaims(NO_CLAIM, claimOf({ read: 5 }))).toEqual(claimOf({ delivered: 5, read: 5 }))
  })

  test('remember so many unreadable entries, the first ones', () => {
    const before = claimOf({ unreadable: range(10, UNREADABLE_KEPT_MAX) })
    expect(joinClaims(before, claimOf({ unreadable: [3] })).unreadable).toEqual([3, ...range(10, UNREADABLE_KEPT_MAX - 1)])
  })

  test('add something only when one of them says more', () => {
    const before = claimOf({ delivered: 5, read: 3, unreadable: [1], recovered: [0] })
    for (const same of [before, NO_CLAIM, claimOf({ delivered: 4, read: 2, unreadable: [1] })]) expect(addsNothing(before, same)).toBe(true)
    for (const more of [{ delivered: 6 }, { read: 4 }, { unreadable: [2] }, { recovered: [1] }])
      expect(addsNothing(before, claimOf(more))).toBe(false)
  })
})

test('nobody has received what was not written', () => {
  const claim = { delivered: 4_000_000_000, read: 10, unreadable: [2, 7, 8], recovered: [1, 9] }
  expect(claimWithin(claim, 8)).toEqual({ delivered: 8, read: 8, unreadable: [2, 7], recovered: [1] })
  expect(claimWithin(claim, 0)).toEqual(NO_CLAIM)
})

test('of what was told and may not have come, only that entries were called unreadable which can be read now is kept', () => {
  const told = { delivered: 10, read: 8, unreadable: [2, 5], recovered: [2] }
  expect(untold(told, feedOf({ length: 10, unreadable: [5] }))).toEqual(claimOf({ unreadable: [2] }))
  expect(untold(told, undefined)).toEqual(claimOf({ unreadable: [2, 5] }))
  expect(claimDue(feedOf({ length: 10, unreadable: [5] }), untold(told, feedOf({ unreadable: [5] })), 'told')).toEqual({
    delivered: 10,
    read: 0,
    unreadable: [5],
    recovered: [2],
  })
})

describe('the tick of an entry', () => {
  const claim = { delivered: 7, read: 4, unreadable: [2, 5], recovered: [5] }

  test('goes as far as the claim', () => {
    expect(range(0, 8).map((seq) => tickIn(claim, seq))).toEqual([
      'read',
      'read',
      'unreadable',
      'read',
      'delivered',
      'delivered',
      'delivered',
      undefined,
    ])
    expect(tickIn(NO_CLAIM, 0)).toBeUndefined()
  })

  test('is none for an entry that is named before the lengths is there', () => {
    expect(tickIn(claimOf({ delivered: 3, unreadable: [9] }), 9)).toBeUndefined()
  })

  test('is the best that anybody says', () => {
    const ticks = [undefined, 'unreadable', 'delivered', 'read'] as const
    for (const [at, one] of ticks.entries())
      for (const [than, other] of ticks.entries()) expect(bestTick(one, other)).toBe(ticks[Math.max(at, than)])
  })
})
