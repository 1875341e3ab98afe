// The exchange between a device and a relay on one long-lived stream of /kith/relay/1 (docs/protocol.md §8).
// Each message is preceded by its length (u32). The device asks, the relay answers by request id, and pushes blobs unasked.

import {
  bytes,
  fixed,
  flag,
  list,
  mapped,
  nothing,
  oneOf,
  optional,
  sharedBytes,
  struct,
  text,
  u16,
  u32,
  u48,
  u8,
  union,
} from '../bytes/codec.ts'
import { blobId, heldName, mailboxId, parcelName, recordId } from '../bytes/ids.ts'
import { HELD_BYTES_MAX, HELD_PER_CALL_MAX, PARCEL_BYTES, PARCELS_DROPPED_MAX } from '../attachments/limits.ts'
import {
  ACKNOWLEDGE_BLOBS_MAX,
  BLOB_BYTES_MAX,
  BLOBS_PER_PUSH_MAX,
  DEPOSITS_PER_REQUEST_MAX,
  GATHERED_BLOBS_MAX,
  MAILBOXES_PER_DEPOSIT_MAX,
  MAILBOXES_PER_REQUEST_MAX,
  ONE_TIME_PREKEYS_PER_PUT_MAX,
  PREKEY_ONE_TIME_BYTES_MAX,
  PREKEY_REUSABLE_BYTES_MAX,
  PROOF_STEPS_MAX,
  RECORD_BYTES_MAX,
  RECORD_WORD_BYTES_MAX,
} from '../limits.ts'
import { HANDLE_CLAIM_BYTES_MAX, HANDLE_LENGTH_MAX, HANDLES_FOUND_MAX, HELLO_BLOB_BYTES_MAX } from '../handle/limits.ts'
import { PUSH_KEY_BYTES, pushSubscription } from './push.ts'
import { turnCredentials } from './turn-server.ts'
import type { Codec } from '../bytes/codec.ts'
import type { BlobId, HeldName, MailboxId, ParcelName, RecordId } from '../bytes/ids.ts'
import type { PushSubscription } from './push.ts'
import type { TurnCredentials } from './turn-server.ts'

export const RELAY_PROTOCOL = '/kith/relay/1'
/** Between two devices: Noise, then frames (docs/protocol.md §6). */
export const SYNC_PROTOCOL = '/kith/sync/1'
/** Between two devices, beside it. */
export const FILE_PROTOCOL = '/kith/files/1'

/** One mailbox and a signature by its read or send key over the relay's challenge. */
export type MailboxProof = { readonly mailbox: MailboxId; readonly signature: Uint8Array }

/** One blob for each of these mailboxes. `wakes`: something for a person is in it, for which a device that is asleep may be woken. */
export type Deposit = { readonly mailboxes: readonly MailboxId[]; readonly blob: Uint8Array; readonly wakes?: boolean }
/** A blob that is deposited at a date, under a name by which its writer takes it back. An empty one takes back what lies there under the name. */
export type HeldBlob = { readonly mailbox: MailboxId; readonly name: HeldName; readonly wakes: boolean; readonly blob: Uint8Array }
export type PushedBlob = { readonly mailbox: MailboxId; readonly blob: Uint8Array }
/** Blobs of one mailbox that its owner has stored. */
export type StoredBlobs = { readonly mailbox: MailboxId; readonly blobs: readonly BlobId[] }

export type RelayRequest =
  /** First on the stream. */
  | { readonly kind: 'hello'; readonly version: number }
  | { readonly kind: 'create-mailbox'; readonly mailbox: MailboxId; readonly readKey: Uint8Array; readonly sendKey: Uint8Array }
  /** The owner listens; stored blobs are pushed, oldest first, then new ones. */
  | { readonly kind: 'open-mailboxes'; readonly proofs: readonly MailboxProof[] }
  /** A writer shows that it may deposit, once per stream. */
  | { readonly kind: 'bind-mailboxes'; readonly proofs: readonly MailboxProof[] }
  /** The owner wants these mailboxes no longer: they go with all that lies in them, and nobody deposits there any more. */
  | { readonly kind: 'close-mailboxes'; readonly proofs: readonly MailboxProof[] }
  /** Idempotent in each mailbox by the hash of the blob. Answered only when all that is called stored is durable. */
  | { readonly kind: 'deposit'; readonly deposits: readonly Deposit[] }
  /** In each of these mailboxes that holds all of `blobs` still, this blob takes their place: what waits there is put together. */
  | { readonly kind: 'gather'; readonly mailboxes: readonly MailboxId[]; readonly blobs: readonly BlobId[]; readonly blob: Uint8Array }
  /** The owner has stored these blobs; the relay forgets them. */
  | { readonly kind: 'acknowledge'; readonly stored: readonly StoredBlobs[] }
  /** First writer's `owner` key owns the record; `serial` must grow. */
  | {
      readonly kind: 'put-record'
      readonly record: RecordId
      readonly owner: Uint8Array
      readonly serial: number
      readonly expires: number
      readonly blob: Uint8Array
      readonly signature: Uint8Array
    }
  /** Of a record that nobody has claimed. */
  | { readonly kind: 'get-record'; readonly record: RecordId }
  /** Binds the record to the claimant's key, or proves that key, and reads it. `proof` shows other readers that a reader claimed it. */
  | {
      readonly kind: 'claim-record'
      readonly record: RecordId
      readonly claimant: Uint8Array
      readonly proof: Uint8Array
      readonly signature: Uint8Array
    }
  /** The owner's last word takes the blob's place until the record's expiry, so that later readers learn that it ended, and why. */
  | { readonly kind: 'end-record'; readonly record: RecordId; readonly word: Uint8Array; readonly signature: Uint8Array }
  /** Replaces the reusable prekeys and adds to the one-time ones. Sealed: the relay cannot tell whose they are. */
  | {
      readonly kind: 'put-prekeys'
      readonly record: RecordId
      readonly owner: Uint8Array
      readonly serial: number
      readonly reusable: Uint8Array
      readonly oneTime: readonly Uint8Array[]
      readonly signature: Uint8Array
    }
  /** One one-time prekey leaves the store for good with each answer. */
  | { readonly kind: 'take-prekeys'; readonly record: RecordId }
  | { readonly kind: 'ping' }
  /** With which key a page subscribes at its browser's push service. */
  | { readonly kind: 'get-push-key' }
  /** The mailboxes that this stream has opened, and those that it opens from now on, wake the device there when nobody listens to them. */
  | { readonly kind: 'register-push'; readonly subscription: PushSubscription }
  /** They do so no more. */
  | { readonly kind: 'forget-push' }
  /** One push to what this stream has registered, although somebody listens. */
  | { readonly kind: 'test-push' }
  /** A part of a file for the owners of these mailboxes, which lies there until it is asked for. Idempotent in each mailbox by its name. */
  | { readonly kind: 'put-parcel'; readonly mailboxes: readonly MailboxId[]; readonly name: ParcelName; readonly parcel: Uint8Array }
  | { readonly kind: 'get-parcel'; readonly mailbox: MailboxId; readonly name: ParcelName }
  /** Whether it lies there still: for its writer, too. */
  | { readonly kind: 'find-parcel'; readonly mailbox: MailboxId; readonly name: ParcelName }
  /** Each is to be deposited at this moment, and not before. Idempotent in each mailbox by its name. */
  | { readonly kind: 'hold'; readonly at: number; readonly held: readonly HeldBlob[] }
  /** The owner has stored them, or the writer takes them back. */
  | { readonly kind: 'drop-parcels'; readonly mailbox: MailboxId; readonly names: readonly ParcelName[] }
  /** An account takes a handle, keeps it, or gives it up: see handle/claim.ts. */
  | { readonly kind: 'claim-handle'; readonly claim: Uint8Array }
  /** Whose it is; or which handles begin like that, of those whose owners allow it. */
  | { readonly kind: 'find-handle'; readonly handle: string; readonly isBeginning: boolean }
  /** A first word for whoever has the handle. `nonce`: what shows the work, for this blob in this hour (handle/work.ts). */
  | { readonly kind: 'leave-hello'; readonly handle: string; readonly hour: number; readonly nonce: number; readonly blob: Uint8Array }
  /** Of a stream that has opened a mailbox: credentials for the operator's TURN server. */
  | { readonly kind: 'get-turn' }

export type RelayRequestOf<Kind extends RelayRequest['kind']> = Extract<RelayRequest, { kind: Kind }>

export const REFUSALS = [
  'malformed',
  'version',
  'unknown',
  'denied',
  'ended',
  'full',
  'too-large',
  'too-many',
  'stale',
  'busy',
  'disk',
  'taken',
  'work',
] as const
/**
 * Why a relay refused. `full`: the mailbox or record quota. `too-many`: a rate or count of this connection or of its address. `busy`, `disk`: try again
 * later. `taken`: somebody else's handle. `work`: it was not done, or for something else.
 */
export type RelayRefusal = (typeof REFUSALS)[number]

type Refused = { readonly kind: 'refused'; readonly reason: RelayRefusal; readonly retryMs: number }
/** What became of one of many. */
export type Verdict = { readonly kind: 'done' } | Refused

/** From the hash of one or more statements to that of twice as many: the other half, and whether it comes second. */
export type ProofStep = { readonly isSecond: boolean; readonly other: Uint8Array }

export type RelayAnswer =
  | { readonly kind: 'welcome'; readonly challenge: Uint8Array; readonly time: number }
  | { readonly kind: 'done' }
  /** Which of the asked mailboxes are open, bound or closed now, and which are unknown or denied. */
  | { readonly kind: 'mailboxes'; readonly accepted: readonly MailboxId[]; readonly refused: readonly MailboxId[] }
  /**
   * For each deposit a verdict for each of its mailboxes, and a signature over all that is stored: the proof behind "at the relay". The relay signs once for
   * many answers, and `path` leads from this one to what it signed.
   */
  | {
      readonly kind: 'deposited'
      readonly time: number
      readonly signature: Uint8Array
      readonly path: readonly ProofStep[]
      readonly verdicts: readonly (readonly Verdict[])[]
    }
  /** One verdict for each mailbox that was named. */
  | { readonly kind: 'acknowledged'; readonly verdicts: readonly Verdict[] }
  /** One verdict for each mailbox that was named: `unknown` where the mailbox does not hold all of them. */
  | { readonly kind: 'gathered'; readonly verdicts: readonly Verdict[] }
  | { readonly kind: 'record'; readonly serial: number; readonly expires: number; readonly blob: Uint8Array }
  /** Relay's Ed25519 signature over H("kith/1/recorded", record ‖ serial ‖ SHA-256(blob) ‖ time): the same proof for a record. */
  | { readonly kind: 'recorded'; readonly time: number; readonly signature: Uint8Array }
  /** The record is over; `word` is what its owner left. */
  | { readonly kind: 'ended'; readonly word: Uint8Array }
  /** The record is for whoever proves this key, until its owner ends it. */
  | { readonly kind: 'claimed'; readonly claimant: Uint8Array; readonly proof: Uint8Array }
  | { readonly kind: 'prekeys'; readonly reusable: Uint8Array; readonly oneTime: Uint8Array | undefined; readonly left: number }
  /** The relay's, P-256, uncompressed (RFC 8292). */
  | { readonly kind: 'push-key'; readonly key: Uint8Array }
  /** One verdict for each mailbox that was named. */
  | { readonly kind: 'put'; readonly verdicts: readonly Verdict[] }
  | { readonly kind: 'parcel'; readonly parcel: Uint8Array }
  /** One verdict for each that was named. */
  | { readonly kind: 'held'; readonly verdicts: readonly Verdict[] }
  /** As its account claimed it, signed. */
  | { readonly kind: 'handle'; readonly claim: Uint8Array }
  /** Those that begin like that, in alphabetical order. */
  | { readonly kind: 'handles'; readonly handles: readonly string[] }
  | { readonly kind: 'turn'; readonly credentials: TurnCredentials }
  | Refused

export type RelayAnswerOf<Kind extends RelayAnswer['kind']> = Extract<RelayAnswer, { kind: Kind }>

/** A message of the device. */
export type RelayCall = { readonly id: number; readonly request: RelayRequest }

/** A message of the relay. Of pushed blobs that are not acknowledged a stream has RELAY_PUSH_WINDOW at most. */
export type RelayMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: RelayAnswer }
  | { readonly kind: 'push'; readonly blobs: readonly PushedBlob[] }

const proof: Codec<MailboxProof> = struct({ mailbox: mailboxId, signature: fixed(64) })
const proofs = list(proof, MAILBOXES_PER_REQUEST_MAX)
const mailboxes = list(mailboxId, MAILBOXES_PER_REQUEST_MAX)
const deposit: Codec<Deposit> = mapped(
  struct({ wakes: flag, mailboxes: list(mailboxId, MAILBOXES_PER_DEPOSIT_MAX), blob: sharedBytes(BLOB_BYTES_MAX) }),
  ({ wakes, ...rest }): Deposit => (wakes ? { ...rest, wakes } : rest),
  (value) => ({ ...value, wakes: value.wakes === true }),
)
const heldBlob: Codec<HeldBlob> = struct({ wakes: flag, mailbox: mailboxId, name: heldName, blob: bytes(HELD_BYTES_MAX) })
const pushedBlob: Codec<PushedBlob> = struct({ mailbox: mailboxId, blob: bytes(BLOB_BYTES_MAX) })
const storedBlobs: Codec<StoredBlobs> = struct({ mailbox: mailboxId, blobs: list(blobId, ACKNOWLEDGE_BLOBS_MAX) })
const refusal = struct({ reason: oneOf(REFUSALS), retryMs: u32 })
const handle = text(HANDLE_LENGTH_MAX)
const proofStep: Codec<ProofStep> = struct({ isSecond: flag, other: fixed(32) })
const verdict: Codec<Verdict> = union<Verdict>({ done: [1, nothing], refused: [2, refusal] })

export const relayRequest: Codec<RelayRequest> = union<RelayRequest>({
  hello: [1, struct({ version: u8 })],
  'create-mailbox': [2, struct({ mailbox: mailboxId, readKey: fixed(32), sendKey: fixed(32) })],
  'open-mailboxes': [3, struct({ proofs })],
  'bind-mailboxes': [4, struct({ proofs })],
  'close-mailboxes': [19, struct({ proofs })],
  deposit: [5, struct({ deposits: list(deposit, DEPOSITS_PER_REQUEST_MAX) })],
  acknowledge: [6, struct({ stored: list(storedBlobs, MAILBOXES_PER_REQUEST_MAX) })],
  'put-record': [
    7,
    struct({ record: recordId, owner: fixed(32), serial: u32, expires: u48, blob: bytes(RECORD_BYTES_MAX), signature: fixed(64) }),
  ],
  'get-record': [8, struct({ record: recordId })],
  'end-record': [9, struct({ record: recordId, word: bytes(RECORD_WORD_BYTES_MAX), signature: fixed(64) })],
  'put-prekeys': [
    10,
    struct({
      record: recordId,
      owner: fixed(32),
      serial: u32,
      reusable: bytes(PREKEY_REUSABLE_BYTES_MAX),
      oneTime: list(bytes(PREKEY_ONE_TIME_BYTES_MAX), ONE_TIME_PREKEYS_PER_PUT_MAX),
      signature: fixed(64),
    }),
  ],
  'take-prekeys': [11, struct({ record: recordId })],
  ping: [12, nothing],
  gather: [
    14,
    struct({
      mailboxes: list(mailboxId, MAILBOXES_PER_DEPOSIT_MAX),
      blobs: list(blobId, GATHERED_BLOBS_MAX),
      blob: sharedBytes(BLOB_BYTES_MAX),
    }),
  ],
  'claim-record': [13, struct({ record: recordId, claimant: fixed(32), proof: fixed(32), signature: fixed(64) })],
  'register-push': [15, struct({ subscription: pushSubscription })],
  'forget-push': [16, nothing],
  'get-push-key': [17, nothing],
  'test-push': [18, nothing],
  'put-parcel': [20, struct({ mailboxes: list(mailboxId, MAILBOXES_PER_DEPOSIT_MAX), name: parcelName, parcel: fixed(PARCEL_BYTES) })],
  'get-parcel': [21, struct({ mailbox: mailboxId, name: parcelName })],
  'find-parcel': [23, struct({ mailbox: mailboxId, name: parcelName })],
  hold: [24, struct({ at: u48, held: list(heldBlob, HELD_PER_CALL_MAX) })],
  'drop-parcels': [22, struct({ mailbox: mailboxId, names: list(parcelName, PARCELS_DROPPED_MAX) })],
  'claim-handle': [26, struct({ claim: bytes(HANDLE_CLAIM_BYTES_MAX) })],
  'find-handle': [27, struct({ handle, isBeginning: flag })],
  'leave-hello': [28, struct({ handle, hour: u32, nonce: u48, blob: bytes(HELLO_BLOB_BYTES_MAX) })],
  'get-turn': [29, nothing],
})

export const relayAnswer: Codec<RelayAnswer> = union<RelayAnswer>({
  welcome: [1, struct({ challenge: fixed(32), time: u48 })],
  done: [2, nothing],
  mailboxes: [3, struct({ accepted: mailboxes, refused: mailboxes })],
  deposited: [
    4,
    struct({
      time: u48,
      signature: fixed(64),
      path: list(proofStep, PROOF_STEPS_MAX),
      verdicts: list(list(verdict, MAILBOXES_PER_DEPOSIT_MAX), DEPOSITS_PER_REQUEST_MAX),
    }),
  ],
  record: [5, struct({ serial: u32, expires: u48, blob: bytes(RECORD_BYTES_MAX) })],
  prekeys: [6, struct({ reusable: bytes(PREKEY_REUSABLE_BYTES_MAX), oneTime: optional(bytes(PREKEY_ONE_TIME_BYTES_MAX)), left: u16 })],
  recorded: [8, struct({ time: u48, signature: fixed(64) })],
  ended: [9, struct({ word: bytes(RECORD_WORD_BYTES_MAX) })],
  claimed: [10, struct({ claimant: fixed(32), proof: fixed(32) })],
  refused: [7, refusal],
  acknowledged: [11, struct({ verdicts: list(verdict, MAILBOXES_PER_REQUEST_MAX) })],
  gathered: [12, struct({ verdicts: list(verdict, MAILBOXES_PER_DEPOSIT_MAX) })],
  'push-key': [13, struct({ key: fixed(PUSH_KEY_BYTES) })],
  put: [14, struct({ verdicts: list(verdict, MAILBOXES_PER_DEPOSIT_MAX) })],
  parcel: [15, struct({ parcel: fixed(PARCEL_BYTES) })],
  held: [16, struct({ verdicts: list(verdict, HELD_PER_CALL_MAX) })],
  handle: [18, struct({ claim: bytes(HANDLE_CLAIM_BYTES_MAX) })],
  handles: [19, struct({ handles: list(handle, HANDLES_FOUND_MAX) })],
  turn: [21, struct({ credentials: turnCredentials })],
})

export const relayCall: Codec<RelayCall> = struct({ id: u32, request: relayRequest })

export const relayMessage: Codec<RelayMessage> = union<RelayMessage>({
  answer: [1, struct({ id: u32, answer: relayAnswer })],
  push: [2, struct({ blobs: list(pushedBlob, BLOBS_PER_PUSH_MAX) })],
})

/** What a call or message takes that carries many, before the first of them. */
export const RELAY_FRAME_OVERHEAD_BYTES = 16
/** What one of them adds to it. */
export const depositBytesOf = ({ mailboxes: named, blob }: Deposit): number => 1 + 2 + 32 * named.length + 4 + blob.length
export const pushedBytesOf = ({ blob }: PushedBlob): number => 32 + 4 + blob.length
export const storedBytesOf = ({ blobs }: StoredBlobs): number => 32 + 2 + 32 * blobs.length
