// Bodies of one kind, however many a contact leaves behind: never more of them in memory than one read brings.

import { expect, test } from 'vitest'
import { createMemoryStore } from '../../test/contract/memory-store.ts'
import { CONVERSATION, createAuthor, signed, writeRun } from '../../test/fixtures/feeds.ts'
import { encode } from '../bytes/codec.ts'
import { ROWS_PER_READ_MAX } from '../limits.ts'
import { entryKeyOf } from '../log/lookups.ts'
import { orderKeyOf } from '../log/order.ts'
import { keptKeyOf, storedBody } from '../node/stored-body.ts'
import { storedEntry } from '../node/stored-entry.ts'
import { readBodies } from './bodies.ts'
import type { Store, StoreWrite } from '../ports.ts'

const alice = createAuthor('alice')
const COUNT = 2 * ROWS_PER_READ_MAX + 1

async function storeOf(count: number): Promise<{ readonly store: Store; readonly sizes: readonly number[] }> {
  const disk = createMemoryStore()
  const rows = writeRun(alice, count).flatMap((written): readonly StoreWrite[] => {
    const { header, id, kept } = written
    const order = { time: header.time, depth: header.seq }
    const place = { device: header.device, seq: header.seq, id }
    return [
      {
        kind: 'put',
        table: 'entries',
        key: entryKeyOf(CONVERSATION, place),
        value: encode(storedEntry, { wire: signed(written), ...order }),
      },
      {
        kind: 'put',
        table: 'bodies',
        key: keptKeyOf(CONVERSATION, { kind: 'newer', orderKey: orderKeyOf(order, id) }),
        value: encode(storedBody, { ...place, kept }),
      },
    ]
  })
  await disk.commit(rows)
  const sizes: number[] = []
  const read: Store['read'] = async (range) => {
    const found = await disk.read(range)
    sizes.push(found.length)
    return found
  }
  return { store: { ...disk, read }, sizes }
}

async function seqsOf(store: Store): Promise<readonly number[]> {
  const seqs: number[] = []
  for await (const { entry } of readBodies(store, CONVERSATION, 'newer')) seqs.push(entry.header.seq)
  return seqs
}

test.each([ROWS_PER_READ_MAX - 1, ROWS_PER_READ_MAX, COUNT])(
  '%i bodies are read in order, each once, and so many at a time',
  async (count) => {
    const { store, sizes } = await storeOf(count)
    expect(await seqsOf(store)).toEqual(Array.from({ length: count }, (_, at) => at))
    expect(Math.max(...sizes)).toBe(Math.min(count, ROWS_PER_READ_MAX))
  },
)

test('who needs no more of them reads no more', async () => {
  const { store, sizes } = await storeOf(COUNT)
  for await (const body of readBodies(store, CONVERSATION, 'newer')) if (body.entry.header.seq === 3) break
  expect(sizes).toEqual([ROWS_PER_READ_MAX])
})
