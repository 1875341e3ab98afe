import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encode } from '../../bytes/codec.ts'
import { orderKey, timelineRow } from '../../conversation/timeline-row.ts'
import { WINDOW_ROWS_MAX } from '../../limits.ts'
import { ORDER_KEY_LENGTH } from '../../log/order.ts'
import { createTimelineWindow } from './timeline-window.ts'
import type { ConversationWindow } from '../../engine.ts'
import type { AccountId, ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { StoreRange, StoreRow, StoreWrite } from '../../ports.ts'

const conversation = 'c'.repeat(64) as ConversationId
const LAST_THREE: ConversationWindow = { anchor: { kind: 'end' }, before: 3, after: 0 }

const idOf = (place: number): EntryId => place.toString(16).padStart(8, '0').padStart(64, '1') as EntryId
/** The place is the time too, and the end of a key is the id of its entry. */
const keyOf = (place: number): string =>
  place
    .toString(16)
    .padStart(12, '0')
    .padEnd(ORDER_KEY_LENGTH - idOf(place).length, '0') + idOf(place)

function put(place: number, { name = `at ${place}`, of = conversation, shred = 'today' } = {}): Put {
  const [account, device] = ['2'.repeat(64) as AccountId, '3'.repeat(64) as DeviceId]
  const row = {
    orderKey: keyOf(place),
    id: idOf(place),
    account,
    device,
    seq: place,
    time: place,
    content: { kind: 'named', name },
  } as const
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
  function happen(): void {
    const act = whileReading
    whileReading = undefined
    act?.()
  }
  async function read(range: StoreRange): Promise<readonly StoreRow[]> {
    reads.push(range)
    const { from = '', to = '', limit, order } = range
    const sign = order === 'descending' ? 1 : -1
    const rows = [...disk.values()].filter(({ key }) => key >= from && key < to).toSorted((a, b) => (a.key < b.key ? sign : -sign))
    await Promise.resolve()
    happen()
    return rows.slice(0, limit)
  }
  // The index of lines by entry: the end of a key is the id of its entry.
  async function get(_table: string, index: string): Promise<Uint8Array | undefined> {
    const key = [...disk.keys()].find((other) => other.endsWith(index.slice(-64)))
    await Promise.resolve()
    return key === undefined ? undefined : encode(orderKey, key.slice(conversation.length + 1))
  }
  const windowAt = (at: ConversationWindow) => createTimelineWindow({ get, read }, { conversation, window: at })
  const window = windowAt(LAST_THREE)
  function commit(...writes: readonly StoreWrite[]): boolean {
    writes.forEach(store)
    return window.follow(writes)
  }
  return {
    reads,
    commit,
    window,
    windowAt,
    happen,
    isThere: ({ anchor }: ConversationWindow) => anchor.kind !== 'entry' || [...disk.keys()].some((key) => key.endsWith(anchor.entry)),
    names: async () => (await window.see()).rows.map(({ content }) => (content.kind === 'named' ? content.name : content.kind)),
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

test('is around a message or a time as well, and says what else there is', async () => {
  const { window, names } = bench(...[1, 2, 3, 4, 5, 6].map((place) => put(place)))
  const flags = async () => {
    const { hasOlder, hasNewer } = await window.see()
    return { hasOlder, hasNewer }
  }
  expect(await flags()).toEqual({ hasOlder: true, hasNewer: false })
  window.move({ anchor: { kind: 'entry', entry: idOf(3) }, before: 1, after: 2 })
  expect([await names(), await flags()]).toEqual([['at 2', 'at 3', 'at 4'], { hasOlder: true, hasNewer: true }])
  window.move({ anchor: { kind: 'time', time: 0 }, before: 1, after: 2 })
  expect([await names(), await flags()]).toEqual([['at 1', 'at 2'], { hasOlder: false, hasNewer: true }])
  window.move({ anchor: { kind: 'time', time: 5 }, before: 1, after: 2 })
  expect([await names(), await flags()]).toEqual([['at 4', 'at 5', 'at 6'], { hasOlder: true, hasNewer: false }])
  window.move({ anchor: { kind: 'entry', entry: idOf(99) }, before: 2, after: 2 })
  expect(await names(), 'at the end, for want of it').toEqual(['at 5', 'at 6'])
})

test('holds no more than it may, and finds a message however many there are after it', async () => {
  const all = Array.from({ length: 2 * WINDOW_ROWS_MAX }, (_, at) => put(at + 1))
  const { window } = bench(...all)
  window.move({ anchor: { kind: 'entry', entry: idOf(5) }, before: 2, after: WINDOW_ROWS_MAX })
  const { rows, hasNewer } = await window.see()
  expect([rows[2]?.id, rows.length, hasNewer]).toEqual([idOf(5), WINDOW_ROWS_MAX, true])
  window.move({ anchor: { kind: 'end' }, before: Infinity, after: 0 })
  expect((await window.see()).rows).toHaveLength(WINDOW_ROWS_MAX)
})

test('is not touched by what happens elsewhere, and stays where it is when much comes', async () => {
  const { window, names, commit, reads } = bench(...[1, 2, 3, 4, 5].map((place) => put(place)))
  window.move({ anchor: { kind: 'entry', entry: idOf(2) }, before: 1, after: 2 })
  expect(await names()).toEqual(['at 1', 'at 2', 'at 3'])
  const [seen, asked] = [await window.see(), reads.length]
  expect(commit(put(9), put(1, { of: 'd'.repeat(64) as ConversationId }))).toBe(false)
  expect(commit(...Array.from({ length: 50 }, (_, at) => put(10 + at)))).toBe(false)
  expect(await window.see()).toBe(seen)
  expect(commit(put(2, { name: 'edited' }))).toBe(true)
  expect(await names()).toEqual(['at 1', 'edited', 'at 3'])
  expect(reads).toHaveLength(asked)
})

test('is what it would be if it were read anew, whatever has happened', async () => {
  const place = fc.integer({ min: 1, max: 30 })
  const shred = fc.constantFrom('today', 'yesterday')
  const anchor = fc.oneof(
    fc.constant({ kind: 'end' } as const),
    place.map((at) => ({ kind: 'entry', entry: idOf(at) }) as const),
    place.map((time) => ({ kind: 'time', time }) as const),
  )
  const count = fc.integer({ min: 0, max: 6 })
  const deed = fc.oneof(
    { weight: 6, arbitrary: fc.record({ at: place, shred, name: fc.string() }).map(({ at, ...how }) => [put(at, how)] as const) },
    { weight: 2, arbitrary: place.map((at) => [remove(at)] as const) },
    { weight: 1, arbitrary: shred.map((name) => [{ kind: 'shred', shred: name } as const] as const) },
    { weight: 2, arbitrary: fc.record({ anchor, before: count, after: count }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(place), fc.array(fc.tuple(deed, fc.boolean()), { maxLength: 30 }), async (first, deeds) => {
      const { window, windowAt, commit, whileReading, happen, isThere } = bench(...first.map((at) => put(at)))
      let [at, isAnchored] = [LAST_THREE, true]
      for (const [what, isMeanwhile] of deeds) {
        if ('anchor' in what) {
          window.move(what)
          ;[at, isAnchored] = [what, isThere(what)]
        } else if (isMeanwhile) whileReading(() => commit(...what))
        else commit(...what)
        await window.see()
        // Where it was not read, now is the time.
        happen()
        // Of a message that is not here it matters when it was asked for.
        if (isAnchored && isThere(at)) expect(await window.see()).toEqual(await windowAt(at).see())
      }
    }),
  )
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
