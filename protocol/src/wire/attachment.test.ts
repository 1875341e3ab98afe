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
  VIDEO_MS_MAX,
  VIDEO_SIDE_MAX,
  VOICE_BYTES_MAX,
  VOICE_MS_MAX,
  WAVEFORM_BYTES_MAX,
} from '../limits.ts'
import { attachments, isFileName, playedAttachments } from './attachment.ts'
import { content, isOfNewerVersion } from './content.ts'
import type { Attachment, Photo, Video, Voice } from './attachment.ts'

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

const voice = (changes: Partial<Voice> = {}, more: Partial<Attachment> = {}): Attachment => ({
  ...FILE,
  name: '',
  ...more,
  voice: { duration: 1_000, waveform: new Uint8Array(WAVEFORM_BYTES_MAX), ...changes },
})
const video = (changes: Partial<Video> = {}, more: Partial<Attachment> = {}): Attachment => ({
  ...FILE,
  ...more,
  video: { ...PHOTO, duration: 1_000, hasPoster: false, ...changes },
})

const isPlayable = (...files: readonly Attachment[]): boolean =>
  tryDecode(playedAttachments, encode(playedAttachments, files)) !== undefined

describe('what a message says of what it has to listen to or to watch', () => {
  it('is taken as it was written, with photos and files beside it', () => {
    const files = [voice(), video({ hasPoster: true }), photo({}), FILE, voice({}, { name: 'note.webm' })]
    expect(decode(playedAttachments, encode(playedAttachments, files))).toEqual(files)
  })

  it('is refused beyond its bounds', () => {
    expect(isPlayable(voice({ duration: VOICE_MS_MAX }, { size: VOICE_BYTES_MAX }))).toBe(true)
    expect(isPlayable(voice({ duration: VOICE_MS_MAX + 1 }))).toBe(false)
    expect(isPlayable(voice({ duration: 0 }))).toBe(false)
    expect(isPlayable(voice({}, { size: VOICE_BYTES_MAX + 1 }))).toBe(false)
    expect(isPlayable(voice({}, { size: 0 }))).toBe(false)
    expect(isPlayable(voice({ waveform: new Uint8Array(0) }))).toBe(false)
    expect(() => isPlayable(voice({ waveform: new Uint8Array(WAVEFORM_BYTES_MAX + 1) }))).toThrow(RangeError)
    expect(isPlayable(voice({}, { name: '../x' }))).toBe(false)
    expect(isPlayable(video({ duration: VIDEO_MS_MAX, width: VIDEO_SIDE_MAX, height: VIDEO_SIDE_MAX }))).toBe(true)
    expect(isPlayable(video({ duration: VIDEO_MS_MAX + 1 }))).toBe(false)
    expect(isPlayable(video({ width: VIDEO_SIDE_MAX + 1 }))).toBe(false)
    expect(isPlayable(video({ height: 0 }))).toBe(false)
    expect(isPlayable(video({ thumbhash: new Uint8Array(THUMBHASH_BYTES_MIN - 1) }))).toBe(false)
    expect(isPlayable(video({}, { size: ATTACHMENT_BYTES_MAX + 1 }))).toBe(false)
    expect(isPlayable(video({}, { size: 0 }))).toBe(false)
    expect(isPlayable(video({}, { name: 'a/b' }))).toBe(false)
  })

  it('is refused with a poster that is not there, or no photo', () => {
    expect(isPlayable(video({ hasPoster: true }), photo({}))).toBe(true)
    expect(isPlayable(video({ hasPoster: true }))).toBe(false)
    expect(isPlayable(video({ hasPoster: true }), FILE)).toBe(false)
    expect(isPlayable(photo({}), video({ hasPoster: true }))).toBe(false)
  })

  it('is refused where it ends early, or is something that no version knows', () => {
    const bytes = encode(playedAttachments, [voice()])
    for (let length = 0; length < bytes.length; length += 1) expect(tryDecode(playedAttachments, bytes.subarray(0, length))).toBeUndefined()
    const shown = 1 + 6 + 32 + 32 + 1
    expect(bytes[shown]).toBe(2)
    expect(tryDecode(playedAttachments, bytes.with(shown, 4))).toBeUndefined()
  })

  it('has a tag of its own, which nothing else is written under, so that versions before it say that it is newer', () => {
    const said = { kind: 'attachments', text: '', answers: undefined } as const
    const bytes = encode(content, { ...said, files: [photo({}), voice()] })
    expect(bytes[0]).toBe(27)
    expect(decode(content, bytes)).toEqual({ ...said, files: [photo({}), voice()] })
    expect(encode(content, { ...said, files: [photo({})] })[0]).toBe(32)
    expect(isPlayable(FILE, photo({}))).toBe(false)
    expect([isOfNewerVersion(bytes), isOfNewerVersion(Uint8Array.of(30))]).toEqual([false, true])
  })
})
