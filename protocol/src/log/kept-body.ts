// What is kept of a body once it is open: the two parts that its author committed to, without seal and padding (docs/protocol.md §5.11).
// The message key is gone by then, so nothing else can say later what an entry said.

import { equalBytes } from '../bytes/bytes.ts'
import { bytes, fixed, struct, tryDecode } from '../bytes/codec.ts'
import { labelMac } from '../crypto/hash.ts'
import { BODY_BUCKETS } from '../limits.ts'
import { content as contentCodec, entryKindOf } from '../wire/content.ts'
import type { Codec } from '../bytes/codec.ts'
import type { Content } from '../wire/content.ts'
import type { EntryHeader } from '../wire/entry.ts'

export const SALT_BYTES = 32

/** `content`: the bytes of the content, which a newer version may know. */
export type KeptBody = { readonly salt: Uint8Array; readonly content: Uint8Array }

export const keptBody: Codec<KeptBody> = struct({ salt: fixed(SALT_BYTES), content: bytes(Math.max(...BODY_BUCKETS)) })

/** M(salt, "kith/1/commitment", content). */
export const commitmentOf = (salt: Uint8Array, contentBytes: Uint8Array): Uint8Array => labelMac(salt, 'kith/1/commitment', contentBytes)

/** True when these are the salt and the content that the author of the entry committed to. */
export const isBodyKeptOf = (header: EntryHeader, kept: KeptBody): boolean =>
  equalBytes(commitmentOf(kept.salt, kept.content), header.commitment)

/** What a kept body says; undefined when it is not the entry's, or nothing that this version knows. */
export function contentKeptOf(header: EntryHeader, kept: KeptBody): Content | undefined {
  const content = isBodyKeptOf(header, kept) ? tryDecode(contentCodec, kept.content) : undefined
  return content !== undefined && entryKindOf(content) === header.kind ? content : undefined
}
