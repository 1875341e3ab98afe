import { describe, expect, test } from 'vitest'
import { partialState } from '../../test/fixtures/node-state.ts'
import { toHex } from '../bytes/bytes.ts'
import { accountIdOf, conversationIdOf, deviceIdOf, mailboxIdOf, toUnixMs } from '../bytes/ids.ts'
import { sign, signingKeyOf } from '../crypto/sign.ts'
import { packetRecordId } from '../invite/secrets.ts'
import { recordedStatement } from '../wire/relay-proof.ts'
import { createDraft } from './draft.ts'
import { inviteChecked, inviteDuties, packetPut } from './invites.ts'
import { momentAt, NO_NET } from './state.ts'
import type { RelayAnswer } from '../wire/relay.ts'
import type { Conversation, Invitation, OwnInvite } from './state.ts'

const NOW = toUnixMs(1_800_000_000_000)
const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const relaySeed = bytes(1)
const relay = { key: signingKeyOf(relaySeed), url: 'ws://127.0.0.1:1' }
const id = conversationIdOf(bytes(2))
const device = deviceIdOf(bytes(3))
const TOP = 9
const draftOf = (conversation: Partial<Conversation>) => {
  const log = { feeds: new Map([[device, { device, tips: [{ seq: TOP }] }]]) }
  const session = { serial: 1, challenge: bytes(9), checks: new Map() }
  const state = partialState({
    self: { device: { id: device } },
    conversations: new Map([[id, { id, log, delivery: new Map(), unsent: undefined, ...conversation }]]),
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
    through: 6,
    isFull: false,
    status: 'open',
    ended: false,
  } as unknown as OwnInvite
  const put = { kind: 'put-record', record: packetRecordId(bytes(5)), serial: 3, blob: bytes(6) } as never
  const recorded = (seed = relaySeed): RelayAnswer => ({ kind: 'recorded', time: 1, signature: sign(seed, recordedStatement(put, 1)) })
  const heard = (answer: RelayAnswer, { asked = TOP, to = TOP } = {}): OwnInvite | undefined => {
    const draft = draftOf({ invite: open })
    packetPut(draft, { kind: 'packet-put', conversation: id, asked, to, put, answer })
    return draft.state.conversations.get(id)?.invite
  }

  test('that the relay proves stands for the entries in it', () => {
    expect(heard(recorded())).toMatchObject({ serial: 3, through: TOP, isFull: false })
    expect(heard(recorded(bytes(7)))).toBe(open)
  })

  test('with fewer entries than one before takes none back', () => {
    expect(heard(recorded(), { asked: 5, to: 5 })).toMatchObject({ serial: 3, through: 6 })
  })

  test('into which not all went is full, and is not put again', () => {
    const full = heard(recorded(), { asked: TOP, to: TOP - 1 })
    expect(full).toMatchObject({ through: TOP - 1, isFull: true })
    const due = (invite: OwnInvite | undefined): number => {
      const { state } = draftOf({ invite })
      return inviteDuties(state, state.conversations.get(id) as Conversation, momentAt(NOW)).length
    }
    expect(due(full)).toBe(0)
    expect(due(full && { ...full, isFull: false })).toBe(1)
  })

  test('whose serial the relay has already takes the next one', () => {
    expect(heard({ kind: 'refused', reason: 'stale', retryMs: 0 })).toMatchObject({ serial: 3, through: 6 })
    expect(heard({ kind: 'refused', reason: 'busy', retryMs: 0 })).toBe(open)
  })
})

describe('an answered invite of which the relay knows nothing', () => {
  const answered = {
    token: bytes(1).subarray(16),
    key: bytes(2),
    founderDevice: deviceIdOf(bytes(8)),
    grant: { relay, mailbox: mailboxIdOf(bytes(3)) },
    serial: 4,
    hasAnswered: true,
    late: undefined,
  }
  const heard = (expires: number, reason: 'unknown' | 'busy'): Invitation | undefined => {
    const invitation = { ...answered, expires } as unknown as Invitation
    const draft = draftOf({ phase: 'joining', founder: accountIdOf(bytes(9)), invitation })
    const answer: RelayAnswer = { kind: 'refused', reason, retryMs: 0 }
    inviteChecked(draft, { kind: 'invite-checked', relay: toHex(relay.key), session: 1, conversation: id, answer })
    return draft.state.conversations.get(id)?.invitation
  }

  test('is over once its link has expired, and not before', () => {
    expect(heard(NOW, 'unknown')?.late).toMatchObject({ reason: 'expired', since: NOW })
    expect(heard(NOW + 1, 'unknown')?.late).toBeUndefined()
    expect(heard(NOW, 'busy')?.late).toBeUndefined()
  })

  test('is lost there, which a refusal for another reason does not say', () => {
    expect(heard(NOW + 1, 'unknown')?.serial).toBe(-1)
    expect(heard(NOW + 1, 'busy')?.serial).toBe(4)
  })
})
