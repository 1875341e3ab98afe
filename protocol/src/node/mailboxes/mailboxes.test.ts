import { describe, expect, test } from 'vitest'
import { createAuthor, createReceiver } from '../../../test/fixtures/feeds.ts'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { conversationIdOf, deviceIdOf, mailboxIdOf, toUnixMs } from '../../bytes/ids.ts'
import { createDraft } from '../draft.ts'
import { leave, mailboxCreated, mailboxesBound, mailboxesOpened, unbind, visit, welcomed } from './mailboxes.ts'
import { REFUSED_RETRY_MS } from './relay-duties.ts'
import { NO_DELIVERY, NOTHING_YET } from '../state.ts'
import { NO_NET } from '../net.ts'
import type { Author } from '../../../test/fixtures/feeds.ts'
import type { RelayAnswer } from '../../wire/relay.ts'
import type { Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'

const NOW = toUnixMs(1_800_000_000_000)
const relay = '03'.repeat(32)
const mailbox = (fill: number) => mailboxIdOf(new Uint8Array(32).fill(fill))
const session = { serial: 1, challenge: undefined, opened: new Set(), bound: new Set(), checks: new Map(), refused: new Map() }
const inbox = (fill: number) => ({ keys: { mailbox: mailbox(fill) }, registered: true })
const peers = [1, 2].map((fill) => [mailbox(fill), { device: { id: mailbox(fill) }, inbox: inbox(fill) }] as const)
const state = partialState({ peers, net: { ...NO_NET, relays: new Map([[relay, session]]) } })

test.each([
  { kind: 'mailboxes-opened', hear: mailboxesOpened, done: 'opened' },
  { kind: 'mailboxes-bound', hear: mailboxesBound, done: 'bound' },
] as const)('of $kind nothing counts that the relay was not asked about', ({ kind, hear, done }) => {
  const draft = createDraft(state, { now: NOW, random: () => new Uint8Array(0) })
  const answer = { kind: 'mailboxes', accepted: [mailbox(3), mailbox(4)], refused: [mailbox(1), mailbox(2)] } as const
  hear(draft, { kind, relay, session: 1, asked: [mailbox(1), mailbox(3)], answer } as never)
  const after = draft.state.net.relays.get(relay)
  expect([...(after?.[done] ?? [])]).toEqual([mailbox(3)])
  expect([...(after?.refused ?? [])]).toEqual([[mailbox(1), { since: NOW, ms: REFUSED_RETRY_MS }]])
  const registered = [...draft.state.peers.values()].map((peer) => peer.inbox?.registered)
  expect(registered).toEqual([kind === 'mailboxes-bound', true])
})

test('an answer that came on a stream before this one changes nothing', () => {
  const draft = createDraft(state, { now: NOW, random: () => new Uint8Array(0) })
  const answer = { kind: 'mailboxes', accepted: [], refused: [mailbox(1)] } as const
  mailboxesOpened(draft, { kind: 'mailboxes-opened', relay, session: 0, asked: [mailbox(1)], answer })
  expect(draft.state).toBe(state)
})

test('a relay that two links led to is left when both have been opened', () => {
  const draft = createDraft(state, { now: NOW, random: () => new Uint8Array(0) })
  const [one, other] = ['wss://one.example', 'wss://other.example'].map((url) => ({ key: new Uint8Array(32).fill(3), url })) as [
    never,
    never,
  ]
  const visited = () => draft.state.net.visited
  visit(draft, { kind: 'visit', relay: one })
  visit(draft, { kind: 'visit', relay: one })
  visit(draft, { kind: 'visit', relay: other })
  leave(draft, { kind: 'leave', relay: one })
  expect(visited()).toEqual([one, other])
  leave(draft, { kind: 'leave', relay: other })
  leave(draft, { kind: 'leave', relay: other })
  expect(visited()).toEqual([one])
  leave(draft, { kind: 'leave', relay: one })
  expect(visited()).toEqual([])
})

describe('a mailbox that was to be made', () => {
  const after = (answer: RelayAnswer) => {
    const waiting = [mailbox(1), { device: { id: mailbox(1) }, inbox: { keys: { mailbox: mailbox(1) }, registered: false } }] as const
    const draft = createDraft(partialState({ peers: [waiting, peers[1] ?? waiting] }), { now: NOW, random: () => new Uint8Array(0) })
    mailboxCreated(draft, { kind: 'mailbox-created', mailbox: mailbox(1), answer })
    return { registered: draft.state.peers.get(deviceIdOf(new Uint8Array(32).fill(1)))?.inbox?.registered, effects: draft.effects }
  }

  test('is there once the relay says so, and not while it says anything else', () => {
    expect(after({ kind: 'done' })).toEqual({ registered: true, effects: [] })
    const refusal = (reason: string) => ({ registered: false, effects: [{ kind: 'refused', what: 'mailbox', reason }] })
    expect(after({ kind: 'refused', reason: 'busy', retryMs: 0 })).toEqual(refusal('busy'))
    expect(after({ kind: 'mailboxes', accepted: [], refused: [] })).toEqual(refusal('unexpected mailboxes'))
  })
})

describe('what a relay says of mailboxes that it does not have', () => {
  const [alice, bob, carol] = [createAuthor('alice'), createAuthor('bob'), createAuthor('carol')]
  const conversationNumber = (fill: number) => conversationIdOf(new Uint8Array(32).fill(fill))
  const [withBob, withCarol, inviting] = [conversationNumber(1), conversationNumber(2), conversationNumber(3)]
  const addressOf = (fill: number) => ({ key: new Uint8Array(32).fill(fill), url: '' })
  const packet = { upTo: 1, isFull: false }

  /** Alice, whose mailboxes and Bob's lie at this relay, and Carol's at another. Something was deposited for both. */
  function aliceBefore() {
    const peerOf = ({ device }: Author, at: number, own: number, theirs: number) =>
      [
        device,
        { device: { id: device }, inbox: inbox(own), outbox: { relay: addressOf(at), mailbox: mailbox(theirs) }, envelopes: [] },
      ] as const
    const conversation = (id: typeof withBob, others: readonly Author[], more: object = {}) => {
      const delivery = IdMap.of(others.map(({ device }) => [device, { ...NO_DELIVERY, atRelay: 4 }] as const))
      const { log } = createReceiver([alice, ...others], id)
      return [id, { ...NOTHING_YET, id, log, delivery, view: { feeds: IdMap.empty() }, phase: 'open', ...more }] as const
    }
    const invite = { status: 'open', relay: addressOf(3), inbox: inbox(3), packet }
    const bound = { ...session, bound: new Set([mailbox(4), mailbox(5)]) }
    const known = partialState({
      self: { device: { id: alice.device } },
      peers: [peerOf(bob, 3, 1, 4), peerOf(carol, 9, 2, 5)],
      conversations: [
        conversation(withBob, [bob]),
        conversation(withCarol, [carol]),
        conversation(inviting, [], { invite, phase: 'inviting' }),
      ],
      net: { ...NO_NET, relays: new Map([[relay, bound]]) },
    })
    return createDraft(known, { now: NOW, random: () => new Uint8Array(0) })
  }
  const refusing = (...refused: readonly ReturnType<typeof mailbox>[]) => {
    const draft = aliceBefore()
    const answer = { kind: 'mailboxes', accepted: [], refused } as const
    mailboxesOpened(draft, { kind: 'mailboxes-opened', relay, session: 1, asked: refused, answer })
    return draft
  }
  const missingIn = (draft: Draft) => [withBob, withCarol, inviting].map((id) => draft.state.conversations.get(id)?.missing?.since)
  const depositedFor = (draft: Draft) => [
    draft.state.conversations.get(withBob)?.delivery.get(bob.device)?.atRelay,
    draft.state.conversations.get(withCarol)?.delivery.get(carol.device)?.atRelay,
  ]

  test('makes this device ask those who wrote there for what may have waited, and nobody else', () => {
    const draft = refusing(mailbox(1))
    expect(missingIn(draft)).toEqual([NOW, undefined, undefined])
    expect(draft.state.conversations.get(inviting)?.invite?.packet).toBe(packet)
  })

  test('makes this device leave the packet of an invite there once more, whose mailbox it was', () => {
    const draft = refusing(mailbox(3))
    expect(missingIn(draft)).toEqual([undefined, undefined, undefined])
    expect(draft.state.conversations.get(inviting)?.invite).toMatchObject({ packet: undefined, inbox: { registered: false } })
  })

  test('has what was left at that relay left there once more, and nothing at others', () => {
    expect(depositedFor(refusing(mailbox(1)))).toEqual([0, 4])
    expect(depositedFor(refusing())).toEqual([4, 4])
  })

  test('has a mailbox of somebody else bound anew, and given everything again', () => {
    const draft = aliceBefore()
    unbind(draft, relay, mailbox(4))
    const { bound, refused } = draft.state.net.relays.get(relay) ?? expect.fail('no stream')
    expect([[...bound], [...refused]]).toEqual([[mailbox(5)], [[mailbox(4), { since: NOW, ms: REFUSED_RETRY_MS }]]])
    expect(depositedFor(draft)).toEqual([0, 4])
    const before = draft.state
    unbind(draft, '09'.repeat(32), mailbox(5))
    expect(draft.state).toBe(before)
  })
})

describe('a relay that greets', () => {
  const after = (input: Partial<InputOf<'welcomed'>>) => {
    const draft = createDraft(state, { now: NOW, random: () => new Uint8Array(0) })
    const answer: RelayAnswer = { kind: 'welcome', time: NOW + 7_200_000, challenge: new Uint8Array(32).fill(9) }
    welcomed(draft, { kind: 'welcomed', relay, session: 1, answer, ...input })
    return draft
  }

  test('says by how much its clock is ahead, on this stream only', () => {
    const challenge = new Uint8Array(32).fill(9)
    expect(after({}).state.net.relays.get(relay)).toMatchObject({ challenge, ahead: 7_200_000 })
    expect(after({ session: 0 }).state).toBe(state)
  })

  test('with something else has not greeted', () => {
    const { state: left, effects } = after({ answer: { kind: 'done' } })
    expect(left).toBe(state)
    expect(effects).toEqual([{ kind: 'refused', what: 'hello', reason: 'unexpected done' }])
  })
})
