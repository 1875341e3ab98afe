// What an entry says once its body is open (docs/protocol.md §5.4).

import { bytes, DecodeError, fixed, flag, mapped, optional, struct, text, u32, u8, union } from '../bytes/codec.ts'
import { accountId, deviceId, entryId } from '../bytes/ids.ts'
import {
  ACT_BYTES_MAX,
  CAPTION_BYTES_MAX,
  CARD_BYTES_MAX,
  CIRCLE_SAID_BYTES_MAX,
  DOCUMENT_UPDATE_BYTES_MAX,
  EMOJI_BYTES_MAX,
  LIVING_BYTES_MAX,
  NAME_BYTES_MAX,
  SCHEDULED_BYTES_MAX,
  TEXT_BYTES_MAX,
} from '../limits.ts'
import { ABOUT_BYTES_MAX, PICTURE_BYTES_MAX } from './face-limits.ts'
import { attachments, isPlayed, playedAttachments } from './attachment.ts'
import type { Codec } from '../bytes/codec.ts'
import type { AccountId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { Attachment } from './attachment.ts'
import type { EntryKind } from './entry.ts'

export type Content =
  /** First entry of a conversation. `nonce` makes two conversations of one founder differ. */
  | {
      readonly kind: 'create'
      readonly shape: 'pair'
      readonly founder: AccountId
      readonly deviceList: Uint8Array
      readonly nonce: Uint8Array
    }
  /** The founder lets an account in; in a pair exactly once. */
  | { readonly kind: 'admit'; readonly account: AccountId; readonly deviceList: Uint8Array }
  /** First entry of an invited account's feed. `proof` = M(token, "kith/1/join", account), docs/protocol.md §3.4. */
  | { readonly kind: 'join'; readonly account: AccountId; readonly deviceList: Uint8Array; readonly proof: Uint8Array }
  /** What somebody does to the members of a group, from its tag on; membership/act.ts reads it (docs/protocol.md §11.1). */
  | { readonly kind: 'act'; readonly act: Uint8Array }
  /** How the device of a member is reached by the others of a group; group/card.ts reads it (docs/protocol.md §12). */
  | { readonly kind: 'card'; readonly card: Uint8Array }
  /** What own devices say to each other; linking/said.ts reads it (docs/protocol.md §13.4). */
  | { readonly kind: 'circle'; readonly said: Uint8Array }
  /** First entry of a further device of an account: it takes part from here on. */
  | { readonly kind: 'arrived' }
  /** A device of the author's account was revoked: so many of its entries here count. */
  | { readonly kind: 'revoked'; readonly device: DeviceId; readonly length: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'profile'; readonly name: string }
  /** What else its author shows of themselves: a line, and a picture (wire/picture.ts). Empty for none. */
  | { readonly kind: 'face'; readonly about: string; readonly picture: Uint8Array }
  /** What older versions wrote into their feeds to say what they had. Nobody reads it any more. */
  | { readonly kind: 'receipt' }
  /** A Yjs update (v1) of one of the conversation's documents; 1 = meta. */
  | { readonly kind: 'document'; readonly document: number; readonly update: Uint8Array }
  /** A text that answers the message `target`. */
  | { readonly kind: 'reply'; readonly target: EntryId; readonly text: string }
  /** Photos and files, with what is said about them, which may be nothing. */
  | {
      readonly kind: 'attachments'
      readonly text: string
      readonly answers: EntryId | undefined
      readonly files: readonly Attachment[]
    }
  /**
   * Something that those who may write here go on changing: a poll, a checklist or a note (docs/protocol.md §5.15). `text`: its title, and line by line what it
   * begins with, so that it says the same wherever only words are shown.
   */
  | { readonly kind: 'living'; readonly form: number; readonly text: string }
  /** What is to be read from a date on (docs/protocol.md §5.16). */
  | { readonly kind: 'scheduled'; readonly act: ScheduledAct }
  | RelationContent

/** Words and their date under a key that is named by its hash; or that key, for the own entry `target`. */
export type ScheduledAct =
  | { readonly kind: 'sealed'; readonly keyHash: Uint8Array; readonly sealed: Uint8Array }
  | { readonly kind: 'key'; readonly seq: number; readonly target: EntryId; readonly key: Uint8Array }

/** What somebody does to the message `target`, which may come later or never. What it may be is the reducer's matter (docs/protocol.md §5.12). */
export type RelationContent =
  | { readonly kind: 'reaction'; readonly target: EntryId; readonly emoji: string; readonly isSet: boolean }
  | { readonly kind: 'edit'; readonly target: EntryId; readonly text: string }
  | { readonly kind: 'deletion'; readonly target: EntryId }
  | { readonly kind: 'pin'; readonly target: EntryId; readonly isSet: boolean }
  /** A Yjs update (v1) of the document of a living message. */
  | { readonly kind: 'change'; readonly target: EntryId; readonly update: Uint8Array }

const pair: Codec<'pair'> = mapped(
  u8,
  (value) => {
    if (value !== 1) throw new DecodeError('an unknown shape of conversation')
    return 'pair'
  },
  () => 1,
)

/** Whatever is left. */
const ignored: Codec<object> = {
  write: () => {},
  read: (reader) => {
    reader.take(reader.bytes.length - reader.at)
    return {}
  },
}

type Plain = Exclude<Content, { kind: 'act' }>

const scheduledAct = union<ScheduledAct>({
  sealed: [1, struct({ keyHash: fixed(32), sealed: bytes(SCHEDULED_BYTES_MAX) })],
  key: [2, struct({ seq: u32, target: entryId, key: fixed(32) })],
})

const captioned = { text: text(CAPTION_BYTES_MAX), answers: optional(entryId) }

const known: Parameters<typeof union<Plain>>[0] = {
  create: [1, struct({ shape: pair, founder: accountId, deviceList: fixed(32), nonce: fixed(16) })],
  admit: [2, struct({ account: accountId, deviceList: fixed(32) })],
  join: [3, struct({ account: accountId, deviceList: fixed(32), proof: fixed(32) })],
  text: [16, struct({ text: text(TEXT_BYTES_MAX) })],
  profile: [17, struct({ name: text(NAME_BYTES_MAX) })],
  receipt: [18, ignored],
  document: [19, struct({ document: u8, update: bytes(DOCUMENT_UPDATE_BYTES_MAX) })],
  reply: [20, struct({ target: entryId, text: text(TEXT_BYTES_MAX) })],
  reaction: [21, struct({ target: entryId, emoji: text(EMOJI_BYTES_MAX), isSet: flag })],
  edit: [22, struct({ target: entryId, text: text(TEXT_BYTES_MAX) })],
  deletion: [23, struct({ target: entryId })],
  pin: [24, struct({ target: entryId, isSet: flag })],
  living: [25, struct({ form: u8, text: text(LIVING_BYTES_MAX) })],
  change: [26, struct({ target: entryId, update: bytes(DOCUMENT_UPDATE_BYTES_MAX) })],
  scheduled: [28, struct({ act: scheduledAct })],
  face: [29, struct({ about: text(ABOUT_BYTES_MAX), picture: bytes(PICTURE_BYTES_MAX) })],
  attachments: [32, struct({ ...captioned, files: attachments })],
  card: [33, struct({ card: bytes(CARD_BYTES_MAX) })],
  circle: [34, struct({ said: bytes(CIRCLE_SAID_BYTES_MAX) })],
  arrived: [35, struct({})],
  revoked: [36, struct({ device: deviceId, length: u32 })],
}

const plain = union<Plain>(known)

/** Tags of acts, from the first to the last. */
const ACT_TAGS = { first: 4, last: 13 } as const
const isActTag = (tag: number | undefined): boolean => tag !== undefined && tag >= ACT_TAGS.first && tag <= ACT_TAGS.last

/** Of attachments with something to play among them: versions before that take it for something newer, and say so. */
const PLAYED_TAG = 27
const played = struct({ ...captioned, files: playedAttachments })

export const content: Codec<Content> = {
  write(writer, value) {
    if (value.kind === 'act') return writer.put(value.act)
    if (value.kind !== 'attachments' || !value.files.some(isPlayed)) return plain.write(writer, value)
    writer.uint(1, PLAYED_TAG)
    played.write(writer, value)
  },
  read(reader) {
    const tag = reader.bytes[reader.at]
    if (tag === PLAYED_TAG) {
      reader.skip(1)
      return { kind: 'attachments', ...played.read(reader) }
    }
    if (!isActTag(tag)) return plain.read(reader)
    const act = reader.take(reader.bytes.length - reader.at)
    if (act.length > ACT_BYTES_MAX) throw new DecodeError('an act that is too long')
    return { kind: 'act', act }
  },
}

const TAGS: ReadonlySet<number | undefined> = new Set([PLAYED_TAG, ...Object.values(known).map(([tag]) => tag)])

/** True for content that begins as none of this version does: a newer one may know it. */
export const isOfNewerVersion = (contentBytes: Uint8Array): boolean =>
  contentBytes.length > 0 && !TAGS.has(contentBytes[0]) && !isActTag(contentBytes[0])

export type MessageKind = 'text' | 'reply' | 'attachments' | 'living'

/** What becomes a message of its own on the screen. */
export const isMessage = (value: Content): value is Extract<Content, { kind: MessageKind }> =>
  value.kind === 'text' || value.kind === 'reply' || value.kind === 'attachments' || value.kind === 'living'

/** Of a group: what every member may know, those too who came after it was written (docs/protocol.md §12.3). Acts are handed on by what is known of them, and faces by account. */
export const SHARED_KINDS = ['card', 'document', 'profile'] as const
export const isShared = ({ kind }: Content): boolean =>
  kind === 'act' || kind === 'face' || (SHARED_KINDS as readonly string[]).includes(kind)

/** The only kind of entry that may carry this content. */
export function entryKindOf(value: Content): EntryKind {
  switch (value.kind) {
    case 'create':
    case 'admit':
    case 'join':
    case 'act':
      return 'control'
    case 'receipt':
      return 'receipt'
    case 'text':
    case 'profile':
    case 'face':
    case 'document':
    case 'reply':
    case 'reaction':
    case 'edit':
    case 'deletion':
    case 'pin':
    case 'living':
    case 'change':
    case 'attachments':
    case 'scheduled':
    case 'card':
    case 'circle':
    case 'arrived':
    case 'revoked':
      return 'content'
  }
}
