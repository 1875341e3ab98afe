// The order of any set of entries, against the plainest way to sort it: from scratch, over the whole set, by paths through it.

import { expect, test } from 'vitest'
import fc from 'fast-check'
import { ascending, createAuthor, createReceiver, deliver, headOf, NOW, signed, write } from '../../test/fixtures/feeds.ts'
import { TIME_MS_MAX } from '../limits.ts'
import type { Written } from '../../test/fixtures/feeds.ts'
import type { EntryId } from '../bytes/ids.ts'

const authors = ['alice', 'bob', 'carol'].map(createAuthor)
const clock = fc.oneof(fc.constantFrom(0, 1, NOW - 86_400_000, NOW, TIME_MS_MAX, 2 ** 48 - 1), fc.integer({ min: NOW - 5, max: NOW + 5 }))
/** Who writes, by which clock, and for each author whether their head is named: any clock, and as little of the past as one likes. */
const deed = fc.tuple(fc.nat({ max: authors.length - 1 }), clock, fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()))

function conversationOf(deeds: readonly (readonly [number, number, readonly boolean[]])[]): readonly Written[] {
  const last = new Map<number, Written>()
  return deeds.map(([who, time, named]) => {
    const author = authors[who] ?? expect.fail('nobody')
    const deps = [...last].flatMap(([other, entry]) => (other !== who && named[other] === true ? [headOf(entry)] : []))
    const entry = write(author, { after: last.get(who), time, deps: ascending(...deps) })
    last.set(who, entry)
    return entry
  })
}

/** Of those whose past stands already, always the one with the smallest time, then the least past, then the smallest id. */
function sorted(entries: readonly Written[]): readonly EntryId[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const pastOf = ({ header }: Written): readonly Written[] =>
    [header.prev, ...header.deps.map(({ id }) => id)].flatMap((id) => byId.get(id) ?? [])
  // The latest clock on any way to an entry, with a millisecond for each step from there on.
  const waysTo = (entry: Written): readonly { readonly time: number; readonly steps: number }[] => [
    { time: Math.min(entry.header.time, TIME_MS_MAX), steps: 0 },
    ...pastOf(entry)
      .flatMap(waysTo)
      .map(({ time, steps }) => ({ time: time + 1, steps: steps + 1 })),
  ]
  const rank = new Map(
    entries.map((entry) => {
      const ways = waysTo(entry)
      return [entry.id, [Math.max(...ways.map(({ time }) => time)), Math.max(...ways.map(({ steps }) => steps))] as const]
    }),
  )
  const before = (a: Written, b: Written): number => {
    const [[aTime = 0, aDepth = 0] = [], [bTime = 0, bDepth = 0] = []] = [rank.get(a.id), rank.get(b.id)]
    return aTime - bTime || aDepth - bDepth || (a.id < b.id ? -1 : 1)
  }
  const placed = new Set<EntryId>()
  while (placed.size < entries.length) {
    const ready = entries.filter((entry) => !placed.has(entry.id) && pastOf(entry).every(({ id }) => placed.has(id)))
    placed.add((ready.toSorted(before)[0] ?? expect.fail('nothing is ready')).id)
  }
  return [...placed]
}

test('is that of a sort from scratch, by causes first and then by clocks, in whatever pieces and order the entries come', () => {
  const lives = fc.array(deed, { minLength: 1, maxLength: 9 }).chain((deeds) => {
    const order = fc.shuffledSubarray([...deeds.keys()], { minLength: deeds.length })
    return fc.tuple(
      fc.constant(deeds),
      order,
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: deeds.length, maxLength: deeds.length }),
    )
  })
  fc.assert(
    fc.property(lives, ([deeds, order, sizes]) => {
      const entries = conversationOf(deeds)
      let at = createReceiver(authors)
      for (let next = 0, piece = 0; next < order.length; piece++) {
        const size = sizes[piece] ?? 1
        const batch = order.slice(next, next + size).flatMap((index) => entries[index] ?? [])
        at = deliver(at, batch.map(signed)).receiver
        next += size
      }
      const keys = at.accepted.toSorted((a, b) => (a.orderKey < b.orderKey ? -1 : 1))
      expect(keys.map(({ id }) => id)).toEqual(sorted(entries))
    }),
    { numRuns: 60 },
  )
})
