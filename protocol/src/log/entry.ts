// One entry of a feed: its making by the author, its id, and the run signature (docs/protocol.md §5.1, §5.2).

import { fromHex } from '../bytes/bytes.ts'
import { encode, tryDecode, u32 } from '../bytes/codec.ts'
import { entryIdOf } from '../bytes/ids.ts'
import { hash, labelHash } from '../crypto/hash.ts'
import { sign, verify } from '../crypto/sign.ts'
import { content as contentCodec, entryKindOf } from '../wire/content.ts'
import { entryHeader, withBodyHash } from '../wire/entry.ts'
import { bucketFor, sealBody } from './body.ts'
import { commitmentOf, SALT_BYTES } from './kept-body.ts'
import type { ChainId, ConversationId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { Content } from '../wire/content.ts'
import type { EntryHeader, Head } from '../wire/entry.ts'
import type { KeptBody } from './kept-body.ts'

/** What the author decides about an entry. The kind follows from the content. */
export type EntryDraft = {
  /** NO_CONVERSATION in the create entry. */
  readonly conversation: ConversationId
  readonly device: DeviceId
  readonly seq: number
  readonly prev: EntryId
  readonly deps: readonly Head[]
  readonly members: Uint8Array
  readonly chain: ChainId
  readonly step: number
  readonly ttl: number
  readonly time: number
  readonly content: Content
  /** 32 bytes of the author's sender chain at `step`; used once. */
  readonly messageKey: Uint8Array
  readonly random: (length: number) => Uint8Array
}

export type CreatedEntry = {
  readonly id: EntryId
  readonly header: EntryHeader
  readonly headerBytes: Uint8Array
  readonly body: Uint8Array
  readonly kept: KeptBody
}

/** Seals `draft.content` and makes the header around it. */
export function createEntry(draft: EntryDraft): CreatedEntry {
  const { content, messageKey, random, ...place } = draft
  const contentBytes = encode(contentCodec, content)
  const salt = random(SALT_BYTES)
  const open: EntryHeader = {
    version: 1,
    suite: 1,
    kind: entryKindOf(content),
    ...place,
    random: random(16),
    bucket: bucketFor(contentBytes.length),
    bodyHash: new Uint8Array(32),
    commitment: commitmentOf(salt, contentBytes),
  }
  const openBytes = encode(entryHeader, open)
  const body = sealBody(open, { contentBytes, salt, messageKey, headerBytes: openBytes })
  const header = { ...open, bodyHash: hash(body) }
  const headerBytes = withBodyHash(openBytes, header.bodyHash)
  return { id: entryIdOfHeader(headerBytes), header, headerBytes, body, kept: { salt, content: contentBytes } }
}

/** H("kith/1/entry", header). The id of the create entry is, as bytes, the id of the conversation. */
export const entryIdOfHeader = (headerBytes: Uint8Array): EntryId => entryIdOf(labelHash('kith/1/entry', headerBytes))

export type ReadHeader = { readonly id: EntryId; readonly header: EntryHeader }

const readHeaders = new WeakMap<Uint8Array, ReadHeader>()

/** What these bytes say, and their id; undefined where they are no header. They are looked at in several places on their way in, and read once. */
export function readHeader(headerBytes: Uint8Array): ReadHeader | undefined {
  const known = readHeaders.get(headerBytes)
  if (known !== undefined) return known
  const header = tryDecode(entryHeader, headerBytes)
  if (header === undefined) return undefined
  const read = { id: entryIdOfHeader(headerBytes), header }
  readHeaders.set(headerBytes, read)
  return read
}

/** What a run signature speaks about: the last entry of the run, and through `prev` all before it. */
export type RunEnd = { readonly conversation: ConversationId; readonly device: DeviceId; readonly seq: number; readonly id: EntryId }

/** `conversation` is the real id, in the create entry too. */
export const signRun = (signSeed: Uint8Array, end: RunEnd): Uint8Array => sign(signSeed, runStatement(end))

export const verifyRun = (signingKey: Uint8Array, end: RunEnd, signature: Uint8Array): boolean =>
  verify(signingKey, runStatement(end), signature)

/** The bytes that a run signature is made over. */
export const runStatement = (end: RunEnd): Uint8Array =>
  labelHash('kith/1/run', fromHex(end.conversation), fromHex(end.device), encode(u32, end.seq), fromHex(end.id))
