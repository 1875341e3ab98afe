import { expect, test } from 'vitest'
import { createMemoryStore } from '../../../test/contract/memory-store.ts'
import { CONVERSATION, createAuthor, signed, write } from '../../../test/fixtures/feeds.ts'
import { encode } from '../../bytes/codec.ts'
import { BODY_IN_ROW_BYTES_MAX, HEADER_BYTES_MAX, ROWS_PER_READ_MAX } from '../../limits.ts'
import { entryIdOfHeader } from '../../log/entry.ts'
import { entryKeyOf } from '../../log/lookups.ts'
import { StoreError } from '../../ports.ts'
import { wireEntry } from '../../wire/entry.ts'
import { formatRow, migrate } from './format.ts'
import { partBodies } from './part-bodies.ts'
import { readRun } from '../rows/runs.ts'
import type { NodeState } from '../../node/state.ts'
import type { StoreWrite } from '../../ports.ts'
import type { Written } from '../../../test/fixtures/feeds.ts'

const alice = createAuthor('alice')

/** A row as format 0 had it: the entry on the wire, 6 bytes of time and 4 of depth. */
function oldRow(entry: Written): StoreWrite {
  const wire = encode(wireEntry, signed(entry))
  const value = new Uint8Array(wire.length + 10)
  value.set(wire)
  return { kind: 'put', table: 'entries', key: entryKeyOf(CONVERSATION, { ...entry.header, id: entry.id }), value }
}

// Every third text is a long one.
const texts = Array.from({ length: ROWS_PER_READ_MAX + 20 }, (_, at) => (at % 3 === 0 ? 'x'.repeat(at % 2 === 0 ? 900 : 15_000) : `${at}`))
const feed: Written[] = []
for (const text of texts) feed.push(write(alice, { after: feed.at(-1), content: { kind: 'text', text } }))

const migrations = () => Promise.resolve([partBodies])

const served = async (store: ReturnType<typeof createMemoryStore>) => {
  const state = () => ({ self: { device: { id: alice.device } } }) as unknown as NodeState
  const wires = []
  for (let from = 0; from < feed.length; from += 100) {
    const ranges = [{ device: alice.device, from, to: Math.min(from + 99, feed.length - 1) }]
    wires.push(...(await readRun({ store, state }, { conversation: CONVERSATION, ranges, bytesMax: 10_000_000, envelopes: [] })).parts)
  }
  return wires
}

test('a store in which every body lies in the row of its entry serves the same after its large ones were put apart', async () => {
  const store = createMemoryStore()
  await store.commit([formatRow(0), ...feed.map(oldRow)])
  expect(await served(store)).toEqual(feed.map(signed))
  expect(await migrate(store, migrations, 1)).toBe('ready')
  expect(await served(store)).toEqual(feed.map(signed))
  const sizes = [...(store.image().tables.get('entries')?.values() ?? [])].map(({ value }) => value.length)
  expect(Math.max(...sizes)).toBeLessThan(HEADER_BYTES_MAX + BODY_IN_ROW_BYTES_MAX)
  const large = feed.filter(({ body }) => body.length > BODY_IN_ROW_BYTES_MAX)
  expect(store.image().tables.get('bodies')?.size).toBe(large.length)
  expect(entryIdOfHeader(large[0]?.headerBytes ?? new Uint8Array(0))).toBe(feed[0]?.id)
})

test('what a crash leaves is put apart after the next start', async () => {
  const disk = createMemoryStore()
  await disk.commit([formatRow(0), ...feed.map(oldRow)])
  let commits = 0
  const failing = createMemoryStore({ image: disk.image(), refuse: () => (commits++ > 0 ? new StoreError('failed', 'gone') : undefined) })
  await expect(partBodies(failing)).rejects.toMatchObject({ code: 'failed' })
  const half = createMemoryStore({ image: failing.image() })
  expect(await served(half)).toEqual(feed.map(signed))
  await migrate(half, migrations, 1)
  expect(await served(half)).toEqual(feed.map(signed))
})
