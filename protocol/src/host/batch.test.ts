import { expect, test } from 'vitest'
import { partialState } from '../../test/fixtures/node-state.ts'
import { CONVERSATION, createAuthor, NOW, write, writeBare } from '../../test/fixtures/feeds.ts'
import { encode } from '../bytes/codec.ts'
import { accountIdOf, chainIdOf, entryIdOf } from '../bytes/ids.ts'
import { hash } from '../crypto/hash.ts'
import { membersHash } from '../conversation/members.ts'
import { DEPS_MAX } from '../limits.ts'
import { entryIdOfHeader } from '../log/entry.ts'
import { LOOKUP_PLACES_MAX } from '../log/limits.ts'
import { addFeed, createLog, withFeed } from '../log/log.ts'
import { entryKeyOf } from '../log/lookups.ts'
import { EMPTY_PARKING } from '../log/parking.ts'
import { NO_NET } from '../node/state.ts'
import { storedEntry } from '../node/stored-entry.ts'
import { entryHeader } from '../wire/entry.ts'
import { applyReceived, createBatch } from './batch.ts'
import type { Feed } from '../log/log.ts'
import type { Env } from '../node/draft.ts'
import type { Store, StoreRange } from '../ports.ts'
import type { EntryHeader, WireEntry } from '../wire/entry.ts'

const [alice, bob] = [createAuthor('alice'), createAuthor('bob')]
const env = (): Env => ({ now: NOW as Env['now'], random: () => new Uint8Array(32) })
const LENGTH = LOOKUP_PLACES_MAX + 100

test('what is looked up for a frame is enough for it, however much of it cannot be read', async () => {
  const stored = writeBare(alice, LENGTH)
  const rows = stored.map((wire, seq) => ({
    key: entryKeyOf(CONVERSATION, { device: alice.device, seq, id: entryIdOfHeader(wire.header) }),
    value: encode(storedEntry, { wire, time: NOW, depth: 1 }),
  }))
  const store = {
    read: ({ from, to }: StoreRange) => Promise.resolve(rows.filter(({ key }) => key >= (from ?? '') && key < (to ?? '~'))),
  } as unknown as Store

  const last = stored.at(-1) ?? expect.fail('nothing is stored')
  const tip = { seq: LENGTH - 1, id: entryIdOfHeader(last.header), order: { time: NOW, depth: 1 } }
  const both = [alice, bob].reduce((log, author) => addFeed(log, author), createLog(CONVERSATION))
  const log = withFeed(both, { ...(both.feeds.get(alice.device) as Feed), tips: [tip] })
  const founder = accountIdOf(hash(new Uint8Array(2)))
  const conversation = { id: CONVERSATION, founder, log, chains: new Map(), closed: new Map(), bodyKeys: new Map(), delivery: new Map() }
  const state = partialState({
    self: { account: founder, device: { id: alice.device } },
    conversations: new Map([[CONVERSATION, conversation]]),
    peers: new Map([[bob.device, { account: founder, device: { id: bob.device } }]]),
    parking: EMPTY_PARKING,
    net: { ...NO_NET, links: new Map([[bob.device, { haveDue: new Set() }]]) },
  })

  // Each is of a chain that nobody has, and has as many places looked up as an entry may.
  const basis = { ...write(bob).header, conversation: CONVERSATION, members: membersHash([]) }
  const wireOf = (header: EntryHeader): WireEntry => ({ header: encode(entryHeader, header), signature: undefined, body: undefined })
  const unreadable = Array.from({ length: Math.ceil(LENGTH / DEPS_MAX) }, (_, at) => {
    const deps = Array.from({ length: DEPS_MAX }, (_each, nth) => ({ device: alice.device, seq: at * DEPS_MAX + nth, id: basis.prev }))
    return wireOf({ ...basis, seq: 1 + at, prev: tip.id, chain: chainIdOf(new Uint8Array(16)), deps })
  })
  const other = entryIdOf(hash(new Uint8Array(1)))
  const entries = [...unreadable, wireOf({ ...basis, device: alice.device, seq: LENGTH - 50, prev: other })]
  const frames = [{ kind: 'entries', conversation: CONVERSATION, entries }] as const
  const source = { kind: 'link', device: bob.device, frame: new Uint8Array(0) } as const
  const batch = createBatch(state)
  await applyReceived(batch, { kind: 'received', source, frames, lookups: new Map(), part: 'last' }, { store, env })
  expect(batch.state.conversations.get(CONVERSATION)?.missing?.upTo.get(bob.device)).toBe(entries.length - 1)
})
