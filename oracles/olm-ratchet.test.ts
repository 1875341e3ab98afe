// Our ratchet under the Olm profile against libolm. Olm's first chain comes from the handshake itself, and its headers do not tell how long
// the previous chain was.

import Olm from '@matrix-org/olm'
import { beforeAll, expect, test } from 'vitest'
import { hkdf } from './aes.ts'
import { cbcProfile } from './cbc-profile.ts'
import { converse } from './conversation.ts'
import { ourSide } from './our-ratchet.ts'
import { bytesField, readProtobuf, writeProtobuf } from './protobuf.ts'
import { concatBytes } from '../protocol/src/bytes/bytes.ts'
import { agree, agreementKeyOf } from '../protocol/src/crypto/agree.ts'
import { seededRandom } from '../protocol/test/vectors/seeded-random.ts'
import type { Ratchet } from '../protocol/src/session/ratchet-state.ts'
import type { Side } from './conversation.ts'

const VERSION = 3
const NONE = new Uint8Array(0)
const same = (key: Uint8Array): Uint8Array => key

const olmProfile = cbcProfile({
  version: VERSION,
  ratchetInfo: 'OLM_RATCHET',
  messageInfo: 'OLM_KEYS',
  toWireKey: same,
  fromWireKey: same,
  previousFields: () => [],
  previousOf: () => undefined,
  macPrefix: () => NONE,
})

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '')
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'))

const theirSide = (session: Olm.Session): Side => ({
  seal: async (text) => {
    const { type, body } = session.encrypt(text)
    if (type !== 1) throw new Error('Olm has not seen an answer yet')
    return fromBase64(body)
  },
  open: async (message) => session.decrypt(1, toBase64(message)),
})

function start(agreements: readonly (Uint8Array | undefined)[]): { readonly root: Uint8Array; readonly chain: Uint8Array } {
  const bytes = hkdf(concatBytes(...agreements.map((part) => part ?? NONE)), NONE, 'OLM_ROOT', 64)
  return { root: bytes.slice(0, 32), chain: bytes.slice(32) }
}

const ratchetOf = (root: Uint8Array, rest: Partial<Ratchet>): Ratchet => ({
  root,
  ours: undefined,
  theirs: undefined,
  sending: undefined,
  previous: 0,
  receiving: [],
  nextSendingHeader: NONE,
  nextReceivingHeader: NONE,
  ...rest,
})

const us = (ratchet: Ratchet, seed: string): Side => ourSide({ profile: olmProfile, ratchet, sending: NONE, receiving: NONE, seed })

function theirAccount() {
  const account = new Olm.Account()
  account.create()
  account.generate_one_time_keys(1)
  const identity = fromBase64((JSON.parse(account.identity_keys()) as { curve25519: string }).curve25519)
  const [oneTime = ''] = Object.values((JSON.parse(account.one_time_keys()) as { curve25519: Record<string, string> }).curve25519)
  return { account, identity, oneTime: fromBase64(oneTime) }
}

beforeAll(() => Olm.init())

test('we initiate, and talk with Olm under loss and reordering', async () => {
  const their = theirAccount()
  const random = seededRandom('olm initiator keys')
  const [identity, base, ratchetSecret] = [random(32), random(32), random(32)]
  const { root, chain } = start([agree(identity, their.oneTime), agree(base, their.identity), agree(base, their.oneTime)])
  const ours = { secret: ratchetSecret, publicKey: agreementKeyOf(ratchetSecret) }
  const we = us(ratchetOf(root, { ours, sending: { key: chain, next: 0, headerKey: NONE } }), 'olm initiator')
  const message = await we.seal('hello')
  const preKeyMessage = writeProtobuf([
    [1, their.oneTime],
    [2, agreementKeyOf(base)],
    [3, agreementKeyOf(identity)],
    [4, message],
  ])
  const body = toBase64(concatBytes(Uint8Array.of(VERSION), preKeyMessage))
  const session = new Olm.Session()
  session.create_inbound(their.account, body)
  expect(session.decrypt(0, body)).toBe('hello')
  const they = theirSide(session)
  expect(await we.open(await they.seal('hi'))).toBe('hi')
  await converse(we, they, { seed: 'olm we initiate', steps: 200, delay: 4 })
})

test('Olm initiates, and talks with us under loss and reordering', async () => {
  const their = theirAccount()
  const random = seededRandom('olm responder keys')
  const [identity, oneTime] = [random(32), random(32)]
  const session = new Olm.Session()
  session.create_outbound(their.account, toBase64(agreementKeyOf(identity)), toBase64(agreementKeyOf(oneTime)))
  const first = session.encrypt('hello')
  expect(first.type).toBe(0)
  const fields = readProtobuf(fromBase64(first.body).slice(1)) ?? new Map()
  const base = bytesField(fields, 2)
  const message = bytesField(fields, 4)
  const ratchetKey = bytesField(readProtobuf(message.slice(1, -8)) ?? new Map(), 1)
  const { root, chain } = start([agree(oneTime, their.identity), agree(identity, base), agree(oneTime, base)])
  const receiving = [{ ratchetKey, key: chain, next: 0, headerKey: NONE, skipped: [] }]
  const we = us(ratchetOf(root, { theirs: ratchetKey, receiving }), 'olm responder')
  expect(await we.open(message)).toBe('hello')
  const they = theirSide(session)
  expect(await they.open(await we.seal('hi'))).toBe('hi')
  await converse(we, they, { seed: 'olm they initiate', steps: 200, delay: 4 })
})
