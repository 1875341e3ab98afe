import { expect, test } from 'vitest'
import { CONVERSATION, createAuthor } from '../../../test/fixtures/feeds.ts'
import { FRESH_ENTRIES_KEPT } from '../../limits.ts'
import { entryKeyOf, entryKeysOf } from '../../log/lookups.ts'
import { createFreshEntries } from './fresh-entries.ts'
import { RestMap } from '../../node/rest-map.ts'
import type { DeviceId, EntryId } from '../../bytes/ids.ts'
import type { NodeState } from '../../node/state.ts'
import type { StoreRange, StoreRow, StoreWrite } from '../../ports.ts'

const [alice, bob] = [createAuthor('alice').device, createAuthor('bob').device]

const entry = (seq: number, { device = alice, id = 'a', value = seq } = {}): Extract<StoreWrite, { kind: 'put' }> => ({
  kind: 'put',
  table: 'entries',
  key: entryKeyOf(CONVERSATION, { device, seq, id: id.repeat(64) as EntryId }),
  value: Uint8Array.of(value),
})

/** Alice's feed ends with these. */
const stateWith = (...tips: readonly number[]): NodeState => {
  const feeds = new Map([[alice, { tips: tips.map((seq) => ({ seq })) }]])
  return { conversations: RestMap.of('chats', [[CONVERSATION, { log: { feeds } }]]) } as unknown as NodeState
}

function bench(...stored: readonly StoreRow[]) {
  const asked: StoreRange[] = []
  const fresh = createFreshEntries({
    read: (range) => {
      asked.push(range)
      return Promise.resolve(stored)
    },
  })
  const values = async (from: number, to: number, device: DeviceId = alice) =>
    (await fresh.read({ table: 'entries', ...entryKeysOf(CONVERSATION, { device, from, to }) })).map(({ value }) => value[0])
  return { fresh, asked, values }
}

test('what was just stored is at hand, on every branch and in order', async () => {
  const { fresh, asked, values } = bench()
  fresh.follow(stateWith(4, 2), [entry(6), entry(5), { kind: 'delete', table: 'state', key: 'x' }])
  fresh.follow(stateWith(6), [entry(5, { id: 'b', value: 55 }), entry(7)])
  expect(await values(5, 7)).toEqual([5, 55, 6, 7])
  expect(await values(6, 6)).toEqual([6])
  expect(await values(8, 9)).toEqual([])
  const { from, to } = entryKeysOf(CONVERSATION, { device: alice, from: 5, to: 7 })
  expect(await fresh.read({ table: 'entries', from, to, limit: 2 })).toHaveLength(2)
  expect(asked).toEqual([])
})

test('an entry that comes once more, with its body, takes its place', async () => {
  const { fresh, values } = bench()
  fresh.follow(stateWith(), [entry(0)])
  fresh.follow(stateWith(0), [entry(0, { value: 9 })])
  expect(await values(0, 0)).toEqual([9])
})

test('whatever may have older rows beside it is read from the store', async () => {
  const { fresh, asked, values } = bench(entry(1))
  fresh.follow(stateWith(4), [entry(4, { id: 'b' }), entry(5)])
  expect(await values(4, 5)).toEqual([1])
  expect(await values(5, 5, bob)).toEqual([1])
  const { from, to } = entryKeysOf(CONVERSATION, { device: alice, from: 5, to: 5 })
  await fresh.read({ table: 'entries', from, to, order: 'descending' })
  await fresh.read({ table: 'timeline', from, to })
  await fresh.read({ table: 'entries', from })
  expect(asked).toHaveLength(5)
})

test.each([
  { kind: 'shred', shred: 'a day' },
  { kind: 'delete', table: 'entries', key: 'one of them' },
] as const)('keeps nothing that a commit may have taken away: $kind', async (write) => {
  const { fresh, asked, values } = bench()
  fresh.follow(stateWith(), [entry(0)])
  fresh.follow(stateWith(0), [write])
  expect(await values(0, 0)).toEqual([])
  expect(asked).toHaveLength(1)
})

test.each([
  [FRESH_ENTRIES_KEPT, 0],
  [FRESH_ENTRIES_KEPT + 1, 1],
])('keeps so many and no more: of %i entries, %i times the store is asked', async (count, reads) => {
  const { fresh, asked, values } = bench()
  for (let seq = 0; seq < count; seq++) fresh.follow(seq === 0 ? stateWith() : stateWith(seq - 1), [entry(seq)])
  await values(count - 1, count - 1)
  expect(asked).toHaveLength(reads)
  fresh.follow(stateWith(count - 1), [entry(count)])
  expect(await values(count, count)).toEqual(reads === 0 ? [] : [count % 256])
})
