import { describe, expect, test } from 'vitest'
import {
  batchOf,
  CONVERSATION,
  createAuthor,
  createReceiver,
  deliverAll,
  NOW,
  signed,
  write,
  writeRun,
} from '../../../test/fixtures/feeds.ts'
import { conversationFrom, rowsAfter, storedRowsOf } from '../../../test/fixtures/stored-conversation.ts'
import { createParty } from '../../../test/vectors/pair-of-devices.ts'
import { createSeeded } from '../../../test/simulation/seeded.ts'
import { decode, DecodeError, encode, hex, u32 } from '../../bytes/codec.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { blobIdOf, accountIdOf, chainIdOf, deviceIdOf, entryIdOf, recordIdOf } from '../../bytes/ids.ts'
import { createConversation, EMPTY_ACCOUNT, emptyFeedView } from '../../conversation/state.ts'
import { createChain, handoutOf, keptOf, nextKey } from '../../group/sender-chain.ts'
import { hash } from '../../crypto/hash.ts'
import { addFeed, withFeed } from '../../log/log.ts'
import { createMailboxKeys, grantOf } from '../../mailbox/keys.ts'
import { NO_DELIVERY, NOTHING_YET } from '../../node/state.ts'
import { takeOneTime } from '../../session/prekeys.ts'
import { conversationRows } from './conversation.ts'
import { jointRow } from './conversation-rows.ts'
import { mapOf, row } from './row.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { Feed } from '../../log/log.ts'
import type { Conversation, Invitation, OpenInvite, UsedInvite } from '../../node/state.ts'
import type { StoreRow } from '../../ports.ts'

const random = createSeeded(3).bytes
const [alice, bob] = [createAuthor('alice'), createAuthor('bob')]
const [alices, bobs] = [accountIdOf(hash(alice.signingKey)), accountIdOf(hash(bob.signingKey))]
const place = { self: alices, device: alice.device }
const relay = { key: random(32), url: 'wss://relay.example' }
const { bundle } = takeOneTime(createParty('founder', 1).prekeys)
const keys = createMailboxKeys(relay, random)
const chain = createChain({ now: NOW, random })
const signedWord = () => ({ word: random(40), signature: random(64) })
const orderKeyNumber = (at: number): string => at.toString(16).padStart(84, '0')

const record = {
  relay,
  created: NOW,
  expires: NOW + 1,
  inbox: { keys, registered: true },
  serial: 3,
  packet: { upTo: 1, isFull: true },
  isUntouched: true,
} as const
const openInvite: OpenInvite = {
  ...record,
  status: 'open',
  secret: random(32),
  bundle,
  handouts: [{ handout: handoutOf(chain), from: 0 }],
}
const ends = { record: recordIdOf(random(32)), used: signedWord(), revoked: signedWord() }
const invite: UsedInvite = { ...record, status: 'used', ends, proof: random(32), guest: bob.device, admitted: 4 }

const invitation: Invitation = {
  token: random(16),
  key: random(32),
  founderDevice: bob.device,
  bundle,
  grant: grantOf(keys),
  expires: NOW,
  serial: 0,
  isClaimed: true,
  hasAnswered: true,
  late: { since: NOW, ms: 5, reason: 'claimed' },
}

const first = writeRun(bob, 3)
// Bob wrote two histories, and Alice has named his head.
const forked = deliverAll(createReceiver([alice, bob]), [
  batchOf(first),
  [signed(write(bob, { after: first[0] }))],
  batchOf(writeRun(alice, 2)),
]).log
const bobsFeed = forked.feeds.get(bob.device) as Feed

/** Nothing in it is left out or empty. */
const rich: Conversation & { readonly phase: 'open'; readonly invitation: undefined } = {
  ...NOTHING_YET,
  id: CONVERSATION,
  founder: bobs,
  phase: 'open',
  view: {
    ...createConversation({ conversation: CONVERSATION, ...place }),
    founder: bobs,
    accounts: IdMap.of([
      [alices, { ...EMPTY_ACCOUNT, hasJoined: true }],
      [
        bobs,
        {
          name: { name: 'Bob', orderKey: orderKeyNumber(1) },
          admits: { account: alices, orderKey: orderKeyNumber(2) },
          hasJoined: false,
          last: { orderKey: orderKeyNumber(3), id: entryIdOf(random(32)), device: bob.device, seq: 2, preview: 'Grüße 👋', time: NOW },
        },
      ],
    ]),
    feeds: IdMap.of([
      [alice.device, { ...emptyFeedView(alices), length: 2 }],
      [bob.device, { account: bobs, length: 10, unopened: [4, 5], unreadable: [3, 6], read: 3, unread: [7, 9], unreadOlder: 8 }],
    ]),
    waiting: 2,
  },
  log: withFeed(forked, { ...bobsFeed, named: { id: bobsFeed.tips[0]?.id ?? expect.fail('no tip'), at: 1 } }),
  chain,
  chains: IdMap.of([
    [alice.device, [keptOf(chain, alice.device)]],
    [bob.device, [{ ...keptOf(nextKey(chain).own, bob.device), skipped: [{ step: 0, key: random(32) }] }]],
  ]),
  bodyKeys: IdMap.of([[bob.device, new Map([[entryIdOf(random(32)), { key: random(32), nonce: random(12) }]])]]),
  closed: IdMap.of([[bob.device, 7]]),
  blobKeys: IdMap.of([[bob.device, [random(32), random(32)]]]),
  joint: new Map([['77'.repeat(32), { entries: 5, waiting: [{ from: 2, to: 4, bytes: 900, blob: blobIdOf(random(32)) }] }]]),
  returned: 1,
  delivery: IdMap.of([
    [
      bob.device,
      {
        atRelay: 5,
        joint: '77'.repeat(32),
        announced: 4,
        lostAt: 0,
        owed: [{ device: bob.device, from: 1, to: 2 }],
        named: [entryIdOf(random(32))],
        branches: 2,
        answered: 'ab'.repeat(32),
        claim: { delivered: 4, read: 2, unreadable: [1], recovered: [0] },
        told: { delivered: 9, read: 0, unreadable: [3], recovered: [2] },
        toldAt: NOW,
        waiting: [],
      },
    ],
  ]),
  invite,
  invitation: undefined,
  meta: {
    spans: new Map([[7, [{ from: 0, to: 2 ** 40, place: 0, isType: true }]]]),
    places: [{ name: 'title', nesting: 1 }],
    bytes: new Map([[7, 300]]),
  },
  unsent: { texts: 2, since: NOW },
  authored: NOW,
  missing: { since: NOW, asks: 1, upTo: new Map([[bob.device, 12]]), shut: [bob.device] },
}

/** The same for somebody who was invited. */
const invited: Conversation = { ...rich, phase: 'joining', invite: undefined, invitation }

/** In it nothing has happened. */
const bare: Conversation = {
  ...rich,
  ...NOTHING_YET,
  phase: 'open',
  view: createConversation({ conversation: CONVERSATION, ...place }),
  log: createReceiver([]).log,
  invite: undefined,
  invitation: undefined,
}

const loaded = (rows: readonly StoreRow[]): Conversation => conversationFrom(rows, place)

describe('a conversation', () => {
  test('is the same after it was stored', () => {
    expect(loaded(storedRowsOf(rich))).toEqual(rich)
    expect(loaded(storedRowsOf(invited))).toEqual(invited)
    expect(loaded(storedRowsOf(bare))).toEqual(bare)
    expect([...loaded(storedRowsOf(rich)).log.moved.keys()]).toEqual([...rich.log.moved.keys()])
  })

  test.each<Conversation>([
    { ...rich, phase: 'inviting', invite: openInvite },
    { ...rich, phase: 'inviting', invite: { ...openInvite, packet: undefined, serial: 0, handouts: [] } },
    { ...rich, phase: 'inviting', invite: { ...record, status: 'revoked', ends } },
    { ...rich, phase: 'inviting', invite: { ...record, status: 'expired', ends: undefined } },
    { ...rich, invite: { ...invite, ends: undefined, guest: undefined, admitted: undefined, proof: undefined } },
    { ...invited, invitation: { ...invitation, late: undefined, serial: undefined } },
    { ...invited, phase: 'invited' },
  ])('is the same in each of the ways in which one comes to it ($phase, $invite.status)', (conversation) => {
    expect(loaded(storedRowsOf(conversation))).toEqual(conversation)
  })

  test.each([
    { ...rich, phase: 'inviting', invite: undefined },
    { ...rich, phase: 'joining' },
    { ...invited, phase: 'inviting' },
    { ...invited, invite },
  ])('that says two things of how it came to be is refused', (impossible) => {
    expect(() => loaded(storedRowsOf(impossible as Conversation))).toThrow(DecodeError)
  })

  test('with an open invite that has lost its secret is refused', () => {
    const lost = { ...openInvite, secret: undefined } as unknown as OpenInvite
    expect(() => loaded(storedRowsOf({ ...rich, phase: 'inviting', invite: lost }))).toThrow(DecodeError)
  })

  test('lies among others, each with its own rows', () => {
    const other = { ...bare, id: 'ff'.repeat(32) as typeof CONVERSATION }
    expect(() => loaded([...storedRowsOf(rich), ...storedRowsOf(other)])).toThrow('not one')
    expect(storedRowsOf(other).map(({ key }) => key)).toEqual([other.id])
  })

  test('without what it has one of is none', () => {
    expect(() => loaded(storedRowsOf(rich).slice(1))).toThrow(RangeError)
  })
})

const { view, log } = rich
const feedOf = (device: DeviceId): Feed => log.feeds.get(device) ?? expect.fail('no feed')

const apartFrom = (before: Conversation): Conversation => {
  const to = before.delivery.get(bob.device) ?? expect.fail('no delivery')
  return { ...before, delivery: before.delivery.with(bob.device, { ...to, joint: undefined }) }
}

const CHANGES: readonly (readonly [what: string, rows: readonly string[], after: Conversation])[] = [
  ['nothing', [], { ...rich }],
  ['what is only about to take effect', [], { ...rich, view: { ...view, pending: [{ kind: 'shown' }] } }],
  ['its phase', [''], { ...rich, phase: 'inviting', invite }],
  ['the own chain', [''], { ...rich, chain: nextKey(chain).own }],
  ['its invite', [''], { ...rich, invite: { ...invite, ends: undefined } }],
  ['its invitation', [''], { ...rich, invite: undefined, invitation: { ...invitation, serial: 2 } }],
  ['what waits in it', [''], { ...rich, view: { ...view, waiting: 3 } }],
  ['what an account says', [`/account/${alices}`], { ...rich, view: { ...view, accounts: view.accounts.with(alices, EMPTY_ACCOUNT) } }],
  [
    'what is read of a feed',
    [`/feed/${bob.device}`],
    { ...rich, view: { ...view, feeds: view.feeds.with(bob.device, { ...emptyFeedView(bobs), read: 9 }) } },
  ],
  ['the end of a feed', [`/feed/${alice.device}`], { ...rich, log: withFeed(log, { ...feedOf(alice.device), tips: [] }) }],
  ['the chains of a device', [`/feed/${bob.device}`], { ...rich, chains: rich.chains.with(bob.device, []) }],
  ['the last key of a single body', [`/feed/${bob.device}`], { ...rich, bodyKeys: rich.bodyKeys.without(bob.device) }],
  ['how far keys are gone', [`/feed/${bob.device}`], { ...rich, closed: rich.closed.with(bob.device, 8) }],
  [
    'the proof of a fork',
    [`/feed/${bob.device}`, `/fork/${bob.device}`],
    {
      ...rich,
      log: withFeed(log, {
        ...feedOf(bob.device),
        fork: {
          ...(feedOf(bob.device).fork ?? expect.fail('no fork')),
          proof: {
            first: { headers: [random(9)], signature: random(64) },
            second: { headers: [random(8), random(7)], signature: random(64) },
          },
        },
      }),
    },
  ],
  ['what a device was told', [`/device/${bob.device}`], { ...rich, delivery: rich.delivery.with(bob.device, NO_DELIVERY) }],
  ['what a device gets by itself', [`/device/${bob.device}`], apartFrom(rich)],
  [
    'what waits for a device, which may be put together',
    [`/device/${bob.device}`],
    {
      ...apartFrom(rich),
      delivery: apartFrom(rich).delivery.with(bob.device, {
        ...(apartFrom(rich).delivery.get(bob.device) ?? expect.fail('no delivery')),
        waiting: [
          { from: 0, to: 6, bytes: 3_900, blob: blobIdOf(random(32)) },
          { from: 7, to: 7, bytes: 560, blob: undefined },
        ],
      }),
    },
  ],
  ['what many were left at once', ['/joint'], { ...rich, joint: new Map([['77'.repeat(32), { entries: 6, waiting: [] }]]) }],
  ['what joint blobs are sealed with', [`/blob-keys/${bob.device}`], { ...rich, blobKeys: rich.blobKeys.with(bob.device, [random(32)]) }],
  ['its document', ['/meta'], { ...rich, meta: { ...rich.meta, bytes: new Map([[7, 301]]) } }],
  ['what is missing', ['/missing'], { ...rich, missing: { since: 0, asks: 9, upTo: new Map(), shut: [] } }],
  ['that nothing is missing any more', ['/missing'], { ...rich, missing: undefined }],
]

test.each(CHANGES)('%s changes: %j is written, and nothing else', (_what, parts, after) => {
  const writes = conversationRows(rich, after)
  expect(writes.map((write) => 'key' in write && write.key)).toEqual(parts.map((part) => `${CONVERSATION}${part}`))
  const rows = rowsAfter(storedRowsOf(rich), writes)
  expect(rows).toEqual(storedRowsOf(after))
  expect(loaded(rows)).toEqual({ ...after, view: { ...after.view, pending: [] } })
})

/** With one more member, who has one device. */
function withMember(before: Conversation, at: number): Conversation {
  const device = deviceIdOf(hash(Uint8Array.of(at & 255, at >> 8)))
  const account = accountIdOf(hash(Uint8Array.of(at & 255, at >> 8, 1)))
  return {
    ...before,
    log: addFeed(before.log, { device, signingKey: bob.signingKey }),
    chains: before.chains.with(device, []),
    delivery: before.delivery.with(device, NO_DELIVERY),
    view: {
      ...before.view,
      accounts: before.view.accounts.with(account, EMPTY_ACCOUNT),
      feeds: before.view.feeds.with(device, emptyFeedView(account)),
    },
  }
}

test('no row grows with the number of members, and one more writes none of the others', () => {
  const crowd = (count: number): Conversation => Array.from({ length: count }, (_, at) => at).reduce(withMember, rich)
  const largest = (conversation: Conversation): number => Math.max(...storedRowsOf(conversation).map(({ value }) => value.length))
  const many = crowd(300)
  expect(largest(many)).toBe(largest(crowd(3)))
  expect(conversationRows(many, withMember(many, 300))).toHaveLength(3)
})

describe.each(storedRowsOf(rich).map(({ key }) => key.slice(CONVERSATION.length)))('the row “%s”', (part) => {
  const damaged = (change: (value: Uint8Array) => Uint8Array): readonly StoreRow[] =>
    storedRowsOf(rich).map((row) => (row.key === `${CONVERSATION}${part}` ? { ...row, value: change(row.value) } : row))

  test('of another version is refused', () => {
    for (const more of [-1, 1]) expect(() => loaded(damaged((value) => value.with(0, (value[0] ?? 0) + more)))).toThrow(DecodeError)
  })

  test('with bytes too many or too few is refused', () => {
    expect(() => loaded(damaged((value) => Uint8Array.of(...value, 0)))).toThrow()
    expect(() => loaded(damaged((value) => value.subarray(0, -1)))).toThrow()
    expect(() => loaded(damaged(() => new Uint8Array()))).toThrow()
  })
})

test('a row of no known kind is refused', () => {
  const stray = { key: `${CONVERSATION}/other/${bob.device}`, value: new Uint8Array(1) }
  expect(() => loaded(rowsAfter([...storedRowsOf(rich), stray], []))).toThrow('no known kind')
})

test('chains are told apart by their names', () => {
  const other = { ...keptOf(chain, bob.device), chain: chainIdOf(random(16)) }
  const chains = rich.chains.with(bob.device, [other, ...(rich.chains.get(bob.device) ?? [])])
  expect(loaded(storedRowsOf({ ...rich, chains })).chains.get(bob.device)).toEqual(chains.get(bob.device))
})

test('what many were left, of a store from before it was put together, is what it was', () => {
  const relay = '77'.repeat(32)
  const before = encode(row(1, mapOf(hex(32), u32)), new Map([[relay, 6]]))
  expect(decode(jointRow, before)).toEqual(new Map([[relay, { entries: 6, waiting: [] }]]))
})
