// What the store knows of files: rows of the table `state` that say what is to be done about them, under `files/`, and where those lie that are
// here whole, under `filed/`. The first are read when the files are opened, the others one by one.

import { toHex } from '../../bytes/bytes.ts'
import { bytes, decode, encode, fixed, hex, list, oneOf, optional, struct, text, u16, u32, u48 } from '../../bytes/codec.ts'
import { deviceId, mailboxId } from '../../bytes/ids.ts'
import { RELAYED_TO_MAX } from '../../attachments/limits.ts'
import { VOICE_REF_BYTES_MAX, WAVEFORM_BYTES_MAX } from '../../limits.ts'
import { FILE_PREFIXES, rangeOf } from './prefixes.ts'
import type { FilePlace } from '../../attachments/file-frame.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { ConversationId, DeviceId, EntryId, MailboxId } from '../../bytes/ids.ts'
import type { StoreRow, StoreWrite } from '../../ports.ts'
import type { Voice } from '../../wire/attachment.ts'

/** Name of a file in the file store: random, hex. */
const NAME_BYTES = 16
const fileName: Codec<string> = hex(NAME_BYTES)

export const newFileName = (random: (length: number) => Uint8Array): string => toHex(random(NAME_BYTES))

const NOTHING = new Uint8Array(0)

const keyOf = (kind: 'wanted' | 'going' | 'leaving' | 'clear' | 'filed', { conversation, message, item }: FilePlace): string =>
  `${FILE_PREFIXES[kind]}/${conversation}/${message}/${item}`

/** The place of a row that stands for an attachment. */
export function placeIn(key: string): FilePlace {
  const [conversation, message, item] = key.split('/').slice(-3)
  return { conversation: conversation as ConversationId, message: message as EntryId, item: Number(item) }
}

/** A message whose files are to go. */
export function goneIn(key: string): Pick<FilePlace, 'conversation' | 'message'> {
  const [conversation, message] = key.split('/').slice(-2)
  return { conversation: conversation as ConversationId, message: message as EntryId }
}

export type FileRow = keyof typeof FILE_PREFIXES

/** Store bounds of all rows of a kind, or of those of one message. */
export const rowsOf = (kind: FileRow, of?: Pick<FilePlace, 'conversation' | 'message'>) =>
  rangeOf(FILE_PREFIXES[kind], ...(of === undefined ? [] : [of.conversation, of.message]))

export const isFileRow = (write: StoreWrite, kind: FileRow): write is Extract<StoreWrite, { kind: 'put' }> =>
  write.kind === 'put' && write.table === 'state' && write.key.startsWith(`${FILE_PREFIXES[kind]}/`)

/** `auto`: nobody has said anything about it. `removed`: it was here; while a file is named, its bytes may still be. */
export type Wish = 'auto' | 'asked' | 'paused' | 'removed'

/** How far it has come: chunks from the first on, all of them checked and on the disk. */
export type Wanted = { readonly file: string | undefined; readonly have: number; readonly wish: Wish }

export const NOTHING_YET: Wanted = { file: undefined, have: 0, wish: 'auto' }

const wanted: Codec<Wanted> = struct({ file: optional(fileName), have: u32, wish: oneOf<Wish>(['auto', 'asked', 'paused', 'removed']) })

/** `size`: in rows of this version. */
type Filed = { readonly file: string; readonly size: number | undefined }
const filed: Codec<Filed> = {
  write(writer, { file, size }) {
    fileName.write(writer, file)
    if (size !== undefined) u48.write(writer, size)
  },
  read: (reader) => ({ file: fileName.read(reader), size: reader.at === reader.bytes.length ? undefined : u48.read(reader) }),
}

/** `root`: once all of it is sealed. */
export type Staged = { readonly conversation: ConversationId; readonly file: string; readonly root: Uint8Array | undefined }
const staged = struct({ root: optional(fixed(32)) })

const put = (key: string, value: Uint8Array): StoreWrite => ({ kind: 'put', table: 'state', key, value })
const drop = (key: string): StoreWrite => ({ kind: 'delete', table: 'state', key })

export const dropRow = ({ key }: Pick<StoreRow, 'key'>): StoreWrite => drop(key)

/** A line leaves an empty one. */
export const readWanted = ({ value }: Pick<StoreRow, 'value'>): Wanted => (value.length === 0 ? NOTHING_YET : decode(wanted, value))
export const putWanted = (place: FilePlace, value: Wanted): StoreWrite => put(keyOf('wanted', place), encode(wanted, value))

export const filedKey = (place: FilePlace): string => keyOf('filed', place)
export const readFiled = (value: Uint8Array): string => decode(filed, value).file
export const sizeOfFiled = ({ value }: Pick<StoreRow, 'value'>): number | undefined => decode(filed, value).size
/** Store bounds of those of one chat, or of all. */
export const filedRange = (conversation?: ConversationId) =>
  rangeOf(FILE_PREFIXES.filed, ...(conversation === undefined ? [] : [conversation]))

/** All of it is here. */
export const putFiled = (place: FilePlace, { file, size }: { readonly file: string; readonly size: number }): readonly StoreWrite[] => [
  drop(keyOf('wanted', place)),
  put(filedKey(place), encode(filed, { file, size })),
]

/** It is not here any more. */
export const putRemoved = (place: FilePlace, file: string | undefined): readonly StoreWrite[] => [
  drop(filedKey(place)),
  putWanted(place, { file, have: 0, wish: 'removed' }),
]

/** What is known of a recording beside its bytes: `parts` of them are kept. */
export type Spoken = Voice & { readonly ref: string; readonly parts: number }
const spoken: Codec<Spoken> = struct({ ref: text(VOICE_REF_BYTES_MAX), duration: u32, waveform: bytes(WAVEFORM_BYTES_MAX), parts: u16 })

const spokenKey = (conversation: ConversationId, name: string): string => `${FILE_PREFIXES.spoken}/${conversation}/${name}`
export const spokenHead = (conversation: ConversationId): string => spokenKey(conversation, 'head')
export const readSpoken = (value: Uint8Array): Spoken => decode(spoken, value)
export const putSpoken = (conversation: ConversationId, value: Spoken): StoreWrite => put(spokenHead(conversation), encode(spoken, value))
/** In the order of their keys: all of one length. */
export const spokenPart = (conversation: ConversationId, part: number): string =>
  spokenKey(conversation, `part/${String(part).padStart(5, '0')}`)
export const putSpokenPart = (conversation: ConversationId, part: number, value: Uint8Array): StoreWrite =>
  put(spokenPart(conversation, part), value)
export const dropSpoken = (conversation: ConversationId): StoreWrite => ({
  kind: 'delete-range',
  ...rangeOf(FILE_PREFIXES.spoken, conversation),
})

/** An own one that no other device has said to have. */
export const putGoing = (place: FilePlace): StoreWrite => put(keyOf('going', place), NOTHING)
export const dropGoing = (place: FilePlace): StoreWrite => drop(keyOf('going', place))

/**
 * An own file that is left at relays. `to`: for whom, and how many parcels lie there from the first on. `namesKey`: of parcels, which are to be taken back
 * when the file's own key has gone. `since`: ms.
 */
export type Leaving = {
  readonly namesKey: Uint8Array
  readonly count: number
  readonly since: number
  readonly to: readonly { readonly device: DeviceId; readonly done: number }[]
}
const leaving: Codec<Leaving> = struct({
  namesKey: fixed(32),
  count: u32,
  since: u48,
  to: list(struct({ device: deviceId, done: u32 }), RELAYED_TO_MAX),
})
export const readLeaving = ({ value }: Pick<StoreRow, 'value'>): Leaving => decode(leaving, value)
export const putLeaving = (place: FilePlace, value: Leaving): StoreWrite => put(keyOf('leaving', place), encode(leaving, value))
export const dropLeaving = (place: FilePlace): StoreWrite => drop(keyOf('leaving', place))

/** Parcels in these mailboxes, own ones or those of others, for which there is no use any more. */
export type Clearing = Pick<Leaving, 'namesKey' | 'count' | 'since'> & { readonly mailboxes: readonly MailboxId[] }
const clearing: Codec<Clearing> = struct({ namesKey: fixed(32), count: u32, since: u48, mailboxes: list(mailboxId, RELAYED_TO_MAX) })
export const readClearing = ({ value }: Pick<StoreRow, 'value'>): Clearing => decode(clearing, value)
export const putClearing = (place: FilePlace, value: Clearing): StoreWrite => put(keyOf('clear', place), encode(clearing, value))
export const dropClearing = (place: FilePlace): StoreWrite => drop(keyOf('clear', place))

/** What came on a day, counted from 1970, that nobody has asked for. */
export type Unasked = { readonly day: number; readonly bytes: number }
const unasked: Codec<Unasked> = struct({ day: u32, bytes: u32 })

export const unaskedKey = (conversation: ConversationId): string => `${FILE_PREFIXES.unasked}/${conversation}/day`
export const readUnasked = (value: Uint8Array): Unasked => decode(unasked, value)
export const putUnasked = (conversation: ConversationId, value: Unasked): StoreWrite =>
  put(unaskedKey(conversation), encode(unasked, value))

const stagedKey = ({ conversation, file }: Pick<Staged, 'conversation' | 'file'>): string =>
  `${FILE_PREFIXES.staged}/${conversation}/${file}`

export function readStaged({ key, value }: StoreRow): Staged {
  const [conversation, file] = key.split('/').slice(-2)
  return { conversation: conversation as ConversationId, file: String(file), ...decode(staged, value) }
}
export const putStaged = ({ root, ...of }: Staged): StoreWrite => put(stagedKey(of), encode(staged, { root }))
export const dropStaged = (of: Pick<Staged, 'conversation' | 'file'>): StoreWrite => drop(stagedKey(of))
