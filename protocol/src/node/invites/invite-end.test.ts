// What is kept of an invite that is over, and when it counts as over.

import { describe, expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { toHex } from '../../bytes/bytes.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { accountIdOf, conversationIdOf, deviceIdOf, toUnixMs } from '../../bytes/ids.ts'
import { signingKeyOf, verify } from '../../crypto/sign.ts'
import { openInviteEnd } from '../../invite/end.ts'
import { inviteSecretsOf, joinProof, packetRecordId } from '../../invite/secrets.ts'
import { INVITE_MS_MAX } from '../../limits.ts'
import { recordEndStatement } from '../../wire/relay-proof.ts'
import { createDraft } from '../draft.ts'
import { isJoinProven, signedEndsOf, timeInvites } from './invite-end.ts'
import type { Conversation, OwnInvite } from '../state.ts'

const NOW = toUnixMs(1_800_000_000_000)
const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const [alice, bob, carol] = [accountIdOf(bytes(1)), accountIdOf(bytes(2)), accountIdOf(bytes(3))]
const [own, theirs] = [deviceIdOf(bytes(4)), deviceIdOf(bytes(5))]
const id = conversationIdOf(bytes(6))
const secret = bytes(7)
const secrets = inviteSecretsOf(secret)
const relay = { key: bytes(8), url: 'wss://relay.example' }

test('the words that end a record are those that its owner would have sealed with the secret, signed by the owner', () => {
  const ends = signedEndsOf({ secret } as OwnInvite)
  if (ends === undefined) throw new Error('no words')
  expect(ends.record).toBe(packetRecordId(secrets.token))
  for (const end of ['used', 'revoked'] as const) {
    const { word, signature } = ends[end]
    expect(openInviteEnd(secrets, word)).toBe(end)
    expect(verify(signingKeyOf(secrets.ownerSeed), recordEndStatement(ends.record, word), signature)).toBe(true)
  }
  expect(signedEndsOf({ secret: undefined, ends } as OwnInvite)).toBe(ends)
})

describe('a join entry', () => {
  const isIn = (invite: Partial<OwnInvite> | undefined, account = bob, proof = joinProof(secrets.token, account)): boolean => {
    const conversation = { id, founder: alice, invite, log: { feeds: new Map([own, theirs].map((device) => [device, { device }])) } }
    const state = partialState({
      self: { account: alice, device: { id: own } },
      peers: [[theirs, { device: { id: theirs }, account: bob }]],
      conversations: [[id, { ...conversation, invite: undefined }]],
    })
    return isJoinProven(state, conversation as unknown as Conversation, { account, proof })
  }

  test('shows the token for its own account while the secret is there', () => {
    expect(isIn({ secret })).toBe(true)
    expect(isIn({ secret }, bob, joinProof(secrets.token, carol))).toBe(false)
  })

  test('shows what was kept, for the account that was let in alone, once the secret is gone', () => {
    const proof = joinProof(secrets.token, bob)
    expect(isIn({ secret: undefined, proof })).toBe(true)
    expect(isIn({ secret: undefined, proof }, bob, joinProof(secrets.token, carol))).toBe(false)
    expect(isIn({ secret: undefined, proof }, carol, proof)).toBe(false)
    expect(isIn({ secret: undefined })).toBe(false)
    expect(isIn(undefined)).toBe(false)
  })
})

describe('when a relay says its time', () => {
  const after = (invite: Partial<OwnInvite>, { of = relay.key, ahead = 0 } = {}): OwnInvite | undefined => {
    const base = { secret, relay, created: NOW - INVITE_MS_MAX, expires: NOW, status: 'open', through: 1, admitted: -1, ended: false }
    const conversation = {
      id,
      founder: alice,
      invite: { ...base, handouts: [], ...invite },
      chains: IdMap.empty(),
      log: { feeds: new Map() },
    }
    const state = partialState({
      self: { account: alice, device: { id: own } },
      prekeys: { oneTime: [] },
      conversations: [[id, { ...conversation, invite: { ...conversation.invite, inbox: { keys: { mailbox: '' } } } }]],
    })
    const draft = createDraft(state, { now: NOW, random: () => new Uint8Array(0) })
    timeInvites(draft, toHex(of), ahead)
    return draft.state.conversations.get(id)?.invite
  }
  const gone = { status: 'expired', secret: undefined, bundle: undefined, handouts: [], ended: true, ends: undefined }

  test('an invite is closed that is over by its clock and by that of this device, not by one of them', () => {
    expect(after({})).toMatchObject(gone)
    expect(after({}, { ahead: -1 })).toMatchObject({ status: 'open', secret })
    expect(after({ created: NOW - INVITE_MS_MAX + 1 })).toMatchObject({ status: 'open', secret })
  })

  test('an invite at another relay is closed when it has been over for as long again', () => {
    expect(after({}, { of: bytes(9), ahead: INVITE_MS_MAX - 1 })).toMatchObject({ status: 'open', secret })
    expect(after({}, { of: bytes(9), ahead: INVITE_MS_MAX })).toMatchObject(gone)
  })

  test('an invite of an older version that kept its secret loses it, with what is still to be said to the relay in its place', () => {
    for (const status of ['used', 'revoked'] as const) {
      expect(after({ status, created: NOW, admitted: 4 })).toMatchObject({
        status,
        admitted: 4,
        secret: undefined,
        ends: signedEndsOf({ secret } as OwnInvite),
      })
      expect(after({ status, created: NOW, ended: true })).toMatchObject({ status, secret: undefined, ends: undefined })
    }
  })

  test('an invite that is not there yet takes over its time, and one that is keeps its own', () => {
    const made = { created: NOW - 5, expires: 0 }
    expect(after({ ...made, through: -1 }, { ahead: 1_000 })?.expires).toBe(NOW - 5 + 1_000 + INVITE_MS_MAX)
    expect(after({ ...made, through: 0 }, { ahead: 1_000 })?.expires).toBe(0)
    expect(after({ ...made, through: -1 }, { of: bytes(9), ahead: 1_000 })?.expires).toBe(0)
  })
})
