// One line of a conversation as it lies in the store, under its order key. Rows of accounts that are not members are kept too,
// and left out when they are read: an admission that arrives later brings them up without a second pass.

import {
  decode,
  DecodeError,
  flag,
  hex,
  list,
  mapped,
  marked,
  oneOf,
  optional,
  struct,
  text,
  u16,
  u32,
  u48,
  union,
} from '../bytes/codec.ts'
import { accountId, deviceId, entryId } from '../bytes/ids.ts'
import { EMOJI_BYTES_MAX, FEEDS_PER_CONVERSATION_MAX, MEMBERS_MAX, NAME_BYTES_MAX, TEXT_BYTES_MAX } from '../limits.ts'
import { keptBody } from '../log/kept-body.ts'
import { ORDER_KEY_LENGTH } from '../log/order.ts'
import { content as contentCodec, isMessage } from '../wire/content.ts'
import { REACTIONS_KEPT_MAX } from './limits.ts'
import { cleanText, isMarked } from './text.ts'
import type { AccountId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { Codec } from '../bytes/codec.ts'
import type { KeptBody } from '../log/kept-body.ts'
import type { Attachment } from '../wire/attachment.ts'
import type { Content, MessageKind } from '../wire/content.ts'

/** Why an entry cannot be read here. `newer`: a newer version may read it; reduce the entry again then. `broken`: nobody here ever will. */
export type Unreadable = 'newer' | 'broken'

export type Pin = { readonly orderKey: string; readonly isSet: boolean }

/** How many of those who are shown have reacted with it, and whether this account has. */
export type ReactionCount = { readonly emoji: string; readonly count: number; readonly isMine: boolean }

/** What others have made of a message, worked into its line: reading it takes no other row (docs/protocol.md §5.12). */
export type Relations = {
  /** The last edit in order, as it was written. */
  readonly edit: { readonly orderKey: string; readonly text: string } | undefined
  /** Ascending by emoji, each at least once. */
  readonly reactions: readonly ReactionCount[]
  /** The last word of anybody who is shown. */
  readonly pin: Pin | undefined
}

export const NOT_RELATED: Relations = { edit: undefined, reactions: [], pin: undefined }

/** `text`: as it is shown, once edited that of the edit. `kept`: the body as its author first wrote it, here and nowhere else. */
export type Living = { readonly form: number; readonly changes: number }

export type MessageContent = {
  readonly kind: 'text'
  readonly text: string
  /** The text as its author wrote it last, where it may have mentions. */
  readonly marked?: string | undefined
  /** The message that it answers. */
  readonly answers?: EntryId | undefined
  /** Photos and files that go with it; only with such may the text be empty. */
  readonly files?: readonly Attachment[]
  /** It goes on changing: the poll, checklist or note that it is, and how many changes have come, each of which another look may show. */
  readonly living?: Living
  readonly kept: KeptBody
  readonly related?: Relations | undefined
}

/** What became of members of a group by one entry. `role`: given or left to them. */
export type Acted = {
  readonly change: 'created' | 'added' | 'removed' | 'left' | 'role' | 'let-in'
  readonly accounts: readonly AccountId[]
  readonly role: 'owner' | 'admin' | 'member' | undefined
}

export type TimelineContent =
  | MessageContent
  | (Acted & { readonly kind: 'acted' })
  | { readonly kind: 'created' }
  | { readonly kind: 'joined' }
  | { readonly kind: 'named'; readonly name: string }
  /** Its account has one device more, or less. */
  | { readonly kind: 'devices'; readonly change: 'added' | 'removed' }
  | { readonly kind: 'titled'; readonly title: string }
  /** What is written from here on goes after so many seconds, or stays. */
  | { readonly kind: 'timed'; readonly seconds: number }
  /** An entry that cannot be read here. */
  | { readonly kind: 'unreadable'; readonly why: Unreadable }
  /** A message that its author has deleted for everyone: nothing of it is left, and nothing that happens to it counts. */
  | { readonly kind: 'deleted' }

export type TimelineRow = {
  /** Key of the row in the timeline. */
  readonly orderKey: string
  readonly id: EntryId
  readonly account: AccountId
  readonly device: DeviceId
  readonly seq: number
  /** Author's clock, ms; that of the arrival where this is later, or the other was never set. */
  readonly time: number
  readonly content: TimelineContent
  /** It stands above a message of this account that was written before this one could be read here. */
  readonly isLate?: boolean
}

export const orderKey: Codec<string> = hex(ORDER_KEY_LENGTH / 2)

export const pin: Codec<Pin> = struct({ orderKey, isSet: flag })

const why = oneOf<Unreadable>(['newer', 'broken'])

const related: Codec<Relations> = struct({
  edit: optional(struct({ orderKey, text: text(TEXT_BYTES_MAX) })),
  reactions: list(struct({ emoji: text(EMOJI_BYTES_MAX), count: u16, isMine: flag }), FEEDS_PER_CONVERSATION_MAX * REACTIONS_KEPT_MAX),
  pin: optional(pin),
})

type Said = Extract<Content, { kind: MessageKind }>

/** What a message says beside its text. */
export const saidIn = (said: Said): Pick<MessageContent, 'marked' | 'answers' | 'files' | 'living'> => ({
  ...(said.kind === 'living' ? {} : markedIn(said.text)),
  answers: said.kind === 'reply' ? said.target : said.kind === 'attachments' ? said.answers : undefined,
  ...(said.kind === 'attachments' ? { files: said.files } : {}),
  ...(said.kind === 'living' && SIGNS[said.form] !== undefined ? { living: { form: said.form, changes: 0 } } : {}),
})

export const markedIn = (text: string): Pick<MessageContent, 'marked'> => (isMarked(text) ? { marked: text } : {})

/** By the form of a living message: what its words begin with wherever only words are shown. */
const SIGNS: readonly (string | undefined)[] = [undefined, '📊', '📊', '☑️', '📝']

/** The words of a message as they are shown. */
export function wordsOf(said: Said): string {
  const words = cleanText(said.text)
  const sign = said.kind === 'living' && words !== '' ? SIGNS[said.form] : undefined
  return sign === undefined ? words : `${sign} ${words}`
}

/** What stands for a message where only words are shown: its text, else its first file. Empty for a photo. */
export function inWords({ text: words, files }: Pick<MessageContent, 'text' | 'files'>): string {
  const [file] = files ?? []
  const played = file?.voice ?? file?.video
  if (words !== '' || file === undefined || played === undefined) return words || (file?.name ?? '')
  const seconds = Math.round(played.duration / 1_000)
  return `${file.voice === undefined ? '🎬' : '🎤'} ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

type StoredMessage = { readonly kept: KeptBody; readonly related?: Relations | undefined; readonly changes?: number }

// Cleaned again each time, as it was when it came: so the text lies here once, and as its author wrote it.
function messageOf({ kept, related: of, changes }: StoredMessage): MessageContent {
  const said = decode(contentCodec, kept.content)
  if (!isMessage(said)) throw new DecodeError('a message whose body is no text')
  const { marked: first, ...rest } = saidIn(said)
  const edit = of?.edit?.text
  const marked = edit === undefined ? { marked: first } : markedIn(edit)
  const living = rest.living && changes !== undefined ? { living: { ...rest.living, changes } } : {}
  return { kind: 'text', ...rest, ...marked, ...living, text: edit === undefined ? wordsOf(said) : cleanText(edit), kept, related: of }
}

type StoredContent =
  | Exclude<TimelineContent, MessageContent>
  | ({ readonly kind: 'plain' } & Pick<MessageContent, 'kept'>)
  | ({ readonly kind: 'related'; readonly related: Relations } & Pick<MessageContent, 'kept'>)
  | { readonly kind: 'living'; readonly kept: KeptBody; readonly related: Relations | undefined; readonly changes: number }

/** `plain`: as rows of messages were before anything could happen to them. */
const stored: Codec<StoredContent> = union<StoredContent>({
  plain: [1, struct({ kept: keptBody })],
  created: [2, struct({})],
  joined: [3, struct({})],
  named: [4, struct({ name: text(NAME_BYTES_MAX) })],
  titled: [5, struct({ title: text(NAME_BYTES_MAX) })],
  unreadable: [6, struct({ why })],
  related: [7, struct({ kept: keptBody, related })],
  deleted: [8, struct({})],
  acted: [
    9,
    struct({
      change: oneOf<Acted['change']>(['created', 'added', 'removed', 'left', 'role', 'let-in']),
      accounts: list(accountId, MEMBERS_MAX),
      role: optional(oneOf<NonNullable<Acted['role']>>(['owner', 'admin', 'member'])),
    }),
  ],
  devices: [11, struct({ change: oneOf<'added' | 'removed'>(['added', 'removed']) })],
  timed: [12, struct({ seconds: u32 })],
  living: [10, struct({ kept: keptBody, related: optional(related), changes: u32 })],
})

const timelineContent: Codec<TimelineContent> = mapped(
  stored,
  (row) => (row.kind === 'plain' || row.kind === 'related' || row.kind === 'living' ? messageOf(row) : row),
  (content): StoredContent => {
    if (content.kind !== 'text') return content
    const { kept, related: of, living } = content
    if (living !== undefined) return { kind: 'living', kept, related: of, changes: living.changes }
    return of === undefined ? { kind: 'plain', kept } : { kind: 'related', kept, related: of }
  },
)

const line = struct({ orderKey, id: entryId, account: accountId, device: deviceId, seq: u32, time: u48, content: timelineContent })

export const timelineRow: Codec<TimelineRow> = marked(line, 'isLate')
