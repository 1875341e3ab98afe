import { describe, expect, it } from 'vitest'
import { DecodeError, decode, encode, tryDecode } from '../bytes/codec.ts'
import {
  ATTACHMENT_BYTES_MAX,
  ATTACHMENTS_PER_MESSAGE_MAX,
  CAPTION_BYTES_MAX,
  FILE_NAME_BYTES_MAX,
  PHOTO_BYTES_MAX,
  PHOTO_SIDE_MAX,
  THUMBHASH_BYTES_MAX,
  THUMBHASH_BYTES_MIN,
} from '../limits.ts'
import { attachments, isFileName } from './attachment.ts'
import { content, isOfNewerVersion } from './content.ts'
import type { Attachment, Photo } from './attachment.ts'

const FILE: Attachment = { size: 1, root: new Uint8Array(32), key: new Uint8Array(32), name: 'a.pdf', photo: undefined }
const PHOTO: Photo = { width: 3, height: 4, thumbhash: new Uint8Array(24) }
const photo = (changes: Partial<Photo>, more: Partial<Attachment> = {}): Attachment => ({
  ...FILE,
  name: '',
  ...more,
  photo: { ...PHOTO, ...changes },
})

const isTaken = (...files: readonly Attachment[]): boolean => tryDecode(attachments, encode(attachments, files)) !== undefined

describe('what a message says of its files', () => {
  it('is taken as it was written', () => {
    const files = [FILE, photo({}), photo({}, { name: 'ridge.jpg' })]
    expect(decode(attachments, encode(attachments, files))).toEqual(files)
  })

  it.each(['', '.', '..', '../x', 'a/b', 'C:\\x', 'x\u0000.png', 'line\nbreak', '\u009fx'])('is refused with a name like %j', (name) => {
    expect(isFileName(name)).toBe(false)
    expect(isTaken({ ...FILE, name })).toBe(false)
    if (name !== '') expect(isTaken(photo({}, { name }))).toBe(false)
  })

  it('is refused beyond its bounds', () => {
    expect(isTaken({ ...FILE, size: ATTACHMENT_BYTES_MAX })).toBe(true)
    expect(isTaken({ ...FILE, size: ATTACHMENT_BYTES_MAX + 1 })).toBe(false)
    expect(isTaken(photo({ width: PHOTO_SIDE_MAX }, { size: PHOTO_BYTES_MAX }))).toBe(true)
    expect(isTaken(photo({ width: PHOTO_SIDE_MAX + 1 }))).toBe(false)
    expect(isTaken(photo({ height: 0 }))).toBe(false)
    expect(isTaken(photo({}, { size: PHOTO_BYTES_MAX + 1 }))).toBe(false)
    expect(isTaken(photo({}, { size: 0 }))).toBe(false)
    expect(isTaken(photo({ thumbhash: new Uint8Array(THUMBHASH_BYTES_MIN - 1) }))).toBe(false)
    expect(() => isTaken(photo({ thumbhash: new Uint8Array(THUMBHASH_BYTES_MAX + 1) }))).toThrow(RangeError)
    expect(isTaken()).toBe(false)
    expect(isTaken(...Array<Attachment>(ATTACHMENTS_PER_MESSAGE_MAX).fill(FILE))).toBe(true)
    expect(() => encode(attachments, Array<Attachment>(ATTACHMENTS_PER_MESSAGE_MAX + 1).fill(FILE))).toThrow(RangeError)
    expect(() => encode(attachments, [{ ...FILE, name: 'x'.repeat(FILE_NAME_BYTES_MAX + 1) }])).toThrow(RangeError)
    const long = { kind: 'attachments', text: 'x'.repeat(CAPTION_BYTES_MAX + 1), answers: undefined, files: [FILE] } as const
    expect(() => encode(content, long)).toThrow(RangeError)
  })

  it('is refused where it ends early, and says so in no other way', () => {
    const bytes = encode(attachments, [photo({})])
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => decode(attachments, bytes.subarray(0, length))).toThrow(DecodeError)
  })

  it('has a tag that versions before it take for something of a newer one', () => {
    const bytes = encode(content, { kind: 'attachments', text: '', answers: undefined, files: [FILE] })
    expect([bytes[0], isOfNewerVersion(bytes)]).toEqual([32, false])
    expect(isOfNewerVersion(Uint8Array.of(99, ...bytes.subarray(1)))).toBe(true)
  })
})
