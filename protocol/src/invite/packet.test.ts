import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../test/vectors/seeded-random.ts'
import { fromHex } from '../bytes/bytes.ts'
import { accountIdOf, chainIdOf, conversationIdOf, mailboxIdOf } from '../bytes/ids.ts'
import { encode } from '../bytes/codec.ts'
import { sealNamed } from '../crypto/aead.ts'
import { pad } from '../crypto/pad.ts'
import { isSigningKey, signingKeyOf } from '../crypto/sign.ts'
import { accountIdFromKey, accountKeyOf, createAccount } from '../identity/account.ts'
import { signDeviceList } from '../identity/device-list.ts'
import { createDevice, devicePublicOf } from '../identity/device.ts'
import { BLOB_BUCKETS, RECORD_BYTES_MAX } from '../limits.ts'
import { createPrekeys, takeOneTime } from '../session/prekeys.ts'
import { invitePacket, openPacket, sealPacket } from './packet.ts'
import { createInviteSecret, inviteSecretsOf, joinProof, packetRecordId } from './secrets.ts'
import type { InvitePacket } from './packet.ts'

const random = seededRandom('invites')
const now = 1_800_000_000_000

function inviter() {
  const account = createAccount(random)
  const device = createDevice(random)
  const { signingKey, agreementKey } = devicePublicOf(device)
  const accountKey = accountKeyOf(account)
  const list = {
    accountKey,
    serial: 0,
    prev: new Uint8Array(32),
    issued: now,
    devices: [{ signingKey, agreementKey, added: now }],
    revoked: [],
  }
  const { bundle } = takeOneTime(createPrekeys({ device, now, random, oneTime: 1 }))
  return { account: accountIdFromKey(accountKey), deviceList: signDeviceList(list, account), bundle }
}

const alice = inviter()
const mallory = inviter()
const { token, key, ownerSeed } = inviteSecretsOf(createInviteSecret(random))
const link = { account: alice.account, token, key }

const packet: InvitePacket = {
  deviceList: alice.deviceList,
  bundle: alice.bundle,
  name: 'Alice',
  grant: {
    relay: { key: random(32), url: 'wss://chat.example.org' },
    mailbox: mailboxIdOf(random(32)),
    sendSeed: random(32),
    sealKey: random(32),
  },
  conversation: conversationIdOf(random(32)),
  chains: [{ chain: chainIdOf(random(16)), step: 0, key: random(32) }],
  entries: [{ header: random(300), signature: random(64), body: random(272) }],
  created: now,
}

const seal = (change: Partial<InvitePacket>): Uint8Array => sealPacket({ ...packet, ...change }, key, token, random)
const reasonOf = (sealed: Uint8Array, by: typeof link = link): string => {
  const opening = openPacket(by, sealed)
  return opening.kind === 'opened' ? 'opened' : opening.reason
}

describe('an invite packet', () => {
  test('opens with the link and names the inviter', () => {
    const opening = openPacket(link, seal({}))
    expect(opening).toMatchObject({ kind: 'opened', packet, inviter: { account: alice.account } })
  })

  test('has the size of a bucket and fits into a record', () => {
    const small = seal({})
    const large = seal({ entries: Array.from({ length: 60 }, () => ({ header: random(300), signature: undefined, body: random(600) })) })
    expect(BLOB_BUCKETS.map((size) => size + 40)).toContain(small.length)
    expect(BLOB_BUCKETS.map((size) => size + 40)).toContain(large.length)
    expect(large.length).toBeGreaterThan(small.length)
    expect(large.length).toBeLessThanOrEqual(RECORD_BYTES_MAX)
    const entries = Array.from({ length: 60 }, () => ({ header: random(1_500), signature: undefined, body: undefined }))
    expect(() => seal({ entries })).toThrow(RangeError)
  })

  test('does not open with another key or token, or when a byte is altered', () => {
    const sealed = seal({})
    expect(reasonOf(sealed, { ...link, key: random(32) })).toBe('sealed')
    expect(reasonOf(sealed, { ...link, token: random(16) })).toBe('sealed')
    for (let at = 0; at < sealed.length; at += 101) expect(reasonOf(sealed.map((byte, i) => (i === at ? byte ^ 1 : byte)))).toBe('sealed')
    expect(reasonOf(sealed.slice(0, -1))).toBe('sealed')
    expect(reasonOf(new Uint8Array(0))).toBe('sealed')
  })

  test('of another account than the link names is refused', () => {
    expect(reasonOf(seal({}))).toBe('opened')
    expect(reasonOf(seal({}), { ...link, account: mallory.account })).toBe('device-list')
    expect(reasonOf(seal({ deviceList: mallory.deviceList, bundle: mallory.bundle }))).toBe('device-list')
  })

  test('with a device list that nobody signed is refused', () => {
    expect(reasonOf(seal({ deviceList: alice.deviceList.map((byte, i) => (i === alice.deviceList.length - 1 ? byte ^ 1 : byte)) }))).toBe(
      'device-list',
    )
  })

  test('with the prekeys of a device that is not in the list, or that the device did not sign, is refused', () => {
    expect(reasonOf(seal({ bundle: mallory.bundle }))).toBe('bundle')
    expect(reasonOf(seal({ bundle: { ...alice.bundle, reusable: mallory.bundle.reusable } }))).toBe('bundle')
    expect(reasonOf(seal({ bundle: { ...alice.bundle, oneTime: undefined } }))).toBe('opened')
  })

  test('whose content is not a packet or not padded as one is malformed', () => {
    const associated = fromHex(packetRecordId(token))
    const content = encode(invitePacket, packet)
    const as = (padded: Uint8Array): Uint8Array => sealNamed(key, random(24), padded, associated)
    expect(reasonOf(as(pad(content, BLOB_BUCKETS)))).toBe('opened')
    expect(reasonOf(as(content))).toBe('malformed')
    expect(reasonOf(as(pad(Uint8Array.of(...content, 0), BLOB_BUCKETS)))).toBe('malformed')
    expect(reasonOf(as(pad(content.slice(1), BLOB_BUCKETS)))).toBe('malformed')
  })
})

test('all secrets of an invite come from its one secret and differ from each other', () => {
  const secret = createInviteSecret(random)
  const secrets = inviteSecretsOf(secret)
  expect(inviteSecretsOf(secret)).toEqual(secrets)
  expect(secrets.token).toHaveLength(16)
  expect(new Set([secrets.token, secrets.key.slice(0, 16), secrets.ownerSeed.slice(0, 16)].map(String)).size).toBe(3)
  expect(isSigningKey(signingKeyOf(ownerSeed))).toBe(true)
  expect(packetRecordId(secrets.token)).not.toBe(packetRecordId(token))
})

test('the proof of joining holds for one token and one account', () => {
  const other = accountIdOf(new Uint8Array(32))
  const proofs = [joinProof(token, alice.account), joinProof(token, other), joinProof(random(16), alice.account)]
  expect(new Set(proofs.map(String)).size).toBe(3)
  expect(joinProof(token, alice.account)).toEqual(proofs[0])
})
