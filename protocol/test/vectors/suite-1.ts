// The vectors of suite 1: everything comes from the seeds named here. What they were when they were frozen stands in suite-1.json.

import { fromHex, toHex, utf8ToBytes } from '../../src/bytes/bytes.ts'
import { encode } from '../../src/bytes/codec.ts'
import { chainIdOf, conversationIdOf, deviceIdOf, mailboxIdOf } from '../../src/bytes/ids.ts'
import { chainHandout, createChain, followingChain, handoutOf, keptOf, nextKey } from '../../src/group/sender-chain.ts'
import { accountIdFromKey, accountKeyOf, createAccount } from '../../src/identity/account.ts'
import { acceptDeviceList, signDeviceList } from '../../src/identity/device-list.ts'
import { createDevice, devicePublicOf } from '../../src/identity/device.ts'
import { safetyNumberOf } from '../../src/identity/safety-number.ts'
import { createInviteLink } from '../../src/invite/link.ts'
import { sealPacket } from '../../src/invite/packet.ts'
import { inviteSecretsOf, joinProof, packetRecordId, secondSecretsOf } from '../../src/invite/secrets.ts'
import { encodePayload } from '../../src/session/payload.ts'
import { prekeyBundle } from '../../src/session/prekey-bundle.ts'
import { createPrekeys, takeOneTime } from '../../src/session/prekeys.ts'
import { createParty, initiated, NOW, opened, sealed } from './pair-of-devices.ts'
import { seededRandom } from './seeded-random.ts'

const SECOND_RELAY = { key: new Uint8Array(32).fill(6), url: 'wss://second.example.org' }
const DEVICE = deviceIdOf(new Uint8Array(32).fill(2))

export type Vectors = { readonly [section: string]: { readonly [name: string]: string } }

export function suiteOneVectors(): Vectors {
  return {
    identity: identityVectors(),
    prekeys: prekeyVectors(),
    session: sessionVectors(),
    healing: healingVectors(),
    chain: chainVectors(),
    chains: followingVectors(),
    invite: inviteVectors(),
  }
}

function identityVectors(): Vectors[string] {
  const random = seededRandom('identity')
  const account = createAccount(random)
  const device = createDevice(random)
  const { id, signingKey, agreementKey } = devicePublicOf(device)
  const accountKey = accountKeyOf(account)
  const list = {
    accountKey,
    serial: 0,
    prev: new Uint8Array(32),
    issued: NOW,
    devices: [{ signingKey, agreementKey, added: NOW }],
    revoked: [],
  }
  const signed = signDeviceList(list, account)
  const acceptance = acceptDeviceList(undefined, signed)
  const accountId = accountIdFromKey(accountKey)
  return {
    entropy: toHex(account.entropy),
    accountKey: toHex(accountKey),
    accountId,
    signSeed: toHex(device.signSeed),
    agreeSecret: toHex(device.agreeSecret),
    signingKey: toHex(signingKey),
    agreementKey: toHex(agreementKey),
    deviceId: id,
    signedDeviceList: toHex(signed),
    deviceListHash: acceptance.kind === 'accepted' ? toHex(acceptance.pinned.hash) : 'refused',
    safetyNumberWithZero: safetyNumberOf([accountId, accountIdFromKey(new Uint8Array(32))]),
  }
}

function prekeyVectors(): Vectors[string] {
  const random = seededRandom('prekeys')
  const device = createDevice(random)
  const { bundle } = takeOneTime(createPrekeys({ device, now: NOW, random, oneTime: 1 }))
  return { bundle: toHex(encode(prekeyBundle, bundle)) }
}

function sessionVectors(): Vectors[string] {
  const alice = createParty('alice')
  const bob = createParty('bob', 1)
  const { store, bundle } = takeOneTime(bob.prekeys)
  const hello = sealed(initiated(alice, bob, bundle), 'hello')
  const answer = sealed(opened({ ...bob, prekeys: store }, alice, hello.envelope).self, 'hi')
  const third = sealed(opened(hello.self, bob, answer.envelope).self, 'how are you')
  return {
    initialEnvelope: toHex(hello.envelope),
    answerEnvelope: toHex(answer.envelope),
    thirdEnvelope: toHex(third.envelope),
    sessionId: third.self.pairing?.sessions[0]?.id ?? '',
    associated: toHex(third.self.pairing?.sessions[0]?.associated ?? new Uint8Array(0)),
  }
}

function healingVectors(): Vectors[string] {
  const [alice, bob] = [createParty('healing alice'), createParty('healing bob', 1)]
  const { store, bundle } = takeOneTime(bob.prekeys)
  const hello = sealed(initiated(alice, bob, bundle), 'hello')
  const hi = sealed(opened({ ...bob, prekeys: store }, alice, hello.envelope).self, 'hi')
  const offer = sealed(opened(hello.self, bob, hi.envelope).self, 'offers', { offers: true })
  const answer = sealed(opened(hi.self, alice, offer.envelope).self, 'answers', { offers: true })
  const healed = sealed(opened(offer.self, bob, answer.envelope).self, 'healed')
  const rootOf = ({ pairing }: typeof alice): string => toHex(pairing?.sessions[0]?.ratchet.root ?? new Uint8Array(0))
  return {
    offerEnvelope: toHex(offer.envelope),
    answerAndOfferEnvelope: toHex(answer.envelope),
    healedEnvelope: toHex(healed.envelope),
    rootBefore: rootOf(offer.self),
    rootOfAnswer: rootOf(answer.self),
    rootAfter: rootOf(healed.self),
  }
}

function followingVectors(): Vectors[string] {
  const received = [3, 4].map((byte) => keptOf(createChain({ now: NOW, random: (length) => new Uint8Array(length).fill(byte) }), DEVICE))
  const following = followingChain({ now: NOW, random: (length) => new Uint8Array(length).fill(1) }, received)
  return { following: toHex(encode(chainHandout, handoutOf(following))) }
}

function chainVectors(): Vectors[string] {
  const random = seededRandom('chain')
  const own = createChain({ now: NOW, random })
  const first = nextKey(own)
  const second = nextKey(first.own)
  const device = devicePublicOf(createDevice(random)).id
  const handout = { chain: chainIdOf(new Uint8Array(16).fill(2)), step: 3, key: new Uint8Array(32).fill(4) }
  return {
    handout: toHex(encode(chainHandout, handoutOf(own))),
    key0: toHex(first.messageKey),
    key1: toHex(second.messageKey),
    device,
    payload: toHex(encodePayload([{ kind: 'chain', conversation: conversationIdOf(new Uint8Array(32).fill(5)), handout }])),
  }
}

function inviteVectors(): Vectors[string] {
  const random = seededRandom('invite')
  const { signedDeviceList = '', accountId = '' } = identityVectors()
  const account = accountIdFromKey(fromHex(accountId))
  const secrets = inviteSecretsOf(new Uint8Array(32).fill(9))
  const { bundle } = takeOneTime(createPrekeys({ device: createDevice(random), now: NOW, random, oneTime: 1 }))
  const relay = { key: new Uint8Array(32).fill(6), url: 'wss://chat.example.org' }
  const packet = {
    deviceList: fromHex(signedDeviceList),
    bundle,
    name: 'Alice',
    grant: {
      relay,
      mailbox: mailboxIdOf(new Uint8Array(32).fill(7)),
      sendSeed: new Uint8Array(32).fill(8),
      sealKey: new Uint8Array(32).fill(9),
    },
    conversation: conversationIdOf(new Uint8Array(32).fill(10)),
    chains: [],
    entries: [{ header: utf8ToBytes('header'), signature: undefined, body: utf8ToBytes('body') }],
    created: NOW,
    second: SECOND_RELAY,
  }
  const second = secondSecretsOf(secrets, SECOND_RELAY)
  const sealedPacket = sealPacket(packet, secrets.key, secrets.token, random)
  return {
    token: toHex(secrets.token),
    key: toHex(secrets.key),
    ownerSeed: toHex(secrets.ownerSeed),
    record: packetRecordId(secrets.token),
    link: createInviteLink({
      origin: 'https://chat.example.org',
      relay: { ...relay, url: '' },
      account,
      token: secrets.token,
      key: secrets.key,
      expires: NOW / 1_000,
    }),
    joinProof: toHex(joinProof(secrets.token, account)),
    packet: toHex(sealedPacket),
    secondToken: toHex(second.token),
    secondKey: toHex(second.key),
    secondOwnerSeed: toHex(second.ownerSeed),
    secondRecord: packetRecordId(second.token),
  }
}
