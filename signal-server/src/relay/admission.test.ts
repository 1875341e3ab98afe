// Rates: each is crossed by one, told when to come back, and refills by the clock.

import { describe, expect, test } from 'vitest'
import {
  BLOB_BYTES_MAX,
  blobIdOf,
  depositBytesOf,
  encode,
  mailboxIdOf,
  MAILBOXES_PER_DEPOSIT_MAX,
  PARCEL_BYTES,
  parcelNameOf,
  recordIdOf,
  RELAY_FRAME_BYTES_MAX,
  RELAY_FRAME_OVERHEAD_BYTES,
  relayCall,
} from '@kith/protocol'
import { connectCore, createWorld, meet, openMailbox } from '../../test/core-client.ts'
import { acknowledgementOf, createMailboxKit, depositOf, shortOf } from '../../test/mailbox-keys.ts'
import * as limits from '../limits.ts'
import { createAdmission } from './admission.ts'
import { createBucket } from './rates.ts'
import type { RelayRequest } from '@kith/protocol'
import type { Rate } from '../limits.ts'
import type { SharedCreates } from './admission.ts'

const ZERO = new Uint8Array(32)
const MAILBOX = mailboxIdOf(ZERO)
const RECORD = recordIdOf(ZERO)
const BLOB = blobIdOf(ZERO)
const NAME = parcelNameOf(ZERO)
const PROOF = { mailbox: MAILBOX, signature: new Uint8Array(64) }
const NO_LIMIT: Rate = { burst: Infinity, refillMs: 1 }
const alone = (ofRelay = createBucket(NO_LIMIT)): SharedCreates => ({ ofRelay, ofAddress: () => 0, ofDirectory: () => 0 })

/** Each with how much one request costs. */
const RATED: readonly (readonly [name: string, rate: Rate, cost: number, request: RelayRequest])[] = [
  ['calls', limits.CALL_RATE, 1, { kind: 'ping' }],
  ['creations', limits.CREATE_RATE, 1, { kind: 'create-mailbox', mailbox: MAILBOX, readKey: ZERO, sendKey: ZERO }],
  ['proofs', limits.PROOF_RATE, 256, { kind: 'open-mailboxes', proofs: Array.from({ length: 256 }, () => PROOF) }],
  ['deposited bytes', limits.DEPOSIT_BYTES_RATE, 65_536, depositOf(MAILBOX, new Uint8Array(65_536 - limits.ITEM_ROW_BYTES))],
  [
    'bytes that are deposited for many',
    limits.DEPOSIT_BYTES_RATE,
    4 * 65_536,
    depositOf([MAILBOX, MAILBOX, MAILBOX, MAILBOX], new Uint8Array(65_536 - limits.ITEM_ROW_BYTES)),
  ],
  [
    'acknowledged blobs',
    limits.ACKNOWLEDGE_RATE,
    256,
    acknowledgementOf(
      MAILBOX,
      Array.from({ length: 255 }, () => BLOB),
    ),
  ],
  [
    'bytes of parcels',
    limits.PARCEL_PUT_RATE,
    PARCEL_BYTES + limits.ITEM_ROW_BYTES,
    { kind: 'put-parcel', mailboxes: [MAILBOX], name: NAME, parcel: new Uint8Array(PARCEL_BYTES) },
  ],
  ['parcels that are asked for', limits.PARCEL_GET_RATE, 1, { kind: 'get-parcel', mailbox: MAILBOX, name: NAME }],
  ['parcels that are looked for', limits.PARCEL_GET_RATE, 1, { kind: 'find-parcel', mailbox: MAILBOX, name: NAME }],
  [
    'parcels that are dropped',
    limits.PARCEL_DROP_RATE,
    256,
    { kind: 'drop-parcels', mailbox: MAILBOX, names: Array.from({ length: 255 }, () => NAME) },
  ],
  ['record puts', limits.RECORD_PUT_RATE, 1, { kind: 'end-record', record: RECORD, word: ZERO, signature: ZERO }],
  ['record reads', limits.RECORD_GET_RATE, 1, { kind: 'get-record', record: RECORD }],
  ['claims of handles', limits.HANDLE_CLAIM_RATE, 1, { kind: 'claim-handle', claim: ZERO }],
  ['handles looked up', limits.HANDLE_FIND_RATE, 1, { kind: 'find-handle', handle: 'anna', isBeginning: false }],
  ['beginnings looked up', limits.HANDLE_FIND_RATE, limits.HANDLES_SOUGHT_COST, { kind: 'find-handle', handle: 'anna', isBeginning: true }],
  ['first words', limits.HELLO_RATE, 1, { kind: 'leave-hello', handle: 'anna', hour: 0, nonce: 0, blob: ZERO }],
  ['credentials for TURN', limits.TURN_RATE, 1, { kind: 'get-turn' }],
  ['prekeys taken', limits.PREKEY_TAKE_RATE, 1, { kind: 'take-prekeys', record: RECORD }],
]

describe('rates', () => {
  test.each(RATED)('of %s: the burst passes, one more waits, and passes after the time it was told', (_name, rate, cost, request) => {
    const admit = createAdmission(alone())
    for (let n = 0; n < rate.burst / cost; n++) expect(admit(request, 0)).toBeUndefined()
    const refusal = admit(request, 0)?.answer
    expect(refusal).toMatchObject({ kind: 'refused', reason: 'too-many', retryMs: Math.ceil(cost * rate.refillMs) })
    const retryMs = refusal?.kind === 'refused' ? refusal.retryMs : 0
    expect(admit(request, retryMs)).toBeUndefined()
  })
  test('creations of all streams together are bounded too, and that is nobody in particular', () => {
    const creates = createBucket({ burst: 1, refillMs: 10 })
    const request: RelayRequest = { kind: 'create-mailbox', mailbox: MAILBOX, readKey: ZERO, sendKey: ZERO }
    expect(createAdmission(alone(creates))(request, 0)).toBeUndefined()
    expect(createAdmission(alone(creates))(request, 0)?.answer).toMatchObject({ reason: 'busy', retryMs: 10 })
    expect(createAdmission(alone(creates))({ kind: 'ping' }, 0)).toBeUndefined()
  })
  test('a clock that goes back gives nothing away', () => {
    const bucket = createBucket({ burst: 1, refillMs: 10 })
    expect(bucket.take(100, 1)).toBe(0)
    expect(bucket.take(50, 1)).toBe(10)
    expect(bucket.take(55, 1)).toBe(5)
    expect(bucket.take(60, 1)).toBe(0)
  })
})

test('the costliest call that a frame can hold passes a bucket that is full', () => {
  const mailboxes = Array.from({ length: MAILBOXES_PER_DEPOSIT_MAX }, () => MAILBOX)
  const left = RELAY_FRAME_BYTES_MAX - RELAY_FRAME_OVERHEAD_BYTES - 2 * depositBytesOf({ mailboxes, blob: new Uint8Array(0) })
  const request = depositOf(mailboxes, new Uint8Array(BLOB_BYTES_MAX), new Uint8Array(left - BLOB_BYTES_MAX))
  expect(encode(relayCall, { id: 1, request }).length).toBeLessThanOrEqual(RELAY_FRAME_BYTES_MAX)
  expect(createAdmission(alone())(request, 0)).toBeUndefined()
})

describe('one stream', () => {
  test('that takes its share does not use up that of another', async () => {
    const world = createWorld()
    const [mallory, alice] = [await connectCore(world), await connectCore(world)]
    for (let n = 0; n < limits.PREKEY_TAKE_RATE.burst; n++) await mallory.ask({ kind: 'take-prekeys', record: RECORD })
    expect(shortOf(await mallory.ask({ kind: 'take-prekeys', record: RECORD }))).toBe('too-many')
    expect(shortOf(await alice.ask({ kind: 'take-prekeys', record: RECORD }))).toBe('unknown')
  })
  test('may have so many calls in flight; the next is refused and the others are answered', async () => {
    const { alice } = await meet(createWorld())
    const kit = createMailboxKit()
    const calls = Array.from({ length: limits.CALLS_IN_FLIGHT_MAX + 1 }, () => alice.ask({ kind: 'ping' }))
    const answers = (await Promise.all(calls)).map(shortOf)
    expect(answers).toEqual([...answers.slice(1).map(() => 'done'), 'too-many'])
    expect(shortOf(await openMailbox(alice, kit))).toBe('mailboxes')
  })
})
