// A carry file (docs/protocol.md §15): what would lie in the mailboxes of a few devices, as one file. Each device's share is sealed with what its mailbox is
// sealed with, so nobody but the two of them can make it or read it, and it is read record by record.

import { concatBytes, equalBytes, utf8ToBytes } from '../bytes/bytes.ts'
import { encode, u32 } from '../bytes/codec.ts'
import { open, seal, TAG_BYTES } from '../crypto/aead.ts'
import { labelMac } from '../crypto/hash.ts'
import { derive } from '../crypto/kdf.ts'
import { BLOB_BUCKETS, CARRY_DEVICES_MAX } from '../limits.ts'
import { framesIn, paddedFrames } from './blob.ts'
import type { Frame } from '../wire/frame.ts'

const MAGIC = utf8ToBytes('Kith carry file\n')
const VERSION = 1
const SALT_BYTES = 32
const MARK_BYTES = 16
const BEFORE_MARKS_BYTES = MAGIC.length + 1 + SALT_BYTES + 1
const RECORD_HEAD_BYTES = 6
const ASSOCIATED = utf8ToBytes('kith/1/carry')
const NONCE_START = new Uint8Array(8)
const SEALED_BYTES: readonly number[] = BLOB_BUCKETS.map((bucket) => bucket + TAG_BYTES)

/** `marks`: by which each device finds its share. */
export type CarryHead = { readonly salt: Uint8Array; readonly marks: readonly Uint8Array[] }

/** One device's share: `slot` is its place among the marks. */
export type CarryShare = { readonly slot: number; readonly salt: Uint8Array; readonly key: Uint8Array }

export type CarryRecord = { readonly slot: number; readonly isLast: boolean; readonly sealed: Uint8Array }

type Read<T> = { readonly kind: 'read'; readonly value: T; readonly length: number }
type Short = { readonly kind: 'short' }
type Refused<Reason> = { readonly kind: 'refused'; readonly reason: Reason }

export const carryMark = (sealKey: Uint8Array, salt: Uint8Array): Uint8Array =>
  labelMac(sealKey, 'kith/1/carry-mark', salt).subarray(0, MARK_BYTES)

export const carryKey = (sealKey: Uint8Array, salt: Uint8Array): Uint8Array => derive(sealKey, salt, 'kith/1/carry', 32)

/** `salt`: random, of this file alone. */
export const carryHead = ({ salt, marks }: CarryHead): Uint8Array =>
  concatBytes(MAGIC, Uint8Array.of(VERSION), salt, Uint8Array.of(marks.length), ...marks)

/** The head of a file that begins so, as soon as all of it is there. */
export function readCarryHead(bytes: Uint8Array): Read<CarryHead> | Short | Refused<'no-carry-file' | 'newer' | 'altered'> {
  const start = bytes.subarray(0, MAGIC.length)
  if (!equalBytes(start, MAGIC.subarray(0, start.length))) return { kind: 'refused', reason: 'no-carry-file' }
  const version = bytes[MAGIC.length]
  if (version === undefined) return { kind: 'short' }
  if (version !== VERSION) return { kind: 'refused', reason: version > VERSION ? 'newer' : 'no-carry-file' }
  const count = bytes[BEFORE_MARKS_BYTES - 1]
  if (count === undefined) return { kind: 'short' }
  if (count === 0 || count > CARRY_DEVICES_MAX) return { kind: 'refused', reason: 'altered' }
  const length = BEFORE_MARKS_BYTES + count * MARK_BYTES
  if (bytes.length < length) return { kind: 'short' }
  const salt = bytes.slice(MAGIC.length + 1, MAGIC.length + 1 + SALT_BYTES)
  const marks = Array.from({ length: count }, (_, at) =>
    bytes.slice(BEFORE_MARKS_BYTES + at * MARK_BYTES, BEFORE_MARKS_BYTES + (at + 1) * MARK_BYTES),
  )
  return { kind: 'read', value: { salt, marks }, length }
}

/** The record that stands there, as soon as all of it is there. */
export function readCarryRecord(bytes: Uint8Array): Read<CarryRecord> | Short | Refused<'altered'> {
  const [slot, last] = bytes
  if (slot === undefined || last === undefined || bytes.length < RECORD_HEAD_BYTES) return { kind: 'short' }
  const size = new DataView(bytes.buffer, bytes.byteOffset + 2, 4).getUint32(0)
  if (slot >= CARRY_DEVICES_MAX || last > 1 || !SEALED_BYTES.includes(size)) return { kind: 'refused', reason: 'altered' }
  const length = RECORD_HEAD_BYTES + size
  if (bytes.length < length) return { kind: 'short' }
  return { kind: 'read', value: { slot, isLast: last === 1, sealed: bytes.subarray(RECORD_HEAD_BYTES, length) }, length }
}

/** The record of a share. Under its key each `index` is sealed once. */
export function sealCarryRecord(share: CarryShare, { index, isLast }: CarryPlace, frames: readonly Frame[]): Uint8Array {
  const sealed = seal(share.key, nonceOf(index), paddedFrames(frames), associatedWith(share, isLast))
  return concatBytes(Uint8Array.of(share.slot, Number(isLast)), encode(u32, sealed.length), sealed)
}

/** Undefined for what was not sealed for this place in this share, or holds anything that a file may not. */
export function openCarryRecord(share: CarryShare, index: number, { isLast, sealed }: CarryRecord): readonly Frame[] | undefined {
  const plaintext = open(share.key, nonceOf(index), sealed, associatedWith(share, isLast))
  const frames = plaintext && framesIn(plaintext)
  return frames?.every(({ kind }) => CARRIED.has(kind)) === true ? frames : undefined
}

type CarryPlace = { readonly index: number; readonly isLast: boolean }

// What proves its author by itself. What somebody says to have steers sending now, and a file may be old.
const CARRIED: ReadonlySet<Frame['kind']> = new Set(['device-list', 'envelope', 'opened', 'entries', 'receipts'])

const nonceOf = (index: number): Uint8Array => concatBytes(NONCE_START, encode(u32, index))

const associatedWith = ({ slot, salt }: CarryShare, isLast: boolean): Uint8Array =>
  concatBytes(ASSOCIATED, salt, Uint8Array.of(slot, Number(isLast)))
