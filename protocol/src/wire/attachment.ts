// What a message says of a photo, video, voice note or file that goes with it (docs/protocol.md §5.14). The bytes themselves travel apart, in sealed
// chunks.

import { bytes, DecodeError, fixed, flag, list, mapped, nothing, optional, struct, text, u16, u32, u48, union } from '../bytes/codec.ts'
import {
  ATTACHMENT_BYTES_MAX,
  ATTACHMENTS_PER_MESSAGE_MAX,
  FILE_NAME_BYTES_MAX,
  PHOTO_BYTES_MAX,
  PHOTO_SIDE_MAX,
  THUMBHASH_BYTES_MAX,
  THUMBHASH_BYTES_MIN,
  VIDEO_MS_MAX,
  VIDEO_SIDE_MAX,
  VOICE_BYTES_MAX,
  VOICE_MS_MAX,
  WAVEFORM_BYTES_MAX,
} from '../limits.ts'
import type { Codec } from '../bytes/codec.ts'

/** `thumbhash`: some 25 bytes from which a blur is drawn; what they say is looked at by whoever draws it. */
export type Photo = { readonly width: number; readonly height: number; readonly thumbhash: Uint8Array }

/** `duration`: ms. `waveform`: how loud it is, a byte for each step of equal length. */
export type Voice = { readonly duration: number; readonly waveform: Uint8Array }

/** `hasPoster`: the file behind it is a photo, one of its pictures. */
export type Video = Photo & { readonly duration: number; readonly hasPoster: boolean }

export type Attachment = {
  /** Bytes before they were sealed. */
  readonly size: number
  /** Of the tree over its sealed chunks (attachments/tree.ts). */
  readonly root: Uint8Array
  /** Random, for this one alone: with the message goes all that could open the chunks. */
  readonly key: Uint8Array
  /** Without a folder. Empty only for what is one of the next three. */
  readonly name: string
  /** Shown in the chat, once its bytes have turned out to be such a picture. Left out: kept as a file, or played. */
  readonly photo: Photo | undefined
  /** Played in the chat, once its bytes have turned out to be sound or film. One of the three at most. */
  readonly voice?: Voice | undefined
  readonly video?: Video | undefined
}

const PATH_OR_CONTROL = /[/\\\u0000-\u001f\u007f-\u009f]|^\.{0,2}$/

/** Whether a file may be called so: no path, no control characters, something to read. */
export const isFileName = (name: string): boolean => !PATH_OR_CONTROL.test(name)

const isIn = (value: number, max: number): boolean => value > 0 && value <= max

const isPicture = ({ width, height, thumbhash }: Photo, sideMax: number): boolean =>
  isIn(width, sideMax) && isIn(height, sideMax) && thumbhash.length >= THUMBHASH_BYTES_MIN

function isSound({ size, name, photo, voice, video }: Attachment): boolean {
  const isShown = photo ?? voice ?? video
  if (!isFileName(name) && (isShown === undefined || name !== '')) return false
  if (photo !== undefined) return isIn(size, PHOTO_BYTES_MAX) && isPicture(photo, PHOTO_SIDE_MAX)
  if (voice !== undefined) return isIn(size, VOICE_BYTES_MAX) && isIn(voice.duration, VOICE_MS_MAX) && voice.waveform.length > 0
  if (video === undefined) return size <= ATTACHMENT_BYTES_MAX
  return isIn(size, ATTACHMENT_BYTES_MAX) && isPicture(video, VIDEO_SIDE_MAX) && isIn(video.duration, VIDEO_MS_MAX)
}

/** What there is to listen to or to watch: versions before it knew none. */
export const isPlayed = ({ voice, video }: Pick<Attachment, 'voice' | 'video'>): boolean => (voice ?? video) !== undefined

const picture = { width: u16, height: u16, thumbhash: bytes(THUMBHASH_BYTES_MAX) }
const said = { size: u48, root: fixed(32), key: fixed(32), name: text(FILE_NAME_BYTES_MAX) }

const still: Codec<Attachment> = struct({ ...said, photo: optional(struct(picture)) })

type Shown =
  | { readonly kind: 'file' }
  | ({ readonly kind: 'photo' } & Photo)
  | ({ readonly kind: 'voice' } & Voice)
  | ({ readonly kind: 'video' } & Video)

const shown = union<Shown>({
  file: [0, nothing],
  photo: [1, struct(picture)],
  voice: [2, struct({ duration: u32, waveform: bytes(WAVEFORM_BYTES_MAX) })],
  video: [3, struct({ ...picture, duration: u32, hasPoster: flag })],
})

const played: Codec<Attachment> = mapped(
  struct({ ...said, shown }),
  ({ shown: { kind, ...of }, ...rest }): Attachment => ({ ...rest, photo: undefined, ...(kind === 'file' ? {} : { [kind]: of }) }),
  ({ photo, voice, video, ...rest }) => ({ ...rest, shown: toShown({ photo, voice, video }) }),
)

function toShown({ photo, voice, video }: Pick<Attachment, 'photo' | 'voice' | 'video'>): Shown {
  if (voice !== undefined) return { kind: 'voice', ...voice }
  if (video !== undefined) return { kind: 'video', ...video }
  return photo === undefined ? { kind: 'file' } : { kind: 'photo', ...photo }
}

const checked = (item: Codec<Attachment>, isTaken: (files: readonly Attachment[]) => boolean): Codec<readonly Attachment[]> =>
  mapped(
    list(item, ATTACHMENTS_PER_MESSAGE_MAX),
    (values) => {
      if (!isTaken(values) || !values.every(isSound)) throw new DecodeError('an attachment out of bounds')
      return values
    },
    (values) => values,
  )

const arePostersThere = (files: readonly Attachment[]): boolean =>
  files.every(({ video }, at) => video?.hasPoster !== true || files[at + 1]?.photo !== undefined)

/** One at least. */
export const attachments: Codec<readonly Attachment[]> = checked(still, ({ length }) => length > 0)

/** One at least that is played: all others are written as they always were. */
export const playedAttachments: Codec<readonly Attachment[]> = checked(played, (files) => files.some(isPlayed) && arePostersThere(files))
