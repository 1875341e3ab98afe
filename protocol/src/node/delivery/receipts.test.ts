import { describe, expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { createAuthor, NOW } from '../../../test/fixtures/feeds.ts'
import { createSeeded } from '../../../test/simulation/seeded.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { accountIdOf, conversationIdOf, deviceIdOf, entryIdOf } from '../../bytes/ids.ts'
import { createConversation, emptyFeedView } from '../../conversation/state.ts'
import { hash } from '../../crypto/hash.ts'
import { sign } from '../../crypto/sign.ts'
import { createChain, keptOf } from '../../group/sender-chain.ts'
import { RECEIPTS_AGAIN_PER_MINUTE_MAX, RECEIPTS_AT_ONCE_DEVICES_MAX, RECEIPTS_MS, TAKEN_BYTES_PER_DAY_MAX } from '../../limits.ts'
import { addFeed, createLog, withFeed } from '../../log/log.ts'
import { NO_CLAIM, receiptStatement } from '../../wire/receipt.ts'
import { createDraft } from '../draft.ts'
import { NOT_LOOKED_UP } from '../input.ts'
import { learnHeard, receiptDue, receiveReceipts, tickOf, toldOn, toldTo } from './receipts.ts'
import { momentAt } from '../moment.ts'
import { NO_DELIVERY, NOTHING_YET } from '../state.ts'
import { NO_NET } from '../net.ts'
import type { Author } from '../../../test/fixtures/feeds.ts'
import type { AccountId } from '../../bytes/ids.ts'
import type { FeedView } from '../../conversation/state.ts'
import type { Claim, FeedTip, Receipt } from '../../wire/receipt.ts'
import type { Draft, Env } from '../draft.ts'
import type { Conversation, Delivery, NodeState } from '../state.ts'
import type { DirectLink } from '../net.ts'

const [alice, phone, bob, tablet, carol] = ['alice', 'phone', 'bob', 'tablet', 'carol'].map(createAuthor) as [
  Author,
  Author,
  Author,
  Author,
  Author,
]
const accountNumber = (at: number): AccountId => accountIdOf(hash(Uint8Array.of(at)))
/** Alice has two devices, Bob has two; Carol is a contact whom nobody has let in here. */
const [alices, bobs, carols] = [accountNumber(1), accountNumber(2), accountNumber(3)]
const OWNERS = [
  [phone, alices],
  [bob, bobs],
  [tablet, bobs],
  [carol, carols],
] as const
const id = conversationIdOf(hash(Uint8Array.of(4)))
const DAY_MS = 86_400_000
const TOP = 5
const tipAt = (seq: number, branch = 0) => ({ seq, id: entryIdOf(hash(Uint8Array.of(5, seq, branch))), order: { time: NOW, depth: seq } })
const now = (ms: number): Env => ({ now: ms as Env['now'], random: createSeeded(1).bytes })

type Given = {
  readonly feed?: Partial<FeedView>
  readonly delivery?: Partial<Delivery>
  readonly link?: Partial<DirectLink>
  readonly readReceipts?: boolean
  readonly others?: number
  readonly taken?: number
}

/** Alice, who has written up to TOP, and what she knows of Bob's device. */
function aliceWith({ feed = {}, delivery = {}, link, readReceipts = true, others = 0, taken = 0 }: Given = {}): Draft {
  const extra = Array.from({ length: others }, (_, at) => ({ device: deviceIdOf(hash(Uint8Array.of(6, at))), signingKey: bob.signingKey }))
  const all = [alice, ...OWNERS.map(([author]) => author), ...extra].reduce((log, author) => addFeed(log, author), createLog(id))
  const log = withFeed(all, { device: alice.device, signingKey: alice.signingKey, tips: [tipAt(TOP)], fork: undefined, named: undefined })
  const chain = { ...createChain({ now: NOW, random: createSeeded(2).bytes }) }
  const viewOf = (account: AccountId) => ({ ...emptyFeedView(account), ...feed })
  const conversation: Conversation = {
    ...NOTHING_YET,
    id,
    founder: alices,
    phase: 'open',
    log,
    chain,
    chains: IdMap.of([[alice.device, [keptOf(chain, alice.device)]]]),
    view: {
      ...createConversation({ conversation: id, self: alices, device: alice.device }),
      founder: bobs,
      feeds: IdMap.of(OWNERS.map(([{ device }, account]) => [device, viewOf(account)] as const)),
    },
    delivery: IdMap.of([[bob.device, { ...NO_DELIVERY, ...delivery }]]),
    invite: undefined,
    invitation: undefined,
    authored: NOW,
  }
  const peerOf = (account: AccountId, device: Author) => ({
    account,
    device: { id: device.device },
    envelopes: [],
    taken: { day: Math.floor(NOW / DAY_MS), bytes: taken },
  })
  const state = partialState({
    self: { account: alices, device: { id: alice.device }, readReceipts },
    conversations: [[id, conversation]],
    peers: OWNERS.map(([device, account]) => [device.device, peerOf(account, device)] as const),
    net:
      link === undefined ? NO_NET : { ...NO_NET, links: new Map([[bob.device, { unconfirmed: new Map(), receipts: new Map(), ...link }]]) },
  })
  return createDraft(state, now(NOW))
}

const claimOf = (claim: Partial<Claim>): Claim => ({ ...NO_CLAIM, ...claim })
const whole = (draft: Draft | NodeState): Conversation =>
  ('state' in draft ? draft.state : draft).conversations.get(id) ?? expect.fail('no conversation')
const deliveryOf = (draft: Draft, device = bob.device): Delivery => whole(draft).delivery.get(device) ?? NO_DELIVERY
const refusalsIn = ({ effects }: Draft): readonly string[] =>
  effects.flatMap((effect) => (effect.kind === 'refused' ? [effect.reason] : []))

type Said = Partial<Omit<Receipt, 'claim' | 'tips'>> & {
  readonly tips?: readonly FeedTip[]
  readonly by?: Author
  readonly claim?: Partial<Claim>
}

/** What Bob's device, or another one, has signed about Alice's feed. */
function signedBy({ by = bob, claim = { delivered: 4 }, tips = [tipAt(TOP)], ...others }: Said = {}): Receipt {
  const ends = tips.map(({ seq, id: entry }) => ({ seq, id: entry }))
  const said = { conversation: id, feed: alice.device, tips: ends, claim: claimOf(claim), ...others }
  return { signature: sign(by.seed, receiptStatement(by.device, said)), ...said }
}

/** `items`: ends of which it was looked up whether they are here; none but the tip is. */
function hear(draft: Draft, receipts: readonly Receipt[], device = bob.device, items = 100): Draft {
  receiveReceipts(draft, { device, receipts, lookups: new Map([[id, { ...NOT_LOOKED_UP, items }]]) })
  return draft
}

describe('a receipt', () => {
  test('counts for the entries up to where it says, as received or as read', () => {
    const draft = hear(aliceWith(), [signedBy({ claim: { delivered: 4, read: 2 } })])
    expect(refusalsIn(draft)).toEqual([])
    expect([1, 3, 4].map((seq) => tickOf(draft.state, whole(draft), seq))).toEqual(['read', 'delivered', undefined])
  })

  test('names what could not be read, and what can be after all', () => {
    const draft = hear(aliceWith(), [signedBy({ claim: { delivered: 4, read: 4, unreadable: [1, 2] } })])
    expect([0, 1, 2].map((seq) => tickOf(draft.state, whole(draft), seq))).toEqual(['read', 'unreadable', 'unreadable'])
    hear(draft, [signedBy({ claim: { delivered: 4, read: 4, recovered: [1] } })])
    expect([0, 1, 2].map((seq) => tickOf(draft.state, whole(draft), seq))).toEqual(['read', 'read', 'unreadable'])
  })

  test('that comes late takes nothing back', () => {
    const [early, late] = [signedBy({ claim: { delivered: 2 } }), signedBy({ claim: { delivered: 5, read: 3 } })]
    const [inOrder, reversed] = [hear(aliceWith(), [early, late]), hear(aliceWith(), [late, early])]
    expect(deliveryOf(reversed).claim).toEqual(deliveryOf(inOrder).claim)
    expect(deliveryOf(inOrder).claim).toEqual(claimOf({ delivered: 5, read: 3 }))
  })

  test('that comes again changes nothing and costs nothing', () => {
    const draft = hear(aliceWith(), [signedBy()])
    const { state } = draft
    hear(draft, [signedBy(), signedBy({ claim: { delivered: 3 } })])
    expect(draft.state).toBe(state)
  })

  test('lets go of keys that nobody needs any more', () => {
    const chain = { ...whole(aliceWith()).chain, step: 6 }
    const draft = aliceWith()
    draft.state = { ...draft.state, conversations: draft.state.conversations.with(id, { ...whole(draft), chain }) }
    for (const [{ device, seed }] of OWNERS) hear(draft, [signedBy({ by: { device, seed } as Author })], device)
    expect(
      whole(draft)
        .chains.get(alice.device)
        ?.map(({ step }) => step),
    ).toEqual([4])
  })

  test.each([
    ['with a changed signature', 'signature', signedBy({ signature: new Uint8Array(64) })],
    ['that another device has signed', 'signature', signedBy({ by: carol })],
    ['that another device of the same account has signed', 'signature', signedBy({ by: tablet })],
    ['that says other than what was signed', 'signature', { ...signedBy(), claim: claimOf({ delivered: 5 }) }],
    ['that names other ends than what was signed', 'signature', { ...signedBy({ tips: [tipAt(2)] }), tips: signedBy().tips }],
    ['about the feed of somebody else', 'unknown-conversation', signedBy({ feed: carol.device })],
    ['about the feed of its own author', 'unknown-conversation', signedBy({ feed: bob.device })],
    ['about another own device', 'unknown-conversation', signedBy({ feed: phone.device })],
    ['in a conversation that nobody knows', 'unknown-conversation', signedBy({ conversation: conversationIdOf(hash(Uint8Array.of(9))) })],
  ] as const)('%s counts for nothing: %s', (_what, reason, receipt) => {
    const draft = hear(aliceWith(), [receipt])
    expect(refusalsIn(draft)).toEqual([reason])
    expect(whole(draft)).toEqual(whole(aliceWith()))
  })

  test('of a device that takes no part in the conversation counts for nothing', () => {
    const stranger = createAuthor('stranger')
    const draft = hear(aliceWith(), [signedBy({ by: stranger })], stranger.device)
    expect(refusalsIn(draft)).toEqual(['unknown-conversation'])
    expect(whole(draft)).toEqual(whole(aliceWith()))
  })

  test('that is none does not keep the next ones from counting, until one is not signed', () => {
    const unknown = signedBy({ conversation: conversationIdOf(hash(Uint8Array.of(9))) })
    const draft = hear(aliceWith(), [
      unknown,
      signedBy(),
      signedBy({ by: carol, claim: { delivered: 5 } }),
      signedBy({ claim: { delivered: 6 } }),
    ])
    expect(refusalsIn(draft)).toEqual(['unknown-conversation', 'signature'])
    expect(deliveryOf(draft).claim.delivered).toBe(4)
  })

  test('confirms nothing that it does not show to be there', () => {
    const claim = { delivered: 4_000_000_000, read: 4_000_000_000, unreadable: [2, 9], recovered: [9] }
    const draft = hear(aliceWith(), [signedBy({ claim })])
    expect(deliveryOf(draft).claim).toEqual({ delivered: TOP + 1, read: TOP + 1, unreadable: [2], recovered: [] })
    expect(deliveryOf(hear(aliceWith(), [signedBy({ claim, tips: [] })])).claim).toEqual(NO_CLAIM)
  })

  test('about a history that this device does not have counts for none of its own entries, and is asked about', () => {
    for (const tips of [[tipAt(TOP, 1)], [tipAt(9)], [tipAt(3, 1), tipAt(TOP)]]) {
      const draft = hear(aliceWith(), [signedBy({ tips })])
      expect(deliveryOf(draft).claim).toEqual(NO_CLAIM)
    }
    expect(whole(hear(aliceWith(), [signedBy({ tips: [tipAt(9)] })])).missing?.upTo.get(alice.device)).toBe(10)
  })

  test('that nobody has signed makes no device look for entries that it has not lost', () => {
    const draft = hear(aliceWith(), [signedBy({ tips: [tipAt(9)], signature: new Uint8Array(64) })])
    expect(whole(draft).missing).toBeUndefined()
  })

  test('that names more ends than are looked up in this minute counts for nothing', () => {
    const draft = hear(aliceWith(), [signedBy()], bob.device, 0)
    expect(refusalsIn(draft)).toEqual(['too-much'])
    expect(whole(draft)).toEqual(whole(aliceWith()))
  })

  test('says nothing of what another device has', () => {
    const draft = hear(aliceWith(), [signedBy()])
    expect(deliveryOf(draft, tablet.device)).toBe(NO_DELIVERY)
    expect(deliveryOf(draft, carol.device)).toBe(NO_DELIVERY)
  })

  test('is taken while its author may have anything written today', () => {
    const draft = hear(aliceWith({ taken: TAKEN_BYTES_PER_DAY_MAX }), [signedBy()])
    expect(refusalsIn(draft)).toEqual(['too-much'])
    expect(deliveryOf(draft).claim).toEqual(NO_CLAIM)
    const again = aliceWith()
    hear(again, [signedBy({ claim: { delivered: 2 } })])
    const once = again.state.peers.get(bob.device)?.taken?.bytes ?? 0
    hear(again, [signedBy({ claim: { delivered: 3 } }), signedBy({ claim: { delivered: 3 } })])
    expect(again.state.peers.get(bob.device)?.taken?.bytes).toBe(2 * once)
  })
})

describe('the tick of an own entry', () => {
  const tickAfter = (...said: readonly (readonly [Author, Partial<Claim>])[]) => {
    const draft = aliceWith()
    for (const [by, claim] of said) hear(draft, [signedBy({ by, claim })], by.device)
    expect(refusalsIn(draft)).toEqual([])
    return tickOf(draft.state, whole(draft), 2)
  }

  test('is the best that a device of the other side says', () => {
    expect(tickAfter()).toBeUndefined()
    expect(tickAfter([bob, { delivered: 3 }])).toBe('delivered')
    expect(tickAfter([bob, { delivered: 3 }], [tablet, { delivered: 3, read: 3 }])).toBe('read')
    expect(tickAfter([tablet, { delivered: 3, read: 3 }], [bob, { delivered: 3 }])).toBe('read')
    expect(tickAfter([bob, { delivered: 3, unreadable: [2] }])).toBe('unreadable')
    expect(tickAfter([bob, { delivered: 3, unreadable: [2] }], [tablet, { delivered: 3 }])).toBe('delivered')
  })

  test('is none for what strangers and other own devices have', () => {
    expect(tickAfter([carol, { delivered: 3, read: 3 }])).toBeUndefined()
    expect(tickAfter([phone, { delivered: 3, read: 3 }])).toBeUndefined()
  })
})

type When = { readonly device?: Author; readonly at?: number }
const dueOf = (draft: Draft, { device = bob, at = NOW }: When = {}): Claim | undefined =>
  receiptDue(draft.state, whole(draft), { device: device.device, told: toldTo(whole(draft), device.device), at: momentAt(at) })

describe('a device', () => {
  const arrived = { length: 4, read: 4 }

  test('is told what is here of its feed, and then no more', () => {
    expect(dueOf(aliceWith({ feed: arrived }))).toEqual(claimOf({ delivered: 4, read: 4 }))
    expect(dueOf(aliceWith({ feed: arrived, delivery: { told: claimOf({ delivered: 4, read: 4 }) } }))).toBeUndefined()
    expect(dueOf(aliceWith())).toBeUndefined()
  })

  test('is told what was read only where that is wanted, and never if it is an own one', () => {
    expect(dueOf(aliceWith({ feed: arrived, readReceipts: false }))).toEqual(claimOf({ delivered: 4 }))
    expect(dueOf(aliceWith({ feed: arrived }), { device: phone })).toEqual(claimOf({ delivered: 4 }))
  })

  test('is told nothing if it belongs to a stranger', () => {
    expect(dueOf(aliceWith({ feed: arrived }), { device: carol })).toBeUndefined()
  })

  test('is told at once where there are few devices, and now and then where there are more', () => {
    const toldAt = NOW - RECEIPTS_MS + 1
    const few = aliceWith({ feed: arrived, delivery: { toldAt }, others: RECEIPTS_AT_ONCE_DEVICES_MAX - 5 })
    const many = aliceWith({ feed: arrived, delivery: { toldAt }, others: RECEIPTS_AT_ONCE_DEVICES_MAX - 4 })
    expect(whole(few).log.feeds.size).toBe(RECEIPTS_AT_ONCE_DEVICES_MAX)
    expect(dueOf(few)).toEqual(claimOf({ delivered: 4, read: 4 }))
    expect(dueOf(many)).toBeUndefined()
    expect(dueOf(many, { at: NOW + 1 })).toEqual(claimOf({ delivered: 4, read: 4 }))
    expect(dueOf(many, { at: toldAt - 1 }), 'a clock that was put back').toBeDefined()
    const at = momentAt(NOW)
    receiptDue(many.state, whole(many), { device: bob.device, told: toldTo(whole(many), bob.device), at })
    expect(at.until).toBe(toldAt + RECEIPTS_MS)
  })

  test('was told on a link what nobody has answered, and that counts there alone', () => {
    const sent = new Map([[id, { claim: claimOf({ delivered: 3 }), at: NOW - 7 }]])
    const draft = aliceWith({
      feed: { length: 4 },
      delivery: { told: claimOf({ read: 2, delivered: 2 }), toldAt: NOW - 9 },
      link: { receipts: sent },
    })
    const link = draft.state.net.links.get(bob.device) ?? expect.fail('no link')
    expect(toldTo(whole(draft), bob.device)).toEqual({ claim: claimOf({ delivered: 2, read: 2 }), at: NOW - 9 })
    expect(toldOn(link, whole(draft), bob.device)).toEqual({ claim: claimOf({ delivered: 3, read: 2 }), at: NOW - 7 })
  })
})

describe('who says what it has heard', () => {
  const told = { delivered: 4, read: 3, unreadable: [1], recovered: [] }
  const heardBy = (draft: Draft, heard: Claim): Draft => {
    learnHeard(draft, { device: bob.device, id, heard })
    return draft
  }
  const feed = { length: 4, read: 3, unreadable: [1] }

  test('is told nothing again when that is all there is', () => {
    const draft = aliceWith({ feed, delivery: { told } })
    const { state } = draft
    expect(heardBy(draft, told).state).toBe(state)
  })

  test('is told again what it has not heard', () => {
    for (const heard of [NO_CLAIM, { ...told, read: 2 }, { ...told, unreadable: [] }]) {
      const draft = heardBy(aliceWith({ feed, delivery: { told } }), heard)
      expect(dueOf(draft)).toBeDefined()
    }
    expect(dueOf(heardBy(aliceWith({ feed, delivery: { told } }), NO_CLAIM))).toEqual(told)
  })

  test('is told again also of entries that were called unreadable before they were read', () => {
    const before = { ...told, recovered: [1] }
    const draft = heardBy(aliceWith({ feed: { length: 4, read: 3 }, delivery: { told: before } }), { ...told, delivered: 3 })
    expect(dueOf(draft)).toEqual({ delivered: 4, read: 3, unreadable: [], recovered: [1] })
  })

  test('is told again what went out on the link', () => {
    const draft = aliceWith({ feed, link: { receipts: new Map([[id, { claim: told, at: NOW }]]) } })
    heardBy(draft, NO_CLAIM)
    const link = draft.state.net.links.get(bob.device) ?? expect.fail('no link')
    expect(toldOn(link, whole(draft), bob.device).claim).toEqual(NO_CLAIM)
    expect(dueOf(draft)).toEqual(told)
  })

  test('has heard what this device does not know that it was told', () => {
    const draft = heardBy(aliceWith({ feed }), told)
    expect(deliveryOf(draft).told).toEqual(told)
    expect(dueOf(draft)).toBeUndefined()
  })

  test('is told again so often in a minute, and in the next one anew', () => {
    const draft = aliceWith({ feed, delivery: { told } })
    const lackAgain = (): boolean => {
      const { state } = draft
      const delivery = whole(draft).delivery.with(bob.device, { ...deliveryOf(draft), told })
      draft.state = { ...state, conversations: state.conversations.with(id, { ...whole(draft), delivery }) }
      heardBy(draft, NO_CLAIM)
      return dueOf(draft) !== undefined
    }
    const times = Array.from({ length: RECEIPTS_AGAIN_PER_MINUTE_MAX + 3 }, lackAgain)
    expect(times).toEqual(times.map((_, at) => at < RECEIPTS_AGAIN_PER_MINUTE_MAX))
    const later = createDraft(draft.state, now(NOW + 60_000))
    heardBy(later, NO_CLAIM)
    expect(dueOf(later)).toEqual(told)
  })
})
