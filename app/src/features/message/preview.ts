// What stands for a message in one line: in the box that answers it, in the bar of what is pinned, in a quote.

import type { AttachmentView } from '@kith/protocol'
import { toClockText } from '../clock-text.ts'
import { playedIn, toPlayedWords } from '../played/index.ts'
import type { Played } from '../played/index.ts'
import { toShownFileName } from '../shown-file-name.ts'
import { isBlank } from '../visible.ts'
import { words } from '../words.ts'
import { toPlainWords } from './plain-words.ts'

type Said = { readonly text: string; readonly files?: readonly AttachmentView[] | undefined }

/** Whether that stands for a recording or a video, which has an icon there. */
export const playedOf = ({ text, files = [] }: Said): Played | undefined => {
  if (!isBlank(text)) return playedIn(text)
  return files[0]?.voice === undefined ? files[0]?.video && 'video' : 'voice'
}

/** Its text, or what its first file is called, which a photo is not. */
export const toPreview = ({ text, files = [] }: Said): string => {
  if (!isBlank(text)) return toPlainWords(text)
  const [first] = files
  const played = first?.voice ?? first?.video
  if (played !== undefined) return toPlayedWords(first?.voice === undefined ? 'video' : 'voice', toClockText(played.duration))
  return first === undefined || first.photo !== undefined ? words.chat.photo : toShownFileName(first.name)
}
