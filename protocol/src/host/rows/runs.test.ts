import { describe, expect, test } from 'vitest'
import { CONVERSATION, createAuthor, signed, writeRun } from '../../../test/fixtures/feeds.ts'
import { encode } from '../../bytes/codec.ts'
import { ENTRIES_PER_FRAME_MAX, ENVELOPES_PER_RUN_MAX, RIDING_PER_RUN_MAX, ROWS_PER_READ_MAX } from '../../limits.ts'
import { entryIdOfHeader } from '../../log/entry.ts'
import { entryKeyOf } from '../../log/lookups.ts'
import { storedEntry } from '../../node/rows/stored-entry.ts'
import { wireEntry } from '../../wire/entry.ts'
import { envelopesIn, framesOfRun, ownLengthIn, readRun } from './runs.ts'
import type { StoreRange } from '../../ports.ts'
import type { NodeState, PendingEnvelope } from '../../node/state.ts'
import type { Store } from '../../ports.ts'
import type { Run } from './runs.ts'

const alice = createAuthor('alice')
const entries = writeRun(alice, ROWS_PER_READ_MAX + 2).map(signed)
const rows = entries.map((wire, seq) => ({
  key: entryKeyOf(CONVERSATION, { device: alice.device, seq, id: entryIdOfHeader(wire.header) }),
  value: encode(storedEntry, { wire, time: 0, depth: seq }),
}))
const sizeOf = (count: number): number => entries.slice(0, count).reduce((sum, wire) => sum + encode(wireEntry, wire).length, 0)
const state = () => ({ self: { device: { id: alice.device } } }) as unknown as NodeState
const envelope = (from: number, { until = from, size = 100 } = {}): PendingEnvelope => ({
  envelope: new Uint8Array(size),
  conversation: CONVERSATION,
  from,
  until,
  deposited: false,
})

type Asked = { envelopes?: readonly PendingEnvelope[]; bytesMax?: number; to?: number; stored?: typeof rows }

const read = ({ envelopes = [], bytesMax = 1_000_000, to = 19, stored = rows }: Asked): Promise<Run> => {
  const within = ({ from, to: end, limit }: StoreRange) =>
    stored.filter(({ key }) => key >= (from ?? '') && key < (end ?? '~')).slice(0, limit)
  return readRun(
    { store: { read: (range: StoreRange) => Promise.resolve(within(range)) } as unknown as Store, state },
    { conversation: CONVERSATION, ranges: [{ device: alice.device, from: 0, to }], bytesMax, envelopes },
  )
}
const entriesIn = ({ parts }: Run) => parts.filter((part) => !('envelope' in part))
const seqs = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at)

describe('a run of entries', () => {
  test('takes all that is asked for where there is room', async () => {
    const run = await read({})
    expect(entriesIn(run)).toEqual(entries.slice(0, 20))
    expect(ownLengthIn(run, alice.device)).toBe(20)
    expect(entriesIn(run).length).toBeLessThan(ENTRIES_PER_FRAME_MAX)
  })

  test('takes as many envelopes as the bound says, and the entries before the next one', async () => {
    const one = await read({ envelopes: seqs(ENVELOPES_PER_RUN_MAX).map((at) => envelope(at)) })
    expect(entriesIn(one)).toHaveLength(20)
    expect(envelopesIn(one)).toHaveLength(ENVELOPES_PER_RUN_MAX)
    const more = await read({ envelopes: seqs(20).map((at) => envelope(at)) })
    expect(envelopesIn(more)).toHaveLength(ENVELOPES_PER_RUN_MAX)
    expect(ownLengthIn(more, alice.device)).toBe(ENVELOPES_PER_RUN_MAX)
  })

  test('takes as many envelopes that ride with older entries as the bound says; the others go with the next run', async () => {
    const riding = seqs(RIDING_PER_RUN_MAX + 1).map(() => envelope(0, { until: 9 }))
    expect(envelopesIn(await read({ envelopes: riding.slice(1) }))).toHaveLength(RIDING_PER_RUN_MAX)
    expect(envelopesIn(await read({ envelopes: riding }))).toEqual(riding.slice(0, RIDING_PER_RUN_MAX))
  })

  test('takes as many bytes as it may, envelopes included, and one entry at least', async () => {
    expect(entriesIn(await read({ bytesMax: sizeOf(5) }))).toHaveLength(5)
    expect(entriesIn(await read({ bytesMax: sizeOf(5) - 1 }))).toHaveLength(4)
    expect(entriesIn(await read({ bytesMax: sizeOf(5), envelopes: [envelope(4)] }))).toHaveLength(4)
    expect(entriesIn(await read({ bytesMax: 1 }))).toHaveLength(1)
  })

  test('reads no more rows of a feed at once than the bound says, and claims no place that it may have read in part', async () => {
    const run = await read({ to: ROWS_PER_READ_MAX + 1 })
    expect(entriesIn(run)).toHaveLength(ROWS_PER_READ_MAX)
    expect(ownLengthIn(run, alice.device)).toBe(ROWS_PER_READ_MAX - 1)
    expect(ownLengthIn(await read({ to: ROWS_PER_READ_MAX - 2 }), alice.device)).toBe(ROWS_PER_READ_MAX - 1)
  })

  test('that the store has not is our own fault', async () => {
    await expect(read({ stored: [] })).rejects.toThrow(RangeError)
  })

  test('has each envelope right before the entries that it opens', async () => {
    const run = await read({ envelopes: [envelope(3), envelope(0), envelope(3)] })
    const frames = framesOfRun(run, { self: alice.device, conversation: CONVERSATION })
    const kinds = frames.map((frame) => (frame.kind === 'entries' ? frame.entries.length : frame.kind))
    expect(kinds).toEqual(['envelope', 3, 'envelope', 'envelope', 17])
  })
})
