// An entry of a device's feed as it travels: signed, hash-chained header and sealed body (docs/protocol.md §5).

import { DecodeError, fixed, list, mapped, optional, sharedBytes, struct, u32, u48, u8 } from '../bytes/codec.ts'
import { chainId, conversationId, deviceId, entryId } from '../bytes/ids.ts'
import { BODY_BYTES_MAX, DEPS_MAX, HEADER_BYTES_MAX } from '../limits.ts'
import type { Codec } from '../bytes/codec.ts'
import type { ChainId, ConversationId, DeviceId, EntryId } from '../bytes/ids.ts'

export const ENTRY_KINDS = ['content', 'control', 'receipt'] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** The last entry that somebody has seen of one feed. */
export type Head = { readonly device: DeviceId; readonly seq: number; readonly id: EntryId }

export type EntryHeader = {
  /** Always 1. */
  readonly version: number
  /** 1: SHA-256, Ed25519, HKDF-SHA-256, ChaCha20-Poly1305. */
  readonly suite: number
  readonly kind: EntryKind
  /** 32 zero bytes in the entry that creates the conversation. */
  readonly conversation: ConversationId
  readonly device: DeviceId
  readonly seq: number
  /** Id of the entry before it in the same feed; zeros where seq is 0. */
  readonly prev: EntryId
  /** Heads of other feeds that the author had seen, ascending by device, each at most once. */
  readonly deps: readonly Head[]
  /** Hash of the member state that the author believed in. */
  readonly members: Uint8Array
  readonly chain: ChainId
  readonly step: number
  readonly random: Uint8Array
  /** Index into BODY_BUCKETS. */
  readonly bucket: number
  /** SHA-256 of the sealed body. */
  readonly bodyHash: Uint8Array
  /** M(salt, "kith/1/commitment", content): one plaintext only. */
  readonly commitment: Uint8Array
  /** Seconds until it disappears, 0 for never. */
  readonly ttl: number
  /** Advisory wall clock of the author, ms. */
  readonly time: number
}

/** An entry on the wire. `signature` covers the run that ends here; `body` may have been deleted. */
export type WireEntry = {
  readonly header: Uint8Array
  readonly signature: Uint8Array | undefined
  readonly body: Uint8Array | undefined
}

const kind: Codec<EntryKind> = mapped(
  u8,
  (value) => {
    const name = ENTRY_KINDS[value - 1]
    if (name === undefined) throw new DecodeError('an unknown kind of entry')
    return name
  },
  (name) => ENTRY_KINDS.indexOf(name) + 1,
)

export const head: Codec<Head> = struct({ device: deviceId, seq: u32, id: entryId })

const one: Codec<number> = mapped(
  u8,
  (value) => {
    if (value !== 1) throw new DecodeError('an unknown version or suite')
    return value
  },
  (value) => value,
)

export const entryHeader: Codec<EntryHeader> = struct({
  version: one,
  suite: one,
  kind,
  conversation: conversationId,
  device: deviceId,
  seq: u32,
  prev: entryId,
  deps: list(head, DEPS_MAX),
  members: fixed(32),
  chain: chainId,
  step: u32,
  random: fixed(16),
  bucket: u8,
  bodyHash: fixed(32),
  commitment: fixed(32),
  ttl: u32,
  time: u48,
})

/** Where `bodyHash` lies in the bytes of a header, counted from their end: before commitment, ttl and time. */
const BODY_HASH = { from: -74, to: -42 } as const
const NO_HASH = new Uint8Array(32)

/** The bytes of a header but for the hash of the body, which stand for 32 zeros: what a seal covers that lies in a body. */
export const withoutBodyHash = (headerBytes: Uint8Array): readonly [Uint8Array, Uint8Array, Uint8Array] => [
  headerBytes.subarray(0, BODY_HASH.from),
  NO_HASH,
  headerBytes.subarray(BODY_HASH.to),
]

/** The bytes of a header with this hash of the body in it. */
export function withBodyHash(headerBytes: Uint8Array, bodyHash: Uint8Array): Uint8Array {
  const whole = headerBytes.slice()
  whole.set(bodyHash, whole.length + BODY_HASH.from)
  return whole
}

/** Header and body are read as parts of what they came in: whoever keeps an entry for long keeps a copy (`apartFrom`). */
export const wireEntry: Codec<WireEntry> = struct({
  header: sharedBytes(HEADER_BYTES_MAX),
  signature: optional(fixed(64)),
  body: optional(sharedBytes(BODY_BYTES_MAX)),
})
