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
  const ends = signedEndsOf({ status: 'open', secret })
  if (ends === undefined) throw new Error('no words')
  expect(ends.record).toBe(packetRecordId(secrets.token))
  for (const end of ['used', 'revoked'] as const) {
    const { word, signature } = ends[end]
    expect(openInviteEnd(secrets, word)).toBe(end)
    expect(verify(signingKeyOf(secrets.ownerSeed), recordEndStatement(ends.record, word), signature)).toBe(true)
  }
  expect(signedEndsOf({ status: 'revoked', ends } as OwnInvite)).toBe(ends)
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
    expect(isIn({ status: 'open', secret })).toBe(true)
    expect(isIn({ status: 'open', secret }, bob, joinProof(secrets.token, carol))).toBe(false)
  })

  test('shows what was kept, for the account that was let in alone, once the secret is gone', () => {
    const proof = joinProof(secrets.token, bob)
    expect(isIn({ status: 'used', proof })).toBe(true)
    expect(isIn({ status: 'used', proof }, bob, joinProof(secrets.token, carol))).toBe(false)
    expect(isIn({ status: 'used', proof }, carol, proof)).toBe(false)
    expect(isIn({ status: 'used', proof: undefined })).toBe(false)
    expect(isIn({ status: 'revoked' })).toBe(false)
    expect(isIn(undefined)).toBe(false)
  })
})

describe('when a relay says its time', () => {
  const after = (invite: Partial<OwnInvite>, { of = relay.key, ahead = 0 } = {}): OwnInvite | undefined => {
    const packet = { upTo: 2, isFull: false }
    const base = { secret, relay, created: NOW - INVITE_MS_MAX, expires: NOW, status: 'open', packet, bundle: {} }
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
  const gone = { status: 'expired', ends: undefined }

  test('an invite is closed that is over by its clock and by that of this device, not by one of them', () => {
    expect(after({})).toMatchObject(gone)
    for (const secretThing of ['secret', 'bundle', 'handouts']) expect(after({})).not.toHaveProperty(secretThing)
    expect(after({}, { ahead: -1 })).toMatchObject({ status: 'open', secret })
    expect(after({ created: NOW - INVITE_MS_MAX + 1 })).toMatchObject({ status: 'open', secret })
  })

  test('an invite at another relay is closed when it has been over for as long again', () => {
    expect(after({}, { of: bytes(9), ahead: INVITE_MS_MAX - 1 })).toMatchObject({ status: 'open', secret })
    expect(after({}, { of: bytes(9), ahead: INVITE_MS_MAX })).toMatchObject(gone)
  })

  test('an invite that is not there yet takes over its time, and one that is keeps its own', () => {
    const made = { created: NOW - 5, expires: 0 }
    expect(after({ ...made, packet: undefined }, { ahead: 1_000 })?.expires).toBe(NOW - 5 + 1_000 + INVITE_MS_MAX)
    expect(after({ ...made, packet: { upTo: 1, isFull: false } }, { ahead: 1_000 })?.expires).toBe(0)
    expect(after({ ...made, packet: undefined }, { of: bytes(9), ahead: 1_000 })?.expires).toBe(0)
  })
})
