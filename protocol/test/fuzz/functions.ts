// Decoders that are functions: texts, signed statements, what is sealed, entries on their way into a log, blocks of the index, streams of frames.

import { decodeDirectMessage, encodeDirectMessage } from '../../../app/src/adapters/libp2p/direct-message.ts'
import { FrameReader, FrameTooLargeError } from '../../../app/src/adapters/libp2p/framing.ts'
import { createFrameReader } from '../../../signal-server/src/transport/frames.ts'
import { concatBytes, fromHex, parseBase64Url, parseUtf8, toBase64Url, utf8ToBytes } from '../../src/bytes/bytes.ts'
import { DecodeError, encode, tryDecode } from '../../src/bytes/codec.ts'
import { conversationIdOf, deviceIdOf, mailboxIdOf } from '../../src/bytes/ids.ts'
import { sealChunk } from '../../src/attachments/chunk.ts'
import { openParcel, sealParcel } from '../../src/attachments/parcel.ts'
import { pictureIn } from '../../src/attachments/picture.ts'
import { readMentions, toMarked } from '../../src/conversation/mention.ts'
import { openScheduled, sealScheduled } from '../../src/conversation/scheduled.ts'
import { hash } from '../../src/crypto/hash.ts'
import { pad, unpad } from '../../src/crypto/pad.ts'
import { parseCard, signCard } from '../../src/group/card.ts'
import { judgeHandleClaim, readHandleClaim, signHandleClaim } from '../../src/handle/claim.ts'
import { deskKeysOf, openHello, sealHello } from '../../src/handle/hello.ts'
import { parseHandle } from '../../src/handle/handle.ts'
import { accountIdFromKey, accountKeyOf, createAccount } from '../../src/identity/account.ts'
import { createDevice, devicePublicOf } from '../../src/identity/device.ts'
import { acceptDeviceList, parseDeviceList, signDeviceList } from '../../src/identity/device-list.ts'
import { termsRow } from '../../src/host/records/people.ts'
import { NO_ALARMS, NO_TERMS } from '../../src/node/terms/terms-state.ts'
import { ratchet } from '../../src/host/records/sessions.ts'
import { openInviteEnd, sealInviteEnd } from '../../src/invite/end.ts'
import { createGroupLink, parseGroupLink } from '../../src/invite/group-link.ts'
import { parseInviteLink } from '../../src/invite/link.ts'
import { invitePacket, openPacket, sealPacket } from '../../src/invite/packet.ts'
import { BLOB_BUCKETS, FRAME_BYTES_MAX, RELAY_FRAME_BYTES_MAX } from '../../src/limits.ts'
import { linkCodeText, parseLinkCode } from '../../src/linking/link-code.ts'
import { readHeader } from '../../src/log/entry.ts'
import { framesIn, openBlob, paddedFrames, sealBlob } from '../../src/mailbox/blob.ts'
import { carryHead, carryMark, readCarryHead, readCarryRecord, sealCarryRecord } from '../../src/mailbox/carry-file.ts'
import { openJointBlob, sealJointBlob } from '../../src/mailbox/joint-blob.ts'
import { createLineWriter, readLineBlock } from '../../src/search/line-block.ts'
import { createTermWriter, readTermBlock } from '../../src/search/term-block.ts'
import { createPrekeys, takeOneTime } from '../../src/session/prekeys.ts'
import { parsePayload } from '../../src/session/payload.ts'
import { parsePicture } from '../../src/wire/picture.ts'
import { wireEntry } from '../../src/wire/entry.ts'
import { createAuthor, createReceiver, CONVERSATION, deliver, NOW, signed, write } from '../fixtures/feeds.ts'
import { jpeg, webp } from '../fixtures/pictures.ts'
import { createParty, initiated, opened, sealed, tryOpen } from '../vectors/pair-of-devices.ts'
import { seededRandom } from '../vectors/seeded-random.ts'
import { suiteOneVectors } from '../vectors/suite-1.ts'
import { FRAMES, grant, DIRECT } from '../vectors/wire.ts'
import type { GroupLink } from '../../src/invite/group-link.ts'
import type { Decoder, Reading } from './decoder.ts'

const refused: Reading = { kind: 'refused' }
const read = (value: unknown, again?: Uint8Array): Reading => (value === undefined ? refused : { kind: 'read', again })
const seedOf = (name: string): Uint8Array => hash(utf8ToBytes(`fuzz ${name}`))
const vectors = suiteOneVectors()
const vector = (section: string, name: string): Uint8Array => fromHex(vectors[section]?.[name] ?? '')
const conversation = conversationIdOf(seedOf('conversation'))

/** What throws DecodeError where bytes follow no grammar. */
function unlessMalformed(reading: () => Reading): Reading {
  try {
    return reading()
  } catch (error) {
    if (error instanceof DecodeError || error instanceof FrameTooLargeError) return refused
    throw error
  }
}

const GROUP_LINK: GroupLink = {
  relay: grant.relay,
  origin: 'https://chat.example.org',
  conversation,
  founder: accountIdFromKey(accountKeyOf(createAccount(seededRandom('founder')))),
  secret: seedOf('secret').subarray(0, 16),
  title: 'Club',
  members: 3,
  expires: 1_800_000,
}
const CARRY_SHARE = { slot: 0, salt: seedOf('salt'), key: seedOf('key') }
const CARRY_HEAD = carryHead({ salt: seedOf('salt'), marks: [carryMark(seedOf('key'), seedOf('salt'))] })

// ------------------------------------------------------------------------------------------------ texts

const mentioned = accountIdFromKey(accountKeyOf(createAccount(seededRandom('mentioned'))))
const MENTIONING = toMarked({ text: 'Grüße @Ana!', mentions: [{ start: 6, end: 10, account: mentioned }] })

const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, 20_000))
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 255)

const texts: readonly Decoder[] = [
  {
    name: 'invite/link.ts parseInviteLink',
    isCalculating: true,
    seeds: [bytesOf(vectors['invite']?.['link'] ?? ''), bytesOf(`look: ${vectors['invite']?.['link'] ?? ''}. See you`)],
    read: (bytes) => ({ kind: parseInviteLink(textOf(bytes)).kind === 'parsed' ? 'read' : 'refused' }),
  },
  {
    name: 'invite/group-link.ts parseGroupLink',
    seeds: [bytesOf(createGroupLink(GROUP_LINK))],
    read: (bytes) => ({ kind: parseGroupLink(textOf(bytes)) === undefined ? 'refused' : 'read' }),
  },
  {
    name: 'mailbox/carry-file.ts readCarryHead',
    seeds: [CARRY_HEAD],
    read: (bytes) => ({ kind: readCarryHead(bytes).kind === 'read' ? 'read' : 'refused' }),
  },
  {
    name: 'mailbox/carry-file.ts readCarryRecord',
    seeds: [sealCarryRecord(CARRY_SHARE, { index: 0, isLast: true }, [FRAMES.receipts])],
    read: (bytes) => ({ kind: readCarryRecord(bytes).kind === 'read' ? 'read' : 'refused' }),
  },
  {
    name: 'linking/link-code.ts parseLinkCode',
    seeds: [bytesOf(linkCodeText({ relay: grant.relay, secret: seedOf('secret').subarray(0, 16) }))],
    read: (bytes) => read(parseLinkCode(textOf(bytes))),
  },
  { name: 'handle/handle.ts parseHandle', seeds: [bytesOf('@Ana.b2')], read: (bytes) => read(parseHandle(textOf(bytes))) },
  {
    name: 'bytes/bytes.ts parseUtf8',
    seeds: [utf8ToBytes('Grüße 👋 שלום')],
    read: (bytes) => {
      const text = parseUtf8(bytes)
      return read(text, text === undefined ? undefined : utf8ToBytes(text))
    },
  },
  {
    name: 'conversation/mention.ts readMentions',
    isCalculating: true,
    seeds: [utf8ToBytes(MENTIONING), utf8ToBytes(`${MENTIONING}${MENTIONING}`)],
    read: (bytes) => {
      const text = parseUtf8(bytes.subarray(0, 20_000))
      if (text === undefined) return refused
      const marked = toMarked(readMentions(text))
      return marked === text ? { kind: 'read', again: utf8ToBytes(marked) } : refused
    },
  },
  {
    name: 'bytes/bytes.ts parseBase64Url',
    seeds: [bytesOf('AAECAw'), bytesOf('_-8')],
    read: (bytes) => {
      const parsed = parseBase64Url(textOf(bytes))
      return read(parsed, parsed === undefined ? undefined : bytesOf(toBase64Url(parsed)))
    },
  },
]

// ------------------------------------------------------------------------------------------------ signed statements

const random = seededRandom('fuzz')
const [account, device] = [createAccount(random), createDevice(random)]
const { signingKey, agreementKey } = devicePublicOf(device)
const listed = { serial: 0, prev: new Uint8Array(32), issued: NOW, devices: [{ signingKey, agreementKey, added: NOW }], revoked: [] }
const list = signDeviceList({ ...listed, accountKey: accountKeyOf(account) }, account)
const { bundle } = takeOneTime(createPrekeys({ device, now: NOW, random, oneTime: 1 }))
const helloDesk = { account: accountIdFromKey(accountKeyOf(account)), mailbox: grant.mailbox, seed: seedOf('desk') }
const { key: deskKey, kemKey } = deskKeysOf(helloDesk.seed)
const { id: claimant } = devicePublicOf(device)
const handleDesk = { mailbox: grant.mailbox, key: deskKey, kemKey, isListed: true }
const handleClaim = signHandleClaim(
  { handle: 'ana', list, device: claimant, issued: NOW, desk: handleDesk },
  seedOf('relay'),
  device.signSeed,
)
const offer = { relay: grant.relay, token: seedOf('token').subarray(0, 16), key: seedOf('packet'), expires: 1_800_000_000 }
const helloSaid = { list, device: claimant, name: 'Ana', offer, text: 'Hello' }
const firstWord =
  sealHello({ account: helloDesk.account, desk: handleDesk }, helloSaid, { signSeed: device.signSeed, random }) ?? new Uint8Array()
const card = signCard({ conversation, issued: NOW, list, bundle, door: grant }, device.signSeed)

const statements: readonly Decoder[] = [
  {
    name: 'identity/device-list.ts parseDeviceList',
    seeds: [vector('identity', 'signedDeviceList')],
    read: (bytes) => read(parseDeviceList(bytes)),
  },
  {
    name: 'identity/device-list.ts acceptDeviceList',
    isCalculating: true,
    seeds: [vector('identity', 'signedDeviceList')],
    read: (bytes) => ({ kind: acceptDeviceList(undefined, bytes).kind === 'accepted' ? 'read' : 'refused' }),
  },
  {
    name: 'handle/claim.ts judgeHandleClaim',
    isCalculating: true,
    seeds: [handleClaim],
    read: (bytes) => ({ kind: judgeHandleClaim(bytes, seedOf('relay')).kind === 'genuine' ? 'read' : 'refused' }),
  },
  { name: 'handle/claim.ts readHandleClaim', seeds: [handleClaim], read: (bytes) => read(readHandleClaim(bytes)) },
  { name: 'handle/hello.ts openHello', isCalculating: true, seeds: [firstWord], read: (bytes) => read(openHello(helloDesk, bytes)) },
  { name: 'group/card.ts parseCard', isCalculating: true, seeds: [card], read: (bytes) => read(parseCard(bytes, conversation)) },
]

// ------------------------------------------------------------------------------------------------ what is sealed

const secret = { token: vector('invite', 'token'), key: vector('invite', 'key') }
const inviter = accountIdFromKey(accountKeyOf(account))
const packet = { deviceList: list, bundle, name: 'Alice', grant, conversation, chains: [], entries: [], created: NOW }
const joint = { conversation, device: grant.mailbox as never, key: seedOf('blob key') }
const fileKey = seedOf('file key')
const scheduledAt = { conversation, device: deviceIdOf(seedOf('device')), key: seedOf('scheduled key') }
const scheduled = sealScheduled(scheduledAt, { due: 1_800_000_000_000, content: { kind: 'text', text: 'later' } })
const entriesFrame = { ...FRAMES.entries, conversation } as Extract<(typeof FRAMES)['entries'], { kind: 'entries' }>
const mailbox = { mailbox: mailboxIdOf(seedOf('mailbox')), sealKey: seedOf('seal key') }

const [alice, bob] = [createParty('fuzz alice'), createParty('fuzz bob', 1)]
const hello = sealed(initiated(alice, bob, takeOneTime(bob.prekeys).bundle), 'hello')
const talking = opened({ ...bob, prekeys: takeOneTime(bob.prekeys).store }, alice, hello.envelope).self
const answered = sealed(talking, 'hi')
const reply = sealed(opened(hello.self, bob, answered.envelope).self, 'how are you')
const offering = sealed(opened(hello.self, bob, answered.envelope).self, 'a key', { offers: true })
const healing = sealed(opened(answered.self, alice, offering.envelope).self, 'its ciphertext', { offers: true })

/** Values that stand within what was frozen, or under a seal. */
export const within: readonly Uint8Array[] = [
  encode(invitePacket, packet),
  encode(termsRow, { ...NO_TERMS, alarms: NO_ALARMS, names: new Map([[inviter, 'Ana']]) }),
  ...(hello.self.pairing?.sessions ?? []).map((session) => encode(ratchet, session.ratchet)),
]

const sealedThings: readonly Decoder[] = [
  { name: 'mailbox/blob.ts framesIn', seeds: [paddedFrames([FRAMES.have, FRAMES.entries])], read: (bytes) => read(framesIn(bytes)) },
  { name: 'mailbox/blob.ts openBlob', seeds: [sealBlob(mailbox, [FRAMES.have])], read: (bytes) => read(openBlob(mailbox, bytes)) },
  {
    name: 'mailbox/joint-blob.ts openJointBlob',
    seeds: [sealJointBlob(joint, [entriesFrame])],
    read: (bytes) => read(openJointBlob(joint, bytes)),
  },
  {
    name: 'invite/packet.ts openPacket',
    isCalculating: true,
    seeds: [sealPacket(packet, secret.key, secret.token, random)],
    read: (bytes) => ({ kind: openPacket({ ...secret, account: inviter }, bytes).kind === 'opened' ? 'read' : 'refused' }),
  },
  {
    name: 'invite/end.ts openInviteEnd',
    seeds: [sealInviteEnd('used', secret), sealInviteEnd('revoked', secret)],
    read: (bytes) => read(openInviteEnd(secret, bytes)),
  },
  {
    name: 'attachments/parcel.ts openParcel',
    isCalculating: true,
    seeds: [sealParcel(fileKey, 3, { proof: [seedOf('left')], sealed: sealChunk(fileKey, 3, utf8ToBytes('a chunk')) })],
    read: (bytes) => read(openParcel(fileKey, 3, bytes)),
  },
  {
    name: 'conversation/scheduled.ts openScheduled',
    isCalculating: true,
    seeds: [scheduled.sealed],
    read: (bytes) => read(openScheduled(scheduledAt, { ...scheduled, sealed: bytes })),
  },
  { name: 'session/payload.ts parsePayload', seeds: [vector('chain', 'payload')], read: (bytes) => read(parsePayload(bytes)) },
  {
    name: 'session/opening.ts openFrom, a first message',
    isCalculating: true,
    seeds: [hello.envelope],
    read: (bytes) => ({ kind: tryOpen(bob, alice, bytes).kind === 'opened' ? 'read' : 'refused' }),
  },
  {
    name: 'session/opening.ts openFrom, a later one',
    isCalculating: true,
    seeds: [reply.envelope],
    read: (bytes) => ({ kind: tryOpen(answered.self, alice, bytes).kind === 'opened' ? 'read' : 'refused' }),
  },
  {
    name: 'session/opening.ts openFrom, one with a key for healing',
    isCalculating: true,
    seeds: [offering.envelope],
    read: (bytes) => ({ kind: tryOpen(answered.self, alice, bytes).kind === 'opened' ? 'read' : 'refused' }),
  },
  {
    name: 'session/opening.ts openFrom, one that heals',
    isCalculating: true,
    seeds: [healing.envelope],
    read: (bytes) => ({ kind: tryOpen(offering.self, bob, bytes).kind === 'opened' ? 'read' : 'refused' }),
  },
  {
    name: 'crypto/pad.ts unpad',
    seeds: [pad(utf8ToBytes('content'), BLOB_BUCKETS)],
    read: (bytes) => {
      const content = unpad(bytes, BLOB_BUCKETS)
      return read(content, content === undefined ? undefined : pad(content, BLOB_BUCKETS))
    },
  },
]

// ------------------------------------------------------------------------------------------------ the log

const writer = createAuthor('fuzz')
const first = write(writer)
const receiver = createReceiver([writer])

const log: readonly Decoder[] = [
  {
    name: 'log/entry.ts readHeader',
    seeds: [first.headerBytes, write(writer, { after: first }).headerBytes],
    read: (bytes) => read(readHeader(bytes)),
  },
  {
    name: 'log/admit.ts admitEntries',
    isCalculating: true,
    seeds: [encode(wireEntry, signed(first))],
    read(bytes) {
      const entry = tryDecode(wireEntry, bytes)
      if (entry === undefined) return refused
      const { accepted } = deliver(receiver, [entry]).admission
      // A signature covers all of the header, and the header the body. Without its body an entry is still one.
      const isHonest = accepted.every(({ id, body }) => id === first.id && (body === undefined || body.length === first.body.length))
      if (!isHonest) throw new Error(`an entry that nobody wrote was accepted in ${CONVERSATION}`)
      return accepted.length > 0 ? { kind: 'read' } : refused
    },
  },
]

// ------------------------------------------------------------------------------------------------ blocks and streams

function aTermBlock(): readonly Uint8Array[] {
  const terms = createTermWriter()
  terms.add('garden', [0, 3, 4, 9])
  terms.add('gardener', [2])
  terms.add('tomato', [1, 5])
  return terms.takeAll().map(({ bytes }) => bytes)
}
const lines = createLineWriter()
for (const depth of [3, 2, 7]) lines.add({ place: { conversation, time: NOW, depth }, account: inviter, version: depth % 2 })
const lineBlocks = lines.takeAll().map(({ bytes }) => bytes)

/** Frames with their lengths in front, as they come out of a stream in two pieces. */
const inPieces = (push: (chunk: Uint8Array) => readonly Uint8Array[] | undefined, bytes: Uint8Array): Reading => {
  const frames: Uint8Array[] = []
  for (const chunk of [bytes.subarray(0, 3), bytes.subarray(3)]) {
    const found = push(chunk)
    if (found === undefined) return refused
    frames.push(...found)
  }
  return frames.length > 0 ? { kind: 'read' } : refused
}
const framed = concatBytes(Uint8Array.of(0, 0, 0, 2, 7, 7), Uint8Array.of(0, 0, 0, 1, 9))

const blocksAndStreams: readonly Decoder[] = [
  {
    name: 'search/term-block.ts readTermBlock',
    seeds: aTermBlock(),
    read: (bytes) => unlessMalformed(() => (readTermBlock(bytes, () => undefined), { kind: 'read' })),
  },
  {
    name: 'search/line-block.ts readLineBlock',
    seeds: lineBlocks,
    read: (bytes) => unlessMalformed(() => read(readLineBlock({ time: NOW, bytes }, lines.names()))),
  },
  {
    name: 'attachments/picture.ts pictureIn',
    seeds: [
      Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc2, 0, 17, 8, 3, 0x20, 4, 0xb0, 3, 0),
      bytesOf('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x02\0\0\x03\x04'),
      bytesOf('RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x20\x03\x58\x02'),
    ],
    read: (bytes) => read(pictureIn(bytes)),
  },
  {
    name: 'wire/picture.ts parsePicture',
    seeds: [webp(), jpeg(), jpeg({ drawn: 3_000 })],
    read: (bytes) => ({ kind: parsePicture(bytes).kind === 'picture' ? 'read' : 'refused' }),
  },
  {
    name: 'direct messages',
    seeds: Object.values(DIRECT).map((message) => encodeDirectMessage(message).subarray(4)),
    read: (bytes) =>
      unlessMalformed(() => {
        const message = decodeDirectMessage(bytes)
        return { kind: 'read', again: encodeDirectMessage(message).slice(4) }
      }),
  },
  {
    name: 'frames on a direct path',
    seeds: [framed],
    read: (bytes) =>
      unlessMalformed(() => {
        const reader = new FrameReader(FRAME_BYTES_MAX)
        return inPieces((chunk) => reader.push(chunk), bytes)
      }),
  },
  {
    name: 'frames on a stream to a relay',
    seeds: [framed],
    read(bytes) {
      const reader = createFrameReader(RELAY_FRAME_BYTES_MAX)
      return inPieces((chunk) => reader.push(chunk), bytes)
    },
  },
]

export const functionDecoders: readonly Decoder[] = [...texts, ...statements, ...sealedThings, ...log, ...blocksAndStreams]
