// The vectors of the log: everything comes from the seeds named here. What they were when they were frozen stands in log-*.json.

import { fromHex, toHex, utf8ToBytes } from '../../src/bytes/bytes.ts'
import { encode } from '../../src/bytes/codec.ts'
import { accountIdOf, chainIdOf, conversationIdOf, deviceIdOf, entryIdOf, NO_CONVERSATION, NO_ENTRY } from '../../src/bytes/ids.ts'
import { hash } from '../../src/crypto/hash.ts'
import { membersHash } from '../../src/conversation/members.ts'
import { toMarked } from '../../src/conversation/mention.ts'
import { sealScheduled } from '../../src/conversation/scheduled.ts'
import { clientOf, livingClientOf } from '../../src/documents/client.ts'
import { createEntry, signRun } from '../../src/log/entry.ts'
import { orderKeyOf, orderOf } from '../../src/log/order.ts'
import { content as contentCodec } from '../../src/wire/content.ts'
import { wireEntry } from '../../src/wire/entry.ts'
import { webp } from '../fixtures/pictures.ts'
import { seededRandom } from './seeded-random.ts'
import type { Content } from '../../src/wire/content.ts'

const seed = (name: string): Uint8Array => hash(utf8ToBytes(`kith vector ${name}`))
const founder = accountIdOf(seed('founder'))
const guest = accountIdOf(seed('guest'))
const device = deviceIdOf(seed('device'))
const target = entryIdOf(seed('target'))
const otherDevice = deviceIdOf(seed('other device'))

const CONTENTS: readonly Content[] = [
  { kind: 'create', shape: 'pair', founder, deviceList: seed('list'), nonce: seed('nonce').subarray(0, 16) },
  { kind: 'admit', account: guest, deviceList: seed('list') },
  { kind: 'join', account: guest, deviceList: seed('list'), proof: seed('proof') },
  { kind: 'text', text: 'Grüße, 你好 👋' },
  { kind: 'text', text: toMarked({ text: 'Grüße, @Ana 👋', mentions: [{ start: 7, end: 11, account: guest }] }) },
  { kind: 'profile', name: 'Ana' },
  { kind: 'face', about: 'Mostly in the garden 🌱', picture: webp({ drawn: 20 }) },
  { kind: 'face', about: '', picture: new Uint8Array(0) },
  { kind: 'document', document: 1, update: Uint8Array.of(0, 0) },
  { kind: 'reply', target, text: 'Ja' },
  { kind: 'reaction', target, emoji: '👋', isSet: true },
  { kind: 'edit', target, text: 'Grüße, 你好' },
  { kind: 'deletion', target },
  { kind: 'pin', target, isSet: false },
  { kind: 'living', form: 1, text: 'Lunch?\nSoup\nPizza' },
  { kind: 'change', target, update: new Uint8Array([1, 2, 3]) },
  {
    kind: 'scheduled',
    act: sealScheduled(
      { conversation: conversationIdOf(seed('conversation')), device, key: seed('scheduled key') },
      { due: 1_800_000_000_000, content: { kind: 'reply', target, text: 'Ja' } },
    ),
  },
  { kind: 'scheduled', act: { kind: 'key', seq: 7, target, key: seed('scheduled key') } },
  {
    kind: 'attachments',
    text: 'Vom Grat',
    answers: target,
    files: [
      {
        size: 200_000,
        root: seed('root'),
        key: seed('file key'),
        name: '',
        photo: { width: 1_600, height: 1_200, thumbhash: seed('thumb').subarray(0, 24) },
      },
      { size: 0, root: seed('root 2'), key: seed('file key 2'), name: 'Weg.gpx', photo: undefined },
    ],
  },
  {
    kind: 'attachments',
    text: '',
    answers: undefined,
    files: [
      {
        size: 168_000,
        root: seed('voice root'),
        key: seed('voice key'),
        name: '',
        photo: undefined,
        voice: { duration: 42_000, waveform: seed('waveform') },
      },
    ],
  },
  {
    kind: 'attachments',
    text: 'Wellen',
    answers: target,
    files: [
      {
        size: 9_000_000,
        root: seed('video root'),
        key: seed('video key'),
        name: 'Wellen.mp4',
        photo: undefined,
        video: { width: 1_920, height: 1_080, thumbhash: seed('video thumb').subarray(0, 24), duration: 12_300, hasPoster: true },
      },
      {
        size: 90_000,
        root: seed('poster root'),
        key: seed('poster key'),
        name: '',
        photo: { width: 1_280, height: 720, thumbhash: seed('video thumb').subarray(0, 24) },
      },
      { size: 10, root: seed('root 3'), key: seed('file key 3'), name: 'Weg.gpx', photo: undefined },
    ],
  },
]

/** Each kind of content and its bytes. */
export const contentVectors = (): readonly unknown[] =>
  CONTENTS.map((content) => ({ kind: content.kind, bytes: toHex(encode(contentCodec, content)) }))

/** Two entries of one feed: the one that creates a conversation, and a text after it that names another feed. */
export function entryVectors(): readonly unknown[] {
  const random = seededRandom('log vectors')
  const common = { device, chain: chainIdOf(seed('chain').subarray(0, 16)), random, ttl: 0 }
  const create = createEntry({
    ...common,
    conversation: NO_CONVERSATION,
    seq: 0,
    prev: NO_ENTRY,
    deps: [],
    members: membersHash([]),
    step: 0,
    time: 1_800_000_000_000,
    content: CONTENTS[0] as Content,
    messageKey: seed('message key 0'),
  })
  const conversation = conversationIdOf(fromHex(create.id))
  const text = createEntry({
    ...common,
    conversation,
    seq: 1,
    prev: create.id,
    deps: [{ device: otherDevice, seq: 3, id: create.id }],
    members: membersHash([founder, guest]),
    step: 1,
    ttl: 3_600,
    time: 1_800_000_001_000,
    content: CONTENTS[3] as Content,
    messageKey: seed('message key 1'),
  })
  const signature = signRun(seed('signing seed'), { conversation, device, seq: 1, id: text.id })
  const order = orderOf(text.header, [{ time: 1_800_000_002_000, depth: 4 }])
  return [
    {
      name: 'create',
      id: create.id,
      header: toHex(create.headerBytes),
      body: toHex(create.body),
      messageKey: toHex(seed('message key 0')),
    },
    { name: 'text', id: text.id, header: toHex(text.headerBytes), body: toHex(text.body), messageKey: toHex(seed('message key 1')) },
    { name: 'run', signingSeed: toHex(seed('signing seed')), signature: toHex(signature) },
    { name: 'wire', bytes: toHex(encode(wireEntry, { header: text.headerBytes, signature, body: text.body })) },
    { name: 'order', past: [{ time: 1_800_000_002_000, depth: 4 }], key: orderKeyOf(order, text.id) },
    { name: 'client', device, conversation, client: clientOf(device, conversation) },
    { name: 'living client', device, conversation, client: livingClientOf(device, conversation) },
  ]
}
