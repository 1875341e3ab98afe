// What a message says of a photo or file that goes with it (docs/protocol.md §5.15). The bytes themselves travel apart, in sealed chunks.

import { bytes, DecodeError, fixed, list, mapped, optional, struct, text, u16, u48 } from '../bytes/codec.ts'
import {
  ATTACHMENT_BYTES_MAX,
  ATTACHMENTS_PER_MESSAGE_MAX,
  FILE_NAME_BYTES_MAX,
  PHOTO_BYTES_MAX,
  PHOTO_SIDE_MAX,
  THUMBHASH_BYTES_MAX,
  THUMBHASH_BYTES_MIN,
} from '../limits.ts'
import type { Codec } from '../bytes/codec.ts'

/** `thumbhash`: some 25 bytes from which a blur is drawn; what they say is looked at by whoever draws it. */
export type Photo = { readonly width: number; readonly height: number; readonly thumbhash: Uint8Array }

export type Attachment = {
  /** Bytes before they were sealed. */
  readonly size: number
  /** Of the tree over its sealed chunks (attachments/tree.ts). */
  readonly root: Uint8Array
  /** Random, for this one alone: with the message goes all that could open the chunks. */
  readonly key: Uint8Array
  /** Without a folder. Empty for photos only. */
  readonly name: string
  /** Shown in the chat, once its bytes have turned out to be such a picture. Left out: kept as a file. */
  readonly photo: Photo | undefined
}

const PATH_OR_CONTROL = /[/\\\u0000-\u001f\u007f-\u009f]|^\.{0,2}$/

/** Whether a file may be called so: no path, no control characters, something to read. */
export const isFileName = (name: string): boolean => !PATH_OR_CONTROL.test(name)

const isSide = (side: number): boolean => side > 0 && side <= PHOTO_SIDE_MAX

function isSound({ size, name, photo }: Attachment): boolean {
  if (photo === undefined) return size <= ATTACHMENT_BYTES_MAX && isFileName(name)
  if (name !== '' && !isFileName(name)) return false
  return size > 0 && size <= PHOTO_BYTES_MAX && isSide(photo.width) && isSide(photo.height) && photo.thumbhash.length >= THUMBHASH_BYTES_MIN
}

const attachment: Codec<Attachment> = struct({
  size: u48,
  root: fixed(32),
  key: fixed(32),
  name: text(FILE_NAME_BYTES_MAX),
  photo: optional(struct({ width: u16, height: u16, thumbhash: bytes(THUMBHASH_BYTES_MAX) })),
})

/** One at least. */
export const attachments: Codec<readonly Attachment[]> = mapped(
  list(attachment, ATTACHMENTS_PER_MESSAGE_MAX),
  (values) => {
    if (values.length === 0 || !values.every(isSound)) throw new DecodeError('an attachment out of bounds')
    return values
  },
  (values) => values,
)
