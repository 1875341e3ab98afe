// Ids and keys between the relay and SQLite. In Node's own words: with those of the protocol the storage thread would load all of it first, which took
// longer than everything else it does to start.

import type { BlobId, HeldName, MailboxId, ParcelName, RecordId } from '@kith/protocol'

export const fromHex = (id: BlobId | HeldName | MailboxId | ParcelName | RecordId): Uint8Array => Buffer.from(id, 'hex')
export const toBlobId = (bytes: Uint8Array): BlobId => Buffer.from(bytes).toString('hex') as BlobId
export const toMailboxId = (bytes: Uint8Array): MailboxId => Buffer.from(bytes).toString('hex') as MailboxId
export const toHeldName = (bytes: Uint8Array): HeldName => Buffer.from(bytes).toString('hex') as HeldName
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
