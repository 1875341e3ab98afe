import { describe, expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { toHex } from '../../bytes/bytes.ts'
import { hash } from '../../crypto/hash.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { conversationIdOf, deviceIdOf, mailboxIdOf, toUnixMs } from '../../bytes/ids.ts'
import { ASKS_MAX, ONE_BY_ONE_MAILBOXES_MAX } from '../../limits.ts'
import { createDraft } from '../draft.ts'
import { deliveryDuties } from '../duties.ts'
import { momentAt } from '../moment.ts'
import { NO_NET } from '../net.ts'
import { MISSING_MS } from './asking.ts'
import { asked } from './deliveries.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { Duty } from '../duty.ts'
import type { Missing, NodeState } from '../state.ts'

const NOW = 1_800_000_000_000
const id = conversationIdOf(new Uint8Array(32).fill(6))
const self = deviceIdOf(new Uint8Array(32).fill(99))
const home = { key: new Uint8Array(32).fill(1), url: 'ws://127.0.0.1:1' }
const relay = toHex(home.key)
const deviceAt = (at: number): DeviceId => deviceIdOf(hash(Uint8Array.of(at)))
const grantAt = (at: number) => ({
  relay: home,
  mailbox: mailboxIdOf(new Uint8Array(32).fill(100 + at)),
  sendSeed: new Uint8Array(32),
  sealKey: new Uint8Array(32),
})

/** `reached`: how many of the partners, the first ones, have a mailbox that can be written to now. */
function createState(partners: number, missing: Missing, reached = partners): NodeState {
  const devices = Array.from({ length: partners }, (_, at) => deviceAt(at))
  const feeds = IdMap.of([self, ...devices].map((device) => [device, { device, tips: [{ seq: 0 }] }] as const))
  const view = { feeds: IdMap.empty(), accounts: IdMap.empty() }
  const conversation = { id, log: { conversation: id, feeds }, delivery: IdMap.empty(), joint: new Map(), view, phase: 'open', missing }
  const bound = new Set(devices.slice(0, reached).map((_, at) => grantAt(at).mailbox))
  return partialState({
    self: { device: { id: self } },
    conversations: [[id, conversation]],
    peers: devices.map((device, at) => [device, { device: { id: device }, outbox: grantAt(at), envelopes: [] }] as const),
    net: { ...NO_NET, relays: new Map([[relay, { serial: 1, bound, refused: new Map() }]]) },
  } as unknown as Parameters<typeof partialState>[0])
}

type Ask = Extract<Duty, { kind: 'ask' }>
const asksIn = (state: NodeState, now: number): readonly Ask[] =>
  [...(state.conversations.get(id)?.log.feeds.keys() ?? [])]
    .flatMap((device) => deliveryDuties(state, { id, device }, momentAt(now)))
    .filter((duty) => duty.kind === 'ask')

/** The relay has taken these questions. */
function leave(state: NodeState, asks: readonly Ask[], now: number): NodeState {
  return asks.reduce((before, { device, since }) => {
    const draft = createDraft(before, { now: toUnixMs(now), random: () => new Uint8Array(0) })
    const grant = grantAt(Array.from({ length: 20 }, (_, at) => deviceAt(at)).indexOf(device))
    asked(draft, { kind: 'asked', device, conversation: id, since, grant, answer: { kind: 'stored' } })
    return draft.state
  }, state)
}

const missing: Missing = { since: NOW, asks: 0, upTo: new Map([[deviceAt(0), 7]]), shut: [] }

test('a question to several counts once, and is asked so often as the bound says', () => {
  let state = createState(3, missing)
  let now = NOW
  const rounds: number[] = []
  while (state.conversations.get(id)?.missing !== undefined) {
    now += 100 * 60 * MISSING_MS
    const asks = asksIn(state, now)
    rounds.push(asks.length)
    state = leave(state, asks, now + 1_000)
  }
  expect(rounds).toEqual(Array(ASKS_MAX).fill(3))
})

test('what was let go of unread, in a conversation of many, is asked of whoever left it', () => {
  const many = ONE_BY_ONE_MAILBOXES_MAX + 1
  const known = { ...missing, upTo: new Map(), shut: [deviceAt(2)] }
  expect(asksIn(createState(many, known), NOW + MISSING_MS).map(({ device }) => device)).toEqual([deviceAt(2)])
  expect(asksIn(createState(many, { ...known, shut: [] }), NOW + MISSING_MS)).toHaveLength(many)
})

describe('what is missing in a conversation of many', () => {
  const MANY = 100
  const all = Array.from({ length: MANY }, (_, at) => deviceAt(at))
  const askedIn = (asks: number, upTo: readonly DeviceId[], shut: readonly DeviceId[] = []): readonly DeviceId[] => {
    const state = createState(MANY, { since: NOW, asks, upTo: new Map(upTo.map((device) => [device, 7])), shut })
    return asksIn(state, NOW + 2 ** Math.min(asks, 9) * MISSING_MS).map(({ device }) => device)
  }

  test('is asked of its author and of a few others, each time of other ones, until all had their turn', () => {
    const rounds = Array.from({ length: ASKS_MAX }, (_, asks) => askedIn(asks, [deviceAt(5)]))
    for (const round of rounds) {
      expect(round).toContain(deviceAt(5))
      expect(round.length).toBeLessThan(20)
    }
    expect(new Set(rounds.flat())).toEqual(new Set(all))
  })

  test('is not asked of each author where these are many: others have it too', () => {
    expect(askedIn(0, all).length).toBeLessThan(20)
  })

  test('is asked of the next ones while nobody can be asked whose turn it is', () => {
    const state = createState(MANY, { ...missing, upTo: new Map(all.map((device) => [device, 7])) }, 1)
    let at = momentAt(NOW)
    const asks = (): readonly Ask[] => deliveryDuties(state, { id, device: deviceAt(0) }, at).filter((duty) => duty.kind === 'ask')
    for (let turns = 0; turns <= MANY && asks().length === 0; turns++) at = momentAt(at.until)
    expect(asks()).toHaveLength(1)
    const after = leave(state, asks(), at.now)
    expect(after.conversations.get(id)?.missing).toMatchObject({ since: at.now, asks: 1 })
  })

  test('is asked of a few, however long nobody could be, and if the clock was put back', () => {
    const state = createState(MANY, { ...missing, upTo: new Map(all.map((device) => [device, 7])) })
    for (const ms of [10_000 * MISSING_MS, -10_000 * MISSING_MS]) {
      const rounds = Array.from({ length: MANY }, (_, turn) => asksIn(state, NOW + ms + turn * MISSING_MS).map(({ device }) => device))
      expect(Math.max(...rounds.map((round) => round.length))).toBeLessThan(20)
      expect(new Set(rounds.flat())).toEqual(new Set(all))
    }
  })

  test('is asked of whoever alone can open it as well', () => {
    expect(askedIn(0, [deviceAt(5)], [deviceAt(7)])).toEqual(expect.arrayContaining([deviceAt(5), deviceAt(7)]))
  })
})
