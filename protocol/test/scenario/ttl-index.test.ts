// When what was said goes whose time is over: by an index in the order of time, whatever the clock does.

import { expect, test } from 'vitest'
import { createMemoryStore } from '../contract/memory-store.ts'
import { conversationIdOf, deviceIdOf, entryIdOf, toUnixMs } from '../../src/bytes/ids.ts'
import { createExpiries } from '../../src/host/rows/expiry.ts'
import { EXPIRED_AT_ONCE_MAX } from '../../src/limits.ts'
import { createDraft } from '../../src/node/draft.ts'
import { expire } from '../../src/node/rows/expire.ts'
import { expiryRows, isBrief } from '../../src/node/rows/expiry.ts'
import { RestMap } from '../../src/node/rest-map.ts'
import type { ReducedBody } from '../../src/conversation/reduce.ts'
import type { NodeInput } from '../../src/node/input.ts'
import type { NodeState } from '../../src/node/state.ts'
import type { StoreWrite } from '../../src/ports.ts'

const conversation = conversationIdOf(new Uint8Array(32))
const device = deviceIdOf(new Uint8Array(32).fill(1))
const self = deviceIdOf(new Uint8Array(32).fill(2))
const state = {
  self: { device: { id: self } },
  conversations: RestMap.of('chats', []),
  peers: RestMap.of('contacts', []),
} as unknown as NodeState
const SECOND = 1_000
const YEAR = 365 * 86_400 * SECOND
const NOW = 1_800_000_000_000

const said = (kind: 'text' | 'reaction'): ReducedBody => ({ kind: 'opened', content: { kind } }) as unknown as ReducedBody

/** Row of the index for an entry that comes at `now`. */
function rows(seq: number, ttl: number, now: number, more: { body?: ReducedBody; by?: typeof device; time?: number } = {}) {
  const { body = said('text'), by = device, time = 0 } = more
  const id = entryIdOf(Uint8Array.from({ length: 32 }, (_, at) => (at < 30 ? 0 : at === 30 ? seq >> 8 : seq & 255)))
  const entry = { id, header: { kind: 'content', device: by, seq, ttl, time }, orderKey: `${'00'.repeat(10)}${id}` }
  const draft = createDraft(state, { now: toUnixMs(now), random: (length) => new Uint8Array(length) })
  return expiryRows(draft, conversation, { entry: entry as never, body })
}

test('only words with a time go, and nothing is read while none is due', async () => {
  expect(rows(1, 0, NOW)).toEqual([])
  expect([isBrief({ kind: 'content', ttl: 1 }), isBrief({ kind: 'control', ttl: 1 }), isBrief({ kind: 'receipt', ttl: 1 })]).toEqual([
    true,
    false,
    false,
  ])
  expect(rows(1, 60, NOW, { body: said('reaction') })).toEqual([])
  for (const kind of ['waiting', 'gone'] as const) expect(rows(1, 60, NOW, { body: { kind } })).toEqual([])
  expect(rows(1, 60, NOW, { body: { kind: 'unreadable', why: 'broken' } })).toHaveLength(1)
  const { at, reads, put, gone } = await bench()
  await at(NOW)
  const before = reads()
  await at(NOW + SECOND)
  expect(reads()).toBe(before)
  await put(rows(1, 60, NOW))
  await at(NOW + 60 * SECOND - 1)
  expect(gone()).toEqual([])
  await at(NOW + 60 * SECOND)
  expect(gone()).toEqual([1])
})

test('they go in the order of their time, a few at once, until nothing is due', async () => {
  const { at, put, gone, steps } = await bench()
  const count = 2 * EXPIRED_AT_ONCE_MAX + 1
  await put(Array.from({ length: count }, (_, i) => rows(i, count - i, NOW)).flat())
  await put(rows(count, 3_600, NOW))
  await at(NOW + 600 * SECOND)
  expect(gone()).toEqual(Array.from({ length: count }, (_, i) => count - 1 - i))
  expect(steps()).toBe(3)
  await at(NOW + 3_600 * SECOND)
  expect(gone()).toHaveLength(count + 1)
})

test('the clock of a contact has no say, and an own message counts from when it was written', async () => {
  for (const time of [0, NOW - YEAR, NOW + YEAR]) {
    const { at, put, gone } = await bench()
    await put(rows(1, 60, NOW, { time }))
    await at(NOW + 60 * SECOND - 1)
    expect(gone()).toEqual([])
    await at(NOW + 60 * SECOND)
    expect(gone()).toEqual([1])
  }
  const { at, put, gone } = await bench()
  await put(rows(1, 60, NOW, { by: self, time: NOW - 50 * SECOND }))
  await put(rows(2, 60, NOW, { by: self, time: NOW + YEAR }))
  await at(NOW + 10 * SECOND)
  expect(gone()).toEqual([1])
  await at(NOW + 60 * SECOND)
  expect(gone()).toEqual([1, 2])
})

test('what came by a clock that was a year ahead goes in its time all the same, from the next start or from when the clock is put back', async () => {
  const first = await bench()
  await first.at(NOW + YEAR)
  await first.put(rows(1, 60, NOW + YEAR))
  await first.put(Array.from({ length: EXPIRED_AT_ONCE_MAX }, (_, i) => rows(i + 2, 60 + i, NOW + YEAR)).flat())
  await first.at(NOW)
  await first.at(NOW + 60 * SECOND)
  expect(first.gone()).toEqual([1, 2])

  const next = await bench()
  await next.put(rows(2, 60, NOW + YEAR))
  await next.put(rows(3, 3_600, NOW))
  await next.at(NOW)
  expect(next.gone()).toEqual([])
  await next.at(NOW + 60 * SECOND)
  expect(next.gone()).toEqual([2])
})

test('what fails is tried again', async () => {
  const { at, put, gone, fail } = await bench()
  await put(rows(1, 60, NOW))
  fail('the disk is full')
  await at(NOW + 60 * SECOND)
  expect(gone()).toEqual([])
  fail(undefined)
  await at(NOW + 61 * SECOND)
  expect(gone()).toEqual([1])
})

async function bench() {
  const store = createMemoryStore()
  let now = NOW
  let reads = 0
  let steps = 0
  let failure: string | undefined
  const gone: number[] = []
  const expiries = createExpiries({
    store: { get: store.get, read: (range) => ((reads += 1), store.read(range)) },
    loop: {
      state: () => state,
      async ask(input: NodeInput) {
        if (input.kind !== 'expire') throw new Error(input.kind)
        if (failure !== undefined) throw new Error(failure)
        const draft = createDraft(state, { now: toUnixMs(now), random: (length) => new Uint8Array(length) })
        expire(draft, input)
        await put(draft.writes)
        steps += 1
        gone.push(...input.due.map(({ row }) => Number.parseInt(row.key.slice(-4), 16)))
        return { kind: 'done' }
      },
    },
    clock: () => toUnixMs(now),
    log: (line) => expect(line).toContain(failure),
  })
  async function put(writes: readonly StoreWrite[]): Promise<void> {
    await store.commit(writes)
    expiries.follow(writes)
  }
  async function at(time: number): Promise<void> {
    now = time
    expiries.tick()
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { at, put, reads: () => reads, steps: () => steps, gone: () => gone, fail: (why: string | undefined) => (failure = why) }
}
