import { expect, test } from 'vitest'
import { encode } from '../bytes/codec.ts'
import { timelineRow } from '../conversation/timeline-row.ts'
import { ORDER_KEY_LENGTH } from '../log/order.ts'
import { createTimelineWindow } from './timeline-window.ts'
import type { AccountId, ConversationId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { StoreRange, StoreRow, StoreWrite } from '../ports.ts'

const conversation = 'c'.repeat(64) as ConversationId
const LIMIT = 3

const keyOf = (place: number): string => place.toString(16).padStart(ORDER_KEY_LENGTH, '0')

function put(place: number, { name = `at ${place}`, of = conversation, shred = 'today' } = {}): Put {
  const [id, account, device] = ['1'.repeat(64) as EntryId, '2'.repeat(64) as AccountId, '3'.repeat(64) as DeviceId]
  const row = { orderKey: keyOf(place), id, account, device, seq: place, time: place, content: { kind: 'named', name } } as const
  return { kind: 'put', table: 'timeline', key: `${of}/${keyOf(place)}`, value: encode(timelineRow, row), shred }
}

const remove = (place: number): StoreWrite => ({ kind: 'delete', table: 'timeline', key: `${conversation}/${keyOf(place)}` })

type Shredding = Extract<StoreWrite, { kind: 'shred' | 'shred-range' }>
const isUnder = (write: Shredding, shred = ''): boolean =>
  write.kind === 'shred' ? shred === write.shred : shred >= write.from && shred < write.to

type Put = Extract<StoreWrite, { kind: 'put' }>

function bench(...before: readonly Put[]) {
  const disk = new Map<string, Put>(before.map((write) => [write.key, write]))
  const reads: StoreRange[] = []
  let whileReading: (() => void) | undefined
  function store(write: StoreWrite): void {
    if (write.kind === 'put') disk.set(write.key, write)
    else if (write.kind === 'delete') disk.delete(write.key)
    else if (write.kind === 'delete-range') {
      for (const key of disk.keys()) if (key >= write.from && key < write.to) disk.delete(key)
    } else for (const row of disk.values()) if (isUnder(write, row.shred)) disk.delete(row.key)
  }
  async function read(range: StoreRange): Promise<readonly StoreRow[]> {
    reads.push(range)
    const { from = '', to = '', limit } = range
    const rows = [...disk.values()].filter(({ key }) => key >= from && key < to).toSorted((a, b) => (a.key < b.key ? 1 : -1))
    await Promise.resolve()
    whileReading?.()
    whileReading = undefined
    return rows.slice(0, limit)
  }
  const window = createTimelineWindow({ read }, { conversation, limit: LIMIT })
  function commit(...writes: readonly StoreWrite[]): void {
    writes.forEach(store)
    window.follow(writes)
  }
  return {
    reads,
    commit,
    names: async () => (await window.rows()).map(({ content }) => (content.kind === 'named' ? content.name : content.kind)),
    whileReading: (act: () => void) => (whileReading = act),
  }
}

test('shows the last rows, and reads them once however many are added', async () => {
  const { names, commit, reads } = bench(put(1), put(2), put(3), put(4))
  expect(await names()).toEqual(['at 2', 'at 3', 'at 4'])
  commit(put(6))
  expect(await names()).toEqual(['at 3', 'at 4', 'at 6'])
  commit(put(5), put(6, { name: 'said better' }), put(1), put(9, { of: 'd'.repeat(64) as ConversationId }))
  expect(await names()).toEqual(['at 4', 'at 5', 'said better'])
  expect(reads).toHaveLength(1)
})

test('shows a row that comes in before all others while there is room', async () => {
  const { names, commit } = bench(put(5))
  expect(await names()).toEqual(['at 5'])
  commit(put(2))
  expect(await names()).toEqual(['at 2', 'at 5'])
})

test('reads again where rows have gone: older ones come up', async () => {
  const { names, commit } = bench(put(1), put(2), put(3, { shred: 'yesterday' }), put(4))
  expect(await names()).toEqual(['at 2', 'at 3', 'at 4'])
  commit(remove(4))
  expect(await names()).toEqual(['at 1', 'at 2', 'at 3'])
  commit({ kind: 'shred', shred: 'yesterday' })
  expect(await names()).toEqual(['at 1', 'at 2'])
})

test('misses nothing that is committed while it reads', async () => {
  const { names, commit, whileReading } = bench(put(1), put(2))
  whileReading(() => commit(put(3)))
  expect(await names()).toEqual(['at 1', 'at 2', 'at 3'])
  commit(remove(3))
  whileReading(() => commit(remove(2), put(4)))
  expect(await names()).toEqual(['at 1', 'at 4'])
})

test('tells of a row that cannot be read when it is asked, and not the loop that brings it', async () => {
  const { names, commit } = bench(put(1))
  await names()
  commit({ kind: 'put', table: 'timeline', key: `${conversation}/${keyOf(2)}`, value: new Uint8Array(3) })
  await expect(names()).rejects.toThrow()
  commit(remove(2))
  expect(await names()).toEqual(['at 1'])
})
