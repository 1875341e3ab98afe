// Where a file is, in a sentence.

import type { AttachmentView, FileView } from '@kith/protocol'
import { fill } from '../words.ts'
import { mediaWords } from '../media-words.ts'
import { voiceWords } from '../voice-words.ts'
import type { Refusal } from './read-file.ts'
import { toSizeText } from '../size-text.ts'

/** What the hooks call it. */
export const toHookState = (state: FileView['state'] | undefined): 'waiting' | 'moving' | 'here' | 'failed' => {
  switch (state) {
    case undefined:
      return 'here'
    case 'full':
      return 'failed'
    case 'comes':
    case 'goes':
    case 'leaves':
    case 'sealing':
      return 'moving'
    case 'offered':
    case 'waits':
    case 'paused':
    case 'removed':
    case 'ready':
    case 'left':
      return 'waiting'
  }
}

/** Whether it is on this device, whatever becomes of it elsewhere. */
export const isOnThisDevice = (state: FileView['state'] | undefined): boolean =>
  state === undefined || ['ready', 'leaves', 'left', 'goes'].includes(state)

export const toFileSentence = ({ size }: AttachmentView, view: FileView | undefined, name: string): string =>
  fill(mediaWords.state[view?.state ?? 'here'], { size: toSizeText(size), done: toSizeText(view?.done ?? 0), name })

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

type PhotoPlace = { readonly file: AttachmentView; readonly state: FileView | undefined; readonly fault: Refusal | undefined }

/** Undefined for a photo of which there is nothing to say but itself. */
export const toPhotoSentence = ({ file, state, fault }: PhotoPlace, name: string): string | undefined => {
  if (fault === 'broken' || (fault !== undefined && state === undefined)) return toRefusalSentence(fault, file)
  return state && toFileSentence(file, state, name)
}
