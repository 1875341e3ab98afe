import { describe, expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { toHex } from '../../bytes/bytes.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { conversationIdOf, deviceIdOf, mailboxIdOf, toUnixMs } from '../../bytes/ids.ts'
import { REFUSED_RETRY_MS_MIN, RETRY_ASKED_MS_MAX } from '../../limits.ts'
import { withPeer } from '../change.ts'
import { deposited } from './deliveries.ts'
import { createDraft } from '../draft.ts'
import { NO_NET } from '../net.ts'
import type { DepositAnswer } from '../../mailbox/deposit-answer.ts'
import type { Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { NodeState, Peer, PendingEnvelope } from '../state.ts'

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const grant = {
  relay: { key: bytes(1), url: 'ws://127.0.0.1:1' },
  mailbox: mailboxIdOf(bytes(2)),
  sendSeed: bytes(3),
  sealKey: bytes(4),
}
const device = deviceIdOf(bytes(5))
const conversation = conversationIdOf(bytes(6))
const pending = (from: number): PendingEnvelope => ({ envelope: bytes(from), conversation, from, until: from, deposited: false })
const [went, stayed] = [pending(3), pending(9)]
const NOW = toUnixMs(1_800_000_000_000)

const state = partialState({
  conversations: new Map([[conversation, { id: conversation, delivery: IdMap.empty(), log: { feeds: new Map() }, unsent: undefined }]]),
  peers: new Map([[device, { device: { id: device }, outbox: grant, envelopes: [went, stayed] }]]),
  net: NO_NET,
})

const genuine: DepositAnswer = { kind: 'stored' }

function heard(answer: DepositAnswer, given: Partial<InputOf<'deposited'>> & { readonly state?: NodeState } = {}): Draft {
  const draft = createDraft(given.state ?? state, { now: NOW, random: () => new Uint8Array(0) })
  deposited(draft, {
    kind: 'deposited',
    device,
    conversation,
    upTo: 8,
    served: [],
    receipt: undefined,
    envelopes: [went],
    grant,
    answer,
    left: undefined,
    ...given,
  })
  return draft
}

const reached = (draft: Draft): number => draft.state.conversations.get(conversation)?.delivery.get(device)?.atRelay ?? 0
const envelopesOf = (draft: Draft): readonly boolean[] =>
  draft.state.peers.get(device)?.envelopes.map((envelope) => envelope.deposited) ?? []
const waitOf = (draft: Draft): number | undefined => draft.state.net.full.get(device)?.ms

describe('a deposit', () => {
  test('that the relay proves moves the mark, and marks the envelopes that went along', () => {
    const draft = heard(genuine)
    expect(reached(draft)).toBe(8)
    expect(envelopesOf(draft)).toEqual([true, false])
    expect(draft.effects).toEqual([])
  })

  test('never takes the mark back', () => {
    const draft = heard(genuine, { state: heard(genuine).state, upTo: 4, envelopes: [] })
    expect(reached(draft)).toBe(8)
    expect(envelopesOf(draft)).toEqual([true, false])
  })

  test('that the relay does not prove changes nothing', () => {
    const draft = heard({ kind: 'unproven' })
    expect(reached(draft)).toBe(0)
    expect(envelopesOf(draft)).toEqual([false, false])
    expect(draft.effects).toEqual([{ kind: 'refused', what: 'deposit', reason: 'signature' }])
  })

  test('in a mailbox that they have left meanwhile is none in the one that they read', () => {
    const outbox = { ...grant, mailbox: mailboxIdOf(bytes(9)) }
    const moved = withPeer(state, { ...(state.peers.get(device) as Peer), outbox })
    const draft = heard(genuine, { state: moved })
    expect(reached(draft)).toBe(0)
    expect(envelopesOf(draft)).toEqual([false, false])
    expect(waitOf(heard({ kind: 'refused', reason: 'full', retryMs: 0 }, { state: moved }))).toBeUndefined()
  })

  test('of a conversation or to a device that is gone changes nothing', () => {
    expect(heard(genuine, { conversation: conversationIdOf(bytes(8)) }).state).toBe(state)
    expect(heard(genuine, { device: deviceIdOf(bytes(8)) }).state).toBe(state)
  })
})

test('a mailbox that has taken a deposit is not called full any more', () => {
  const full = heard({ kind: 'refused', reason: 'full', retryMs: 0 }).state
  expect(heard(genuine, { state: full }).state.net.full.has(device)).toBe(false)
})

describe('a deposit that is refused', () => {
  test.each([
    { asked: 0, waits: REFUSED_RETRY_MS_MIN },
    { asked: REFUSED_RETRY_MS_MIN - 1, waits: REFUSED_RETRY_MS_MIN },
    { asked: REFUSED_RETRY_MS_MIN + 1, waits: REFUSED_RETRY_MS_MIN + 1 },
    { asked: RETRY_ASKED_MS_MAX, waits: RETRY_ASKED_MS_MAX },
    { asked: RETRY_ASKED_MS_MAX + 1, waits: RETRY_ASKED_MS_MAX },
  ])('with the wish to be left alone for $asked ms waits $waits ms', ({ asked, waits }) => {
    const draft = heard({ kind: 'refused', reason: 'busy', retryMs: asked })
    expect(waitOf(draft)).toBe(waits)
    expect(reached(draft)).toBe(0)
  })

  test('for want of room waits much longer than it is asked to', () => {
    expect(waitOf(heard({ kind: 'refused', reason: 'full', retryMs: 0 }))).toBeGreaterThan(60_000)
  })

  test.each(['unknown', 'denied'] as const)('as “%s” has to be bound anew, and waits for nothing else', (reason) => {
    const key = toHex(grant.relay.key)
    const session = { serial: 1, challenge: bytes(1), opened: new Set(), bound: new Set([grant.mailbox]), refused: new Map() }
    const bound = { ...state, net: { ...NO_NET, relays: new Map([[key, session]]) } } as unknown as NodeState
    const draft = heard({ kind: 'refused', reason, retryMs: 0 }, { state: bound })
    expect(draft.state.net.relays.get(key)?.bound.size).toBe(0)
    expect(draft.state.net.relays.get(key)?.refused.get(grant.mailbox)?.since).toBe(NOW)
    expect(waitOf(draft)).toBeUndefined()
  })
})
