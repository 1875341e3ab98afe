// The counts and sizes that frames and relay calls may have: exactly as many pass, one more does not.

import { describe, expect, test } from 'vitest'
import { decode, encode } from '../bytes/codec.ts'
import { blobIdOf, conversationIdOf, deviceIdOf, mailboxIdOf, NO_ENTRY, recordIdOf } from '../bytes/ids.ts'
import {
  ACKNOWLEDGE_BLOBS_MAX,
  BLOB_BUCKETS,
  BLOB_BYTES_MAX,
  BLOBS_PER_PUSH_MAX,
  CONVERSATIONS_PER_HAVE_MAX,
  DEPOSITS_PER_REQUEST_MAX,
  ENTRIES_PER_FRAME_MAX,
  ENVELOPE_BYTES_MAX,
  FEEDS_PER_CONVERSATION_MAX,
  FRAME_BYTES_MAX,
  MAILBOXES_PER_DEPOSIT_MAX,
  MAILBOXES_PER_REQUEST_MAX,
  ONE_BY_ONE_MAILBOXES_MAX,
  ONE_TIME_PREKEYS_PER_PUT_MAX,
  PREKEY_ONE_TIME_BYTES_MAX,
  PREKEY_REUSABLE_BYTES_MAX,
  PROOF_STEPS_MAX,
  RECEIPT_TIPS_MAX,
  RECEIPT_UNREADABLE_MAX,
  RECEIPTS_PER_FRAME_MAX,
  RELAY_URL_BYTES_MAX,
  SIGNED_DEVICE_LIST_BYTES_MAX,
  UNREADABLE_HEARD_MAX,
} from '../limits.ts'
import { ABOUT_BYTES_MAX, PICTURE_BYTES_MAX } from './face-limits.ts'
import { haveOf } from '../../test/fixtures/have.ts'
import { mailboxGrant } from './capability.ts'
import { content } from './content.ts'
import { frame } from './frame.ts'
import { depositBytesOf, pushedBytesOf, RELAY_FRAME_OVERHEAD_BYTES, relayCall, relayMessage, relayRequest, storedBytesOf } from './relay.ts'
import { NO_CLAIM } from './receipt.ts'
import type { Frame } from './frame.ts'
import type { Claim, FeedTip } from './receipt.ts'
import type { RelayMessage, RelayRequest } from './relay.ts'

const conversation = conversationIdOf(new Uint8Array(32))
const mailbox = mailboxIdOf(new Uint8Array(32))
const device = deviceIdOf(new Uint8Array(32))
const many = <T>(count: number, item: T): readonly T[] => Array.from({ length: count }, () => item)

const deposit = (count: number, blob = Uint8Array.of(1)): RelayRequest => ({
  kind: 'deposit',
  deposits: [{ mailboxes: many(count, mailbox), blob }],
})

const prekeys = (count: number, bytes: { readonly reusable: number; readonly oneTime: number }): RelayRequest => ({
  kind: 'put-prekeys',
  record: recordIdOf(new Uint8Array(32)),
  owner: new Uint8Array(32),
  serial: 1,
  reusable: new Uint8Array(bytes.reusable),
  oneTime: many(count, new Uint8Array(bytes.oneTime)),
  signature: new Uint8Array(64),
})

const seqs = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at)
const heard = (claim: Partial<Claim>): Frame => ({ kind: 'have', have: [{ ...haveOf(conversation), heard: { ...NO_CLAIM, ...claim } }] })
const receiptsOf = (claim: Claim, count = 1, tips: readonly FeedTip[] = []): Frame => ({
  kind: 'receipts',
  receipts: many(count, { conversation, feed: device, tips, claim, signature: new Uint8Array(64) }),
})

const FRAMES: readonly (readonly [what: string, max: number, make: (count: number) => Frame])[] = [
  ['conversations in a have', CONVERSATIONS_PER_HAVE_MAX, (count) => ({ kind: 'have', have: many(count, haveOf(conversation)) })],
  [
    'entries in a frame',
    ENTRIES_PER_FRAME_MAX,
    (count) => ({
      kind: 'entries',
      conversation,
      entries: many(count, { header: Uint8Array.of(1), signature: undefined, body: undefined }),
    }),
  ],
  [
    'feeds in a have',
    FEEDS_PER_CONVERSATION_MAX,
    (count) => ({ kind: 'have', have: [haveOf(conversation, many(count, { device, seq: 0, id: NO_ENTRY }))] }),
  ],
  ['unreadable entries that were heard of', UNREADABLE_HEARD_MAX, (count) => heard({ unreadable: seqs(count) })],
  ['recovered entries that were heard of', UNREADABLE_HEARD_MAX, (count) => heard({ recovered: seqs(count) })],
  ['receipts in a frame', RECEIPTS_PER_FRAME_MAX, (count) => receiptsOf(NO_CLAIM, count)],
  ['branches in a receipt', RECEIPT_TIPS_MAX, (count) => receiptsOf(NO_CLAIM, 1, many(count, { seq: 0, id: NO_ENTRY }))],
  ['unreadable entries in a receipt', RECEIPT_UNREADABLE_MAX, (count) => receiptsOf({ ...NO_CLAIM, unreadable: seqs(count) })],
  ['recovered entries in a receipt', RECEIPT_UNREADABLE_MAX, (count) => receiptsOf({ ...NO_CLAIM, recovered: seqs(count) })],
  ['bytes in an envelope', ENVELOPE_BYTES_MAX, (count) => ({ kind: 'envelope', from: device, envelope: new Uint8Array(count) })],
  ['bytes in a device list', SIGNED_DEVICE_LIST_BYTES_MAX, (count) => ({ kind: 'device-list', list: new Uint8Array(count) })],
]

const REQUESTS: readonly (readonly [what: string, max: number, make: (count: number) => RelayRequest])[] = [
  [
    'mailboxes in a request',
    MAILBOXES_PER_REQUEST_MAX,
    (count) => ({ kind: 'open-mailboxes', proofs: many(count, { mailbox, signature: new Uint8Array(64) }) }),
  ],
  ['bytes in a blob', BLOB_BYTES_MAX, (count) => deposit(1, new Uint8Array(count))],
  ['mailboxes in a deposit', MAILBOXES_PER_DEPOSIT_MAX, (count) => deposit(count)],
  [
    'deposits in a request',
    DEPOSITS_PER_REQUEST_MAX,
    (count) => ({ kind: 'deposit', deposits: many(count, { mailboxes: [mailbox], blob: Uint8Array.of(1) }) }),
  ],
  [
    'mailboxes in an acknowledgement',
    MAILBOXES_PER_REQUEST_MAX,
    (count) => ({ kind: 'acknowledge', stored: many(count, { mailbox, blobs: [] }) }),
  ],
  [
    'blobs in an acknowledgement',
    ACKNOWLEDGE_BLOBS_MAX,
    (count) => ({ kind: 'acknowledge', stored: [{ mailbox, blobs: many(count, blobIdOf(new Uint8Array(32))) }] }),
  ],
  ['one-time prekeys', ONE_TIME_PREKEYS_PER_PUT_MAX, (count) => prekeys(count, { reusable: 1, oneTime: 1 })],
  ['bytes in a reusable prekey', PREKEY_REUSABLE_BYTES_MAX, (count) => prekeys(1, { reusable: count, oneTime: 1 })],
  ['bytes in a one-time prekey', PREKEY_ONE_TIME_BYTES_MAX, (count) => prekeys(1, { reusable: 1, oneTime: count })],
]

describe('bounds of the wire', () => {
  test.each(FRAMES)('%s: %i pass, one more does not', (_what, max, make) => {
    expect(decode(frame, encode(frame, make(max)))).toEqual(make(max))
    expect(() => encode(frame, make(max + 1))).toThrow(RangeError)
  })

  test('the longest receipts that go together fit into a frame', () => {
    const claim = { delivered: 0, read: 0, unreadable: seqs(RECEIPT_UNREADABLE_MAX), recovered: seqs(RECEIPT_UNREADABLE_MAX) }
    const longest = receiptsOf(claim, RECEIPTS_PER_FRAME_MAX, many(RECEIPT_TIPS_MAX, { seq: 0, id: NO_ENTRY }))
    expect(encode(frame, longest).length).toBeLessThanOrEqual(FRAME_BYTES_MAX)
  })

  test.each(REQUESTS)('%s: %i pass, one more does not', (_what, max, make) => {
    expect(decode(relayRequest, encode(relayRequest, make(max)))).toEqual(make(max))
    expect(() => encode(relayRequest, make(max + 1))).toThrow(RangeError)
  })

  test('blobs in a push: as many pass as the bound says, one more does not', () => {
    const push = (count: number): RelayMessage => ({ kind: 'push', blobs: many(count, { mailbox, blob: Uint8Array.of(1) }) })
    expect(decode(relayMessage, encode(relayMessage, push(BLOBS_PER_PUSH_MAX)))).toEqual(push(BLOBS_PER_PUSH_MAX))
    expect(() => encode(relayMessage, push(BLOBS_PER_PUSH_MAX + 1))).toThrow(RangeError)
  })

  test('steps of a proof: as many pass as the bound says, one more does not', () => {
    const answer = (count: number): RelayMessage => {
      const path = many(count, { isSecond: true, other: new Uint8Array(32) })
      return { kind: 'answer', id: 1, answer: { kind: 'deposited', time: 1, signature: new Uint8Array(64), path, verdicts: [] } }
    }
    expect(decode(relayMessage, encode(relayMessage, answer(PROOF_STEPS_MAX)))).toEqual(answer(PROOF_STEPS_MAX))
    expect(() => encode(relayMessage, answer(PROOF_STEPS_MAX + 1))).toThrow(RangeError)
  })

  test('what one more of many takes in a frame is known before it is put there', () => {
    const blob = new Uint8Array(100)
    const deposits = [
      { mailboxes: many(3, mailbox), blob },
      { mailboxes: [mailbox], blob: new Uint8Array(7) },
    ]
    const stored = [{ mailbox, blobs: many(5, blobIdOf(new Uint8Array(32))) }]
    const blobs = [
      { mailbox, blob },
      { mailbox, blob: new Uint8Array(0) },
    ]
    const sum = (bytes: readonly number[]): number => bytes.reduce((all, each) => all + each, RELAY_FRAME_OVERHEAD_BYTES)
    const lengths: readonly (readonly [number, number])[] = [
      [encode(relayCall, { id: 1, request: { kind: 'deposit', deposits } }).length, sum(deposits.map(depositBytesOf))],
      [encode(relayCall, { id: 1, request: { kind: 'acknowledge', stored } }).length, sum(stored.map(storedBytesOf))],
      [encode(relayMessage, { kind: 'push', blobs }).length, sum(blobs.map(pushedBytesOf))],
    ]
    for (const [length, known] of lengths) {
      expect(length).toBeLessThanOrEqual(known)
      expect(length).toBeGreaterThan(known - RELAY_FRAME_OVERHEAD_BYTES)
    }
  })

  test('a short text for few mailboxes goes one by one within 9 kB, and for one more would not', () => {
    const sealed = new Uint8Array((BLOB_BUCKETS[0] ?? 0) + 40)
    const oneByOne = (count: number) =>
      encode(relayRequest, { kind: 'deposit', deposits: many(count, { mailboxes: [mailbox], blob: sealed }) })
    const atOnce = (count: number) =>
      encode(relayRequest, { kind: 'deposit', deposits: [{ mailboxes: many(count, mailbox), blob: sealed }] })
    expect(oneByOne(ONE_BY_ONE_MAILBOXES_MAX).length).toBeLessThan(9_000)
    expect(oneByOne(ONE_BY_ONE_MAILBOXES_MAX + 1).length).toBeGreaterThan(9_000)
    expect(atOnce(ONE_BY_ONE_MAILBOXES_MAX + 1).length).toBeLessThan(1_500)
  })

  test('the address of a relay may have as many bytes as the bound says, and not one more', () => {
    const grantAt = (length: number) => {
      const url = `ws://${'a'.repeat(length - 'ws://:65535'.length)}:65535`
      return { relay: { key: new Uint8Array(32), url }, mailbox, sendSeed: new Uint8Array(32), sealKey: new Uint8Array(32) }
    }
    expect(decode(mailboxGrant, encode(mailboxGrant, grantAt(RELAY_URL_BYTES_MAX)))).toEqual(grantAt(RELAY_URL_BYTES_MAX))
    expect(() => encode(mailboxGrant, grantAt(RELAY_URL_BYTES_MAX + 1))).toThrow(RangeError)
  })

  test('a length above the bound is refused before anything is read', () => {
    const bytes = encode(relayRequest, deposit(1, new Uint8Array(BLOB_BYTES_MAX)))
    const longer = Uint8Array.from([...bytes, 0])
    const length = BLOB_BYTES_MAX + 1
    longer.set([length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255], 1 + 1 + 2 + 32)
    expect(() => decode(relayRequest, longer)).toThrow(expect.objectContaining({ code: 'malformed' }))
  })
})

test('a face holds as many bytes of each kind as it may, and none more', () => {
  const face = (about: number, picture: number) =>
    encode(content, { kind: 'face', about: 'a'.repeat(about), picture: new Uint8Array(picture) })
  expect(() => face(ABOUT_BYTES_MAX, PICTURE_BYTES_MAX)).not.toThrow()
  expect(() => face(ABOUT_BYTES_MAX + 1, 0)).toThrow(RangeError)
  expect(() => face(0, PICTURE_BYTES_MAX + 1)).toThrow(RangeError)
})
