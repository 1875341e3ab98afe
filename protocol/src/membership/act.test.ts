import { describe, expect, it } from 'vitest'
import { decode, encode, tryDecode } from '../bytes/codec.ts'
import { accountIdOf, deviceIdOf, entryIdOf } from '../bytes/ids.ts'
import { act, weightOf } from './act.ts'
import { linkFor } from '../../test/membership/story.ts'
import { CUTS_PER_ACCOUNT_MAX, GRANT_ITEMS_MAX, LINK_USES_MAX, REMOVE_ITEMS_MAX } from './limits.ts'
import type { Act, Cut, GrantItem } from './types.ts'

/** 32 bytes whose last two say `number`. */
const numbered = (number: number): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, at) => (at === 30 ? number >> 8 : at === 31 ? number & 255 : 0))
const items = (count: number): readonly GrantItem[] =>
  Array.from({ length: count }, (_, at) => ({ account: accountIdOf(numbered(at)), deviceList: numbered(at), role: 'member' }))
const removals = (count: number): Act => ({ kind: 'remove', items: items(count).map(({ account }) => ({ account, cuts: [] })) })
const cuts = (count: number): readonly Cut[] =>
  Array.from({ length: count }, (_, at) => ({ device: deviceIdOf(numbered(1)), seq: 7, id: entryIdOf(numbered(at)) }))
const withCuts = (...of: readonly Cut[]): Act => ({ kind: 'remove', items: [{ account: accountIdOf(numbered(1)), cuts: of }] })
const isRead = (value: Act): boolean => JSON.stringify(decode(act, encode(act, value))) === JSON.stringify(value)

/** `bytes` with two stretches of equal length changed about. */
function swapped(bytes: Uint8Array, one: number, other: number, length: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy.set(bytes.subarray(other, other + length), one)
  copy.set(bytes.subarray(one, one + length), other)
  return copy
}

describe('acts of a group', () => {
  it('name at least one account, and no more than fit an entry', () => {
    expect(isRead({ kind: 'grant', items: items(1) })).toBe(true)
    expect(isRead({ kind: 'grant', items: items(GRANT_ITEMS_MAX) })).toBe(true)
    expect(() => encode(act, { kind: 'grant', items: [] })).toThrow(RangeError)
    expect(() => encode(act, { kind: 'grant', items: items(GRANT_ITEMS_MAX + 1) })).toThrow(RangeError)
    expect(tryDecode(act, Uint8Array.of(5, 0))).toBeUndefined()
    expect(isRead(removals(REMOVE_ITEMS_MAX))).toBe(true)
    expect(() => encode(act, removals(REMOVE_ITEMS_MAX + 1))).toThrow(RangeError)
    expect(() => encode(act, removals(0))).toThrow(RangeError)
    expect(tryDecode(act, Uint8Array.of(7, 0))).toBeUndefined()
  })

  it('name accounts in order, and each once', () => {
    const bytes = encode(act, { kind: 'grant', items: items(2) })
    const item = (bytes.length - 2) / 2
    expect(tryDecode(act, bytes)).toBeDefined()
    expect(tryDecode(act, swapped(bytes, 2, 2 + item, item))).toBeUndefined()
    expect(() => encode(act, { kind: 'grant', items: items(2).toReversed() })).toThrow(RangeError)
    const [one] = items(1) as [GrantItem]
    expect(() => encode(act, { kind: 'grant', items: [one, one] })).toThrow(RangeError)
  })

  it('draw as many cuts as a feed may have branches, in order, and each once', () => {
    const [one, other] = cuts(2) as [Cut, Cut]
    expect(isRead(withCuts(one, other))).toBe(true)
    expect(isRead(withCuts(...cuts(CUTS_PER_ACCOUNT_MAX)))).toBe(true)
    expect(() => encode(act, withCuts(...cuts(CUTS_PER_ACCOUNT_MAX + 1)))).toThrow(RangeError)
    expect(() => encode(act, withCuts(other, one))).toThrow(RangeError)
    expect(() => encode(act, withCuts(one, one))).toThrow(RangeError)
    expect(() => encode(act, withCuts({ ...one, device: deviceIdOf(numbered(2)) }, one))).toThrow(RangeError)
  })

  it('lower nobody to an owner', () => {
    const bytes = encode(act, { kind: 'resign', role: 'admin' })
    expect(bytes).toEqual(Uint8Array.of(8, 1))
    expect(tryDecode(act, Uint8Array.of(8, 2))).toEqual({ kind: 'resign', role: 'member' })
    expect(tryDecode(act, Uint8Array.of(8, 0))).toBeUndefined()
    expect(tryDecode(act, Uint8Array.of(8, 3))).toBeUndefined()
  })

  it('open a link for at least one, and no more than a group holds', () => {
    const link = (uses: number): Act => linkFor(uses)
    expect(isRead(link(1))).toBe(true)
    expect(isRead(link(LINK_USES_MAX))).toBe(true)
    expect(() => encode(act, link(0))).toThrow(RangeError)
    expect(() => encode(act, link(LINK_USES_MAX + 1))).toThrow(RangeError)
    const bytes = encode(act, link(1))
    // Behind the tag, the key and the time.
    expect(tryDecode(act, bytes.with(40, 0))).toBeUndefined()
    expect(tryDecode(act, bytes.with(39, 2))).toBeUndefined()
  })

  it('weigh as much as they name', () => {
    expect(weightOf({ kind: 'grant', items: items(3) })).toBe(3)
    expect(weightOf(removals(2))).toBe(2)
    expect(weightOf({ kind: 'leave' })).toBe(0)
    expect(weightOf({ kind: 'resign', role: 'member' })).toBe(0)
    expect(weightOf({ kind: 'set-history', history: 'all' })).toBe(1)
  })
})
