// The port through which the relay keeps what it was given. Each promise resolves only when the change is durable.
// Adapters: memory.ts (tests, simulation), sqlite.ts (one relay) and redis/ (one relay or many). test/contract/storage-contract.ts says what every adapter
// must do.

import type { BlobId, HeldBlob, HeldName, MailboxId, ParcelName, RecordId, StoredBlobs } from '@kith/protocol'

export type MailboxKeys = { readonly readKey: Uint8Array; readonly sendKey: Uint8Array }
type Quota = { readonly blobs: number; readonly bytes: number }
/** `seq` grows by one with every blob of a mailbox, from 1. */
export type StoredBlob = { readonly seq: number; readonly id: BlobId; readonly blob: Uint8Array }
/** Whose a record is to read. `proof` is for other readers; the relay cannot check it. */
export type Claim = { readonly claimant: Uint8Array; readonly proof: Uint8Array }
export type StoredRecord =
  | {
      readonly kind: 'record'
      readonly owner: Uint8Array
      readonly serial: number
      readonly expires: number
      readonly blob: Uint8Array
      readonly claim: Claim | undefined
    }
  | { readonly kind: 'ended'; readonly owner: Uint8Array; readonly word: Uint8Array }

/** One blob for each of these mailboxes. */
export type BlobFor = { readonly id: BlobId; readonly blob: Uint8Array; readonly mailboxes: readonly MailboxId[] }
export type PlaceOutcome =
  /** `fresh` is false when the mailbox already held this blob, which is kept until the later of both expiries. */
  { readonly kind: 'stored'; readonly seq: number; readonly fresh: boolean } | { readonly kind: 'full' } | { readonly kind: 'unknown' }
/** `isNew`: no mailbox held the blob before; with a copy for each mailbox, one of these did not. */
export type DepositOutcome = { readonly isNew: boolean; readonly places: readonly PlaceOutcome[] }
/** `blobs`: those that one mailbox let go of; `gone`: those among them of which no copy is left, or of which this mailbox had its own. */
export type Deleted = { readonly blobs: readonly BlobId[]; readonly gone: readonly BlobId[] }
/** `unknown`: there is no such mailbox, or it does not hold all that was to be put together. */
export type GatherPlace = 'gathered' | 'unknown' | 'full'
/** `isNew`: no mailbox held the blob before. `deleted`: what each mailbox let go of for it. */
export type GatherOutcome = { readonly isNew: boolean; readonly places: readonly GatherPlace[]; readonly deleted: readonly Deleted[] }
/** `kept`: the mailbox holds a parcel of this name already. `full`: the mailbox, or all there is room for in all of them. */
export type ParcelPlace = 'stored' | 'kept' | 'full' | 'unknown'
/** `kept`: the mailbox holds one of this name already, which stays. */
export type HeldPlace = 'stored' | 'kept' | 'full' | 'unknown'
type HeldPlaceName = { readonly mailbox: MailboxId; readonly name: HeldName }
/** Parcels of one mailbox, and bytes of all parcels of the store. */
export type ParcelQuota = { readonly parcels: number; readonly bytes: number }
/** `bytes`: on disk; `fullest`: the mailboxes in which most bytes wait. */
export type Usage = {
  readonly bytes: number
  readonly mailboxes: number
  readonly blobs: number
  readonly records: number
  readonly fullest: readonly { readonly mailbox: MailboxId; readonly blobs: number; readonly bytes: number }[]
}
/** `taken`: another account's. `full`: the account uses another one, or has as many as it may. */
export type HandleOutcome = 'stored' | 'taken' | 'stale' | 'full'
export type PutOutcome = 'stored' | 'denied' | 'stale' | 'ended' | 'full'
type TakenPrekeys = { readonly reusable: Uint8Array; readonly oneTime: Uint8Array | undefined; readonly left: number }

/** One mailbox, record or set of prekeys is `unknown` from its expiry (`<= now`) on, swept or not. */
export type StorageOperations = {
  /** `same` when it exists with these keys, `taken` with others. */
  createMailbox(ask: { readonly mailbox: MailboxId; readonly now: number } & MailboxKeys): 'created' | 'same' | 'taken'
  mailboxKeys(ask: { readonly mailboxes: readonly MailboxId[] }): readonly (MailboxKeys | undefined)[]
  markOpened(ask: { readonly mailboxes: readonly MailboxId[]; readonly now: number; readonly grainMs: number }): undefined
  /**
   * Each mailbox by itself; the bytes of a blob count in full in each one's quota, whether the store keeps them once or for each (`copies`).
   * Deposits into one mailbox resolve in the order of their `seq`.
   */
  deposit(ask: { readonly deposits: readonly BlobFor[]; readonly expires: number; readonly quota: Quota }): readonly DepositOutcome[]
  /**
   * Each mailbox by itself: where it holds all of `blobs`, `blob` takes their place, with the `seq` of the last of them. Where it holds `blob`
   * already, it is kept until the later of both expiries, and nothing else changes.
   */
  gather(ask: {
    readonly mailboxes: readonly MailboxId[]
    readonly blobs: readonly BlobId[]
    readonly id: BlobId
    readonly blob: Uint8Array
    readonly expires: number
    readonly quota: Quota
  }): GatherOutcome
  /** Oldest first, with `seq > after`: up to `limit` blobs, and none after those that together have `bytes`. `more`: there may be more. */
  readBlobs(ask: {
    readonly mailbox: MailboxId
    readonly after: number
    readonly limit: number
    readonly bytes: number
    readonly now: number
  }): { readonly blobs: readonly StoredBlob[]; readonly more: boolean }
  /** Ids that a mailbox does not hold are ignored. */
  deleteBlobs(ask: { readonly from: readonly StoredBlobs[] }): readonly Deleted[]
  /**
   * Each mailbox by itself: a parcel stays under its name until it is dropped or over, and a second of the same name is not kept. `id`: SHA-256 of the
   * parcel, of which the bytes are kept once or for each mailbox (`copies`). Apart from blobs: neither counts in the quota of the other.
   */
  putParcel(ask: {
    readonly mailboxes: readonly MailboxId[]
    readonly name: ParcelName
    readonly id: BlobId
    readonly parcel: Uint8Array
    readonly expires: number
    readonly quota: ParcelQuota
  }): { readonly isNew: boolean; readonly places: readonly ParcelPlace[] }
  getParcel(ask: { readonly mailbox: MailboxId; readonly name: ParcelName; readonly now: number }): Uint8Array | undefined
  /** Names that the mailbox does not hold are ignored. Answered with the ids of parcels; where there is a copy for each mailbox, with their names. */
  dropParcels(ask: { readonly mailbox: MailboxId; readonly names: readonly ParcelName[] }): Deleted
  /** Each by itself, for a mailbox that has fewer than `most` of them. Apart from blobs and parcels; they go with their mailbox. */
  hold(ask: { readonly held: readonly HeldBlob[]; readonly at: number; readonly most: number }): readonly HeldPlace[]
  /** Those whose moment has come, the earliest first. They stay until they are dropped. */
  dueHeld(ask: { readonly now: number; readonly rows: number }): readonly HeldBlob[]
  /** Whether each was there. */
  dropHeld(ask: { readonly held: readonly HeldPlaceName[] }): readonly boolean[]
  /** The same put again is `stored`, so that a lost answer can be asked for again. A claim stays. */
  putRecord(ask: {
    readonly record: RecordId
    readonly owner: Uint8Array
    readonly serial: number
    readonly expires: number
    readonly blob: Uint8Array
    readonly now: number
    readonly perOwner: number
  }): PutOutcome
  getRecord(ask: { readonly record: RecordId; readonly now: number }): StoredRecord | undefined
  /** The first claim of a record that has not ended stays. Answers with the record as it is then. */
  claimRecord(ask: { readonly record: RecordId; readonly now: number } & Claim): StoredRecord | undefined
  /** Forgets the blob and its claim, and keeps the word in their place. */
  endRecord(ask: { readonly record: RecordId; readonly word: Uint8Array; readonly now: number }): undefined
  putPrekeys(ask: {
    readonly record: RecordId
    readonly owner: Uint8Array
    readonly serial: number
    readonly reusable: Uint8Array
    readonly oneTime: readonly Uint8Array[]
    readonly expires: number
    readonly now: number
    readonly kept: number
  }): PutOutcome
  /** Removes the oldest one-time prekey for good. */
  takePrekeys(ask: { readonly record: RecordId; readonly now: number }): TakenPrekeys | undefined
  /**
   * A handle under its key, as an account claims it until `expires`; an empty claim gives it up. Until `freeAt` nobody else may have it. The later of two
   * claims counts, and the same again is `stored`.
   */
  putHandle(ask: {
    readonly key: string
    readonly handle: string
    readonly account: Uint8Array
    readonly issued: number
    readonly isListed: boolean
    readonly claim: Uint8Array
    readonly expires: number
    readonly freeAt: number
    readonly now: number
    readonly perAccount: number
  }): HandleOutcome
  /** The claim of a handle that is in use. */
  getHandle(ask: { readonly key: string; readonly now: number }): Uint8Array | undefined
  /** Handles in use that are listed and whose key begins like this, in the order of their keys. */
  listHandles(ask: { readonly prefix: string; readonly now: number; readonly rows: number }): readonly string[]
  /** Every blob and parcel is kept for so much longer: the clock by which they were kept was set forward. */
  shiftBlobs(ask: { readonly by: number }): undefined
  /** No blob or parcel is kept for longer than until `latest`: a wrong clock promised some of them more. */
  capBlobs(ask: { readonly latest: number }): undefined
  /** Undefined when no blob waits. */
  newestExpiry(ask: Readonly<Record<string, never>>): { readonly newest: number | undefined }
  /**
   * Where the device of these mailboxes is to be woken, or nowhere any more; `was`: only where it is still this. Unknown mailboxes are passed over.
   * It goes with its mailbox.
   */
  setPush(ask: { readonly mailboxes: readonly MailboxId[]; readonly push: Uint8Array | undefined; readonly was?: Uint8Array }): undefined
  /** For each mailbox where its device is to be woken, if something waits there. */
  pushesOf(ask: { readonly mailboxes: readonly MailboxId[] }): readonly (Uint8Array | undefined)[]
  /** Looks at every mailbox. */
  usage(ask: { readonly fullest: number }): Usage
  /** Forgets a mailbox and all that waits in it. Undefined when there is none. */
  purgeMailbox(ask: { readonly mailbox: MailboxId }): Deleted | undefined
  /** Fails unless a blob of this size could be kept now, for which it keeps one and removes it. */
  check(ask: { readonly bytes: number }): undefined
  /** Removes up to `rows` expired rows of each kind, and mailboxes last opened before `idleBefore`. */
  sweep(ask: { readonly now: number; readonly idleBefore: number; readonly rows: number }): { readonly more: boolean }
}

export type OperationName = keyof StorageOperations
export type Ask<Name extends OperationName> = Parameters<StorageOperations[Name]>[0]
type Result<Name extends OperationName> = ReturnType<StorageOperations[Name]>

export type Storage = { readonly [Name in OperationName]: (ask: Ask<Name>) => Promise<Result<Name>> } & StorageNature & {
    /** Finishes what was asked, then lets go of the disk. */
    close(): Promise<void>
  }

export type StorageNature = {
  /** Whether a blob that several mailboxes hold is kept once, or in each. */
  readonly copies: 'one' | 'each'
  /** Only where several relays may share the store. */
  readonly shared?: SharedStore
}

/** What one of several relays that share a store must do for the others, and hear from them. */
export type SharedStore = {
  /** One listener. What happens while the relay cannot be reached is made up for by one `all`. */
  subscribe(onWake: (wake: Wake) => void): void
  /** From now on this relay is woken for these mailboxes, and no other is. */
  listen(mailboxes: readonly MailboxId[]): Promise<void>
  /** For what one relay does for all: true for one of them, and for none within so many milliseconds after that. */
  takeTurn(name: string, ms: number): Promise<boolean>
  /** Milliseconds since 1970 by the store's clock, by which all of them go. */
  time(): Promise<number>
}

export type Wake =
  /** Another relay, or this one without having heard of it, has stored something there. */
  | { readonly kind: 'stored'; readonly mailbox: MailboxId }
  /** Another relay listens to it now. */
  | { readonly kind: 'taken'; readonly mailbox: MailboxId }
  /** Another relay let go of a blob that this one had stored. */
  | { readonly kind: 'released'; readonly mailbox: MailboxId; readonly blob: BlobId }
  /** Anything may have happened, and what is numbered may have been numbered anew. */
  | { readonly kind: 'all' }

/** `disk`: the change could not be made durable. `damaged`: for good. `busy`: too much is waiting already. Nothing was changed. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code: 'disk' | 'damaged' | 'busy'

  constructor(code: 'disk' | 'damaged' | 'busy', message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

const OPERATIONS: { readonly [Name in OperationName]: 'read' | 'write' } = {
  createMailbox: 'write',
  mailboxKeys: 'read',
  markOpened: 'write',
  deposit: 'write',
  gather: 'write',
  readBlobs: 'read',
  deleteBlobs: 'write',
  putParcel: 'write',
  getParcel: 'read',
  dropParcels: 'write',
  hold: 'write',
  dueHeld: 'read',
  dropHeld: 'write',
  putRecord: 'write',
  getRecord: 'read',
  claimRecord: 'write',
  endRecord: 'write',
  putPrekeys: 'write',
  takePrekeys: 'write',
  putHandle: 'write',
  getHandle: 'read',
  listHandles: 'read',
  shiftBlobs: 'write',
  capBlobs: 'write',
  newestExpiry: 'read',
  setPush: 'write',
  pushesOf: 'read',
  usage: 'read',
  purgeMailbox: 'write',
  check: 'write',
  sweep: 'write',
}

export const isRead = (name: OperationName): boolean => OPERATIONS[name] === 'read'

/** A storage whose every operation goes through `perform`. */
export function toStorage(
  perform: (name: OperationName, ask: unknown) => Promise<unknown>,
  { copies, shared, close }: StorageNature & { readonly close: () => Promise<void> },
): Storage {
  const names = Object.keys(OPERATIONS) as OperationName[]
  const operations = Object.fromEntries(names.map((name) => [name, (ask: unknown) => perform(name, ask)]))
  return { ...operations, copies, ...(shared ? { shared } : {}), close } as unknown as Storage
}

/** The same storage; `onFailed` is told of each operation that fails, before whoever asked for it. */
export function watchStorage(storage: Storage, onFailed: (error: unknown) => void): Storage {
  const perform = async (name: OperationName, ask: unknown): Promise<unknown> => {
    try {
      return await (storage[name] as (ask: unknown) => Promise<unknown>)(ask)
    } catch (error) {
      onFailed(error)
      throw error
    }
  }
  const { copies, shared } = storage
  return toStorage(perform, { copies, ...(shared ? { shared } : {}), close: () => storage.close() })
}

/** Of what is asked to be kept: only deposits, parcels and records are large. */
export function bytesOf(ask: unknown): number {
  if (typeof ask !== 'object' || ask === null) return 0
  if ('deposits' in ask) return (ask as Ask<'deposit'>).deposits.reduce((sum, { blob }) => sum + blob.length, 0)
  if ('held' in ask && 'at' in ask) return (ask as Ask<'hold'>).held.reduce((sum, { blob }) => sum + blob.length, 0)
  if ('parcel' in ask) return (ask as Ask<'putParcel'>).parcel.length
  if ('claim' in ask) return (ask as Ask<'putHandle'>).claim.length
  return 'blob' in ask && ask.blob instanceof Uint8Array ? ask.blob.length : 0
}
