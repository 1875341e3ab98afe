// Bodies of one kind, however many a contact leaves behind: never more of them in memory than one read brings.

import { expect, test } from 'vitest'
import { CONVERSATION, createAuthor, signed, writeRun } from '../../../test/fixtures/feeds.ts'
import { encode } from '../../bytes/codec.ts'
import { ROWS_PER_READ_MAX } from '../../limits.ts'
import { entryKeyOf } from '../../log/lookups.ts'
import { orderKeyOf } from '../../log/order.ts'
import { keptKeyOf, storedBody } from '../../node/rows/stored-body.ts'
import { storedEntry } from '../../node/rows/stored-entry.ts'
import { readBodies } from './bodies.ts'
import type { Store, StoreRange, StoreRow } from '../../ports.ts'

const alice = createAuthor('alice')
const COUNT = 2 * ROWS_PER_READ_MAX + 1

function storeOf(count: number): { readonly store: Store; readonly sizes: readonly number[] } {
  const entries = new Map<string, Uint8Array>()
  const bodies: StoreRow[] = []
  for (const written of writeRun(alice, count)) {
    const { header, id, kept } = written
    const order = { time: header.time, depth: header.seq }
    const place = { device: header.device, seq: header.seq, id }
    entries.set(entryKeyOf(CONVERSATION, place), encode(storedEntry, { wire: signed(written), ...order }))
    const key = keptKeyOf(CONVERSATION, { kind: 'newer', orderKey: orderKeyOf(order, id) })
    bodies.push({ key, value: encode(storedBody, { ...place, kept }) })
  }
  const sizes: number[] = []
  const read = ({ from = '', to = '~', limit }: StoreRange) => {
    const rows = bodies.filter(({ key }) => key >= from && key < to).slice(0, limit)
    sizes.push(rows.length)
    return Promise.resolve(rows)
  }
  return { store: { read, get: (_: string, key: string) => Promise.resolve(entries.get(key)) } as unknown as Store, sizes }
}

async function seqsOf(store: Store): Promise<readonly number[]> {
  const seqs: number[] = []
  for await (const { entry } of readBodies(store, CONVERSATION, 'newer')) seqs.push(entry.header.seq)
  return seqs
}

test.each([ROWS_PER_READ_MAX - 1, ROWS_PER_READ_MAX, COUNT])(
  '%i bodies are read in order, each once, and so many at a time',
  async (count) => {
    const { store, sizes } = storeOf(count)
    expect(await seqsOf(store)).toEqual(Array.from({ length: count }, (_, at) => at))
    expect(Math.max(...sizes)).toBe(Math.min(count, ROWS_PER_READ_MAX))
  },
)

test('who needs no more of them reads no more', async () => {
  const { store, sizes } = storeOf(COUNT)
  for await (const body of readBodies(store, CONVERSATION, 'newer')) if (body.entry.header.seq === 3) break
  expect(sizes).toEqual([ROWS_PER_READ_MAX])
})
