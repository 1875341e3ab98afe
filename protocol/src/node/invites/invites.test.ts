import { describe, expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { toHex } from '../../bytes/bytes.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { accountIdOf, conversationIdOf, deviceIdOf, mailboxIdOf, toUnixMs } from '../../bytes/ids.ts'
import { sign, signingKeyOf } from '../../crypto/sign.ts'
import { sealInviteEnd } from '../../invite/end.ts'
import { packetRecordId } from '../../invite/secrets.ts'
import { INVITE_MS_MAX } from '../../limits.ts'
import { recordedStatement } from '../../wire/relay-proof.ts'
import { withConversation, withNet } from '../change.ts'
import { createDraft } from '../draft.ts'
import { signedEndsOf } from './invite-end.ts'
import { inviteChecked, inviteDuties, LATE_MS, packetEnded, packetPut } from './invites.ts'
import { momentAt } from '../moment.ts'
import { NO_DELIVERY } from '../state.ts'
import { NO_NET } from '../net.ts'
import type { RelayAnswer } from '../../wire/relay.ts'
import type { Conversation, Invitation, OpenInvite, OwnInvite } from '../state.ts'

const NOW = toUnixMs(1_800_000_000_000)
const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const relaySeed = bytes(1)
const relay = { key: signingKeyOf(relaySeed), url: 'ws://127.0.0.1:1' }
const id = conversationIdOf(bytes(2))
const device = deviceIdOf(bytes(3))
const LENGTH = 10
const draftOf = (conversation: Partial<Conversation>) => {
  const log = { feeds: new Map([[device, { device, tips: [{ seq: LENGTH - 1 }] }]]) }
  const session = { serial: 1, challenge: bytes(9), checks: new Map() }
  const state = partialState({
    self: { device: { id: device } },
    conversations: new Map([[id, { id, log, delivery: IdMap.empty(), unsent: undefined, ...conversation }]]),
    peers: new Map(),
    net: { ...NO_NET, relays: new Map([[toHex(relay.key), session]]) },
  })
  return createDraft(state, { now: NOW, random: () => new Uint8Array(0) })
}

describe('a packet', () => {
  const open = {
    secret: bytes(4),
    relay,
    expires: NOW + 1,
    inbox: { keys: { mailbox: mailboxIdOf(bytes(8)) }, registered: true },
    serial: 2,
    packet: { upTo: 6, isFull: false },
    status: 'open',
  } as unknown as OpenInvite
  const put = { kind: 'put-record', record: packetRecordId(bytes(5)), serial: 3, blob: bytes(6) } as never
  const recorded = (seed = relaySeed): RelayAnswer => ({ kind: 'recorded', time: 1, signature: sign(seed, recordedStatement(put, 1)) })
  const heard = (answer: RelayAnswer, { asked = LENGTH, upTo = LENGTH } = {}): OwnInvite | undefined => {
    const draft = draftOf({ invite: open })
    packetPut(draft, { kind: 'packet-put', conversation: id, relay: toHex(relay.key), asked, upTo, put, answer })
    return draft.state.conversations.get(id)?.invite
  }

  test('that the relay proves stands for the entries in it', () => {
    expect(heard(recorded())).toMatchObject({ serial: 3, packet: { upTo: LENGTH, isFull: false } })
    expect(heard(recorded(bytes(7)))).toBe(open)
  })

  test('with fewer entries than one before takes none back', () => {
    expect(heard(recorded(), { asked: 5, upTo: 5 })).toMatchObject({ serial: 3, packet: { upTo: 6 } })
  })

  test('into which not all went is full, and is not put again', () => {
    const full = heard(recorded(), { asked: LENGTH, upTo: LENGTH - 1 })
    expect(full).toMatchObject({ packet: { upTo: LENGTH - 1, isFull: true } })
    const due = (invite: OwnInvite | undefined): number => {
      const { state } = draftOf({ invite })
      return inviteDuties(state, state.conversations.get(id) as Conversation, momentAt(NOW)).length
    }
    expect(due(full)).toBe(0)
    expect(due({ ...open, packet: { upTo: LENGTH - 1, isFull: false } })).toBe(1)
  })

  test('is put where its answers can be left, once the relay has greeted, and as often as there is more to read', () => {
    const dueWith = (changes: object, net = draftOf({}).state.net): number => {
      const draft = draftOf({ invite: { ...open, created: NOW, ...changes } as OwnInvite })
      const state = { ...draft.state, net }
      return inviteDuties(state, state.conversations.get(id) as Conversation, momentAt(NOW)).length
    }
    expect(dueWith({})).toBe(1)
    expect(dueWith({ packet: undefined })).toBe(1)
    expect(dueWith({ packet: { upTo: LENGTH, isFull: false } })).toBe(0)
    expect(dueWith({ inbox: { ...open.inbox, registered: false } })).toBe(0)
    expect(dueWith({}, NO_NET)).toBe(0)
  })

  test('that never came to the relay has nothing to end there', () => {
    const ends = signedEndsOf({ status: 'open', secret: bytes(4) })
    const endsDue = (serial: number): number => {
      const { state } = draftOf({ invite: { ...open, status: 'revoked', ends, serial } as unknown as OwnInvite })
      return inviteDuties(state, state.conversations.get(id) as Conversation, momentAt(NOW)).length
    }
    expect([endsDue(1), endsDue(0)]).toEqual([1, 0])
  })

  test('is put until 14 days have gone by on the own clock', () => {
    const dueAt = (created: number): number => {
      const { state } = draftOf({ invite: { ...open, created } })
      return inviteDuties(state, state.conversations.get(id) as Conversation, momentAt(NOW)).length
    }
    expect([dueAt(NOW - INVITE_MS_MAX + 1), dueAt(NOW - INVITE_MS_MAX)]).toEqual([1, 0])
  })

  test.each([
    { left: 4, status: 'used', count: 0 },
    { left: 5, status: 'used', count: 1 },
    { left: 5, status: 'expired', count: 0 },
  ] as const)('gives its place to the word that it is over once its guest can know (%o)', ({ left, status, count }) => {
    const guest = deviceIdOf(bytes(10))
    const log = { feeds: new Map([device, guest].map((each) => [each, { device: each, tips: [{ seq: LENGTH - 1 }] }])) }
    const view = { feeds: new Map() }
    const ends = signedEndsOf({ status: 'open', secret: bytes(4) })
    const invite = { ...open, status, guest, admitted: 4, ends } as unknown as OwnInvite
    const conversation = {
      log,
      view,
      invite,
      delivery: IdMap.of([[guest, { ...NO_DELIVERY, atRelay: left }]]),
    } as unknown as Conversation
    const { state } = draftOf(conversation)
    const told = partialState({ ...state, peers: [[guest, { device: { id: guest } }]], conversations: state.conversations })
    expect(inviteDuties(told, told.conversations.get(id) as Conversation, momentAt(NOW))).toHaveLength(count)
  })

  test('is over at the relay once that says so, or does not know it, and not while it only refuses', () => {
    const ends = signedEndsOf({ status: 'open', secret: bytes(4) })
    const after = (answer: RelayAnswer): OwnInvite | undefined => {
      const draft = draftOf({ invite: { ...open, status: 'revoked', ends } })
      packetEnded(draft, { kind: 'packet-ended', conversation: id, relay: toHex(relay.key), answer })
      return draft.state.conversations.get(id)?.invite
    }
    const refused = (reason: 'unknown' | 'busy') => after({ kind: 'refused', reason, retryMs: 0 })
    for (const invite of [after({ kind: 'done' }), refused('unknown')]) expect(invite).toMatchObject({ status: 'revoked', ends: undefined })
    expect(refused('busy')).toMatchObject({ status: 'revoked', ends })
  })

  test('whose serial the relay has already takes the next one', () => {
    expect(heard({ kind: 'refused', reason: 'stale', retryMs: 0 })).toMatchObject({ serial: 3, packet: { upTo: 6 } })
    expect(heard({ kind: 'refused', reason: 'busy', retryMs: 0 })).toBe(open)
  })
})

const answered = {
  token: bytes(1).subarray(16),
  key: bytes(2),
  founderDevice: deviceIdOf(bytes(8)),
  grant: { relay, mailbox: mailboxIdOf(bytes(3)) },
  serial: 4,
  hasAnswered: true,
  late: undefined,
}

/** The invitation after a relay has answered how it stands. */
function after(answer: RelayAnswer, changes: Partial<Invitation> = {}): Invitation | undefined {
  const invitation = { ...answered, expires: NOW + 1, ...changes } as unknown as Invitation
  const draft = draftOf({ phase: 'joining', founder: accountIdOf(bytes(9)), invitation })
  inviteChecked(draft, { kind: 'invite-checked', relay: toHex(relay.key), session: 1, conversation: id, answer })
  return draft.state.conversations.get(id)?.invitation
}

test('the word of whoever has the link ends an invite, and nothing else that the relay may have put there', () => {
  const ended = (end: 'used' | 'revoked'): RelayAnswer => ({ kind: 'ended', word: sealInviteEnd(end, answered) })
  // Who was let in finds the founder's word in its mailbox before that of the relay, and has time to read it.
  expect(after(ended('used'))?.late).toEqual({ reason: 'used', since: NOW, ms: LATE_MS })
  expect(after(ended('used'), { hasAnswered: false })?.late).toEqual({ reason: 'used', since: NOW, ms: 0 })
  expect(after(ended('revoked'))?.late).toEqual({ reason: 'revoked', since: NOW, ms: 0 })
  const forged = sealInviteEnd('used', { ...answered, key: bytes(7) })
  for (const word of [forged, bytes(1), new Uint8Array(0)]) expect(after({ kind: 'ended', word })?.late).toBeUndefined()
})

describe('an answered invite of which the relay knows nothing', () => {
  const heard = (expires: number, reason: 'unknown' | 'busy'): Invitation | undefined =>
    after({ kind: 'refused', reason, retryMs: 0 }, { expires })

  test('is over once its link has expired, and not before', () => {
    expect(heard(NOW, 'unknown')?.late).toMatchObject({ reason: 'expired', since: NOW })
    expect(heard(NOW + 1, 'unknown')?.late).toBeUndefined()
    expect(heard(NOW, 'busy')?.late).toBeUndefined()
  })

  test('is lost there, which a refusal for another reason does not say', () => {
    expect(heard(NOW + 1, 'unknown')?.serial).toBeUndefined()
    expect(heard(NOW + 1, 'busy')?.serial).toBe(4)
  })
})

test('whoever claims an invite asks whether it stands until it is let in, or it is over', () => {
  const invitation = { token: bytes(1).subarray(16), grant: { relay, mailbox: mailboxIdOf(bytes(3)) }, isClaimed: true, late: undefined }
  const asks = (phase: Conversation['phase'], changes: object = {}): number => {
    const { state } = draftOf({ phase, invitation: { ...invitation, ...changes } } as unknown as Partial<Conversation>)
    return inviteDuties(state, state.conversations.get(id) as Conversation, momentAt(NOW)).length
  }
  expect([asks('invited'), asks('joining'), asks('open')]).toEqual([1, 1, 0])
  expect([asks('invited', { isClaimed: false }), asks('joining', { late: { since: NOW, ms: 0, reason: 'used' } })]).toEqual([0, 0])
})

describe('whoever has answered', () => {
  const record: RelayAnswer = { kind: 'record', serial: 4, blob: bytes(6) } as RelayAnswer
  const guest = deviceIdOf(bytes(8))

  /** How an answered invite is asked after, from one answer to the next. `gone`: the mark of what the relay was given is taken back. */
  function checking(phase: Conversation['phase'], changes: Partial<Invitation> = {}) {
    const log = { feeds: new Map([device, guest].map((each) => [each, { device: each, tips: [{ seq: LENGTH - 1 }] }])) }
    const draft = draftOf({
      phase,
      log,
      view: { feeds: new Map() },
      delivery: IdMap.of([[guest, { ...NO_DELIVERY, atRelay: 4 }]]),
      invitation: { ...answered, expires: NOW + 1, ...changes },
    } as unknown as Partial<Conversation>)
    draft.state = partialState({ ...draft.state, peers: [[guest, { device: { id: guest }, outbox: answered.grant, envelopes: [] }]] })
    return {
      hear(answer: RelayAnswer, session = 1): { readonly ms: number | undefined; readonly gone: boolean } {
        inviteChecked(draft, { kind: 'invite-checked', relay: toHex(relay.key), session, conversation: id, answer })
        const conversation = draft.state.conversations.get(id) ?? expect.fail('no conversation')
        const gone = conversation.delivery.get(guest)?.atRelay === 0
        draft.state = withConversation(draft.state, {
          ...conversation,
          delivery: IdMap.of([[guest, { ...NO_DELIVERY, atRelay: 4 }]]),
        })
        draft.state = withNet(draft.state, { again: new Map() })
        return { ms: draft.state.net.relays.get(toHex(relay.key))?.checks.get(id)?.ms, gone }
      },
    }
  }

  test('asks after 10 s, then after twice as long up to two minutes, and leaves the answer there anew until then', () => {
    const { hear } = checking('joining')
    const heard = Array.from({ length: 6 }, () => hear(record))
    expect(heard.map(({ ms }) => ms)).toEqual([10_000, 20_000, 40_000, 80_000, 120_000, 120_000])
    expect(heard.map(({ gone }) => gone)).toEqual([true, true, true, true, false, false])
  })

  test('leaves the answer there anew whenever the relay had lost the packet, or has lost it', () => {
    const { hear } = checking('joining')
    for (let times = 0; times < 6; times++) hear(record)
    expect(hear({ ...record, serial: 5 } as RelayAnswer).gone).toBe(true)
    expect(hear({ ...record, serial: 5 } as RelayAnswer).gone).toBe(false)
    expect(hear({ kind: 'refused', reason: 'unknown', retryMs: 0 }).gone).toBe(true)
  })

  test('has an answer to leave, which whoever has only claimed has not; that claim is kept as long as the relay remembers', () => {
    const { hear } = checking('invited', { hasAnswered: false, isClaimed: true })
    expect(hear(record)).toEqual({ ms: INVITE_MS_MAX, gone: false })
    expect(hear({ ...record, serial: 5 } as RelayAnswer).gone).toBe(false)
    expect(checking('invited', { hasAnswered: false }).hear({ kind: 'refused', reason: 'unknown', retryMs: 0 }).ms).toBe(10_000)
  })

  test('hears nothing on a stream that has ended but how the invite stands', () => {
    expect(checking('joining').hear(record, 0).ms).toBeUndefined()
  })
})
