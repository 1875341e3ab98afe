import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdMap } from './id-map.ts'

type Id = string
/** Ids that meet early: few digits differ, and only at the beginning and the end. */
const id = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 3 }))
  .map(([a, b]) => `${a.toString(16)}${'0'.repeat(62)}${b}`)
const change = fc.oneof(
  fc.record({ kind: fc.constant('with' as const), key: id, value: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ kind: fc.constant('without' as const), key: id }),
)
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

const apply = (map: IdMap<Id, number>, change: Change) =>
  change.kind === 'with' ? map.with(change.key, change.value) : map.without(change.key)

describe('a map from ids', () => {
  it('holds what a Map holds, in the order of the ids, whatever the changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 80 }), (changes) => {
        let map = IdMap.empty<Id, number>()
        const plain = new Map<Id, number>()
        for (const one of changes) {
          map = apply(map, one)
          if (one.kind === 'with') plain.set(one.key, one.value)
          else plain.delete(one.key)
        }
        const sorted = [...plain].toSorted(([a], [b]) => (a < b ? -1 : 1))
        expect([...map]).toEqual(sorted)
        expect([...map.keys()]).toEqual(sorted.map(([key]) => key))
        expect([...map.values()]).toEqual(sorted.map(([, value]) => value))
        expect(map.size).toBe(plain.size)
        for (const [key, value] of sorted) expect(map.get(key)).toBe(value)
        expect([...IdMap.of(sorted)]).toEqual(sorted)
      }),
    )
  })

  it('finds exactly what differs between two copies', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), fc.array(change, { maxLength: 40 }), (first, second) => {
        const before = first.reduce(apply, IdMap.empty<Id, number>())
        const after = second.reduce(apply, before)
        const differing = [...new Set([...before.keys(), ...after.keys()])].filter(
          (key) => before.has(key) !== after.has(key) || before.get(key) !== after.get(key),
        )
        expect([...after.changedSince(before)].toSorted()).toEqual(differing.toSorted())
      }),
    )
  })

  it('made of items at once is the one that they were put into', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(id, fc.integer({ min: 0, max: 3 })), { maxLength: 80 }),
        fc.array(change, { maxLength: 20 }),
        (items, changes) => {
          const atOnce = IdMap.of(items)
          const oneByOne = items.reduce((map, [key, value]) => map.with(key, value), IdMap.empty<Id, number>())
          expect(atOnce.size).toBe(oneByOne.size)
          expect(atOnce.changedSince(oneByOne)).toEqual([])
          const [a, b] = [changes.reduce(apply, atOnce), changes.reduce(apply, oneByOne)]
          expect([...a]).toEqual([...b])
          expect([...a.changedSince(oneByOne)].toSorted()).toEqual([...b.changedSince(oneByOne)].toSorted())
        },
      ),
    )
  })

  it('leaves the old copy as it was, and is the same copy where nothing changes', () => {
    const before = IdMap.of<Id, number>([['a'.repeat(64), 1]])
    const after = before.with('b'.repeat(64), 2)
    expect([...before.keys()]).toEqual(['a'.repeat(64)])
    expect(after.with('b'.repeat(64), 2)).toBe(after)
    expect(after.without('c'.repeat(64))).toBe(after)
  })

  it('looks at little of a large map to find one change', () => {
    const ids = Array.from({ length: 4_096 }, (_, at) => at.toString(16).padStart(3, '0').padEnd(64, '0'))
    let looked = 0
    const before = IdMap.of<Id, { readonly key: string }>(ids.map((key) => [key, { key }] as const))
    const after = before.with(ids[7] ?? '', { key: 'new' })
    const original = Object.is
    Object.is = (a, b) => {
      looked += 1
      return original(a, b)
    }
    try {
      expect(after.changedSince(before)).toEqual([ids[7]])
    } finally {
      Object.is = original
    }
    expect(looked).toBeLessThan(20)
  })

  it('refuses what is no id', () => {
    const map = IdMap.of<Id, number>([['a'.repeat(64), 1]])
    expect(() => map.with('xyz', 2)).toThrow(RangeError)
    for (const key of ['A00', ':00', 'g00', '/00']) expect(() => map.with(key, 2)).toThrow(RangeError)
  })
})
