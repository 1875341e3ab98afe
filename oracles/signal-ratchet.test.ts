// Our ratchet under the Signal v3 profile against privacyresearch's port of libsignal-protocol.

import { KeyHelper, SessionBuilder, SessionCipher, SignalProtocolAddress } from '@privacyresearch/libsignal-protocol-typescript'
import { expect, test } from 'vitest'
import { hkdf } from './aes.ts'
import { cbcProfile } from './cbc-profile.ts'
import { converse } from './conversation.ts'
import { ourSide } from './our-ratchet.ts'
import { bytesField, numberField, readProtobuf, writeProtobuf } from './protobuf.ts'
import { concatBytes } from '../protocol/src/bytes/bytes.ts'
import { agree, agreementKeyOf } from '../protocol/src/crypto/agree.ts'
import { startAsInitiator, startAsResponder } from '../protocol/src/session/ratchet.ts'
import { seededRandom } from '../protocol/test/vectors/seeded-random.ts'
import type { KeyPairType, SignedPreKeyPairType, StorageType } from '@privacyresearch/libsignal-protocol-typescript'
import type { Side } from './conversation.ts'

const DJB = 5
const VERSION = 0x33
const NONE = new Uint8Array(0)

const toWire = (key: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(DJB), key)
const fromWire = (key: Uint8Array): Uint8Array => key.slice(1)

/** Signal counts the last index of the previous chain, and writes 0 where there was none. */
const signalProfile = cbcProfile({
  version: VERSION,
  ratchetInfo: 'WhisperRatchet',
  messageInfo: 'WhisperMessageKeys',
  toWireKey: toWire,
  fromWireKey: fromWire,
  previousFields: (header) => [[3, Math.max((header.previous ?? 0) - 1, 0)]],
  previousOf: (fields) => numberField(fields, 3) + 1,
  macPrefix: (associated) => associated,
})

type Keys = { readonly secret: Uint8Array; readonly publicKey: Uint8Array }

const buffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer
const keysOf = (pair: KeyPairType): Keys => ({ secret: new Uint8Array(pair.privKey), publicKey: fromWire(new Uint8Array(pair.pubKey)) })
const fromBinary = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const address = new SignalProtocolAddress('kith', 1)

type SignalStore = StorageType & { readonly sessions: Map<string, string> }

async function theirStore(preKey: KeyPairType, signedPreKey: SignedPreKeyPairType, identity: KeyPairType): Promise<SignalStore> {
  const sessions = new Map<string, string>()
  return {
    sessions,
    getIdentityKeyPair: async () => identity,
    getLocalRegistrationId: async () => 7,
    isTrustedIdentity: async () => true,
    saveIdentity: async () => true,
    loadPreKey: async () => preKey,
    storePreKey: async () => {},
    removePreKey: async () => {},
    storeSession: async (name, record) => {
      sessions.set(name, record)
    },
    loadSession: async (name) => sessions.get(name),
    loadSignedPreKey: async () => signedPreKey.keyPair,
    storeSignedPreKey: async () => {},
    removeSignedPreKey: async () => {},
  }
}

function theirSide(store: SignalStore): Side {
  const cipher = new SessionCipher(store, address)
  return {
    seal: async (text) => {
      const { body } = await cipher.encrypt(buffer(new TextEncoder().encode(text)))
      return fromBinary(body as unknown as string)
    },
    open: async (message) => new TextDecoder().decode(await cipher.decryptWhisperMessage(buffer(message))),
  }
}

/** X3DH: what both sides derive before the ratchet begins. */
function rootOf(agreements: readonly (Uint8Array | undefined)[]): Uint8Array {
  const shared = agreements.map((part) => part ?? NONE)
  return hkdf(concatBytes(new Uint8Array(32).fill(0xff), ...shared), NONE, 'WhisperText', 64).slice(0, 32)
}

async function signalKeys() {
  const identity = await KeyHelper.generateIdentityKeyPair()
  const signedPreKey = await KeyHelper.generateSignedPreKey(identity, 2)
  const preKey = await KeyHelper.generatePreKey(1)
  return { identity, signedPreKey, preKey: preKey.keyPair }
}

const start = (root: Uint8Array) => ({ root, initiatorHeader: NONE, responderHeader: NONE })

test('we initiate, and talk with Signal v3 under loss and reordering', async () => {
  const bob = await signalKeys()
  const store = await theirStore(bob.preKey, bob.signedPreKey, bob.identity)
  const random = seededRandom('signal initiator keys')
  const ours = { identity: random(32), base: random(32) }
  const [theirIdentity, signed, single] = [bob.identity, bob.signedPreKey.keyPair, bob.preKey].map(keysOf) as [Keys, Keys, Keys]
  const root = rootOf([
    agree(ours.identity, signed.publicKey),
    agree(ours.base, theirIdentity.publicKey),
    agree(ours.base, signed.publicKey),
    agree(ours.base, single.publicKey),
  ])
  const identities = [toWire(agreementKeyOf(ours.identity)), toWire(theirIdentity.publicKey)] as const
  const us = ourSide({
    profile: signalProfile,
    ratchet: startAsInitiator(start(root), signed.publicKey),
    sending: concatBytes(...identities),
    receiving: concatBytes(identities[1], identities[0]),
    seed: 'signal initiator',
  })
  const message = await us.seal('hello')
  const preKeyMessage = writeProtobuf([
    [5, 3],
    [1, 1],
    [6, 2],
    [2, toWire(agreementKeyOf(ours.base))],
    [3, identities[0]],
    [4, message],
  ])
  const cipher = new SessionCipher(store, address)
  const plaintext = await cipher.decryptPreKeyWhisperMessage(buffer(concatBytes(Uint8Array.of(VERSION), preKeyMessage)))
  expect(new TextDecoder().decode(plaintext)).toBe('hello')
  const them = theirSide(store)
  expect(await us.open(await them.seal('hi'))).toBe('hi')
  await converse(us, them, { seed: 'signal we initiate', steps: 200, delay: 6 })
})

test('Signal v3 initiates, and talks with us under loss and reordering', async () => {
  const alice = await signalKeys()
  const bob = await signalKeys()
  const store = await theirStore(alice.preKey, alice.signedPreKey, alice.identity)
  await new SessionBuilder(store, address).processPreKey({
    identityKey: bob.identity.pubKey,
    registrationId: 3,
    signedPreKey: { keyId: 2, publicKey: bob.signedPreKey.keyPair.pubKey, signature: bob.signedPreKey.signature },
    preKey: { keyId: 1, publicKey: bob.preKey.pubKey },
  })
  const them = theirSide(store)
  const first = await them.seal('hello')
  const fields = readProtobuf(first.slice(1)) ?? new Map()
  const base = fromWire(bytesField(fields, 2))
  const theirIdentity = fromWire(bytesField(fields, 3))
  const [identity, signed, single] = [bob.identity, bob.signedPreKey.keyPair, bob.preKey].map(keysOf) as [Keys, Keys, Keys]
  const root = rootOf([
    agree(signed.secret, theirIdentity),
    agree(identity.secret, base),
    agree(signed.secret, base),
    agree(single.secret, base),
  ])
  const identities = [toWire(identity.publicKey), toWire(theirIdentity)] as const
  const us = ourSide({
    profile: signalProfile,
    ratchet: startAsResponder(start(root), signed),
    sending: concatBytes(...identities),
    receiving: concatBytes(identities[1], identities[0]),
    seed: 'signal responder',
  })
  expect(await us.open(bytesField(fields, 4))).toBe('hello')
  expect(await them.open(await us.seal('hi'))).toBe('hi')
  await converse(us, them, { seed: 'signal they initiate', steps: 200, delay: 6 })
})
