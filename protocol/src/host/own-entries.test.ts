import { describe, expect, test } from 'vitest'
import { CONVERSATION, createAuthor, signed, writeRun } from '../../test/fixtures/feeds.ts'
import { encode } from '../bytes/codec.ts'
import { ENTRIES_PER_FRAME_MAX, ENVELOPES_PER_RUN_MAX } from '../limits.ts'
import { storedEntry } from '../node/stored-entry.ts'
import { wireEntry } from '../wire/entry.ts'
import { framesOfRun, readOwnEntries } from './own-entries.ts'
import type { NodeState, PendingEnvelope } from '../node/state.ts'
import type { Store } from '../ports.ts'

const alice = createAuthor('alice')
const entries = writeRun(alice, ENVELOPES_PER_RUN_MAX + 2).map(signed)
const rows = entries.map((wire) => ({ key: '', value: encode(storedEntry, { wire, time: 0, depth: 0 }) }))
const sizeOf = (count: number): number => entries.slice(0, count).reduce((sum, wire) => sum + encode(wireEntry, wire).length, 0)
const state = () => ({ self: { device: { id: alice.device } } }) as unknown as NodeState
const envelope = (from: number, size = 100): PendingEnvelope => ({
  envelope: new Uint8Array(size),
  conversation: CONVERSATION,
  from,
  deposited: false,
})

const read = (asked: { envelopes?: readonly PendingEnvelope[]; bytesMax?: number; entriesMax?: number; stored?: readonly unknown[] }) =>
  readOwnEntries(
    {
      store: { read: () => Promise.resolve(asked.stored ?? rows) } as unknown as Store,
      state,
    },
    {
      conversation: CONVERSATION,
      from: 0,
      to: entries.length - 1,
      bytesMax: asked.bytesMax ?? 1_000_000,
      envelopes: asked.envelopes ?? [],
      ...(asked.entriesMax === undefined ? {} : { entriesMax: asked.entriesMax }),
    },
  )

describe('a run of own entries', () => {
  test('takes all of them where there is room', async () => {
    expect(await read({})).toMatchObject({ from: 0, to: entries.length - 1, entries, envelopes: [] })
    expect(entries.length).toBeLessThan(ENTRIES_PER_FRAME_MAX)
  })

  test('takes as many envelopes as the bound says, and the entries before the next one', async () => {
    const one = await read({ envelopes: entries.slice(0, ENVELOPES_PER_RUN_MAX).map((_, at) => envelope(at)) })
    expect(one.entries).toHaveLength(entries.length)
    expect(one.envelopes).toHaveLength(ENVELOPES_PER_RUN_MAX)
    const more = await read({ envelopes: entries.map((_, at) => envelope(at)) })
    expect(more.envelopes).toHaveLength(ENVELOPES_PER_RUN_MAX)
    expect(more.to).toBe(ENVELOPES_PER_RUN_MAX - 1)
  })

  test('takes as many bytes as it may, envelopes included, and one entry at least', async () => {
    expect((await read({ bytesMax: sizeOf(5) })).entries).toHaveLength(5)
    expect((await read({ bytesMax: sizeOf(5) - 1 })).entries).toHaveLength(4)
    expect((await read({ bytesMax: sizeOf(5), envelopes: [envelope(4)] })).entries).toHaveLength(4)
    expect((await read({ bytesMax: 1 })).entries).toHaveLength(1)
  })

  test('that the store has not is our own fault', async () => {
    await expect(read({ stored: [] })).rejects.toThrow(RangeError)
  })

  test('has each envelope right before the entries that it opens', async () => {
    const run = await read({ envelopes: [envelope(3), envelope(0), envelope(3)] })
    const frames = framesOfRun(run, { self: alice.device, conversation: CONVERSATION })
    expect(frames.map((frame) => (frame.kind === 'entries' ? frame.entries.length : frame.kind))).toEqual([
      'envelope',
      3,
      'envelope',
      'envelope',
      entries.length - 3,
    ])
  })
})
