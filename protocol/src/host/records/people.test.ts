import { describe, expect, test } from 'vitest'
import { createParty, initiated } from '../../../test/vectors/pair-of-devices.ts'
import { createSeeded } from '../../../test/simulation/seeded.ts'
import { decode, encode } from '../../bytes/codec.ts'
import { accountIdOf, conversationIdOf, deviceIdOf, recordIdOf, toUnixMs } from '../../bytes/ids.ts'
import { createMailboxKeys, grantOf } from '../../mailbox/keys.ts'
import { createNode } from '../../node/create-node.ts'
import { NO_REMOVALS } from '../../node/state.ts'
import { takeOneTime } from '../../session/prekeys.ts'
import { homeRow, peerRow, removalsRow, selfRow } from './people.ts'
import { prekeysRow } from './sessions.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { Peer, Removals } from '../../node/state.ts'

const random = createSeeded(4).bytes
const { self, prekeys } = createNode({ now: toUnixMs(1_800_000_000_000), random })
const relay = { key: random(32), url: 'wss://relay.example' }
const keys = createMailboxKeys(relay, random)
const conversation = conversationIdOf(random(32))
const alice = createParty('alice')
const { bundle, store } = takeOneTime(createParty('bob', 2).prekeys, deviceIdOf(random(32)))
const { id, signingKey, agreementKey } = self.device

const bare: Peer = {
  device: { id, signingKey, agreementKey },
  account: self.account,
  list: self.list,
  pairing: undefined,
  inbox: undefined,
  outbox: undefined,
  envelopes: [],
  bundle: undefined,
  lastHeard: 0,
  taken: undefined,
}
const peer: Peer = {
  ...bare,
  pairing: initiated(alice, createParty('bob', 2), bundle).pairing,
  inbox: { keys, registered: true },
  outbox: grantOf(keys),
  envelopes: [{ envelope: random(900), conversation, from: 3, until: 4, deposited: true }],
  bundle,
  lastHeard: 1_800_000_000_000,
  taken: { day: 20_833, bytes: 2 ** 40 },
}
/** One whose mailboxes lie at two relays each, and is written to at the second. */
const atTwo: Peer = {
  ...peer,
  inbox: { keys, registered: true, second: { relay: { ...relay, key: random(32) }, registered: false } },
  spare: { grant: grantOf(keys), isFirst: true },
}
const removals: Removals = {
  erasing: new Map([
    [conversation, accountIdOf(random(32))],
    [conversationIdOf(random(32)), undefined],
  ]),
  ends: [{ relay, record: recordIdOf(random(32)), word: random(40), signature: random(64), expires: 7 }],
  answered: new Map([[conversation, 1_800_000_000_000]]),
}

const ROWS: readonly (readonly [what: string, codec: Codec<unknown>, values: readonly unknown[]])[] = [
  ['oneself', selfRow as Codec<unknown>, [self, { ...self, name: 'Älice 👋', readReceipts: false }]],
  ['prekeys', prekeysRow as Codec<unknown>, [prekeys, store]],
  ['the home relay', homeRow as Codec<unknown>, [relay, undefined]],
  ['a contact', peerRow as Codec<unknown>, [peer, bare, atTwo, { ...atTwo, end: { isRevoked: true, cuts: new Map() } }]],
  ['removals', removalsRow as Codec<unknown>, [removals, NO_REMOVALS]],
]

describe.each(ROWS)('the row of %s', (_what, codec, values) => {
  test('gives back what was stored', () => {
    for (const value of values) expect(decode(codec, encode(codec, value))).toEqual(value)
  })

  test('is refused in another version, and with bytes too many or too few', () => {
    for (const value of values) {
      const row = encode(codec, value)
      for (const version of [0, (row[0] ?? 0) + 1]) expect(() => decode(codec, row.with(0, version))).toThrow('version')
      expect(() => decode(codec, Uint8Array.of(...row, 0))).toThrow()
      expect(() => decode(codec, row.subarray(0, -1))).toThrow()
      expect(() => decode(codec, new Uint8Array())).toThrow()
    }
  })
})

test('a device list that is none makes its row unreadable', () => {
  const row = encode(selfRow, { ...self, list: { ...self.list, signed: self.list.signed.subarray(1) } })
  expect(() => decode(selfRow, row)).toThrow('not a device list')
})

test('a contact with one relay has the row that it had before there could be two', () => {
  const row = encode(peerRow, { ...peer, end: { isRevoked: true, cuts: new Map() } })
  expect(encode(peerRow, peer)).toEqual(row.subarray(0, -3))
  expect([...row.subarray(-3)]).toEqual([1, 0, 0])
  expect(() => decode(peerRow, Uint8Array.of(...encode(peerRow, peer), 2, 0, 0, 0))).toThrow('second relay of nothing')
})
