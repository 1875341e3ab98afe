// What is signed between a device and a relay (docs/protocol.md §8.2): one function per signed statement.

import { concatBytes, fromHex } from '../bytes/bytes.ts'
import { encode, struct, u32, u48 } from '../bytes/codec.ts'
import { blobId, mailboxId } from '../bytes/ids.ts'
import { hash, labelHash } from '../crypto/hash.ts'
import type { Codec, Decoded } from '../bytes/codec.ts'
import type { BlobId, MailboxId, RecordId } from '../bytes/ids.ts'
import type { ProofStep } from './relay.ts'

/** Signed by a mailbox's read key, over the challenge of this relay on this stream. */
export const mailboxReadStatement = (relayKey: Uint8Array, challenge: Uint8Array, mailbox: MailboxId): Uint8Array =>
  labelHash('kith/1/mailbox-read', relayKey, challenge, fromHex(mailbox))

/** Signed by a mailbox's send key, likewise. */
export const mailboxSendStatement = (relayKey: Uint8Array, challenge: Uint8Array, mailbox: MailboxId): Uint8Array =>
  labelHash('kith/1/mailbox-send', relayKey, challenge, fromHex(mailbox))

/** Signed by a mailbox's read key, likewise: the mailbox is to go. */
export const mailboxCloseStatement = (relayKey: Uint8Array, challenge: Uint8Array, mailbox: MailboxId): Uint8Array =>
  labelHash('kith/1/mailbox-close', relayKey, challenge, fromHex(mailbox))

// They may be a thousand: the least that a list of them takes.
const place = struct({ mailbox: mailboxId, blob: blobId })
const places: Pick<Codec<readonly Decoded<typeof place>[]>, 'write'> = {
  write: (writer, stored) => {
    for (const one of stored) place.write(writer, one)
  },
}

/** What one answer says: each of these blobs is durable in its mailbox. In the order in which they were named, without those that were refused. */
export function depositedStatement(time: number, stored: readonly { readonly mailbox: MailboxId; readonly blob: BlobId }[]): Uint8Array {
  return labelHash('kith/1/deposited', encode(u48, time), encode(places, stored))
}

/** Two statements as one, or twice as many as each of them stands for. */
export const pairedStatement = (first: Uint8Array, second: Uint8Array): Uint8Array => labelHash('kith/1/paired', first, second)

/** Signed by the relay for this statement, and perhaps for others in the same breath. */
export const signedFor = (statement: Uint8Array, path: readonly ProofStep[]): Uint8Array =>
  path.reduce((one, { isSecond, other }) => (isSecond ? pairedStatement(one, other) : pairedStatement(other, one)), statement)

/** Signed by a record's owner. */
export const recordPutStatement = (record: RecordId, serial: number, expires: number, blob: Uint8Array): Uint8Array =>
  labelHash('kith/1/record-put', fromHex(record), encode(u32, serial), encode(u48, expires), hash(blob))

/** Signed by a record's owner. */
export const recordEndStatement = (record: RecordId, word: Uint8Array): Uint8Array =>
  labelHash('kith/1/record-end', fromHex(record), hash(word))

/** Signed by the claimant, over the challenge of this relay on this stream. */
export const recordClaimStatement = (
  relayKey: Uint8Array,
  challenge: Uint8Array,
  { record, proof }: { readonly record: RecordId; readonly proof: Uint8Array },
): Uint8Array => labelHash('kith/1/record-claim', relayKey, challenge, fromHex(record), proof)

/** Signed by the relay: this blob is durable under this record. */
export const recordedStatement = (
  { record, serial, blob }: { readonly record: RecordId; readonly serial: number; readonly blob: Uint8Array },
  time: number,
): Uint8Array => labelHash('kith/1/recorded', fromHex(record), encode(u32, serial), hash(blob), encode(u48, time))

/** Signed by the owner of a set of prekeys. */
export const prekeysPutStatement = (record: RecordId, serial: number, reusable: Uint8Array, oneTime: readonly Uint8Array[]): Uint8Array =>
  labelHash('kith/1/prekeys-put', fromHex(record), encode(u32, serial), hash(reusable), concatBytes(...oneTime.map(hash)))
