// Where a file is, in a sentence.

import type { AttachmentView } from '@kith/protocol'
import { fill } from '../words.ts'
import { mediaWords } from '../media-words.ts'
import { voiceWords } from '../voice-words.ts'
import { doneOf } from './file-status.ts'
import type { FileStatus } from './file-status.ts'
import type { Refusal } from './read-file.ts'
import { toSizeText } from '../size-text.ts'

const isLate = (status: FileStatus): boolean => status.state === 'unknown' && status.isLate === true

/** Of one of which nothing is known yet its size is, and after a while that it cannot be opened. */
export const toFileSentence = (file: AttachmentView, status: FileStatus, name: string): string => {
  const { state } = status
  return fill(mediaWords.state[state === 'unknown' && !isLate(status) ? 'here' : state], {
    size: toSizeText(file.size),
    done: toSizeText(doneOf(status, file) ?? 0),
    name,
  })
}

/** Whose photo it is. */
export const toPhotoLabel = ({ mine, name }: { readonly mine: boolean; readonly name: string }): string =>
  mine ? mediaWords.photoMine : fill(mediaWords.photoBy, { name })

/** Whose video it is the picture of. */
export const toPosterLabel = ({ mine, name }: { readonly mine: boolean; readonly name: string }): string =>
  mine ? voiceWords.posterMine : fill(voiceWords.posterBy, { name })

/** Whose voice message or video it is. */
export const toPlayedLabel = ({ voice }: AttachmentView, { mine, name }: { readonly mine: boolean; readonly name: string }): string => {
  if (mine) return voice === undefined ? voiceWords.videoMine : voiceWords.voiceMine
  return fill(voice === undefined ? voiceWords.videoBy : voiceWords.voiceBy, { name })
}

/** Why a file that was asked for could not be read. */
export const toRefusalSentence = (fault: Refusal, file?: Pick<AttachmentView, 'voice' | 'video'>): string => {
  if (fault !== 'broken') return mediaWords.gone
  return file?.voice === undefined && file?.video === undefined ? mediaWords.broken : voiceWords.broken
}

type PhotoPlace = { readonly file: AttachmentView; readonly status: FileStatus; readonly fault: Refusal | undefined }

/** Undefined for a photo, a recording or a video of which there is nothing to say but itself. */
export const toPhotoSentence = ({ file, status, fault }: PhotoPlace, name: string): string | undefined => {
  if (fault === 'broken' || (fault !== undefined && status.state === 'here')) return toRefusalSentence(fault, file)
  return 'done' in status || isLate(status) ? toFileSentence(file, status, name) : undefined
}
