// The vectors of what travels: frames, what sessions carry, grants, blobs, the exchange with a relay, what is signed for it, direct messages, fork proofs and
// document updates. Everything comes from the seeds named here; what they were when they were frozen stands in wire-*.json.

import { concatBytes, toHex, utf8ToBytes } from '../../src/bytes/bytes.ts'
import { encode } from '../../src/bytes/codec.ts'
import {
  accountIdOf,
  blobIdOf,
  chainIdOf,
  conversationIdOf,
  deviceIdOf,
  entryIdOf,
  heldNameOf,
  mailboxIdOf,
  parcelNameOf,
  recordIdOf,
} from '../../src/bytes/ids.ts'
import { sealChunk } from '../../src/attachments/chunk.ts'
import { parcelNameAt, parcelNamesKey, sealParcel } from '../../src/attachments/parcel.ts'
import { hash } from '../../src/crypto/hash.ts'
import { sign, signingKeyOf } from '../../src/crypto/sign.ts'
import { PARCEL_BYTES } from '../../src/attachments/limits.ts'
import { createDevice } from '../../src/identity/device.ts'
import { openDocument } from '../../src/documents/document.ts'
import { setTitle } from '../../src/documents/meta.ts'
import { secondGrantOf, secondKeysOf } from '../../src/mailbox/keys.ts'
import { blobIdOfSealed, sealBlob } from '../../src/mailbox/blob.ts'
import { carryHead, carryKey, carryMark, sealCarryRecord } from '../../src/mailbox/carry-file.ts'
import { sealJointBlob } from '../../src/mailbox/joint-blob.ts'
import { sealInviteEnd } from '../../src/invite/end.ts'
import { claimProof, claimSeed } from '../../src/invite/secrets.ts'
import { encodePayload } from '../../src/session/payload.ts'
import { createPrekeys, takeOneTime } from '../../src/session/prekeys.ts'
import { mailboxGrant } from '../../src/wire/capability.ts'
import { frame } from '../../src/wire/frame.ts'
import { REFUSALS, relayCall, relayMessage } from '../../src/wire/relay.ts'
import { receiptStatement } from '../../src/wire/receipt.ts'
import {
  depositedStatement,
  mailboxCloseStatement,
  mailboxReadStatement,
  mailboxSendStatement,
  prekeysPutStatement,
  recordedStatement,
  recordClaimStatement,
  recordEndStatement,
  recordPutStatement,
  signedFor,
} from '../../src/wire/relay-proof.ts'
import { encodeDirectMessage } from '../../../app/src/adapters/libp2p/direct-message.ts'
import { seededRandom } from './seeded-random.ts'
import { circleSaid } from '../../src/linking/said.ts'
import { commitmentTo, digitsOf, linkAnswer, offerStage } from '../../src/linking/exchange.ts'
import { linkCodeText, linkPlacesOf } from '../../src/linking/link-code.ts'
import { handover } from '../../src/linking/handover.ts'
import type { CircleSaid } from '../../src/linking/said.ts'
import type { Handover } from '../../src/linking/handover.ts'
import type { DirectMessage } from '../../../app/src/adapters/libp2p/direct-message.ts'
import type { PayloadItem } from '../../src/session/payload.ts'
import type { PrekeyBundle } from '../../src/session/prekey-bundle.ts'
import type { MailboxGrant } from '../../src/wire/capability.ts'
import type { Frame } from '../../src/wire/frame.ts'
import type { Receipt } from '../../src/wire/receipt.ts'
import type { RelayAnswer, RelayCall, RelayMessage, RelayRequest } from '../../src/wire/relay.ts'

const seed = (name: string): Uint8Array => hash(utf8ToBytes(`kith vector ${name}`))
const NOW = 1_800_000_000_000
const conversation = conversationIdOf(seed('conversation'))
const device = deviceIdOf(seed('device'))
const mailbox = mailboxIdOf(seed('mailbox'))
const record = recordIdOf(seed('record'))
const relayKey = signingKeyOf(seed('relay'))
const challenge = seed('challenge')
const signature = sign(seed('signing seed'), seed('statement'))
const proofs = [{ mailbox, signature }]
const blob = utf8ToBytes('a blob')
const fileKey = seed('file key')
export const PARCEL = { key: fileKey, index: 3, content: { proof: [seed('left'), seed('right')], sealed: sealChunk(fileKey, 3, blob) } }
const parcel = sealParcel(PARCEL.key, PARCEL.index, PARCEL.content)
const token = seed('token').subarray(0, 16)
const word = sealInviteEnd('used', { token, key: seed('packet key') })
const claimant = signingKeyOf(claimSeed(seed('device seed'), token))
const pushKey = Uint8Array.of(4, ...seed('push key x'), ...seed('push key y'))
const head = { device, seq: 7, id: entryIdOf(seed('entry')) }

export const grant: MailboxGrant = {
  relay: { key: relayKey, url: 'wss://chat.example.org:8443' },
  mailbox,
  sendSeed: seed('send seed'),
  sealKey: seed('seal key'),
}

const RECEIPT: Omit<Receipt, 'signature'> = {
  conversation,
  feed: device,
  tips: [{ seq: head.seq, id: head.id }],
  claim: { delivered: 8, read: 6, unreadable: [6], recovered: [4] },
}

export const FRAMES: Readonly<Record<Frame['kind'], Frame>> = {
  have: {
    kind: 'have',
    have: [{ conversation, isWhole: true, heads: [head], heard: { delivered: 8, read: 6, unreadable: [6], recovered: [] } }],
  },
  entries: {
    kind: 'entries',
    conversation,
    entries: [
      { header: utf8ToBytes('header'), signature, body: utf8ToBytes('body') },
      { header: utf8ToBytes('header'), signature: undefined, body: undefined },
    ],
  },
  envelope: { kind: 'envelope', from: device, envelope: utf8ToBytes('envelope') },
  'device-list': { kind: 'device-list', list: utf8ToBytes('list') },
  receipts: {
    kind: 'receipts',
    receipts: [{ ...RECEIPT, signature }],
  },
  opened: {
    kind: 'opened',
    conversation,
    lists: [utf8ToBytes('list')],
    bodies: [{ entry: entryIdOf(seed('entry')), salt: seed('salt'), content: utf8ToBytes('content') }],
  },
  presence: { kind: 'presence', here: true, typing: conversation },
  'let-me-in': { kind: 'let-me-in', conversation, card: utf8ToBytes('card'), proof: signature },
  newest: {
    kind: 'newest',
    conversation,
    entries: [
      {
        header: utf8ToBytes('header'),
        signature: undefined,
        time: NOW,
        depth: 3,
        said: { salt: seed('salt'), content: utf8ToBytes('content') },
      },
      { header: utf8ToBytes('header'), signature, time: NOW + 1, depth: 4, said: undefined },
    ],
  },
  account: {
    kind: 'account',
    vector: utf8ToBytes('vector'),
    mark: seed('mark'),
    of: seed('whole'),
    part: 1,
    parts: 3,
    update: utf8ToBytes('update'),
  },
  'scheduled-key': { kind: 'scheduled-key', conversation, seq: 7, target: entryIdOf(seed('entry')), key: seed('scheduled key') },
}

const REQUESTS: Readonly<Record<RelayRequest['kind'], RelayRequest>> = {
  hello: { kind: 'hello', version: 1 },
  'create-mailbox': { kind: 'create-mailbox', mailbox, readKey: signingKeyOf(seed('read seed')), sendKey: signingKeyOf(seed('send seed')) },
  'open-mailboxes': { kind: 'open-mailboxes', proofs },
  'bind-mailboxes': { kind: 'bind-mailboxes', proofs },
  deposit: {
    kind: 'deposit',
    deposits: [
      { mailboxes: [mailbox, mailboxIdOf(seed('other mailbox'))], blob },
      { mailboxes: [mailbox], blob: utf8ToBytes('another blob'), wakes: true },
    ],
  },
  acknowledge: { kind: 'acknowledge', stored: [{ mailbox, blobs: [blobIdOf(seed('blob'))] }] },
  'get-record': { kind: 'get-record', record },
  'put-prekeys': {
    kind: 'put-prekeys',
    record,
    owner: signingKeyOf(seed('owner')),
    serial: 3,
    reusable: utf8ToBytes('reusable'),
    oneTime: [utf8ToBytes('one'), utf8ToBytes('two')],
    signature,
  },
  'take-prekeys': { kind: 'take-prekeys', record },
  ping: { kind: 'ping' },
  'put-record': { kind: 'put-record', record, owner: signingKeyOf(seed('owner')), serial: 2, expires: NOW, blob, signature },
  'end-record': { kind: 'end-record', record, word, signature },
  'claim-record': { kind: 'claim-record', record, claimant, proof: claimProof(token, claimant), signature },
  gather: { kind: 'gather', mailboxes: [mailbox], blobs: [blobIdOf(seed('blob')), blobIdOf(seed('next blob'))], blob },
  'register-push': {
    kind: 'register-push',
    subscription: { endpoint: 'https://push.example.org/send/abc', key: pushKey, auth: seed('auth').subarray(0, 16) },
  },
  'forget-push': { kind: 'forget-push' },
  'get-push-key': { kind: 'get-push-key' },
  'test-push': { kind: 'test-push' },
  'close-mailboxes': { kind: 'close-mailboxes', proofs },
  'put-parcel': { kind: 'put-parcel', mailboxes: [mailbox], name: parcelNameOf(seed('parcel')), parcel },
  'get-parcel': { kind: 'get-parcel', mailbox, name: parcelNameOf(seed('parcel')) },
  'find-parcel': { kind: 'find-parcel', mailbox, name: parcelNameOf(seed('parcel')) },
  'drop-parcels': { kind: 'drop-parcels', mailbox, names: [parcelNameOf(seed('parcel')), parcelNameOf(seed('next parcel'))] },
  hold: {
    kind: 'hold',
    at: NOW,
    held: [
      { mailbox, name: heldNameOf(seed('held')), wakes: true, blob },
      { mailbox: mailboxIdOf(seed('other mailbox')), name: heldNameOf(seed('held')), wakes: false, blob: new Uint8Array() },
    ],
  },
  'claim-handle': { kind: 'claim-handle', claim: utf8ToBytes('claim') },
  'find-handle': { kind: 'find-handle', handle: 'anna.b', isBeginning: true },
  'leave-hello': { kind: 'leave-hello', handle: 'anna.b', hour: 500_000, nonce: 77_777, blob },
  'get-turn': { kind: 'get-turn' },
}

const ANSWERS: Readonly<Record<Exclude<RelayAnswer['kind'], 'refused'>, RelayAnswer>> = {
  welcome: { kind: 'welcome', challenge, time: NOW },
  done: { kind: 'done' },
  mailboxes: { kind: 'mailboxes', accepted: [mailbox], refused: [mailboxIdOf(seed('other mailbox'))] },
  deposited: {
    kind: 'deposited',
    time: NOW,
    signature,
    path: [
      { isSecond: true, other: seed('other statement') },
      { isSecond: false, other: seed('other half') },
    ],
    verdicts: [[{ kind: 'done' }, { kind: 'refused', reason: 'full', retryMs: 5_000 }], [{ kind: 'done' }]],
  },
  acknowledged: { kind: 'acknowledged', verdicts: [{ kind: 'done' }, { kind: 'refused', reason: 'denied', retryMs: 0 }] },
  record: { kind: 'record', serial: 2, expires: NOW, blob },
  prekeys: { kind: 'prekeys', reusable: utf8ToBytes('reusable'), oneTime: utf8ToBytes('one'), left: 49 },
  recorded: { kind: 'recorded', time: NOW, signature },
  ended: { kind: 'ended', word },
  claimed: { kind: 'claimed', claimant, proof: claimProof(token, claimant) },
  gathered: { kind: 'gathered', verdicts: [{ kind: 'done' }, { kind: 'refused', reason: 'unknown', retryMs: 0 }] },
  'push-key': { kind: 'push-key', key: pushKey },
  put: { kind: 'put', verdicts: [{ kind: 'done' }, { kind: 'refused', reason: 'full', retryMs: 0 }] },
  parcel: { kind: 'parcel', parcel },
  held: { kind: 'held', verdicts: [{ kind: 'done' }, { kind: 'refused', reason: 'full', retryMs: 0 }] },
  handle: { kind: 'handle', claim: utf8ToBytes('claim') },
  handles: { kind: 'handles', handles: ['anna.b', 'annab2'] },
  turn: {
    kind: 'turn',
    credentials: {
      urls: ['turn:turn.example.org:3478', 'turns:turn.example.org:5349?transport=tcp'],
      username: '1800003600:0102030405060708090a0b0c',
      credential: 'qvTZjcid80BUvWNkJ8IALBCa1N8=',
      seconds: 3_600,
    },
  },
}

export const CALLS: Readonly<Record<string, RelayCall>> = Object.fromEntries(
  Object.entries(REQUESTS).map(([name, request], at) => [name, { id: at, request }]),
)

export const MESSAGES: Readonly<Record<string, RelayMessage>> = {
  ...Object.fromEntries(Object.entries(ANSWERS).map(([name, answer], at) => [name, { kind: 'answer', id: at, answer }])),
  'prekeys without a one-time one': {
    kind: 'answer',
    id: 0xffff_ffff,
    answer: { kind: 'prekeys', reusable: utf8ToBytes('reusable'), oneTime: undefined, left: 0 },
  },
  ...Object.fromEntries(
    REFUSALS.map((reason) => [`refused: ${reason}`, { kind: 'answer', id: 1, answer: { kind: 'refused', reason, retryMs: 5_000 } }]),
  ),
  push: { kind: 'push', blobs: [{ mailbox, blob }] },
}

export const DIRECT: Readonly<Record<DirectMessage['kind'], DirectMessage>> = {
  data: { kind: 'data', frame: utf8ToBytes('frame') },
  ping: { kind: 'ping' },
  pong: { kind: 'pong' },
  credit: { kind: 'credit', bytes: 32_768 },
}

const SECOND_RELAY = { key: seed('second relay'), url: 'wss://relay.example.org' }

/** Each item of a session's payload, alone. */
export const ITEMS: Readonly<Record<PayloadItem['kind'], PayloadItem>> = {
  chain: { kind: 'chain', conversation, handout: { chain: chainIdOf(seed('chain').subarray(0, 16)), step: 3, key: seed('chain key') } },
  mailbox: { kind: 'mailbox', grant },
  token: { kind: 'token', conversation, token: seed('token').subarray(0, 16) },
  prekeys: { kind: 'prekeys', bundle: bundleOfSeed() },
  'body-key': {
    kind: 'body-key',
    conversation,
    entry: entryIdOf(seed('entry')),
    bodyKey: { key: seed('body key'), nonce: seed('nonce').subarray(0, 12) },
  },
  lost: { kind: 'lost', conversation },
  closed: { kind: 'closed', conversation, seq: 7 },
  'blob-key': { kind: 'blob-key', conversation, key: seed('blob key') },
  welcome: { kind: 'welcome', conversation, founder: accountIdOf(seed('account')) },
  lists: { kind: 'lists', lists: [utf8ToBytes('signed'), utf8ToBytes('and the next')] },
  device: { kind: 'device', conversation, bundle: bundleOfSeed(), grant },
  request: {
    kind: 'request',
    conversation,
    offer: { relay: grant.relay, token, key: seed('packet key'), expires: NOW / 1_000 },
    text: 'Is the Thursday table still open?',
  },
  second: { kind: 'second', mailbox, relay: SECOND_RELAY },
}

function bundleOfSeed(): PrekeyBundle {
  const random = seededRandom('payload vectors')
  return takeOneTime(createPrekeys({ device: createDevice(random), now: NOW, random, oneTime: 1 })).bundle
}

type Vectors = Readonly<Record<string, string>>

const bytesOf = <T>(values: Readonly<Record<string, T>>, toBytes: (value: T) => Uint8Array): Vectors =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toHex(abridged(toBytes(value)))]))

/** Of what carries a parcel the beginning, and the hash of all of it. */
export const abridged = (bytes: Uint8Array): Uint8Array =>
  bytes.length <= PARCEL_BYTES ? bytes : concatBytes(bytes.subarray(0, 200), hash(bytes))

export const frameVectors = (): Vectors => bytesOf(FRAMES, (value) => encode(frame, value))
export const callVectors = (): Vectors => bytesOf(CALLS, (value) => encode(relayCall, value))
export const messageVectors = (): Vectors => bytesOf(MESSAGES, (value) => encode(relayMessage, value))
export const payloadVectors = (): Vectors => bytesOf(ITEMS, (item) => encodePayload([item]))
export const directVectors = (): Vectors => bytesOf(DIRECT, encodeDirectMessage)

/** A file for one device: its head, and its second record, which is the last. */
export const CARRY = { salt: seed('carry salt'), index: 1, frames: [FRAMES.envelope, FRAMES.entries, FRAMES.receipts] } as const
const carryVectors = (): Vectors => {
  const mark = carryMark(grant.sealKey, CARRY.salt)
  const share = { slot: 0, salt: CARRY.salt, key: carryKey(grant.sealKey, CARRY.salt) }
  return {
    head: toHex(carryHead({ salt: CARRY.salt, marks: [mark] })),
    record: toHex(sealCarryRecord(share, { index: CARRY.index, isLast: true }, CARRY.frames)),
  }
}

/** A parcel of a file's fourth chunk by its hash, and what the first are called. */
const parcelVectors = (): Vectors => ({
  'SHA-256 of a parcel': toHex(hash(parcel)),
  ...Object.fromEntries([0, 1, 3].map((index) => [`name ${index}`, parcelNameAt(parcelNamesKey(fileKey), index)])),
})

/** A grant, and a blob for its mailbox with one frame of each kind. */
export function mailboxVectors(): Vectors {
  const sealed = sealBlob(grant, Object.values(FRAMES))
  const entries = Object.values(FRAMES).filter((one) => one.kind === 'entries')
  const joint = sealJointBlob({ conversation, device, key: seed('blob key') }, entries)
  const readSeed = seed('read seed')
  const second = secondKeysOf({ ...grant, readSeed }, SECOND_RELAY)
  return {
    grant: toHex(encode(mailboxGrant, grant)),
    blob: toHex(sealed),
    blobId: blobIdOfSealed(sealed),
    joint: toHex(joint),
    'second grant': toHex(encode(mailboxGrant, secondGrantOf(grant, SECOND_RELAY))),
    'second read seed': toHex(second.readSeed),
  }
}

/** What is signed for and by a relay, before it is signed. */
export const statementVectors = (): Vectors => ({
  'opening a mailbox': toHex(mailboxReadStatement(relayKey, challenge, mailbox)),
  'binding a mailbox': toHex(mailboxSendStatement(relayKey, challenge, mailbox)),
  'closing a mailbox': toHex(mailboxCloseStatement(relayKey, challenge, mailbox)),
  'deposits are durable': toHex(
    depositedStatement(NOW, [
      { mailbox, blob: blobIdOfSealed(blob) },
      { mailbox: mailboxIdOf(seed('other mailbox')), blob: blobIdOfSealed(blob) },
    ]),
  ),
  'answers are signed together': toHex(
    signedFor(seed('statement'), [
      { isSecond: true, other: seed('other statement') },
      { isSecond: false, other: seed('other half') },
    ]),
  ),
  'a record': toHex(recordPutStatement(record, 2, NOW, blob)),
  'a record is durable': toHex(recordedStatement({ record, serial: 2, blob }, NOW)),
  "a record's end": toHex(recordEndStatement(record, word)),
  'a claim': toHex(recordClaimStatement(relayKey, challenge, { record, proof: claimProof(token, claimant) })),
  'a receipt': toHex(receiptStatement(device, RECEIPT)),
  prekeys: toHex(prekeysPutStatement(record, 3, utf8ToBytes('reusable'), [utf8ToBytes('one'), utf8ToBytes('two')])),
})

/** Updates of one author, the second on top of the first. */
export function documentVectors(): Vectors {
  const document = openDocument('meta', { client: 305_419_896, updates: [] })
  const update = (made: Uint8Array | undefined): string => toHex(made ?? new Uint8Array(0))
  return {
    'a title': update(setTitle(document, 'Garden')),
    'another title': update(setTitle(document, 'Grüße 👋')),
    'no title': update(setTitle(document, '')),
  }
}

const CODE = { relay: grant.relay, secret: seed('link secret').subarray(0, 16) }
const OFFER = { account: accountIdOf(seed('account')), agreementKey: seed('link key'), nonce: seed('link nonce') }
const ANSWER = {
  device: { signingKey: seed('signing key'), agreementKey: seed('agreement key') },
  agreementKey: seed('other link key'),
  kemKey: bundleOfSeed().reusable.kemKey,
  nonce: seed('other link nonce'),
  name: 'Firefox, Linux',
}
const SHARED = { signingKey: seed('signing key'), agreementKey: seed('agreement key'), account: accountIdOf(seed('account')), read: 7 }

/** What own devices say in their circle. */
export const SAID: Readonly<Record<CircleSaid['kind'], CircleSaid>> = {
  named: { kind: 'named', name: 'Firefox, Linux' },
  share: {
    kind: 'share',
    conversation,
    founder: accountIdOf(seed('account')),
    isGroup: false,
    feeds: [SHARED],
    lists: [utf8ToBytes('signed')],
  },
  reach: { kind: 'reach', conversation, bundle: bundleOfSeed(), grants: [{ device, grant }] },
}

export function linkingVectors(): Vectors {
  const places = linkPlacesOf(CODE.secret)
  const seen = { commitment: commitmentTo(OFFER), offer: OFFER, answer: ANSWER }
  const handed: Handover = {
    entropy: seed('entropy'),
    lists: [utf8ToBytes('signed')],
    former: [ANSWER.device],
    circle: conversation,
    bundle: bundleOfSeed(),
    grant,
    name: 'Ana',
    readReceipts: true,
    names: [{ device, name: 'Firefox, Linux' }],
  }
  return {
    code: linkCodeText(CODE),
    key: toHex(places.key),
    'record of the offer': places.offer,
    'record of the answer': places.answer,
    'record of a second answer': places.spoiled,
    committed: toHex(encode(offerStage, { kind: 'committed', commitment: seen.commitment })),
    revealed: toHex(encode(offerStage, { kind: 'revealed', offer: OFFER })),
    answer: toHex(encode(linkAnswer, ANSWER)),
    digits: digitsOf(seen),
    handover: toHex(encode(handover, handed)),
    ...Object.fromEntries(Object.entries(SAID).map(([name, value]) => [`said: ${name}`, toHex(encode(circleSaid, value))])),
  }
}

/** All sections, by the file that they are frozen in. */
export const wireVectors = (): Readonly<Record<string, Vectors>> => ({
  frame: frameVectors(),
  payload: payloadVectors(),
  mailbox: mailboxVectors(),
  parcel: parcelVectors(),
  carry: carryVectors(),
  call: callVectors(),
  message: messageVectors(),
  statement: statementVectors(),
  direct: directVectors(),
  document: documentVectors(),
  linking: linkingVectors(),
})
