// What one stream, and one address, may ask for in a given time. Whoever asks for more is told when to come back; nobody else notices.

import {
  ACKNOWLEDGE_RATE,
  CALL_RATE,
  CREATE_RATE,
  DEPOSIT_BYTES_RATE,
  HANDLE_CLAIM_RATE,
  HANDLE_FIND_RATE,
  HANDLES_SOUGHT_COST,
  HELLO_RATE,
  ITEM_ROW_BYTES,
  PARCEL_DROP_RATE,
  PARCEL_GET_RATE,
  PARCEL_PUT_RATE,
  PREKEY_TAKE_RATE,
  PROOF_RATE,
  PUSH_REGISTER_RATE,
  RECORD_GET_RATE,
  RECORD_PUT_RATE,
  TURN_RATE,
} from '../limits.ts'
import { createBucket } from './rates.ts'
import { refused } from './ports.ts'
import type { RelayRequest } from '@kith/protocol'
import type { Outcome } from './ports.ts'
import type { Bucket } from './rates.ts'

/** Undefined when the request may go on. */
export type Admit = (request: RelayRequest, now: number) => Outcome | undefined

/** What a stream shares with others. `ofAddress`: in how many milliseconds its address may create one thing more. */
export type SharedCreates = {
  readonly ofRelay: Bucket
  readonly ofAddress: (now: number) => number
  /** The same of what is asked of the directory. */
  readonly ofDirectory: (kind: DirectoryKind, now: number, cost: number) => number
}

export type DirectoryKind = 'claim-handle' | 'find-handle' | 'leave-hello'
const isOfDirectory = (kind: RelayRequest['kind']): kind is DirectoryKind =>
  kind === 'claim-handle' || kind === 'find-handle' || kind === 'leave-hello'

/** Requests that make the relay keep something new. */
const CREATES: ReadonlySet<RelayRequest['kind']> = new Set(['create-mailbox', 'put-record', 'put-prekeys', 'register-push'])

export function createAdmission({ ofRelay, ofAddress, ofDirectory }: SharedCreates): Admit {
  const calls = createBucket(CALL_RATE)
  const kinds = bucketsByKind()
  return (request, now) => {
    const { kind } = request
    const ownRetryMs = calls.take(now, 1) || (kinds[kind]?.take(now, costOf(request)) ?? 0)
    const retryMs = ownRetryMs || (CREATES.has(kind) ? ofAddress(now) : isOfDirectory(kind) ? ofDirectory(kind, now, costOf(request)) : 0)
    if (retryMs > 0) return refused('too-many', retryMs)
    // Last, so that what was refused above takes nothing away from the others.
    const relayRetryMs = kind === 'create-mailbox' ? ofRelay.take(now, 1) : 0
    return relayRetryMs > 0 ? refused('busy', relayRetryMs) : undefined
  }
}

function bucketsByKind(): { readonly [Kind in RelayRequest['kind']]?: Bucket } {
  const proofs = createBucket(PROOF_RATE)
  const records = createBucket(RECORD_PUT_RATE)
  const readings = createBucket(RECORD_GET_RATE)
  const deposits = createBucket(DEPOSIT_BYTES_RATE)
  const pushes = createBucket(PUSH_REGISTER_RATE)
  const parcels = createBucket(PARCEL_GET_RATE)
  return {
    'create-mailbox': createBucket(CREATE_RATE),
    'open-mailboxes': proofs,
    'bind-mailboxes': proofs,
    'close-mailboxes': proofs,
    deposit: deposits,
    gather: deposits,
    hold: deposits,
    acknowledge: createBucket(ACKNOWLEDGE_RATE),
    'put-parcel': createBucket(PARCEL_PUT_RATE),
    'get-parcel': parcels,
    'find-parcel': parcels,
    'drop-parcels': createBucket(PARCEL_DROP_RATE),
    'put-record': records,
    'end-record': records,
    'put-prekeys': records,
    'get-record': readings,
    'claim-record': readings,
    'take-prekeys': createBucket(PREKEY_TAKE_RATE),
    'register-push': pushes,
    'forget-push': pushes,
    'test-push': pushes,
    'claim-handle': createBucket(HANDLE_CLAIM_RATE),
    'find-handle': createBucket(HANDLE_FIND_RATE),
    'leave-hello': createBucket(HELLO_RATE),
    'get-turn': createBucket(TURN_RATE),
  }
}

function costOf(request: RelayRequest): number {
  if ('proofs' in request) return request.proofs.length
  // As much as if they came one by one: that is what leaves again, and rows are work for the disk.
  if (request.kind === 'deposit')
    return request.deposits.reduce((sum, { mailboxes, blob }) => sum + Math.max(1, mailboxes.length) * (blob.length + ITEM_ROW_BYTES), 0)
  if (request.kind === 'gather')
    return Math.max(1, request.mailboxes.length) * (request.blob.length + (1 + request.blobs.length) * ITEM_ROW_BYTES)
  if (request.kind === 'hold') return request.held.reduce((sum, { blob }) => sum + blob.length + ITEM_ROW_BYTES, 1)
  // Nothing of it leaves by itself.
  if (request.kind === 'put-parcel') return request.parcel.length + Math.max(1, request.mailboxes.length) * ITEM_ROW_BYTES
  if (request.kind === 'drop-parcels') return 1 + request.names.length
  if (request.kind === 'find-handle') return request.isBeginning ? HANDLES_SOUGHT_COST : 1
  if (request.kind === 'acknowledge') return request.stored.reduce((sum, { blobs }) => sum + 1 + blobs.length, 0)
  return 1
}
