// What the relay core needs from outside, and how its parts answer each other.

import { BUSY_RETRY_MS, DISK_RETRY_MS, SHARE_RETRY_MS } from '../limits.ts'
import { StorageError } from '../storage/storage.ts'
import type { RelayAnswer, RelayAnswerOf, RelayMessage, RelayRefusal, TurnCredentials } from '@kith/protocol'
import type { Rate } from '../limits.ts'
import type { WakeUps } from '../web-push/wake-ups.ts'
import type { Storage } from '../storage/storage.ts'
import type { Prove } from './proofs.ts'

export type RelayPorts = {
  readonly storage: Storage
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly random: (length: number) => Uint8Array
  /** The relay's Ed25519 public key. */
  readonly key: Uint8Array
  readonly sign: (statement: Uint8Array) => Uint8Array
  /** Calls back a little later. Answers that are ready by then share a signature. Default: once what runs now has ended. */
  readonly soon?: (work: () => void) => void
  /** Default: the protocol's own. A faster one must decide alike for every key that `isSigningKey` admits. */
  readonly verify?: (key: Uint8Array, statement: Uint8Array, signature: Uint8Array) => boolean
  /** Default: the protocol's own `isSigningKey`. A faster one must admit the same keys. */
  readonly admitsKey?: (key: Uint8Array) => boolean
  /** SHA-256. Default: the protocol's own. */
  readonly hash?: (bytes: Uint8Array) => Uint8Array
  /** Told of failures that a device only sees as `disk` or `busy`. */
  readonly report?: (error: unknown) => void
  /** Mailboxes and records that one address may create. Default: as in limits.ts. */
  readonly addressCreates?: Rate
  /** Told when an address has to wait before it may create more. */
  readonly onCrowded?: () => void
  /** Bytes of the store that may wait from one address. Default: as many as there are. */
  readonly addressBytesMax?: number
  /** Bytes of parcels of files that may lie there in all. Default: as many as there are. */
  readonly parcelBytesMax?: number
  /** Told when as many wait. */
  readonly onShareUsedUp?: () => void
  /** Left out: devices that are not connected are not woken. */
  readonly wakeUps?: WakeUps | undefined
  /** Left out: the operator has no TURN server. */
  readonly turnCredentials?: TurnIssuer | undefined
  /** Told of each call once it was answered. */
  readonly onAnswered?: (report: CallReport) => void
}

/** Credentials under this name, from now (ms since 1970) on. */
export type TurnIssuer = (name: string, now: number) => TurnCredentials

/** `result`: the kind of the answer, or the reason why it was refused. `verdicts`: those of deposits, each mailbox by itself. */
export type CallReport = { readonly kind: string; readonly result: string; readonly ms: number; readonly verdicts: readonly string[] }

export type Ports = Required<RelayPorts> & { readonly prove: Prove }
export type Send = (message: RelayMessage) => void

/** An answer, and what may be pushed once it was sent. */
export type Outcome = { readonly answer: RelayAnswer; readonly after?: () => void }

type Refused = { readonly answer: RelayAnswerOf<'refused'> }

export const refused = (reason: RelayRefusal, retryMs = 0): Refused => ({ answer: { kind: 'refused', reason, retryMs } })
export const DONE: Outcome = { answer: { kind: 'done' } }

export function shareUsedUp({ onShareUsedUp }: Ports): Refused {
  onShareUsedUp()
  return refused('too-many', SHARE_RETRY_MS)
}

/** A failure of our own surroundings, as the device at the other end should hear it. */
export function refusedBy(error: unknown): Refused {
  if (error instanceof StorageError && error.code !== 'busy') return refused('disk', DISK_RETRY_MS)
  return refused('busy', BUSY_RETRY_MS)
}
