// The ids of Kith: lower-case hex of 32 bytes, branded so that no two kinds can be mixed. One function makes each brand.

import { hex, repeatedHex } from './codec.ts'
import { toHex } from './bytes.ts'
import type { Codec } from './codec.ts'

declare const brand: unique symbol
type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** A person: SHA-256 of the account key (docs/protocol.md §2). */
export type AccountId = Brand<string, 'AccountId'>
/** One device of a person: SHA-256 of its signing and agreement keys. */
export type DeviceId = Brand<string, 'DeviceId'>
/** The id of the entry that created a conversation. */
export type ConversationId = Brand<string, 'ConversationId'>
/** SHA-256 of an entry's header. */
export type EntryId = Brand<string, 'EntryId'>
/** A mailbox at a relay: random. */
export type MailboxId = Brand<string, 'MailboxId'>
/** A record at a relay (invite packet, device list): derived from a secret that the relay does not know. */
export type RecordId = Brand<string, 'RecordId'>
/** A sender chain: 16 random bytes. */
export type ChainId = Brand<string, 'ChainId'>
/** SHA-256 of a sealed deposit. */
export type BlobId = Brand<string, 'BlobId'>
/** What a parcel is called at a relay: derived from the key of the file that it belongs to. */
export type ParcelName = Brand<string, 'ParcelName'>
/** What a blob that a relay holds back is called there: derived from the key that is in it. */
export type HeldName = Brand<string, 'HeldName'>
/** Milliseconds since 1970-01-01 UTC. */
export type UnixMs = Brand<number, 'UnixMs'>

export const toUnixMs = (value: number): UnixMs => value as UnixMs

export const accountIdOf = (bytes: Uint8Array): AccountId => toHex(bytes) as AccountId
export const deviceIdOf = (bytes: Uint8Array): DeviceId => toHex(bytes) as DeviceId
export const conversationIdOf = (bytes: Uint8Array): ConversationId => toHex(bytes) as ConversationId
export const entryIdOf = (bytes: Uint8Array): EntryId => toHex(bytes) as EntryId
export const mailboxIdOf = (bytes: Uint8Array): MailboxId => toHex(bytes) as MailboxId
export const recordIdOf = (bytes: Uint8Array): RecordId => toHex(bytes) as RecordId
export const chainIdOf = (bytes: Uint8Array): ChainId => toHex(bytes) as ChainId
export const blobIdOf = (bytes: Uint8Array): BlobId => toHex(bytes) as BlobId
export const parcelNameOf = (bytes: Uint8Array): ParcelName => toHex(bytes) as ParcelName
export const heldNameOf = (bytes: Uint8Array): HeldName => toHex(bytes) as HeldName

export const accountId: Codec<AccountId> = repeatedHex(32)
export const deviceId: Codec<DeviceId> = repeatedHex(32)
export const conversationId: Codec<ConversationId> = repeatedHex(32)
export const entryId: Codec<EntryId> = hex(32)
export const mailboxId: Codec<MailboxId> = repeatedHex(32)
export const recordId: Codec<RecordId> = hex(32)
export const chainId: Codec<ChainId> = repeatedHex(16)
export const blobId: Codec<BlobId> = hex(32)
export const parcelName: Codec<ParcelName> = hex(32)
export const heldName: Codec<HeldName> = hex(32)

/** The 32 zero bytes that stand for "none" where an id has a fixed place. */
export const NO_ENTRY = '0'.repeat(64) as EntryId
export const NO_CONVERSATION = '0'.repeat(64) as ConversationId
