import { expect, test } from 'vitest'
import { partialState } from '../../test/fixtures/node-state.ts'
import { CONVERSATION, createAuthor, NOW, write, writeBare } from '../../test/fixtures/feeds.ts'
import { haveOf } from '../../test/fixtures/have.ts'
import { encode } from '../bytes/codec.ts'
import { accountIdOf, chainIdOf, entryIdOf } from '../bytes/ids.ts'
import { hash } from '../crypto/hash.ts'
import { membersHash } from '../conversation/members.ts'
import { BODY_BUCKETS, BODY_IN_ROW_BYTES_MAX, DEPS_MAX, HEADER_BYTES_MAX, LOOKUPS_PER_MINUTE_MAX } from '../limits.ts'
import { entryIdOfHeader } from '../log/entry.ts'
import { LOOKUP_PLACES_MAX } from '../log/limits.ts'
import { addFeed, createLog, withFeed } from '../log/log.ts'
import { EMPTY_PARKING } from '../log/parking.ts'
import { NO_NET } from '../node/net.ts'
import { NOTHING_YET } from '../node/state.ts'
import { rowsOfEntry } from '../node/rows/stored-entry.ts'
import { createMemoryStore } from '../../test/contract/memory-store.ts'
import { entryHeader } from '../wire/entry.ts'
import { applyReceived, createBatch } from './batch.ts'
import { NOTHING_HANDED } from '../node/incoming/handed.ts'
import type { Feed } from '../log/log.ts'
import type { Env } from '../node/draft.ts'
import type { NodeState } from '../node/state.ts'
import type { Store } from '../ports.ts'
import type { EntryHeader, WireEntry } from '../wire/entry.ts'
import type { Frame } from '../wire/frame.ts'

const [alice, bob] = [createAuthor('alice'), createAuthor('bob')]
const MINUTE_MS = 60_000
const LENGTH = LOOKUP_PLACES_MAX + 100
const feed = writeBare(alice, LENGTH)
const tip = { seq: LENGTH - 1, id: entryIdOfHeader(feed.at(-1)?.header ?? new Uint8Array(0)), order: { time: NOW, depth: 1 } }
const founder = accountIdOf(hash(new Uint8Array(2)))
const basis = { ...write(bob).header, conversation: CONVERSATION, members: membersHash([]) }
const wireOf = (header: EntryHeader): WireEntry => ({ header: encode(entryHeader, header), signature: undefined, body: undefined })

/** Alice, whose disk holds her long feed with the largest bodies there are. */
async function createAlice() {
  const disk = createMemoryStore()
  const body = new Uint8Array(BODY_BUCKETS[3] + 16)
  for (const [seq, wire] of feed.entries()) {
    const place = { device: alice.device, seq, id: entryIdOfHeader(wire.header) }
    await disk.commit(rowsOfEntry(CONVERSATION, place, { wire: { ...wire, body }, time: NOW, depth: 1 }))
  }
  const read = { rows: 0, bytes: 0 }
  const store: Store = {
    ...disk,
    read: async (range) => {
      const rows = await disk.read(range)
      read.rows += rows.length
      for (const { value } of rows) read.bytes += value.length
      return rows
    },
  }
  const both = [alice, bob].reduce((log, author) => addFeed(log, author), createLog(CONVERSATION))
  const log = withFeed(both, { ...(both.feeds.get(alice.device) as Feed), tips: [tip] })
  const conversation = { ...NOTHING_YET, id: CONVERSATION, founder, log }
  const state = partialState({
    self: { account: founder, device: { id: alice.device } },
    conversations: new Map([[CONVERSATION, conversation]]),
    peers: new Map([[bob.device, { account: founder, device: { id: bob.device } }]]),
    handed: NOTHING_HANDED,
    parking: EMPTY_PARKING,
    net: { ...NO_NET, links: new Map([[bob.device, { haveDue: new Set(), receipts: new Map() }]]) },
  })
  /** Bob sends a frame. */
  const take = async (before: NodeState, frame: Frame, now = NOW): Promise<NodeState> => {
    const env = (): Env => ({ now: now as Env['now'], random: () => new Uint8Array(32) })
    const source = { kind: 'link', device: bob.device, frame: new Uint8Array(0) } as const
    const batch = createBatch(before)
    await applyReceived(batch, { kind: 'received', source, frames: [frame], lookups: new Map(), part: 'last' }, { store, env })
    return batch.state
  }
  return { state, take, read }
}

const framed = (entries: readonly WireEntry[]): Frame => ({ kind: 'entries', conversation: CONVERSATION, entries })
const reached = (state: NodeState): number | undefined => state.conversations.get(CONVERSATION)?.missing?.upTo.get(bob.device)

// Each is of a chain that nobody has, and has as many places looked up as an entry may.
const unreadable = Array.from({ length: Math.ceil(LENGTH / DEPS_MAX) }, (_, at) => {
  const deps = Array.from({ length: DEPS_MAX }, (_each, nth) => ({ device: alice.device, seq: at * DEPS_MAX + nth, id: basis.prev }))
  return wireOf({ ...basis, seq: 1 + at, prev: tip.id, chain: chainIdOf(new Uint8Array(16)), deps })
})

test('what is looked up for a frame is enough for it, however much of it cannot be read', async () => {
  const { state, take } = await createAlice()
  const other = entryIdOf(hash(new Uint8Array(1)))
  const entries = [...unreadable, wireOf({ ...basis, device: alice.device, seq: LENGTH - 50, prev: other })]
  expect(reached(await take(state, framed(entries)))).toBe(entries.length)
})

test('headers of old entries far apart have their own places read, and no bodies', async () => {
  const { state, take, read } = await createAlice()
  const old = Array.from({ length: 31 }, (_, at) => feed[67 * at] ?? expect.fail('the feed is too short'))
  await take(state, framed(old))
  expect(read.rows).toBe(2 * old.length - 1)
  expect(read.bytes).toBeLessThan(read.rows * (HEADER_BYTES_MAX + BODY_IN_ROW_BYTES_MAX))
  // Those that are not what is stored there are no dearer: nothing of theirs says that they belong to the feed.
  const forged = old.map((_, at) => wireOf({ ...basis, device: alice.device, seq: 1 + 67 * at, prev: tip.id }))
  read.rows = 0
  await take(state, framed(forged))
  expect(read.rows).toBe(2 * forged.length)
})

test('so many places are looked up in a minute for what a device sends, and in the next as many again', async () => {
  const { state, take, read } = await createAlice()
  const places = unreadable.slice(0, LOOKUP_PLACES_MAX / DEPS_MAX)
  let now = state
  for (let at = 0; at < LOOKUPS_PER_MINUTE_MAX / LOOKUP_PLACES_MAX; at++) now = await take(now, framed(places))
  expect(read.rows).toBe(LOOKUPS_PER_MINUTE_MAX)
  now = await take(now, framed(places))
  now = await take(now, { kind: 'have', have: [haveOf(CONVERSATION, [{ device: alice.device, seq: 7, id: tip.id }])] })
  expect(read.rows).toBe(LOOKUPS_PER_MINUTE_MAX)
  await take(now, framed(places), NOW + MINUTE_MS)
  expect(read.rows).toBe(LOOKUPS_PER_MINUTE_MAX + LOOKUP_PLACES_MAX)
})
