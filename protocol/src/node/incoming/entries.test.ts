import { expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { CONVERSATION, createAuthor, NOW, signed, unsigned, write } from '../../../test/fixtures/feeds.ts'
import { accountIdOf } from '../../bytes/ids.ts'
import { membersHash } from '../../conversation/members.ts'
import { hash } from '../../crypto/hash.ts'
import { addFeed, createLog, withFeed } from '../../log/log.ts'
import { toLookups } from '../../log/lookups.ts'
import { EMPTY_PARKING } from '../../log/parking.ts'
import { createDraft } from '../draft.ts'
import { admitInto } from './entries.ts'
import { NO_NET } from '../net.ts'
import { NOTHING_HANDED } from './handed.ts'
import { OWN_ASKS_MAX } from '../../limits.ts'
import type { Feed } from '../../log/log.ts'
import type { WireEntry } from '../../wire/entry.ts'
import type { Env } from '../draft.ts'

const [alice, bob] = [createAuthor('alice'), createAuthor('bob')]
const account = accountIdOf(hash(new Uint8Array(1)))
const members = membersHash([])
const first = write(bob, { members })
const second = write(bob, { members, after: first })
const third = write(bob, { members, after: second })

type Several = { readonly devices?: number; readonly missing?: object }

/** The places that have to come again when Alice, who has Bob's first two entries and none of his chains, is given these. */
function missing(wires: readonly WireEntry[], closed = -1, { devices = 1, missing: asking }: Several = {}): readonly number[] {
  const both = [alice, bob].reduce((log, author) => addFeed(log, author), createLog(CONVERSATION))
  const order = { time: NOW, depth: 0 }
  const tips = [{ seq: 1, id: second.id, order }]
  const log = withFeed(both, { ...(both.feeds.get(bob.device) as Feed), tips })
  const known = { bodyKeys: new Map(), chains: new Map(), closed: new Map([[bob.device, closed]]), delivery: new Map() }
  const state = partialState({
    self: { account, device: { id: alice.device }, list: { devices: Array.from({ length: devices }, () => ({ id: alice.device })) } },
    conversations: new Map([[CONVERSATION, { id: CONVERSATION, founder: account, log, ...known, missing: asking }]]),
    peers: new Map([[bob.device, { account, device: { id: bob.device } }]]),
    handed: NOTHING_HANDED,
    parking: EMPTY_PARKING,
    net: NO_NET,
  })
  const draft = createDraft(state, { now: NOW as Env['now'], random: () => new Uint8Array(0) })
  const stored = [first, second].map((entry) => {
    const { prev, seq } = entry.header
    return { ...entry, device: bob.device, seq, prev, order, hasBody: true }
  })
  return admitInto(draft, { device: bob.device, id: CONVERSATION, entries: wires, lookups: toLookups(stored) }).waiting.map(
    ({ seq }) => seq,
  )
}

test('entries of a chain that is unknown have to come again, and so does what follows them', () => {
  expect(missing([signed(third)])).toEqual([2])
  expect(missing([unsigned(third), signed(write(bob, { members, after: third }))])).toEqual([2, 3])
})

test('what was read before does not have to come again though its chain is gone', () => {
  expect(missing([unsigned(first), signed(second)])).toEqual([])
})

test('of entries for which no key will come none is waited for', () => {
  // The log refuses this one for its body, so it is not asked for either.
  expect(missing([signed({ ...third, body: new Uint8Array(0) })], 2)).toEqual([])
  expect(missing([signed(third)], 1)).toEqual([2])
})

test('somebody with several devices asks so often before it is taken unread: another one may have it', () => {
  const asked = (asks: number) => ({ devices: 2, missing: { since: 0, asks, upTo: new Map([[bob.device, 9]]), shut: [] } })
  const empty = { ...third, body: new Uint8Array(0) }
  expect(missing([signed(empty)], 2, asked(OWN_ASKS_MAX - 1))).toEqual([2])
  expect(missing([signed(empty)], 2, asked(OWN_ASKS_MAX))).toEqual([])
})
