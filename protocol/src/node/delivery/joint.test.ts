// What goes to many devices at once, and what becomes of it; whole engines do the same in test/scenario/many-devices.test.ts.

import { describe, expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { toHex } from '../../bytes/bytes.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { blobIdOf, conversationIdOf, deviceIdOf, mailboxIdOf, toUnixMs } from '../../bytes/ids.ts'
import { ONE_BY_ONE_MAILBOXES_MAX } from '../../limits.ts'
import { withPeer } from '../change.ts'
import { createDraft } from '../draft.ts'
import { deliveryDuties } from '../duties.ts'
import { acceptItems } from '../incoming/items.ts'
import { depositAgain } from '../mailboxes/mailboxes.ts'
import { momentAt } from '../moment.ts'
import { NO_DELIVERY } from '../state.ts'
import { NO_NET } from '../net.ts'
import { deposited } from './deliveries.ts'
import { depositedJointly, jointDuties } from './joint.ts'
import { depositedFor, withDelivery } from './reach.ts'
import { gatheredJointly } from './waiting.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { DepositAnswer } from '../../mailbox/deposit-answer.ts'
import type { MailboxGrant } from '../../wire/capability.ts'
import type { RelayRefusal, Verdict } from '../../wire/relay.ts'
import type { Draft } from '../draft.ts'
import type { Duty } from '../duty.ts'
import type { Delivery, NodeState, Peer, WaitingBlob } from '../state.ts'
import type { RelaySession } from '../net.ts'

const NOW = toUnixMs(1_800_000_000_000)
const id = conversationIdOf(new Uint8Array(32).fill(6))
const self = deviceIdOf(new Uint8Array(32).fill(5))
const home = { key: new Uint8Array(32).fill(1), url: 'ws://127.0.0.1:1' }
const other = { key: new Uint8Array(32).fill(2), url: 'ws://127.0.0.1:2' }
const relay = toHex(home.key)
/** Own entries, and how many of them all have. */
const LENGTH = 40
const HAD = 10

const bytes = (at: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, index) => (index < 2 ? (at >> (8 * index)) & 255 : 9))
const deviceAt = (at: number): DeviceId => deviceIdOf(bytes(at))
const grantAt = (at: number, where = home): MailboxGrant => ({
  relay: where,
  mailbox: mailboxIdOf(bytes(10_000 + at)),
  sendSeed: bytes(1),
  sealKey: bytes(2),
})

/** So many devices whose delivery is joint. */
function createState(count: number, net: Partial<NodeState['net']> = {}): NodeState {
  const devices = Array.from({ length: count }, (_, at) => deviceAt(at))
  const feed = (device: DeviceId, seq: number) => [device, { device, tips: [{ seq }] }] as const
  const log = { conversation: id, feeds: IdMap.of([feed(self, LENGTH - 1), ...devices.map((device) => feed(device, 0))]) }
  const delivery = IdMap.of(devices.map((device): [DeviceId, Delivery] => [device, { ...NO_DELIVERY, joint: relay }]))
  const conversation = {
    id,
    log,
    delivery,
    phase: 'open',
    joint: new Map([[relay, { entries: HAD, waiting: [] }]]),
    blobKeys: IdMap.of([[self, [bytes(3)]]]),
    chains: IdMap.empty(),
    chain: {},
    view: { feeds: IdMap.empty(), accounts: IdMap.empty() },
    unsent: undefined,
    missing: undefined,
    invite: undefined,
    invitation: undefined,
  }
  const bound = new Set(devices.map((_, at) => grantAt(at).mailbox))
  const session = { serial: 1, challenge: bytes(4), ahead: 0, opened: new Set(), bound, checks: new Map(), refused: new Map() }
  return partialState({
    self: { device: { id: self } },
    conversations: [[id, conversation]],
    peers: devices.map((device, at) => [device, { device: { id: device }, outbox: grantAt(at), envelopes: [] }] as const),
    net: { ...NO_NET, relays: new Map([[relay, session]]), ...net },
  } as unknown as Parameters<typeof partialState>[0])
}

const draftOf = (state: NodeState): Draft => createDraft(state, { now: NOW, random: () => new Uint8Array(0) })
const dueIn = (state: NodeState, now = NOW as number): readonly Duty[] => jointDuties(state, id, momentAt(now))
type JointDuty = Extract<Duty, { kind: 'deposit-joint' }>
const jointlyDue = (state: NodeState): JointDuty => {
  const [duty] = dueIn(state)
  if (duty?.kind !== 'deposit-joint') throw new Error('nothing is due for many')
  return duty
}
const leftFor = (state: NodeState, at: number): number => {
  const conversation = state.conversations.get(id)
  return conversation === undefined ? 0 : depositedFor(conversation, deviceAt(at))
}
const isJoint = (state: NodeState, at: number): boolean => state.conversations.get(id)?.delivery.get(deviceAt(at))?.joint !== undefined

const STORED: DepositAnswer = { kind: 'stored' }
const refused = (reason: RelayRefusal): DepositAnswer => ({ kind: 'refused', reason, retryMs: 0 })

/** What lies there with the first `upTo` entries. */
const leftUpTo = (state: NodeState, upTo: number): WaitingBlob => {
  const from = state.conversations.get(id)?.joint.get(relay)?.entries ?? 0
  return { from, to: upTo - 1, bytes: 600 * (upTo - from), blob: blobIdOf(bytes(upTo)) }
}

/** What the relay said about each of the devices that were to be given the first `upTo` entries. */
function heard(state: NodeState, upTo: number, answerFor: (at: number) => DepositAnswer): Draft {
  const draft = draftOf(state)
  const { devices } = jointlyDue(state)
  const numbers = new Map(Array.from({ length: 1_000 }, (_, at) => [deviceAt(at), at]))
  const places = devices.map((device) => {
    const at = numbers.get(device) ?? 0
    return { device, grant: grantAt(at), answer: answerFor(at) }
  })
  depositedJointly(draft, { kind: 'deposited-joint', conversation: id, relay, upTo, places, left: leftUpTo(state, upTo) })
  return draft
}

const MANY = ONE_BY_ONE_MAILBOXES_MAX + 4
const FEW = ONE_BY_ONE_MAILBOXES_MAX - 2

describe('what could not all go at once goes on at once', () => {
  test('the rest is another aim for many', () => {
    const state = createState(MANY)
    const after = heard(state, HAD + 12, () => STORED).state
    expect(jointlyDue(after).range).toMatchObject({ from: HAD + 12, to: LENGTH - 1 })
    expect(jointlyDue(after).aim).not.toBe(jointlyDue(state).aim)
  })

  test('and for few', () => {
    const state = createState(FEW)
    const draft = draftOf(state)
    const went = { upTo: HAD + 12, envelopes: [], served: [], receipt: undefined, grant: grantAt(0), answer: STORED, left: undefined }
    deposited(draft, { kind: 'deposited', device: deviceAt(0), conversation: id, ...went })
    const aimOf = (of: NodeState) => dueIn(of).find((duty) => duty.kind === 'deposit' && duty.device === deviceAt(0))?.aim
    expect(aimOf(draft.state)).toBeDefined()
    expect(aimOf(draft.state)).not.toBe(aimOf(state))
  })

  test('as do envelopes that are too many for one run', () => {
    const state = createState(FEW)
    const [peer] = [...state.peers.values()] as [Peer]
    const pending = (at: number) => ({ envelope: bytes(at), conversation: id, from: HAD - 1, until: HAD, deposited: false })
    const aimWith = (count: number) => {
      const envelopes = Array.from({ length: count }, (_, at) => pending(at))
      const [duty] = deliveryDuties(withPeer(state, { ...peer, envelopes }), { id, device: peer.device.id }, momentAt(NOW))
      return duty?.aim
    }
    expect(aimWith(8)).toBeDefined()
    expect(aimWith(8)).not.toBe(aimWith(4))
  })
})

describe('a device whose mailbox has moved to another relay', () => {
  const waiting = new Map([[`moved/${deviceAt(0)}/${id}`, { since: NOW, times: 9 }]])

  test.each([
    { how: 'again after a short while', grant: grantAt(500, other) },
    { how: 'though the mailbox is called the same', grant: grantAt(0, other) },
  ])('gets what is written from then on, $how', ({ grant }) => {
    const draft = draftOf(createState(MANY, { again: waiting }))
    acceptItems(draft, deviceAt(0), [{ kind: 'mailbox', grant }])
    const session = draft.state.net.relays.get(relay) as RelaySession
    const relays = new Map([...draft.state.net.relays, [toHex(other.key), { ...session, bound: new Set([grant.mailbox]) }]])
    const state = { ...draft.state, net: { ...draft.state.net, relays } } as NodeState
    const due = deliveryDuties(state, { id, device: deviceAt(0) }, momentAt(NOW))
    expect(due).toMatchObject([{ kind: 'deposit', relay: toHex(other.key), ranges: [{ device: self, from: HAD, to: LENGTH - 1 }] }])
    expect(jointlyDue(state).devices).not.toContain(deviceAt(0))
  })

  test('counts by itself, so what the others are left there is not left for it', () => {
    const draft = draftOf(createState(MANY, { again: waiting }))
    depositAgain(draft, grantAt(0).mailbox)
    const after = heard(draft.state, LENGTH, () => STORED).state
    expect([leftFor(after, 0), leftFor(after, 1)]).toEqual([HAD, LENGTH])
  })
})

describe('a relay that stored for some, and refused the others for now', () => {
  const isLater = (at: number): boolean => at % 3 === 0
  const later = Array.from({ length: MANY }, (_, at) => at).filter(isLater)

  test.each<DepositAnswer>([refused('busy'), refused('disk'), refused('too-many'), { kind: 'unproven' }])(
    'is given it for the others only: %j',
    (answer) => {
      const state = createState(MANY)
      const { state: partly } = heard(state, LENGTH, (at) => (isLater(at) ? answer : STORED))
      const again = jointlyDue(partly)
      expect(again.devices).toEqual(later.map(deviceAt))
      expect(again.range).toEqual(jointlyDue(state).range)
      expect(again.aim).not.toBe(jointlyDue(state).aim)
      // Nobody gets a row, and nothing counts as left before it is left for all.
      expect(partly.conversations.get(id)?.delivery).toBe(state.conversations.get(id)?.delivery)
      const { state: done } = heard(partly, LENGTH, () => STORED)
      expect(done.conversations.get(id)?.joint.get(relay)?.entries).toBe(LENGTH)
      expect(done.conversations.get(id)?.delivery).toBe(state.conversations.get(id)?.delivery)
      expect(dueIn(done)).toEqual([])
      expect(done.net.partly.size).toBe(0)
    },
  )

  test('sets those apart whose mailbox refused for itself', () => {
    const { state } = heard(createState(MANY), LENGTH, (at) => (at === 1 ? refused('full') : isLater(at) ? refused('busy') : STORED))
    expect([isJoint(state, 0), isJoint(state, 1), isJoint(state, 2)]).toEqual([true, false, true])
    expect(jointlyDue(state).devices).toEqual(later.map(deviceAt))
  })

  test('what was written meanwhile waits for those, and then goes to all', () => {
    const { state: partly } = heard(createState(MANY), HAD + 5, (at) => (isLater(at) ? refused('busy') : STORED))
    expect(jointlyDue(partly).range).toMatchObject({ from: HAD, to: HAD + 4 })
    const { state } = heard(partly, HAD + 5, () => STORED)
    expect(jointlyDue(state)).toMatchObject({ range: { from: HAD + 5, to: LENGTH - 1 } })
    expect(jointlyDue(state).devices).toHaveLength(MANY)
  })

  test('a device that lost its mailbox meanwhile is not taken for one that was given it', () => {
    const { state: partly } = heard(createState(MANY), LENGTH, (at) => (isLater(at) ? refused('busy') : STORED))
    const draft = draftOf(partly)
    depositAgain(draft, grantAt(1).mailbox)
    expect(leftFor(draft.state, 1)).toBe(0)
    const went = { envelopes: [], served: [], receipt: undefined, grant: grantAt(1), answer: STORED, left: undefined }
    deposited(draft, { kind: 'deposited', device: deviceAt(1), conversation: id, upTo: HAD + 2, ...went })
    expect(isJoint(draft.state, 1)).toBe(true)
    expect(jointlyDue(draft.state).devices).toContain(deviceAt(1))
  })

  test('whom it was stored for is not given it again where the others cannot be written to any more', () => {
    const { state: partly } = heard(createState(MANY), LENGTH, (at) => (isLater(at) ? refused('busy') : STORED))
    const session = partly.net.relays.get(relay) as RelaySession
    const bound = new Set([...session.bound].filter((mailbox) => !later.some((at) => grantAt(at).mailbox === mailbox)))
    const state = { ...partly, net: { ...partly.net, relays: new Map([[relay, { ...session, bound }]]) } } as NodeState
    expect(dueIn(state)).toEqual([])
  })
})

describe('few that lack something', () => {
  const full = (ms: number) => new Map([[deviceAt(1), { since: NOW, ms, isFull: true }]])
  const toWhom = (state: NodeState, now = NOW as number): readonly DeviceId[] =>
    dueIn(state, now).flatMap((duty) => (duty.kind === 'deposit' ? [duty.device] : []))

  test('are left alone while their mailbox is full', () => {
    const state = createState(FEW, { full: full(60_000) })
    expect(toWhom(state)).toHaveLength(FEW - 1)
    expect(toWhom(state)).not.toContain(deviceAt(1))
    expect(toWhom(state, NOW + 60_000)).toHaveLength(FEW)
  })

  test('as are many', () => {
    expect(jointlyDue(createState(MANY, { full: full(60_000) })).devices).not.toContain(deviceAt(1))
  })

  test('are set apart when their mailbox refuses', () => {
    const draft = draftOf(createState(FEW))
    const went = {
      upTo: LENGTH,
      envelopes: [],
      served: [],
      receipt: undefined,
      grant: grantAt(1),
      answer: refused('full'),
      left: undefined,
    }
    deposited(draft, { kind: 'deposited', device: deviceAt(1), conversation: id, ...went })
    expect([isJoint(draft.state, 0), isJoint(draft.state, 1)]).toEqual([true, false])
    expect(deliveryDuties(draft.state, { id, device: deviceAt(1) }, momentAt(NOW + 1_000))).toEqual([])
    expect(deliveryDuties(draft.state, { id, device: deviceAt(1) }, momentAt(NOW + 600_000))).toHaveLength(1)
  })
})

describe('what lies in the mailboxes of many', () => {
  /** Messages one by one, all stored for all. */
  const leftOneByOne = (from: NodeState, until: number): NodeState => {
    let state = from
    for (let upTo = HAD + 1; upTo <= until; upTo += 1) state = heard(state, upTo, () => STORED).state
    return state
  }
  const gatheringIn = (state: NodeState) => dueIn(state).find((duty) => duty.kind === 'gather-joint')
  const waitingIn = (state: NodeState) => state.conversations.get(id)?.joint.get(relay)?.waiting ?? []
  const shown = (state: NodeState, at: number, announced: number): NodeState => {
    const draft = draftOf(state)
    withDelivery(draft, id, deviceAt(at), { announced })
    return draft.state
  }
  const whole = (net: Partial<NodeState['net']> = {}): NodeState => createState(MANY, net)

  test('is put together once it fills a larger blob, and only when nothing else is due', () => {
    const state = leftOneByOne(whole(), LENGTH)
    expect(gatheringIn(state)).toMatchObject({ conversation: id, relay, blobs: waitingIn(state).slice(0, 6) })
    expect(gatheringIn(state)?.devices).toHaveLength(MANY)
    expect(dueIn(leftOneByOne(whole(), LENGTH - 1)).map(({ kind }) => kind)).toEqual(['deposit-joint'])
  })

  test('is put together for those who have none of it, and are not connected', () => {
    const state = shown(leftOneByOne(whole(), LENGTH), 2, LENGTH)
    const links = new Map([[deviceAt(1), {}]]) as unknown as NodeState['net']['links']
    const duty = gatheringIn({ ...state, net: { ...state.net, links } })
    expect(duty?.devices).toHaveLength(MANY - 2)
    expect(duty?.devices).not.toContain(deviceAt(1))
    expect(duty?.devices).not.toContain(deviceAt(2))
  })

  test('is forgotten where all have it', () => {
    let state = whole()
    for (let at = 0; at < MANY; at += 1) state = shown(state, at, LENGTH)
    const draft = draftOf(state)
    const devices = state.conversations.get(id)?.delivery
    for (let upTo = HAD + 1; upTo <= LENGTH; upTo += 1) {
      const places = Array.from({ length: MANY }, (_, at) => ({ device: deviceAt(at), grant: grantAt(at), answer: STORED }))
      depositedJointly(draft, { kind: 'deposited-joint', conversation: id, relay, upTo, places, left: leftUpTo(draft.state, upTo) })
    }
    expect(draft.state.conversations.get(id)?.delivery).toBe(devices)
    expect(waitingIn(draft.state).length).toBeLessThan(8)
    expect(gatheringIn(draft.state)).toBeUndefined()
  })

  describe('after it was asked for', () => {
    const state = leftOneByOne(whole(), LENGTH)
    const { blobs } = gatheringIn(state) as Extract<Duty, { kind: 'gather-joint' }>
    const into: WaitingBlob = { from: blobs[0]?.from ?? 0, to: blobs.at(-1)?.to ?? 0, bytes: 3_600, blob: blobIdOf(bytes(99)) }
    const after = (answers: readonly Verdict[], one: WaitingBlob | undefined = into): NodeState => {
      const draft = draftOf(state)
      gatheredJointly(draft, { kind: 'gathered-joint', conversation: id, relay, blobs, into: one, answers })
      return draft.state
    }
    const gone: Verdict = { kind: 'refused', reason: 'unknown', retryMs: 0 }
    const busy: Verdict = { kind: 'refused', reason: 'busy', retryMs: 0 }

    test('is one, though some have fetched theirs meanwhile', () => {
      expect(waitingIn(after([gone, { kind: 'done' }]))).toEqual([into, ...waitingIn(state).slice(blobs.length)])
    })

    test('is as it was where the relay has no time now, and is asked for again', () => {
      expect(after([busy])).toBe(state)
      expect(gatheringIn(after([busy]))).toEqual(gatheringIn(state))
    })

    test('is left alone where nobody has it still, or a body is not here any more', () => {
      expect(waitingIn(after([gone, gone]))).toEqual(waitingIn(state).slice(blobs.length))
      expect(waitingIn(after([], undefined))).toEqual(waitingIn(state).slice(blobs.length))
    })
  })
})
